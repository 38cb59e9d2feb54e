"""The application, composed in the open.

Connexion gives the application and its life cycle, the registration of specifications, the resolution of
`operationId`s to handlers, and the layers that catch what nobody expected. Its routing, security,
validation and operation layers are left out: `StandInLayer` is the one road of every request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import ResolverError
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.lifespan import LifespanMiddleware
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.resolver import Resolver

from locum.behaviour import Options, StandIn
from locum.catalog import Entry
from locum.generation import Generator
from locum.server.failures import on_handler_failure, on_unexpected
from locum.server.mounts import Mount, base_paths, hosts_of
from locum.server.routing import Router
from locum.server.specification import register
from locum.server.stand_in import StandInLayer, Terms
from locum.settings import Settings

__all__ = ["build_app"]


def build_app(entries: Sequence[Entry], settings: Settings) -> AsyncApp:
    """Return the application that stands in for every contract of *entries*.

    One entry alone is served at its own base path and at the root; several each below `/<name>`, and
    under the host names of their servers.
    """
    app = AsyncApp(
        "locum",
        middlewares=[
            ServerErrorMiddleware,
            ExceptionMiddleware,
            partial(StandInLayer, terms=Terms(cors=settings.cors)),
            LifespanMiddleware,
        ],
    )
    app.add_error_handler(Exception, on_unexpected)
    generator = Generator(locale=settings.locale)
    for entry in entries:
        mount = _mount(entry, settings, generator, alone=len(entries) == 1)
        register(app, entry.contract, name=entry.name, base_path=f"/{entry.name}", mount=mount)
    return app


def _mount(entry: Entry, settings: Settings, generator: Generator, *, alone: bool) -> Mount:
    contract, paths = entry.contract, base_paths(entry.contract)
    below = tuple(f"/{entry.name}{path}" for path in dict.fromkeys(("", *paths)))
    return Mount(
        stand_in=_stand_in(entry, settings, generator),
        router=Router(contract.routes),
        base_path=paths[0] if alone else below[0],
        prefixes=tuple(dict.fromkeys((*paths, ""))) if alone else below,
        hosts=hosts_of(contract) | frozenset(host.lower() for host in entry.fixtures.hosts),
        base_paths=tuple(dict.fromkeys((*paths, ""))),
    )


def _stand_in(entry: Entry, settings: Settings, generator: Generator) -> StandIn:
    return StandIn(
        contract=entry.contract,
        generator=generator,
        fixtures=entry.fixtures,
        seed=settings.seed,
        handlers=_resolved(entry),
        options=Options(
            dynamic=settings.dynamic,
            ignore_examples=settings.ignore_examples,
            prefer_static=settings.static,
            errors=settings.errors,
        ),
        on_failure=on_handler_failure,
    )


def _resolved(entry: Entry) -> dict[str, Callable[..., Any]]:
    """Resolve operation ids to handlers, Connexion's way: a resolver with a function of our own.

    Connexion's default would import whatever module an `operationId` names; ours knows only what the
    user named.
    """
    resolver = Resolver(function_resolver=partial(_look_up, entry.handlers))
    found: dict[str, Callable[..., Any]] = {}
    for route in entry.contract.routes:
        try:
            found[route.operation_id] = resolver.resolve_function_from_operation_id(route.operation_id)
        except ResolverError:
            continue
    return found


def _look_up(handlers: Mapping[str, Callable[..., Any]], operation_id: str) -> Callable[..., Any]:
    if operation_id not in handlers:
        raise ValueError(operation_id)
    return handlers[operation_id]
