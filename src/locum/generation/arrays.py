"""Arrays: how long, which item where, which of them contain what, and all different where they must be."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Subschema, unmet
from locum.generation.context import Context, Hint
from locum.generation.keywords import integer, schemas
from locum.generation.nodes import Make, Node
from locum.generation.shapes import NOTHING, Shape, Source, item_schemas
from locum.generation.streams import mix, stable_seed

__all__ = ["array_node"]

_COUNT = stable_seed("array", "count")
_ITEM = stable_seed("array", "item")
#: How often an item is made again that equals an earlier one.
_TRIES = 32
#: Longer arrays are not made, whatever is asked: a value must stay a value.
_LONGEST = 10_000


@dataclass(slots=True, kw_only=True)
class _Plan:
    """An array as it will be made: *first* items each of its own kind, then any number of *rest*."""

    least: int
    most: int | None
    first: list[Node] = field(default_factory=list)
    rest: Node | None = None
    is_unique: bool = False


def array_node(context: Context, shape: Shape, hint: Hint, pointer: str) -> Node:
    """Return the node of an array of *shape*; `GenerationError` when it cannot be long enough."""
    plan = _limits(shape, pointer)
    wanted = [_Wanted(context, source) for source in shape.sources if "contains" in source.schema]
    _fill(context, shape, hint, plan, [each for each in wanted if each.least > 0])
    _bar(context, shape, hint, plan, wanted)
    if len(plan.first) < plan.least and plan.rest is None:
        raise unmet("minItems", pointer, f"only {len(plan.first)} items can be made")
    least, usual = context.kit.settings.items
    # Lists in lists grow fast, so the inner ones are shorter.
    low, high = _lengths(plan, (least, max(least, usual - hint.is_item)), wanted)
    # An item beyond the least length belongs to the optional part, which recursion may leave away.
    needs = (*plan.first[:low], *((plan.rest,) if plan.rest and low > len(plan.first) else ()))
    optional = (*plan.first[low:], *((plan.rest,) if plan.rest and low <= len(plan.first) else ()))
    repeat = max(1.0, (max(low, 1) + high) / 2 - len(plan.first)) if plan.rest else 1.0
    return Node(
        pointer,
        needs=needs,
        optional=optional,
        repeat=repeat,
        is_fragile=plan.is_unique and low > 1,
        assemble=lambda node: _assemble(node, plan, low, high),
    )


def _limits(shape: Shape, pointer: str) -> _Plan:
    least = max((integer(each, "minItems", 0) for each in shape.schemas()), default=0)
    most = [integer(each, "maxItems", 0) for each in shape.schemas() if "maxItems" in each]
    if least > _LONGEST or (most and min(most) < least):
        raise unmet("minItems", pointer, f"{least} items are too many")
    is_unique = any(each.get("uniqueItems") is True for each in shape.schemas())
    return _Plan(least=least, most=min(most, default=None), is_unique=is_unique)


class _Wanted:
    """One `contains` with its numbers (2020-12 validation, 6.4.4)."""

    def __init__(self, context: Context, source: Source) -> None:
        self.source = source
        self.part = context.bundle.part(source.part, "contains")
        self.least = integer(source.schema, "minContains", 1)
        self.most = integer(source.schema, "maxContains", -1)


def _fill(context: Context, shape: Shape, hint: Hint, plan: _Plan, wanted: list[_Wanted]) -> None:
    """Lay down the items that have a kind of their own: of `prefixItems`, and to be contained."""
    prefix = max((len(schemas(each, "prefixItems")) for each in shape.schemas()), default=0)
    left = [each.least for each in wanted]
    while len(plan.first) < prefix or any(left):
        if plan.most is not None and len(plan.first) >= plan.most:
            break
        index, before = len(plan.first), sum(left)
        node = _item(context, shape, hint, index, wanted, left)
        if node is None or (index >= prefix and sum(left) == before):
            break
        plan.first.append(node)
    if any(left):
        raise unmet("contains", wanted[0].part.pointer, "no room for what must be contained")
    plan.least = max(plan.least, len(plan.first) if wanted else 0)


def _item(
    context: Context, shape: Shape, hint: Hint, index: int, wanted: list[_Wanted], left: list[int]
) -> Node | None:
    """Make the item at *index* satisfy as many of *wanted* as are left, all together or one by one."""
    plain = item_schemas(context.bundle, shape, index)
    said = tuple(each for each in plain if not _is_unevaluated(context, shape, each))
    open_ones = [at for at, count in enumerate(left) if count]
    for chosen in (open_ones, *([at] for at in open_ones)):
        if chosen:
            try:
                node = context.compile((*said, *(wanted[at].part for at in chosen)), hint.item())
            except GenerationError:
                continue
            for at in chosen:
                left[at] -= 1
            return node
    try:
        return context.compile(plain, hint.item())
    except GenerationError:
        return None


def _is_unevaluated(context: Context, shape: Shape, part: Subschema) -> bool:
    """Tell whether *part* speaks of unevaluated items: one that is contained has been evaluated."""
    keyword = "unevaluatedItems"
    return any(
        keyword in source.schema and context.bundle.part(source.part, keyword) is part
        for source in shape.sources
    )


def _bar(context: Context, shape: Shape, hint: Hint, plan: _Plan, wanted: list[_Wanted]) -> None:
    """Set the kind of all further items; none of them may be contained once `maxContains` is reached."""
    barred: tuple[Subschema, ...] = tuple(
        context.bundle.derive(each.part, {"not": each.part.schema}, "not contained")
        for each in wanted
        if each.most >= 0
    )
    if plan.most is not None and len(plan.first) >= plan.most:
        return
    parts = (*item_schemas(context.bundle, shape, _LONGEST), *barred)
    if any(part.schema is False or part is NOTHING for part in parts):
        return
    try:
        plan.rest = context.compile(parts, hint.item())
    except GenerationError:
        plan.rest = None


def _lengths(plan: _Plan, usual: tuple[int, int], wanted: list[_Wanted]) -> tuple[int, int]:
    """Return the least length, and the greatest that is made without being asked for."""
    low = plan.least
    high = max(low + usual[1] - usual[0], usual[1] if low <= usual[1] else low, len(plan.first))
    if low == plan.most or (wanted and low):
        high = low
    if plan.rest is None:
        high = min(high, len(plan.first))
    return low, high if plan.most is None else min(high, plan.most)


_Items: TypeAlias = tuple[Make, ...]


def _assemble(node: Node, plan: _Plan, low: int, high: int) -> Make:
    first: _Items = tuple(node.call(each) for each in plan.first)
    rest = plan.rest
    if rest is not None and rest.floor == math.inf:
        rest, high = None, min(high, len(first))
    # Nothing that may contain this array again is made beyond the depth, except what must be there.
    grows = any(node.holds(each) for each in (*plan.first[low:], *((rest,) if rest else ())))
    least = low if plan.least else min(max(low, len(first) or 1), high)
    later = node.call(rest) if rest is not None else None
    if plan.is_unique and rest is not None and rest.values and not first:
        return _drawing_without_return(rest.values, low, min(high, len(rest.values)), node.pointer)
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
        key = json.dumps(_plain(value), sort_keys=True)
        if key not in seen:
            seen.add(key)
            return value
    return _NONE


def _plain(value: JsonValue) -> JsonValue:
    """Write numbers that JSON Schema holds equal, such as 1 and 1.0, the same way."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
