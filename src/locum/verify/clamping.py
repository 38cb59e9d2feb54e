"""Page sizes beyond their maximum that a server brings down to it instead of refusing them.

Many do, and guides of API design ask for it, so it fails nothing where the answer shows that it was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.resources.querying import read_paging, read_query
from locum.contract.model import JsonValue, Operation
from locum.verify.seen import Seen, Undecoded

__all__ = ["is_clamped"]

#: How deep the numbers that tell of a page stand, at most.
_DEEPEST: Final = 3


def is_clamped(seen: Seen, name: str) -> bool:
    """Tell whether the parameter *name* is a page size, sent too large, and the answer has the largest page.

    It shows that by a member of the same name, or by being full.
    """
    sent = dict(seen.call.query).get(name, "")
    most = _most(seen.operation, name) if seen.operation is not None else None
    if most is None or not seen.is_success or isinstance(seen.value, Undecoded):
        return False
    if not sent.isdecimal() or int(sent) <= most:
        return False
    longest = max(map(len, _lists(seen.value, _DEEPEST)), default=0)
    told = [*_told(seen.value, name, _DEEPEST)]
    return longest <= most and (all(each == most for each in told) if told else longest == most)


def _most(operation: Operation, name: str) -> int | None:
    known = read_query(operation)
    if read_paging(known).size != name:
        return None
    most = known[name].find("maximum")
    return int(most) if isinstance(most, int | float) and not isinstance(most, bool) else None


def _lists(value: JsonValue, depth: int) -> Iterator[list[JsonValue]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict) and depth:
        for each in value.values():
            yield from _lists(each, depth - 1)


def _told(value: JsonValue, name: str, depth: int) -> Iterator[JsonValue]:
    if isinstance(value, dict) and depth:
        if name in value:
            yield value[name]
        for each in value.values():
            yield from _told(each, name, depth - 1)
