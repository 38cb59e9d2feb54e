"""What can be told of schemas at a glance: enough to see that two branches exclude each other.

Only certain knowledge counts: where nothing is said here, `expansion` tries and tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from locum.contract.model import JsonValue
from locum.generation.bundle import Bundle, Schema, Subschema
from locum.generation.keywords import members, names, schemas, text, types

__all__ = ["Facts", "binds", "excludes", "facts_of", "narrowed", "plain_parts"]

#: How many references and `allOf` are followed.
_REACH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Claims that hold for every value of some schemas, about objects where the value is one.

    *properties* maps a name to every schema said of it; *closed_to* lists the only names allowed.
    """

    types: frozenset[str] | None
    values: tuple[JsonValue, ...] | None
    required: frozenset[str]
    properties: dict[str, list[Subschema]]
    closed_to: frozenset[str] | None


def plain_parts(bundle: Bundle, schema: Subschema, reach: int = _REACH) -> Iterator[Subschema]:
    """Yield *schema* and everything it certainly includes by `$ref` and `allOf`."""
    yield schema
    if reach and isinstance(schema.schema, dict):
        reference = text(schema.schema, "$ref")
        if reference:
            yield from plain_parts(bundle, bundle.target(reference, schema.pointer), reach - 1)
        for index in range(len(schemas(schema.schema, "allOf"))):
            yield from plain_parts(bundle, bundle.part(schema, "allOf", index), reach - 1)


def facts_of(bundle: Bundle, parts: Iterable[Subschema]) -> Facts:
    """Gather what *parts*, taken together, say."""
    allowed: frozenset[str] | None = None
    values: tuple[JsonValue, ...] | None = None
    closed: frozenset[str] | None = None
    required: set[str] = set()
    properties: dict[str, list[Subschema]] = {}
    for part in parts:
        allowed = _narrow(allowed, _types(part.schema))
        values = _values(part.schema) if values is None else values
        closed = _narrow(closed, _closed(part.schema))
        required.update(names(part.schema, "required"))
        for name in members(part.schema, "properties"):
            properties.setdefault(name, []).append(bundle.part(part, "properties", name))
    return Facts(
        types=allowed, values=values, required=frozenset(required), properties=properties, closed_to=closed
    )


def _narrow(known: frozenset[str] | None, more: frozenset[str] | None) -> frozenset[str] | None:
    if known is None or more is None:
        return more if known is None else known
    return known & more


def _types(schema: Schema) -> frozenset[str] | None:
    declared = types(schema)
    if declared is None:
        return None
    return frozenset(declared) | ({"integer"} if "number" in declared else frozenset())


def narrowed(known: frozenset[str] | None, schema: Schema) -> frozenset[str] | None:
    """Return those of the types *known* that *schema* allows; `None` stands for any."""
    return _narrow(known, _types(schema))


def _values(schema: Schema) -> tuple[JsonValue, ...] | None:
    if not isinstance(schema, dict):
        return None
    return (schema["const"],) if "const" in schema else tuple(schemas(schema, "enum")) or None


def _closed(schema: Schema) -> frozenset[str] | None:
    if not isinstance(schema, dict) or schema.get("additionalProperties") is not False:
        return None
    return None if members(schema, "patternProperties") else frozenset(members(schema, "properties"))


def excludes(bundle: Bundle, one: Facts, other: Facts) -> bool:
    """Tell whether every object, or every value, of *one* certainly fails *other*."""
    if _share_no_type(one, other) or _are_apart(one.values, other.values):
        return True
    if one.types != frozenset({"object"}):
        return False
    if one.closed_to is not None and other.required - one.closed_to:
        return True
    if other.closed_to is not None and one.required - other.closed_to:
        return True
    if any(_forbids(one, name) for name in other.required):
        return True
    shared = one.required & other.properties.keys() & one.properties.keys()
    return any(_differ(bundle, one.properties[name], other.properties[name]) for name in shared)


def _share_no_type(one: Facts, other: Facts) -> bool:
    return one.types is not None and other.types is not None and not one.types & other.types


def _forbids(facts: Facts, name: str) -> bool:
    return any(each.schema is False for each in facts.properties.get(name, ()))


def _differ(bundle: Bundle, one: list[Subschema], other: list[Subschema]) -> bool:
    left, right = (
        facts_of(bundle, (part for each in side for part in plain_parts(bundle, each)))
        for side in (one, other)
    )
    return _share_no_type(left, right) or _are_apart(left.values, right.values)


def _are_apart(one: tuple[JsonValue, ...] | None, other: tuple[JsonValue, ...] | None) -> bool:
    return one is not None and other is not None and not any(each in other for each in one)


def binds(bundle: Bundle, schema: Subschema, name: str) -> bool:
    """Tell whether *schema* already lists the values of its property *name*."""
    found = facts_of(bundle, plain_parts(bundle, schema)).properties.get(name, [])
    return facts_of(bundle, (part for each in found for part in plain_parts(bundle, each))).values is not None
