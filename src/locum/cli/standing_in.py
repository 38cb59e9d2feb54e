"""Runs the stand-in: takes the port, builds the service, tells where it is, and serves it."""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack
from functools import partial
from typing import Final

import click
from starlette.types import ASGIApp

from locum.behaviour.relays import Upstream
from locum.cli.banner import banner, listening_line, reached
from locum.cli.keeping import Keeping
from locum.cli.listening import serve_on, take_port, url_of
from locum.cli.locking import held_alone
from locum.cli.narration import narrate
from locum.cli.reloading import Swappable, Version
from locum.cli.staying import made_to_stay
from locum.errors import LocumError
from locum.server.service import Service, build_service
from locum.settings import Settings
from locum.store import StateFile, Store

__all__ = ["stand_in"]

#: Logging level by verbosity; what is said at INFO and DEBUG is said by `locum.server`.
_LEVELS: Final = {-1: logging.CRITICAL, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}


def stand_in(settings: Settings, upstream: Upstream | None = None) -> None:
    """Serve until told to stop, calls relayed to *upstream* if it is given.

    Raises any error of the tree before the first request is taken.
    """
    logging.basicConfig(
        level=_LEVELS[max(-1, min(settings.verbosity, 2))], format="%(message)s", stream=sys.stderr
    )
    # It warns of every broken body; whoever sent it is told by the answer.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    with ExitStack() as held:
        # The port first: who has to wait for a large document learns at once that the port is taken.
        sockets = [held.enter_context(each) for each in take_port(settings.host, settings.port)]
        with made_to_stay():
            service = build_service(settings, upstream=upstream)
        narrate(service.warnings)
        again = partial(_build_again, settings, service.store, upstream)
        app = Swappable(_version(service), again) if settings.watch else service.app
        if settings.state is not None:
            held.enter_context(held_alone(settings.state))
            app = _kept(app, service.store, StateFile(path=settings.state))
        announce = partial(_announce, url_of(settings.host, sockets), service, settings)
        serve_on(sockets, app, announce, patience_s=settings.client_patience)


def _kept(app: ASGIApp, store: Store, file: StateFile) -> ASGIApp:
    """Return *app* with its sessions as *file* has them, and kept there from now on.

    The file is written at once: who could not keep anything learns it now.
    """
    store.restore(file.read())
    file.write(store.states())
    return Keeping(app, store, file)


def _announce(url: str, service: Service, settings: Settings) -> None:
    if settings.verbosity >= 0:
        entries = reached(service.entries, settings.upstream)
        click.echo(banner(url, entries, settings), err=True)
        if settings.upstream:
            click.echo(f"calls go to {settings.upstream}", err=True)
        click.echo(listening_line(url))
        if settings.prism:
            # Scripts that start Prism wait for this line, and some take the address at its end.
            click.echo(f"Prism is listening on {url}")


def _build_again(settings: Settings, store: Store, upstream: Upstream | None) -> Version | None:
    try:
        # The sessions go on as they were.
        service = build_service(settings, store, upstream)
    except LocumError as error:
        narrate(error.diagnostics)
        click.echo("not reloaded: the last good version goes on", err=True)
        return None
    narrate(service.warnings)
    click.echo(f"reloaded: {', '.join(entry.name for entry in service.entries)}", err=True)
    return _version(service)


def _version(service: Service) -> Version:
    return Version(app=service.app, list_files=service.list_files)
