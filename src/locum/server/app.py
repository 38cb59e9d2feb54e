"""The application, composed in the open.

Connexion gives the application and its life cycle, the registration of specifications, the resolution of
`operationId`s to handlers, and the layers that catch what nobody expected. Its routing, security,
validation and operation layers are left out: `StandInLayer` is the one road of every request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import ResolverError
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.lifespan import LifespanMiddleware
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.resolver import Resolver

from locum.aside import Aside, one_at_a_time
from locum.behaviour import Credential, Options, StandIn
from locum.behaviour.manners import OWN_MANNERS
from locum.behaviour.prism_manners import PRISM_MANNERS
from locum.behaviour.recordings import index_recordings
from locum.behaviour.redaction import compile_redaction
from locum.behaviour.relays import Upstream
from locum.catalog import Entry
from locum.generation import Generator, faker_options
from locum.server.control import ControlPlace, Desk, control_entry
from locum.server.cors import Allow, cors_headers, prism_cors_headers
from locum.server.failures import on_handler_failure, on_unexpected
from locum.server.loopback import is_loopback
from locum.server.messenger import Messenger
from locum.server.mounts import Mount, base_paths, further_paths, hosts_of
from locum.server.routing import Router
from locum.server.specification import register
from locum.server.stand_in import StandInLayer, Terms
from locum.settings import Settings
from locum.store import Bounds, Recent, Store

__all__ = ["build_app", "is_controlled", "store_of"]


def build_app(
    entries: Sequence[Entry],
    settings: Settings,
    store: Store | None = None,
    upstream: Upstream | None = None,
    aside: Aside | None = None,
) -> AsyncApp:
    """Return the application that stands in for every contract of *entries*.

    One entry alone is served at its own base path and at the root; several each below `/<name>`, and
    under the host names of their servers. *store* keeps the sessions of an application that went before.
    With *upstream* calls are relayed to it instead. Long bodies are read *aside*, in a thread if not given.
    """
    store = store or store_of(settings)
    store.origin = {entry.name: entry.fixtures.records for entry in entries}
    generator = Generator(locale=settings.locale)
    messenger = Messenger(hosts=frozenset(host.lower() for host in settings.callback_hosts))
    terms = Terms(
        cors=_cors(settings),
        says_alive=settings.prism,
        store=store,
        messenger=messenger,
        upstream=upstream,
        aside=aside or one_at_a_time(),
        control=_control(entries, settings, generator, store, messenger),
    )
    app = AsyncApp(
        "locum",
        middlewares=[
            ServerErrorMiddleware,
            ExceptionMiddleware,
            partial(StandInLayer, terms=terms),
            LifespanMiddleware,
        ],
    )
    app.add_error_handler(Exception, on_unexpected)
    for entry in entries:
        stand_in = _stand_in(entry, settings, generator, Recent(most=store.bounds.worlds))
        mount = _mount(entry, stand_in, alone=len(entries) == 1)
        register(app, entry.contract, name=entry.name, base_path=f"/{entry.name}", mount=mount)
    return app


def store_of(settings: Settings) -> Store:
    """Return a store within the bounds of *settings*."""
    return Store(Bounds(sessions=settings.sessions, interactions=settings.journal))


def is_controlled(entries: Sequence[Entry], settings: Settings) -> bool:
    """Tell whether the control API is served.

    It is not where strangers could reach it without a token, nor where a lone contract has that place.
    """
    safe = is_loopback(settings.host) or settings.control_token
    taken = len(entries) == 1 and any(
        f"{each.path}/".startswith("/_locum/") for each in entries[0].contract.routes
    )
    return settings.control and bool(safe) and not taken


def _cors(settings: Settings) -> Allow | None:
    """Return what lets pages of other origins read replies, if anything does."""
    allow = prism_cors_headers if settings.prism else cors_headers
    return allow if settings.cors else None


def _control(
    entries: Sequence[Entry], settings: Settings, generator: Generator, store: Store, messenger: Messenger
) -> ControlPlace | None:
    if not is_controlled(entries, settings):
        return None
    redaction = compile_redaction(
        [scheme for entry in entries for scheme in entry.contract.security_schemes.values()],
        [
            *(credential for entry in entries for credential in entry.fixtures.credentials),
            Credential(id="control-token", scheme="", secret=settings.control_token),
        ],
    )
    desk = Desk(
        store=store,
        entries={entry.name: entry for entry in entries},
        redaction=redaction,
        messenger=messenger,
        generator=generator,
    )

    @cache
    def mounted() -> Mount:
        entry = control_entry(desk, settings.control_token)
        stand_in = StandIn(
            contract=entry.contract,
            generator=generator,
            fixtures=entry.fixtures,
            handlers=_resolved(entry),
            obeys_preferences=False,
            on_failure=on_handler_failure,
        )
        return _mount(entry, stand_in, alone=True)

    return ControlPlace(mounted=mounted, has_token=bool(settings.control_token), host=settings.host)


def _mount(entry: Entry, stand_in: StandIn, *, alone: bool) -> Mount:
    contract, paths = entry.contract, base_paths(entry.contract)
    everywhere = tuple(dict.fromkeys((*paths, *further_paths(contract), "")))
    below = tuple(f"/{entry.name}{path}" for path in dict.fromkeys(("", *everywhere)))
    return Mount(
        stand_in=stand_in,
        router=Router(contract.routes, shortest=stand_in.options.manners.shortest_value),
        base_path=paths[0] if alone else below[0],
        prefixes=everywhere if alone else below,
        hosts=hosts_of(contract) | frozenset(host.lower() for host in entry.fixtures.hosts),
        base_paths=everywhere,
    )


def _stand_in(entry: Entry, settings: Settings, generator: Generator, kept: Recent[Hashable, Any]) -> StandIn:
    asked = faker_options(entry.contract.extensions.get("x-json-schema-faker"))
    return StandIn(
        contract=entry.contract,
        generator=generator.changed(
            locale=asked.locale(settings.locale), settings=asked.settings(generator.settings)
        ),
        fixtures=entry.fixtures,
        seed=settings.seed,
        handlers=_resolved(entry),
        options=Options(
            dynamic=settings.dynamic,
            ignore_examples=settings.ignore_examples,
            prefer_static=settings.static,
            errors=settings.errors,
            callbacks=settings.callbacks,
            # Who asks Prism for errors asks it about the examples above all.
            examples_as_is=settings.examples_as_is or (settings.prism and settings.errors),
            manners=PRISM_MANNERS if settings.prism else OWN_MANNERS,
            stateful=settings.stateful,
            variant=asked.variant(),
        ),
        recordings=index_recordings(entry.recordings, base_paths(entry.contract)),
        on_failure=on_handler_failure,
        kept=kept,
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
