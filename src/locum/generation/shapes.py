"""A shape: one way to satisfy a schema, with every choice between alternatives made.

It is a list of plain sources that must all hold; their keywords are intersected where they are read
(the greatest `minLength`, every `pattern`, all that is said of one property), so nothing is merged by hand.
Read `expansion.py` for how a schema becomes shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from locum.contract.model import JsonObject
from locum.generation.bundle import Bundle, Subschema, compile_check
from locum.generation.keywords import members, schemas

__all__ = ["ANYTHING", "NOTHING", "Shape", "Source", "item_schemas", "member_schemas"]

ANYTHING = Subschema(True, "", is_written=False)  # noqa: FBT003  # the schema `true`
NOTHING = Subschema(False, "", is_written=False)  # noqa: FBT003  # the schema `false`


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One schema object of a shape; *within* holds the keys of those that brought it in, its own included.

    One made up to fail another schema is *within* nothing, since it evaluates no member.
    """

    part: Subschema
    within: frozenset[int]

    @property
    def schema(self) -> JsonObject:
        """The keywords of the source."""
        return self.part.schema if isinstance(self.part.schema, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sources that must all hold.

    *branch* tells which alternatives were chosen; unless *is_certain*, a value made from the sources still
    has to be tested against the whole schema. *names* are the definitions passed on the way in.
    """

    sources: tuple[Source, ...]
    branch: tuple[int, ...] = ()
    is_certain: bool = True
    names: tuple[str, ...] = ()

    def schemas(self) -> Iterator[JsonObject]:
        """Yield the keywords of each source."""
        return (source.schema for source in self.sources)


def member_schemas(bundle: Bundle, shape: Shape, name: str) -> tuple[Subschema, ...]:
    """Return everything *shape* says about a member called *name* (2020-12 core, 10.3.2 and 11.3)."""
    found: list[Subschema] = []
    touched: list[Source] = []
    for source in shape.sources:
        said = list(_said_of_member(bundle, source, name))
        found += said
        if said:
            touched.append(source)
    found += _unevaluated(bundle, shape, "unevaluatedProperties", touched)
    return tuple(found) or (ANYTHING,)


def _said_of_member(bundle: Bundle, source: Source, name: str) -> Iterator[Subschema]:
    is_additional = True
    if name in members(source.schema, "properties"):
        is_additional = False
        yield bundle.part(source.part, "properties", name)
    for pattern in members(source.schema, "patternProperties"):
        if _matcher(bundle, source.part, pattern)(name):
            is_additional = False
            yield bundle.part(source.part, "patternProperties", pattern)
    if is_additional and "additionalProperties" in source.schema:
        yield bundle.part(source.part, "additionalProperties")


def _matcher(bundle: Bundle, part: Subschema, pattern: str) -> Callable[[str], bool]:
    return bundle.remember(("pattern", pattern), lambda: compile_check({"pattern": pattern}, part.pointer))


def _unevaluated(bundle: Bundle, shape: Shape, keyword: str, touched: list[Source]) -> Iterator[Subschema]:
    for source in shape.sources:
        if keyword in source.schema and not any(source.part.key in each.within for each in touched):
            nested = (each for each in shape.sources if each is not source and source.part.key in each.within)
            if not any(keyword in each.schema for each in nested):
                yield bundle.part(source.part, keyword)


def item_schemas(bundle: Bundle, shape: Shape, index: int) -> tuple[Subschema, ...]:
    """Return everything *shape* says about the item at *index* (2020-12 core, 10.3.1 and 11.2)."""
    found: list[Subschema] = []
    touched: list[Source] = []
    for source in shape.sources:
        if index < len(schemas(source.schema, "prefixItems")):
            found.append(bundle.part(source.part, "prefixItems", index))
        elif "items" in source.schema:
            found.append(bundle.part(source.part, "items"))
        else:
            continue
        touched.append(source)
    found += _unevaluated(bundle, shape, "unevaluatedItems", touched)
    return tuple(found) or (ANYTHING,)
