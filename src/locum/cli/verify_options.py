"""The words of `locum verify`, each with what it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from locum.verify.bench import Profile
from locum.verify.reports import WRITERS

__all__ = ["options"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_PATH: Final = click.Path(path_type=Path)
_PROFILES: Final = click.Choice([each.value for each in Profile])

_OPTIONS: Final = (
    click.option("--url", required=True, help="Base address of the server, without the contract's paths."),
    click.option("--profile", type=_PROFILES, default="full", show_default=True, help="How much is tried."),
    click.option("--include", multiple=True, metavar="WHAT", help="Operation id, tag:NAME or path, with *."),
    click.option("--exclude", multiple=True, metavar="WHAT", help="What is left out, named the same way."),
    click.option("--suite", "suites", multiple=True, metavar="NAME", help="Play this suite, and no other."),
    click.option("--seed", default="0", show_default=True, help="Same seed, same findings, same order."),
    click.option("--max-time", type=float, metavar="S", help="Seconds after which the run ends."),
    click.option("--max-requests", type=int, metavar="N", help="Requests after which it does."),
    click.option("--rate-limit", metavar="N/s|N/m", help="Requests a second or a minute, at most."),
    click.option(
        "--timeout", type=float, default=10.0, show_default=True, metavar="S", help="Seconds for one answer."
    ),
    click.option("--wait", type=float, default=0.0, metavar="S", help="Seconds to wait until it is up."),
    click.option("--shard", metavar="I/N", help="Test one of N parts; new operations move no other."),
    click.option("--only-changed", metavar="BASE", help="Test what differs from this document."),
    click.option("--allow-writes", is_flag=True, help="Call operations that change something as well."),
    click.option("--credentials", type=_PATH, metavar="FILE", help="Who calls: names and secrets."),
    click.option("--values", type=_PATH, metavar="FILE", help="Ids and dates that exist there."),
    click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: TEXT'", help="Sent with calls."),
    click.option("--insecure", is_flag=True, help="Take any certificate."),
    click.option(
        "--strict/--lenient",
        "strict",
        default=None,
        help="Whether what vendors say elsewhere fails, or warns; it fails on this machine.",
    ),
    click.option("--assumptions", is_flag=True, help="Look at what is only assumed as well."),
    click.option("--now", metavar="INSTANT", help="The clock of the server, where it is not the real one."),
    click.option("--baseline", type=_PATH, metavar="FILE", help="Known failures, which fail nothing."),
    click.option("--baseline-update", is_flag=True, help="Add new failures to it; never where CI is set."),
    click.option("--baseline-prune", is_flag=True, help="Take out of it what is not found any more."),
    click.option("--replay", metavar="ID", help="Look for this finding alone: is it still there?"),
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=PATH",
        help=f"Write {', '.join(WRITERS)}; - is stdout.",
    ),
    click.option("--fixtures", type=_PATH, metavar="DIR", help="Folder with contract.yaml."),
    click.option("--root", type=_PATH, metavar="DIR", help="Folder that references may not leave."),
    click.option("--allow-remote-refs", is_flag=True, help="Follow http(s) references."),
    click.option("-q", "--quiet", is_flag=True, help="Print the verdict, and no progress."),
)


def options(command: _Command) -> _Command:
    """Give *command* every option, in the order of this table."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command
