"""Objects: which members a value has, and the closure that makes them.

The members are settled when the schema is compiled; only in the `RANDOM` variant, and for maps, the stream
picks among them. Read `shapes.py` for what is said of one member.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Subschema, unmet
from locum.generation.context import Context, Hint
from locum.generation.facts import plain_parts
from locum.generation.keys import candidate_names
from locum.generation.keywords import integer, members, names
from locum.generation.model import Variant
from locum.generation.nodes import Make, Node
from locum.generation.shapes import Shape, member_schemas
from locum.generation.streams import mix, stable_seed

__all__ = ["object_node"]

_COUNT = stable_seed("object", "count")
#: Entries that are tried beyond those needed, since names may turn out to be refused.
_SPARE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member that a value may have; *is_entry* when its name is not declared."""

    name: str
    node: Node
    is_required: bool
    is_entry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    least: int
    most: int | None


def object_node(context: Context, shape: Shape, hint: Hint, pointer: str) -> Node:
    """Return the node of an object of *shape*; `GenerationError` when a required member cannot be made."""
    limits = _limits(shape)
    chosen = _members(context, shape, hint, pointer, limits)
    needs = tuple(each.node for each in chosen if each.is_required)
    optional = tuple(each.node for each in chosen if not each.is_required)
    entries = context.kit.settings.entries
    return Node(
        pointer,
        needs=needs,
        optional=optional,
        assemble=lambda node: _assemble(node, chosen, limits, entries, context.variant),
    )


def _limits(shape: Shape) -> _Limits:
    least = max((integer(each, "minProperties", 0) for each in shape.schemas()), default=0)
    most = [integer(each, "maxProperties", 0) for each in shape.schemas() if "maxProperties" in each]
    return _Limits(least=least, most=min(most, default=None))


def _members(context: Context, shape: Shape, hint: Hint, pointer: str, limits: _Limits) -> tuple[Member, ...]:
    required = _required(shape)
    declared = list(dict.fromkeys(name for each in shape.schemas() for name in members(each, "properties")))
    made = dict(_declared(context, shape, hint, declared, required))
    made.update(_undeclared(context, shape, hint, required, made))
    _drop_orphans(shape, made, required, pointer)
    optional = [name for name in made if name not in required]
    if context.variant is Variant.MINIMAL:
        optional = optional[: max(0, limits.least - len(required))]
    if limits.most is not None:
        optional = optional[: max(0, limits.most - len(required))]
    promoted = set(optional[: max(0, limits.least - len(required))]) | _dependents(
        shape, {*required, *optional}
    )
    kept = [
        Member(name=name, node=node, is_required=name in required or name in promoted)
        for name, node in made.items()
        if name in required or name in promoted or name in optional
    ]
    return (*kept, *_entries(context, shape, hint, kept, limits, pointer))


def _required(shape: Shape) -> dict[str, None]:
    """Return the required names in order, those that follow from `dependentRequired` included."""
    found = dict.fromkeys(name for each in shape.schemas() for name in names(each, "required"))
    return found | dict.fromkeys(sorted(_dependents(shape, set(found)) - found.keys()))


def _dependents(shape: Shape, present: set[str]) -> set[str]:
    """Return every name that must be present because of those in *present*."""
    found: set[str] = set()
    waiting = list(present)
    while waiting:
        name = waiting.pop()
        for each in shape.schemas():
            more = set(names(members(each, "dependentRequired"), name)) - found
            found |= more
            waiting += more
    return found


def _declared(
    context: Context, shape: Shape, hint: Hint, declared: Iterable[str], required: dict[str, None]
) -> Iterator[tuple[str, Node]]:
    for name in declared:
        parts = member_schemas(context.bundle, shape, name)
        if name in required:
            yield name, _compile(context, shape, name, parts, hint.member(name))
        elif not _is_write_only(context, parts):
            try:
                yield name, _compile(context, shape, name, parts, hint.member(name))
            except GenerationError:
                # A member that cannot be made, `false` above all, is left out: it is optional.
                continue


def _undeclared(
    context: Context, shape: Shape, hint: Hint, required: dict[str, None], made: dict[str, Node]
) -> Iterator[tuple[str, Node]]:
    for name in [*required, *sorted(_dependents(shape, {*required, *made}))]:
        if name not in made:
            try:
                yield name, _compile(context, shape, name, member_schemas(context.bundle, shape, name), hint.member(name))
            except GenerationError:
                if name in required:
                    raise


def _drop_orphans(shape: Shape, made: dict[str, Node], required: dict[str, None], pointer: str) -> None:
    """Take out of *made* the members whose dependents cannot be made."""
    for name in list(made):
        missing = _dependents(shape, {name}) - made.keys()
        if missing and name in required:
            raise unmet("dependentRequired", pointer, f"'{name}' needs '{min(missing)}'")
        if missing:
            del made[name]


