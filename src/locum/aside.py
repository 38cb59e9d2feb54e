"""Where work is done that takes long: in a thread beside the loop, one piece at a time.

Others are served meanwhile. What the loop gives away is a pure function of what it hands over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

__all__ = ["LIGHT", "Aside", "one_at_a_time"]

_Result = TypeVar("_Result")
#: In bytes, unpacked; less than this is looked at in some milliseconds.
LIGHT: Final = 64 * 1024


class Aside(Protocol):
    """Where heavy work is done."""

    def __call__(self, work: Callable[[], _Result], /) -> Awaitable[_Result]:
        """Return what *work* returns, done beside the loop."""
        ...


def one_at_a_time() -> Aside:
    """Return a place for heavy work: one thread."""
    threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="locum-aside")

    async def aside(work: Callable[[], _Result], /) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    return aside
