"""How many keys a session has given in each list, so that none is given twice however many went before.

Marks tell what became of each entity, but the oldest are forgotten, and to read them all for each new key
takes longer the more there are. A count and the highest number never go back, whatever is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

__all__ = ["NONE_GIVEN", "Given", "given_in", "highest_number", "note"]

#: A line that is a number, and one that every client can count with.
_NUMBER: Final = re.compile(r"^[0-9]{1,15}$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How many entities of a list were created or deleted, and the highest of their keys that are numbers."""

    count: int = 0
    highest: int = 0


NONE_GIVEN: Final = Given()


def highest_number(keys: Iterable[str]) -> int:
    """Return the highest of *keys* that are numbers, 0 where none is.

    >>> highest_number(["7", "nine", "11"])
    11
    """
    return max(map(int, _NUMBER.findall("\n".join(keys))), default=0)


def note(given: dict[str, Given], path: str, *, is_another: bool, most: int) -> None:
    """Count the entity at *path* if it *is_another*; the list that was noted longest ago may have to go."""
    above, _, segment = path.rpartition("/")
    before = given.pop(above, NONE_GIVEN)
    key = unquote(segment) if "%" in segment else segment
    highest = max(before.highest, highest_number((key,)))
    given[above] = Given(count=before.count + is_another, highest=highest)
    if len(given) > most:
        del given[next(iter(given))]


def given_in(paths: Iterable[str]) -> Mapping[str, Given]:
    """Return what was given if the entities at *paths* are all that is known of.

    >>> given_in(["/pets/7", "/pets/9"])
    {'/pets': Given(count=2, highest=9)}
    """
    given: dict[str, Given] = {}
    for path in paths:
        note(given, path, is_another=True, most=len(given) + 1)
    return given