def _compile(context: Context, shape: Shape, name: str, parts: tuple[Subschema, ...], hint: Hint) -> Node:
    for source in shape.sources:
        if "propertyNames" in source.schema:
            rule = context.bundle.part(source.part, "propertyNames")
            if not context.bundle.check((rule,))(name):
                raise unmet("propertyNames", source.part.pointer, f"'{name}' is not allowed")
    return context.compile(parts, hint)


def _is_write_only(context: Context, parts: tuple[Subschema, ...]) -> bool:
    plain = (each.schema for part in parts for each in plain_parts(context.bundle, part))
    return any(isinstance(each, dict) and each.get("writeOnly") is True for each in plain)


def _entries(
    context: Context, shape: Shape, hint: Hint, kept: list[Member], limits: _Limits, pointer: str
) -> Iterator[Member]:
    """Yield the members of a map, and those that are missing to reach `minProperties`."""
    wanted = max(0, limits.least - len(kept))
    if not kept and context.variant is not Variant.MINIMAL and _is_map(shape):
        wanted = max(wanted, context.kit.settings.entries[1])
    if limits.most is not None:
        wanted = min(wanted, limits.most - len(kept))
    needed = max(0, limits.least - len(kept))
    taken = {each.name for each in kept}
    made = _possible_entries(context, shape, hint, taken, wanted + _SPARE)
    found = list(islice(made, wanted)) if wanted > 0 else []
    if len(found) < needed:
        raise unmet("minProperties", pointer, f"only {len(kept) + len(found)} members can be made")
    yield from (replace(each, is_required=index < needed) for index, each in enumerate(found))


def _possible_entries(
    context: Context, shape: Shape, hint: Hint, taken: set[str], most: int
) -> Iterator[Member]:
    for name in candidate_names(context, shape, hint, most):
        if name not in taken:
            try:
                node = _compile(context, shape, name, member_schemas(context.bundle, shape, name), hint.item())
            except GenerationError:
                continue
            yield Member(name=name, node=node, is_required=False, is_entry=True)


def _is_map(shape: Shape) -> bool:
    """Tell whether *shape* describes members without naming them."""
    open_keywords = ("additionalProperties", "unevaluatedProperties")
    return any(
        bool(members(each, "patternProperties"))
        or any(isinstance(each.get(at), dict) for at in open_keywords)
        for each in shape.schemas()
    )


_Row: TypeAlias = tuple[str, int, Make]
_Rows: TypeAlias = tuple[_Row, ...]
#: Tells which members a value has.
_Pick: TypeAlias = Callable[[int, int], _Rows]


def _assemble(
    node: Node, chosen: tuple[Member, ...], limits: _Limits, entries: tuple[int, int], variant: Variant
) -> Make:
    chosen = tuple(each for each in chosen if each.is_required or each.node.floor != math.inf)
    required = {each.name for each in chosen if each.is_required}
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
        pick = _first_few(rows, closing, max(len(required), min(entries[0], len(rows))))
    elif len(closing) < len(rows):
        pick = _by_depth(rows, closing)
    if any(each.node.is_fragile for each in chosen):
        return _making_carefully(pick or _by_depth(rows, rows), required, limits)
    return _making_picked(pick) if pick else _making_all(rows)


def _by_depth(rows: _Rows, closing: _Rows) -> _Pick:
    return lambda _, depth: rows if depth > 0 else closing


def _first_few(rows: _Rows, closing: _Rows, least: int) -> _Pick:
    def pick(stream: int, depth: int) -> _Rows:
        usable = rows if depth > 0 else closing
        spread = len(usable) - least + 1
        return usable[: least + mix(stream, _COUNT) % spread] if spread > 1 else usable

    return pick


def _some(rows: _Rows, closing: _Rows, required: set[str]) -> _Pick:
    def pick(stream: int, depth: int) -> _Rows:
        usable = rows if depth > 0 else closing
        return tuple(row for row in usable if row[0] in required or mix(stream, ~row[1]) & 1)

    return pick


def _making_all(rows: _Rows) -> Make:
    return lambda stream, depth: {name: make(mix(stream, constant), depth) for name, constant, make in rows}


def _making_picked(pick: _Pick) -> Make:
    return lambda stream, depth: {
        name: make(mix(stream, constant), depth) for name, constant, make in pick(stream, depth)
    }


def _making_carefully(pick: _Pick, required: set[str], limits: _Limits) -> Make:
    """Return the closure for members that fail for some streams: an optional one is then left out."""

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
        if failure is not None and len(made) < limits.least:
            raise failure
        return made

    return make
