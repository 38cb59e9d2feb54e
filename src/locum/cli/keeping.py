"""Keeps the sessions of a running server in a file: soon after they change, and when the server ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from locum.behaviour.session import State
from locum.errors import UnreachableError
from locum.store import StateFile, Store

__all__ = ["Keeping"]

_log = logging.getLogger("locum.sessions")
#: So long changes are gathered before the file is written anew.
_PAUSE_S: Final = 1.0


class Keeping:
    """Passes everything on to *app*, and writes *store* to *file* while the server runs."""

    def __init__(self, app: ASGIApp, store: Store, file: StateFile) -> None:
        self._app = app
        self._store = store
        self._file = file
        self._written = store.revision
        self._is_failing = False
        #: The last writing waits for one that is under way.
        self._writing = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; of the lifespan, begin and end with it."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        watching: list[asyncio.Task[None]] = []

        async def sending(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                watching.append(asyncio.create_task(self._watch()))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            for task in watching:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            if self._store.revision != self._written:
                self._write(self._store.revision, self._store.states())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE_S)
            if self._store.revision != self._written:
                # The states are values of one moment; requests go on while they are written.
                writing = asyncio.to_thread(self._write, self._store.revision, self._store.states())
                await asyncio.shield(writing)

    def _write(self, revision: int, states: Mapping[str, State]) -> None:
        """Write *states*; a failure is told once, and tried again."""
        with self._writing:
            try:
                self._file.write(states)
            except UnreachableError as error:
                if not self._is_failing:
                    _log.error("sessions are not kept, and tried again: %s", error)
                self._is_failing = True
                return
            if self._is_failing:
                _log.warning("sessions are kept again")
            self._is_failing = False
            self._written = revision
