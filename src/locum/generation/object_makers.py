"""The closures that make objects: all members, the first few, or those that the stream picks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.model import Variant
from locum.generation.nodes import Make, Node
from locum.generation.streams import FIRST, MASK, SECOND, mix, stable_seed

__all__ = ["Member", "assemble_object"]

_COUNT = stable_seed("object", "count")

#: Name, constant mixed into the stream, and the maker of the value.
_Row: TypeAlias = tuple[str, int, Make]
_Rows: TypeAlias = tuple[_Row, ...]
#: Tells which members a value has.
_Pick: TypeAlias = Callable[[int, int], _Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member that a value may have; *is_entry* when its name is not declared."""

    name: str
    node: Node
    is_required: bool
    is_entry: bool = False


def assemble_object(node: Node, chosen: tuple[Member, ...], least: int, few: int, variant: Variant) -> Make:
    """Return the maker of the object of *node*; a map has at least *few* of its entries where it may."""
    chosen = tuple(each for each in chosen if each.is_required or each.node.floor != math.inf)
    required = frozenset(each.name for each in chosen if each.is_required)
    rows = tuple(
        (each.name, each.node.family or stable_seed(each.name), node.call(each.node)) for each in chosen
    )
    closing = tuple(
        row for row, each in zip(rows, chosen, strict=True) if each.is_required or not node.holds(each.node)
    )
    pick: _Pick | None = None
    if variant is Variant.RANDOM and len(required) < len(chosen):
        pick = _some(rows, closing, required)
    elif len(required) < len(chosen) and all(each.is_entry for each in chosen):
        pick = _first_few(rows, closing, max(len(required), min(few, len(rows))))
    elif len(closing) < len(rows):
        pick = _by_depth(rows, closing)
    if any(each.node.is_fragile for each in chosen):
        return _making_carefully(pick or _by_depth(rows, rows), required, least)
    return _making_picked(pick) if pick else _making_all(rows)


def _by_depth(rows: _Rows, closing: _Rows) -> _Pick:
    return lambda _, depth: rows if depth > 0 else closing


def _first_few(rows: _Rows, closing: _Rows, least: int) -> _Pick:
    def pick(stream: int, depth: int) -> _Rows:
        usable = rows if depth > 0 else closing
        spread = len(usable) - least + 1
        return usable[: least + mix(stream, _COUNT) % spread] if spread > 1 else usable

    return pick


def _some(rows: _Rows, closing: _Rows, required: frozenset[str]) -> _Pick:
    def pick(stream: int, depth: int) -> _Rows:
        usable = rows if depth > 0 else closing
        return tuple(row for row in usable if row[0] in required or mix(stream ^ _COUNT, row[1]) & 1)

    return pick


def _making_all(rows: _Rows) -> Make:
    def make(stream: int, depth: int) -> JsonValue:
        made: dict[str, JsonValue] = {}
        for name, constant, make_one in rows:
            # `mix`, written out: calling it would be a quarter of what an object costs.
            mixed = (stream ^ constant) * FIRST & MASK
            made[name] = make_one((mixed ^ mixed >> 32) * SECOND & MASK, depth)
        return made

    return make


def _making_picked(pick: _Pick) -> Make:
    return lambda stream, depth: _making_all(pick(stream, depth))(stream, depth)


def _making_carefully(pick: _Pick, required: frozenset[str], least: int) -> Make:
    """Return the maker for members that fail for some streams: an optional one is then left out."""

    def make(stream: int, depth: int) -> JsonValue:
        made: dict[str, JsonValue] = {}
        failure: GenerationError | None = None
        for name, constant, make_one in pick(stream, depth):
            try:
                made[name] = make_one(mix(stream, constant), depth)
            except GenerationError as error:
                if name in required:
                    raise
                failure = error
        if failure is not None and len(made) < least:
            raise failure
        return made

    return make
