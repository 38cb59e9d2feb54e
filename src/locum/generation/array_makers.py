"""The closures that make arrays: lists, tuples, and those whose items all differ."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.generation.bundle import unmet
from locum.generation.nodes import Make, Node
from locum.generation.streams import mix, stable_seed

__all__ = ["Plan", "assemble_array"]

_COUNT = stable_seed("array", "count")
_ITEM = stable_seed("array", "item")
#: How often an item is made again that equals an earlier one.
_TRIES = 32


@dataclass(slots=True, kw_only=True)
class Plan:
    """An array as it will be made: *first* items each of its own kind, then any number of *rest*."""

    least: int
    most: int | None
    first: list[Node] = field(default_factory=list)
    rest: Node | None = None
    is_unique: bool = False


_Items: TypeAlias = tuple[Make, ...]


def assemble_array(node: Node, plan: Plan, low: int, high: int, usual: int) -> Make:
    """Return the maker of the array of *node*, of *low* to *high* items, *usual* at least where it may be."""
    first: _Items = tuple(node.call(each) for each in plan.first)
    rest = plan.rest
    if rest is not None and rest.floor == math.inf:
        rest, high = None, min(high, len(first))
    # Nothing that may contain this array again is made beyond the depth, except what must be there.
    grows = any(node.holds(each) for each in (*plan.first[low:], *((rest,) if rest else ())))
    least = low if plan.least else min(max(low, len(first) or usual), high)
    later = node.call(rest) if rest is not None else None
    if plan.is_unique and rest is not None and rest.values and not first:
        distinct = tuple({_key(value): value for value in rest.values}.values())
        return _drawing_without_return(distinct, low, min(high, len(distinct)), node.pointer)
    lengths = _Lengths(low, least, high, grows=grows)
    if plan.is_unique:
        return _making_unique(first, later, lengths, node.pointer)
    if first or later is None:
        return _making_tuple(first, later, lengths)
    return _making_list(later, lengths)


class _Lengths:
    """How long an array is, by stream and depth."""

    __slots__ = ("_grows", "_high", "_least", "low")

    def __init__(self, low: int, least: int, high: int, *, grows: bool) -> None:
        self.low, self._least, self._high, self._grows = low, least, high, grows

    def at(self, stream: int, depth: int) -> int:
        if depth <= 0 and self._grows:
            return self.low
        if self._high <= self._least:
            return self._high
        return self._least + mix(stream, _COUNT) % (self._high - self._least + 1)


def _making_list(make: Make, lengths: _Lengths) -> Make:
    return lambda stream, depth: [
        make(mix(stream, _ITEM + index), depth) for index in range(lengths.at(stream, depth))
    ]


def _making_tuple(first: _Items, later: Make | None, lengths: _Lengths) -> Make:
    def make(stream: int, depth: int) -> JsonValue:
        count = lengths.at(stream, depth)
        return [
            each(mix(stream, _ITEM + index), depth) for index, each in enumerate(_makes(first, later, count))
        ]

    return make


def _makes(first: _Items, later: Make | None, count: int) -> Iterator[Make]:
    yield from first[:count]
    if later is not None:
        yield from (later for _ in range(count - len(first)))


def _drawing_without_return(values: tuple[JsonValue, ...], low: int, high: int, pointer: str) -> Make:
    if len(values) < low:
        raise unmet("uniqueItems", pointer, f"there are only {len(values)} different items")
    least = min(max(low, 1), high)

    def make(stream: int, _: int) -> JsonValue:
        count = least + mix(stream, _COUNT) % (high - least + 1)
        start = mix(stream, _ITEM) % len(values)
        return [values[(start + index) % len(values)] for index in range(count)]

    return make


def _making_unique(first: _Items, later: Make | None, lengths: _Lengths, pointer: str) -> Make:
    def make(stream: int, depth: int) -> JsonValue:
        seen: set[str] = set()
        made: list[JsonValue] = []
        for index, each in enumerate(_makes(first, later, lengths.at(stream, depth))):
            value = _different(each, mix(stream, _ITEM + index), depth, seen)
            if value is _NONE:
                break
            made.append(value)
        if len(made) < lengths.low:
            raise unmet("uniqueItems", pointer, f"only {len(made)} different items were found")
        return made

    return make


#: Stands for no value; compared by identity.
_NONE: JsonValue = {}


def _different(make: Make, stream: int, depth: int, seen: set[str]) -> JsonValue:
    """Return an item not yet *seen*, which grows by it."""
    for turn in range(_TRIES):
        value = make(mix(stream, turn) if turn else stream, depth)
        key = _key(value)
        if key not in seen:
            seen.add(key)
            return value
    return _NONE


def _key(value: JsonValue) -> str:
    """Return what two values have in common that JSON Schema holds equal."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: JsonValue) -> JsonValue:
    """Write numbers that JSON Schema holds equal, such as 1 and 1.0, the same way."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
