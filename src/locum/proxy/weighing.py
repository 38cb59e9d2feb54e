"""How much of what a real API answers is looked at, and where.

A small packed body can unpack to gigabytes of lists. What is too much is passed on without a look; what is
much is looked at in a thread beside the loop, one answer at a time, so that others are served meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

from locum.behaviour import Cause, Reply
from locum.behaviour.bodies import coding_of, unpack
from locum.behaviour.body_errors import BodyError

__all__ = ["LIGHT", "MOST_VALUES", "Aside", "is_bearable", "is_heavy", "one_at_a_time"]

_Result = TypeVar("_Result")
#: More values than this are not looked at: each takes some hundred bytes of memory.
MOST_VALUES: Final = 1_000_000
#: In bytes, unpacked; less than this is looked at in some milliseconds.
LIGHT: Final = 64 * 1024
#: What opens or ends a value, in JSON, YAML, CSV, forms and XML. Written for people, JSON has two to a value.
_MARKS: Final = (b",", b"[", b"{", b"<", b"&", b"\n")


class Aside(Protocol):
    """Where heavy work is done."""

    def __call__(self, work: Callable[[], _Result], /) -> Awaitable[_Result]:
        """Return what *work* returns, done beside the loop."""
        ...


def is_heavy(reply: Reply) -> bool:
    """Tell whether it takes long to look at the body of *reply*.

    >>> is_heavy(Reply(status=200, body=b"{}")), is_heavy(Reply(status=200, body=bytes(100_000)))
    (False, True)
    """
    return len(reply.body) > LIGHT or _laid_open(reply, LIGHT) is None


def is_bearable(reply: Reply, most: int) -> bool:
    """Tell whether the body of *reply* has no more than *most* bytes unpacked, and not too many values."""
    body = _laid_open(reply, most)
    return body is not None and all(body.count(mark) <= MOST_VALUES for mark in _MARKS)


def one_at_a_time() -> Aside:
    """Return a place for heavy work: one thread."""
    threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="locum-aside")

    async def aside(work: Callable[[], _Result], /) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    return aside


def _laid_open(reply: Reply, most: int) -> bytes | None:
    """Return the body unpacked, as it is if it cannot be, or `None` beyond *most* bytes."""
    try:
        return unpack(reply.body, coding_of(reply), most)
    except BodyError as error:
        return None if error.cause is Cause.BODY_TOO_LARGE else reply.body
