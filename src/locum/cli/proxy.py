"""`locum proxy`: stands between clients and the real API with the flags and manners of `prism proxy`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from locum.behaviour.bodies import LARGEST_BODY
from locum.cli.prism_flags import PRISM_DEFAULTS, VERBOSITY, Yargs, shared_flags
from locum.cli.standing_in import stand_in
from locum.proxy import Proxy, open_forwarder
from locum.proxy.recording import Keep, keep_nothing, open_recorder
from locum.settings import Settings, read_settings

__all__ = ["proxy"]


@click.command(
    cls=Yargs, epilog="\b\nExample:\n  locum proxy their-api.yaml https://staging.example.com --errors"
)
@click.argument("document")
@click.argument("upstream")
@shared_flags
@click.option("--validate-request", type=bool, help="Check requests, not credentials alone.  [default: true]")
@click.option("--upstream-proxy", metavar="URL", help="HTTP proxy by which the upstream is reached.")
@click.option(
    "--upstream-patience", type=int, metavar="SECONDS", help="How long to wait for it.  [default: 60]"
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Record all calls, secrets left out: .har, or .yaml.",
)
@click.option("--insecure", type=bool, help="Take any certificate of the upstream.  [default: false]")
def proxy(document: str, verbose_level: str, **flags: object) -> None:
    """Stand between clients and UPSTREAM, and check both sides by DOCUMENT.

    What is wrong is told in the header `sl-violations`, or refused with --errors.
    """
    given = {**flags, "contracts": (document,), "verbosity": VERBOSITY[verbose_level]}
    settings = read_settings(given, environment=os.environ, folder=Path.cwd(), defaults=PRISM_DEFAULTS)
    recorder = open_recorder(settings.save, settings.upstream) if settings.save else None
    try:
        stand_in(settings, _upstream(settings, recorder or keep_nothing))
    finally:
        if recorder is not None:
            recorder.file.finish()


def _upstream(settings: Settings, keep: Keep) -> Proxy:
    forwarder = open_forwarder(
        settings.upstream,
        through=settings.upstream_proxy,
        is_checked=not settings.insecure,
        bound=LARGEST_BODY,
        patience_s=float(settings.upstream_patience),
    )
    return Proxy(
        forwarder=forwarder,
        errors=settings.errors,
        checks_requests=settings.validate_request,
        keep=keep,
    )
