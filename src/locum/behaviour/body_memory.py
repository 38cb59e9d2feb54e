"""Remembers generated bodies, and what else is made again alike, since the same request gets the same bytes.

A memory changes nothing but the time it takes: what is forgotten is made again, byte for byte.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

__all__ = ["BodyMemory"]

T = TypeVar("T")
#: The bytes kept for one contract, a few thousand bodies of usual size.
_ROOM: Final = 4 * 1024 * 1024
#: What an entry takes beside the bytes of its body and its request; measured, rounded up.
_OVERHEAD: Final = 512
#: A body that takes a greater part of the room would drive out too many others.
_LARGEST_PART: Final = 16


class BodyMemory:
    """Bodies by what decides about them, at most *room* bytes; the longest unused go first."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._left = room
        self._bodies: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def recall(
        self,
        key: Hashable,
        sent: int,
        make: Callable[[], T],
        weigh: Callable[[T], int] = len,  # type: ignore[assignment]  # bodies are bytes, others say their own
    ) -> T:
        """Return the body known by *key*, made on first use; *sent* counts the bytes of the key.

        *weigh* counts the bytes of what else is made.
        """
        found = self._bodies.get(key)
        if found is not None:
            self._bodies.move_to_end(key)
            known: T = found[0]
            return known
        body = make()
        self.keep(key, body, sent + weigh(body))
        return body

    def find(self, key: Hashable) -> Any | None:  # noqa: ANN401 -- whatever was kept
        """Return what is known by *key*, `None` for nothing."""
        found = self._bodies.get(key)
        if found is None:
            return None
        self._bodies.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, made: object, weight: int) -> None:
        """Know *made* by *key*, which nothing is known by yet; both together take *weight* bytes."""
        size = _OVERHEAD + weight
        if size * _LARGEST_PART > self._room:
            return
        self._bodies[key] = (made, size)
        self._left -= size
        while self._left < 0:
            self._left += self._bodies.popitem(last=False)[1][1]
