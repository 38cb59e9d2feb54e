"""Finds the path a person most likely meant, at a cost that does not grow with the number of paths."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from locum.errors import nearest

__all__ = ["NearestPaths"]

#: How many names, or paths, are compared with what was sent; comparing is slow.
_COMPARED = 200


class NearestPaths:
    """The paths of one contract, by what they begin with."""

    def __init__(self, paths: Iterable[str]) -> None:
        #: The segments that follow a beginning, and some of the paths with that beginning.
        self._next: dict[str, dict[str, None]] = {}
        self._below: dict[str, list[str]] = {}
        for path in dict.fromkeys(paths):
            self._add(path)

    def _add(self, path: str) -> None:
        start = ""
        for segment in path.split("/")[1:]:
            self._next.setdefault(start, {})[segment] = None
            below = self._below.setdefault(start, [])
            if len(below) < _COMPARED:
                below.append(path)
            start = f"{start}/{segment}"
        self._below.setdefault(start, []).append(path)

    def find(self, path: str) -> str:
        """Return the path that *path* comes nearest to, or `""`: segment by segment, then as a whole.

        >>> NearestPaths(["/pets/{id}", "/stores"]).find("/pet/7")
        '/pets/{id}'
        """
        start = ""
        for segment in path.split("/")[1:]:
            known = self._next.get(start, {})
            meant = segment if segment in known else nearest(segment, islice(known, _COMPARED))
            if not meant:
                break
            start = f"{start}/{meant}"
        return nearest(path, self._below.get(start, ()))
