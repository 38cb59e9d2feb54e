"""How much of what a real API answers is looked at, and where.

A small packed body can unpack to gigabytes of lists. What is too much is passed on without a look; what is
much is looked at in a thread beside the loop, one answer at a time, so that others are served meanwhile.
"""

from __future__ import annotations

from typing import Final

from locum.aside import LIGHT
from locum.behaviour import Cause, Reply
from locum.behaviour.bodies import coding_of, unpack
from locum.behaviour.body_errors import BodyError

__all__ = ["MOST_VALUES", "is_bearable", "is_heavy"]

#: More values than this are not looked at: each takes some hundred bytes of memory.
MOST_VALUES: Final = 1_000_000
#: What opens or ends a value, in JSON, YAML, CSV, forms and XML. Written for people, JSON has two to a value.
_MARKS: Final = (b",", b"[", b"{", b"<", b"&", b"\n")


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


def _laid_open(reply: Reply, most: int) -> bytes | None:
    """Return the body unpacked, as it is if it cannot be, or `None` beyond *most* bytes."""
    try:
        return unpack(reply.body, coding_of(reply), most)
    except BodyError as error:
        return None if error.cause is Cause.BODY_TOO_LARGE else reply.body
