"""`locum serve`: the stand-in with its own manners."""

from __future__ import annotations

import os
from pathlib import Path

import click

from locum.cli.standing_in import stand_in
from locum.settings import read_settings

__all__ = ["serve"]


@click.command(epilog="\b\nExample:\n  locum serve their-api.yaml --port 8080 --watch")
@click.argument("contracts", nargs=-1, metavar="[DOCUMENT|NAME]...")
@click.option("-p", "--port", type=int, help="Port to listen on; 0 takes any free one.  [default: 4010]")
@click.option("-h", "--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--seed", help="Same seed, same answers.")
@click.option("--locale", help="Language and country of generated values.  [default: en_US]")
@click.option("--dynamic", is_flag=True, default=None, help="Generate values even where there are examples.")
@click.option(
    "--static", is_flag=True, default=None, help="Without an example, send fixed values, as Prism does."
)
@click.option(
    "--examples-as-is", is_flag=True, default=None, help="Send the document's examples, valid or not."
)
@click.option("--errors/--no-errors", default=None, help="Answer 500 when our own reply breaks the contract.")
@click.option(
    "--stateful/--no-stateful",
    default=None,
    help="Keep what operations create, change and delete.  [default: stateful]",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep sessions in this file, so that they survive a restart.",
)
@click.option("--cors/--no-cors", default=None, help="Let pages of other origins call.  [default: cors]")
@click.option(
    "--callbacks/--no-callbacks", default=None, help="Send callbacks with every call, not just when asked."
)
@click.option(
    "--callback-host",
    "callback_hosts",
    multiple=True,
    metavar="HOST",
    help="Send callbacks to this host too, not to this machine alone.",
)
@click.option(
    "--handlers",
    multiple=True,
    metavar="MODULE",
    help="Dotted module or .py file with functions named by operationId.",
)
@click.option(
    "--fixtures",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with contract.yaml, or one folder per contract.",
)
@click.option(
    "--root", type=click.Path(path_type=Path), metavar="DIR", help="Folder that references may not leave."
)
@click.option("--allow-remote-refs", is_flag=True, default=None, help="Follow http(s) references.")
@click.option("--journal", type=int, metavar="N", help="Interactions kept of each session.  [default: 1000]")
@click.option("--sessions", type=int, metavar="N", help="Sessions kept beside `default`.  [default: 1000]")
@click.option("--control/--no-control", default=None, help="Serve the control API.  [default: control]")
@click.option(
    "--control-token",
    metavar="TOKEN",
    help="What callers of the control API must show; better set by LOCUM_CONTROL_TOKEN.",
)
@click.option(
    "--client-patience",
    type=int,
    metavar="SECONDS",
    help="How long a client may take for a request; 0: for ever.  [default: 30]",
)
@click.option("--overlay", multiple=True, metavar="FILE", help="Lay an OpenAPI overlay over the document.")
@click.option(
    "--replay", multiple=True, metavar="PATH", help="Give again what was recorded: .har, .yaml, a folder."
)
@click.option("--watch", is_flag=True, default=None, help="Read again what changes.")
@click.option(
    "-v",
    "--verbose",
    "verbosity",
    count=True,
    default=None,
    help="Tell of each request; twice: of each choice.",
)
def serve(**flags: object) -> None:
    """Stand in for the APIs of documents or built-in names, for all built-in ones without any.

    One contract is served at its own base path, several each below /NAME and by the Host of their servers.
    """
    stand_in(read_settings(flags, environment=os.environ, folder=Path.cwd()))
