"""Reads again what has changed, and serves it without dropping a request.

The application that faces the socket never changes: `Swappable` passes each request to whatever inner
application is current. A change that cannot be used is told, and the old one goes on.
Files are looked at twice a second instead of asking the system for events: that also sees editors that
replace a file, network folders and mounts of containers, and costs microseconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Build", "Swappable", "Version"]


_PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What was built at one time; *list_files* are the files it depends on, which may grow."""

    app: ASGIApp
    list_files: Callable[[], Iterable[Path]]


#: Builds anew, or returns `None` having told why it cannot.
Build = Callable[[], "Version | None"]


class Swappable:
    """An ASGI application whose inside is replaced when a file changes."""

    def __init__(self, first: Version, build: Build) -> None:
        self._version = first
        self._build = build
        self._inner = _Lifespan(first.app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request; of the lifespan, answer for the inner applications."""
        if scope["type"] != "lifespan":
            await self._version.app(scope, receive, send)
            return
        await receive()
        await self._inner.start()
        watching = asyncio.create_task(self._watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await self._inner.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        seen = _signatures(self._version.list_files())
        while True:
            await asyncio.sleep(_PAUSE_S)
            # Operations are read on first use, so files join while the server runs.
            now = _signatures(self._version.list_files())
            if any(now[file] != signature for file, signature in seen.items() if file in now):
                # The signatures are older than the build: what changes meanwhile is seen next time.
                version = await asyncio.to_thread(self._build)
                if version is not None:
                    await self._swap(version)
            seen = now

    async def _swap(self, version: Version) -> None:
        inner = _Lifespan(version.app)
        await inner.start()
        self._version, left = version, self._inner
        self._inner = inner
        await left.stop()


class _Lifespan:
    """Plays the server's part of the ASGI lifespan protocol towards one application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._orders: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the application."""
        scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        self._task = asyncio.create_task(self._run(scope))
        await self._order("lifespan.startup")

    async def stop(self) -> None:
        """Stop the application."""
        await self._order("lifespan.shutdown")

    async def _order(self, kind: str) -> None:
        if self._task is not None and not self._task.done():
            await self._orders.put({"type": kind})
            await self._answers.get()

    async def _run(self, scope: Scope) -> None:
        # An application without a lifespan raises or returns at once (ASGI lifespan 2.0).
        with suppress(Exception):
            await self._app(scope, self._orders.get, self._answers.put)
        await self._answers.put({"type": "lifespan.over"})


def _signatures(files: Iterable[Path]) -> dict[Path, tuple[int, int, int] | None]:
    """Return what tells one state of a file from another, `None` for a file that is not there."""
    return {file: _signature(file) for file in files}


def _signature(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
