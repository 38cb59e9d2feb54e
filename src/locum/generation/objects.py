"""Objects: which members a value has.

The members are settled when the schema is compiled; only in the `RANDOM` variant, and for maps, the stream
picks among them. Read `shapes.py` for what is said of one member, `object_makers.py` for the closures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from locum.errors import GenerationError
from locum.generation.bundle import Subschema
from locum.generation.context import Hint, Site
from locum.generation.facts import plain_parts
from locum.generation.keys import candidate_names
from locum.generation.keywords import integer, members, names
from locum.generation.model import MOST_MEMBERS, Variant
from locum.generation.nodes import Node
from locum.generation.object_makers import Member, assemble_object
from locum.generation.shapes import Shape, member_schemas

__all__ = ["object_node"]

#: Entries that are tried beyond those needed, since names may turn out to be refused.
_SPARE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """How many members there may be."""

    least: int
    most: int | None

    def room(self, taken: int) -> int | None:
        """Return how many more fit beside *taken*; `None` for any number."""
        return None if self.most is None else max(0, self.most - taken)

    def missing(self, taken: int) -> int:
        """Return how many more are needed beside *taken*."""
        return max(0, self.least - taken)


def object_node(site: Site) -> Node:
    """Return the node of an object; `GenerationError` when a required member cannot be made."""
    limits = _limits(site.shape)
    if limits.least > MOST_MEMBERS:
        raise site.unmet("minProperties", f"{limits.least} members are too many")
    chosen = _members(site, limits)
    few = site.kit.settings.entries[0]
    return Node(
        site.pointer,
        needs=tuple(each.node for each in chosen if each.is_required),
        optional=tuple(each.node for each in chosen if not each.is_required),
        assemble=lambda node: assemble_object(node, chosen, limits.least, few, site.context.variant),
    )


def _limits(shape: Shape) -> _Limits:
    least = max((integer(each, "minProperties", 0) for each in shape.schemas()), default=0)
    most = [integer(each, "maxProperties", 0) for each in shape.schemas() if "maxProperties" in each]
    return _Limits(least=least, most=min(most, default=None))


def _members(site: Site, limits: _Limits) -> tuple[Member, ...]:
    required = _required(site.shape)
    made = _made(site, required)
    optional = [name for name in made if name not in required]
    if site.context.variant is Variant.MINIMAL:
        optional = optional[: limits.missing(len(required))]
    optional = optional[: limits.room(len(required))]
    # What must be there for the count, or because of another member, is left to no chance.
    fixed = {*required, *optional[: limits.missing(len(required))]}
    fixed |= dependents(site.shape, {*required, *optional})
    kept = [
        Member(name=name, node=node, is_required=name in fixed)
        for name, node in made.items()
        if name in fixed or name in optional
    ]
    return (*kept, *_entries(site, kept, limits))


def _required(shape: Shape) -> dict[str, None]:
    """Return the required names in order, those that follow from `dependentRequired` included."""
    found = dict.fromkeys(name for each in shape.schemas() for name in names(each, "required"))
    return found | dict.fromkeys(sorted(dependents(shape, set(found)) - found.keys()))


def dependents(shape: Shape, present: set[str]) -> set[str]:
    """Return every name that must be present because of those in *present* (`dependentRequired`)."""
    rules = [members(each, "dependentRequired") for each in shape.schemas() if "dependentRequired" in each]
    found: set[str] = set()
    waiting = list(present) if rules else []
    while waiting:
        name = waiting.pop()
        for rule in rules:
            more = set(names(rule, name)) - found
            found |= more
            waiting += more
    return found


def _made(site: Site, required: dict[str, None]) -> dict[str, Node]:
    """Compile every member that is declared or needed, in the order of the document.

    An optional one that cannot be made, `false` above all, is left out.
    """
    declared = [name for each in site.schemas() for name in members(each, "properties")]
    made: dict[str, Node] = {}
    for name in dict.fromkeys([*declared, *required]):
        parts = member_schemas(site.bundle, site.shape, name)
        if name in required:
            made[name] = _compile(site, name, parts, site.hint.member(name))
        elif not _is_write_only(site, parts):
            _try(site, made, name)
    for name in sorted(dependents(site.shape, set(made)) - made.keys()):
        _try(site, made, name)
    for name in list(made):
        missing = dependents(site.shape, {name}) - made.keys()
        if missing and name in required:
            raise site.unmet("dependentRequired", f"'{name}' needs '{min(missing)}'")
        if missing:
            del made[name]
    return made


def _try(site: Site, made: dict[str, Node], name: str) -> None:
    try:
        parts = member_schemas(site.bundle, site.shape, name)
        made[name] = _compile(site, name, parts, site.hint.member(name))
    except GenerationError:
        return


def _compile(site: Site, name: str, parts: tuple[Subschema, ...], hint: Hint) -> Node:
    for source in site.shape.sources:
        if "propertyNames" in source.schema:
            rule = site.bundle.part(source.part, "propertyNames")
            if not site.bundle.check((rule,))(name):
                raise site.unmet("propertyNames", f"'{name}' is not allowed")
    return site.context.compile(parts, hint)


def _is_write_only(site: Site, parts: tuple[Subschema, ...]) -> bool:
    plain = (each.schema for part in parts for each in plain_parts(site.bundle, part))
    return any(isinstance(each, dict) and each.get("writeOnly") is True for each in plain)


def _entries(site: Site, kept: list[Member], limits: _Limits) -> Iterator[Member]:
    """Yield the members of a map, and those that are missing to reach `minProperties`."""
    needed = limits.missing(len(kept))
    is_filled = not kept and site.context.variant is not Variant.MINIMAL and _is_map(site.shape)
    wanted = max(needed, site.kit.settings.entries[1]) if is_filled else needed
    room = limits.room(len(kept))
    wanted = wanted if room is None else min(wanted, room)
    if not wanted:
        return
    found = list(islice(_possible_entries(site, {each.name for each in kept}, wanted + _SPARE), wanted))
    if len(found) < needed:
        raise site.unmet("minProperties", f"only {len(kept) + len(found)} members can be made")
    yield from (replace(each, is_required=index < needed) for index, each in enumerate(found))


def _possible_entries(site: Site, taken: set[str], most: int) -> Iterator[Member]:
    for name in candidate_names(site, most):
        if name not in taken:
            try:
                parts = member_schemas(site.bundle, site.shape, name)
                node = _compile(site, name, parts, site.hint.item())
            except GenerationError:
                continue
            yield Member(name=name, node=node, is_required=False, is_entry=True)


def _is_map(shape: Shape) -> bool:
    """Tell whether *shape* describes members without naming them."""
    keywords = ("additionalProperties", "unevaluatedProperties")
    return any(
        bool(members(each, "patternProperties")) or any(isinstance(each.get(at), dict) for at in keywords)
        for each in shape.schemas()
    )
