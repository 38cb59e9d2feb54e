"""One event loop in a thread of its own, on which all stand-ins of a test run are played.

Clients call from wherever they are: plain tests, tests with a running loop, threads. The store knows one
thread alone, and this is it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Loop"]

_Result = TypeVar("_Result")
#: What is still under way at the end is given this long.
_FAREWELL_S = 5.0


class Loop:
    """An event loop that runs until it is closed. Mutable: it owns a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="locum", daemon=True)
        self._thread.start()

    def submit(self, coroutine: Coroutine[Any, Any, _Result]) -> Future[_Result]:
        """Start *coroutine* and return the future of its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        """Return the result of *coroutine*; whoever calls waits."""
        return self.submit(coroutine).result()

    def close(self) -> None:
        """End what is under way, and the thread."""
        self.run(_farewell())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_FAREWELL_S)
        self._loop.close()


async def _farewell() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if not others:
        return
    _, late = await asyncio.wait(others, timeout=_FAREWELL_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
