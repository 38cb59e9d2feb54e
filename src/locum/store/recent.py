"""A mapping that forgets: what was not asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from typing import TypeVar

__all__ = ["Recent"]

K = TypeVar("K")
V = TypeVar("V")


class Recent(MutableMapping[K, V]):
    """Keeps at most *most* entries; reading one makes it recent.

    >>> kept = Recent(most=2)
    >>> kept["a"], kept["b"] = 1, 2
    >>> kept["a"]
    1
    >>> kept["c"] = 3
    >>> sorted(kept)
    ['a', 'c']
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __getitem__(self, key: K) -> V:
        found = self._kept[key]
        self._kept.move_to_end(key)
        return found

    def __setitem__(self, key: K, value: V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def __delitem__(self, key: K) -> None:
        del self._kept[key]

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[K]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
