"""Reads what relations hold against each other out of answers: keys, numbers, ranks, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from locum.behaviour.crawling import (
    BrokenError,
    Missing,
    Paging,
    Send,
    UnseenError,
    crawl,
    follow,
    value_at,
)
from locum.behaviour.exchanges import Call, Exchange
from locum.behaviour.relation_kinds import Relation
from locum.contract.model import JsonValue
from locum.contract.pointers import split_pointer

__all__ = ["keys_of", "lists_of", "number_of", "paging_of", "rank_of", "spread", "told_at"]


def lists_of(relation: Relation, send: Send) -> list[list[bytes]]:
    """Return the keys of the items of each call; the first list must have some."""
    lists = [keys_of(relation, crawl(send, call, paging_of(relation))) for call in relation.calls]
    if not any(lists):
        raise UnseenError(f"{relation.calls[0]} lists nothing")
    return lists


def keys_of(relation: Relation, items: Iterable[JsonValue]) -> list[bytes]:
    """Return the key of each item, as bytes that can be compared."""
    ways = [split_pointer(pointer) for pointer in relation.key]
    if not ways:
        return [orjson.dumps(item, option=orjson.OPT_SORT_KEYS) for item in items]
    return [orjson.dumps([_led(item, way) for way in ways], option=orjson.OPT_SORT_KEYS) for item in items]


def _led(item: JsonValue, way: Sequence[str]) -> JsonValue:
    """Return what lies at the end of *way*, `None` where nothing does."""
    found = follow(item, way)
    return None if isinstance(found, Missing) else found


def paging_of(relation: Relation) -> Paging:
    """Return how the list of a relation is paged.

    Raises `UnseenError` where it does not say.
    """
    if relation.paging is None:
        raise UnseenError("it does not say how the list is paged")
    return relation.paging


def number_of(value: JsonValue | Missing, call: Call) -> float:
    """Return the number that *call* was answered with.

    Raises `BrokenError` where there is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BrokenError(f"{call} has no number where one is promised")
    return value


def rank_of(value: JsonValue | Missing) -> tuple[float, str]:
    """Return what texts, or numbers, are in order by.

    Raises `BrokenError` for anything else.
    """
    if isinstance(value, int | float):
        return (value, "")
    if isinstance(value, str):
        return (0, value)
    raise BrokenError("an item has neither text nor number where the order is told")


def told_at(relation: Relation, heard: Sequence[Exchange]) -> list[str]:
    """Return which of *at* any of the answers has: of what none of them tells nothing is promised.

    Raises `UnseenError` if there is none.
    """
    found = [
        pointer
        for pointer in relation.at
        if any(not isinstance(value_at(each.body, pointer), Missing) for each in heard)
    ]
    if not found:
        raise UnseenError(f"nothing stands at {' or '.join(relation.at)}")
    return found


def spread(values: Sequence[str], most: int) -> list[str]:
    """Return *most* of *values* at most, the first and the last among them, the others evenly between.

    >>> spread(["a", "b", "c", "d", "e"], 3)
    ['a', 'c', 'e']
    """
    if len(values) <= most:
        return [*values]
    return [values[at * (len(values) - 1) // (most - 1)] for at in range(most)]
