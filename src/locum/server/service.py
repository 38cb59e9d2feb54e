"""Builds what is served out of the settings: contracts, fixtures, handlers, application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from locum.behaviour.relays import Upstream
from locum.catalog import (
    Entry,
    HandlerModule,
    Reading,
    attach_handlers,
    installed_handlers,
    load_all,
    load_handlers,
)
from locum.errors import Diagnostic
from locum.server.app import build_app, store_of
from locum.settings import Settings
from locum.store import Store

__all__ = ["Service", "build_service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An application, what it was built from, and what was noticed on the way."""

    app: ASGIApp
    entries: tuple[Entry, ...]
    store: Store
    modules: tuple[HandlerModule, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    def list_files(self) -> frozenset[Path]:
        """Return every file looked at so far."""
        own = {module.file for module in self.modules if module.file}
        return frozenset(own).union(*(entry.list_files() for entry in self.entries))


def build_service(
    settings: Settings, store: Store | None = None, upstream: Upstream | None = None
) -> Service:
    """Return the service these settings describe; *store* keeps the sessions of one that went before.

    With *upstream* calls are relayed to it. Raises any error of the tree.
    """
    reading = Reading(
        fixtures=settings.fixtures,
        root=settings.root,
        allow_remote_refs=settings.allow_remote_refs,
        recordings=tuple(Path(each) for each in settings.replay),
        overlays=tuple(Path(each) for each in settings.overlay),
    )
    loaded = load_all(settings.contracts, reading)
    modules = (
        *installed_handlers(entry.name for entry in loaded),
        *(load_handlers(name) for name in settings.handlers),
    )
    entries, warnings = attach_handlers(loaded, modules)
    noticed = (each for entry in entries for each in entry.warnings)
    store = store or store_of(settings)
    app = build_app(entries, settings, store, upstream)
    return Service(app=app, entries=entries, store=store, modules=modules, warnings=(*warnings, *noticed))
