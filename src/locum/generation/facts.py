"""What can be told of schemas at a glance: enough to see that two branches exclude each other.

Only certain knowledge counts: where nothing is said here, `expansion` tries and tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from locum.contract.model import JsonValue
from locum.generation.bundle import Bundle, Schema, Subschema
from locum.generation.keywords import members, names, schemas, text, types

__all__ = [
    "NOTHING",
    "Facts",
    "binds",
    "contradicts",
    "excludes",
    "facts_of",
    "known_with",
    "plain_parts",
]

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
    properties: dict[str, tuple[Subschema, ...]]
    closed_to: frozenset[str] | None


#: What is known of any value.
NOTHING = Facts(types=None, values=None, required=frozenset(), properties={}, closed_to=None)


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
    known = NOTHING
    for part in parts:
        known = known_with(bundle, known, part)
    return known


def known_with(bundle: Bundle, known: Facts, part: Subschema) -> Facts:
    """Return what is *known* together with what *part* itself says, what it refers to left aside."""
    schema = part.schema
    said = {name: bundle.part(part, "properties", name) for name in members(schema, "properties")}
    added = {name: (*known.properties.get(name, ()), inner) for name, inner in said.items()}
    return Facts(
        types=_narrowed(known.types, schema),
        values=_values(schema) if known.values is None else known.values,
        required=known.required.union(names(schema, "required")),
        properties=known.properties | added if added else known.properties,
        closed_to=_narrow(known.closed_to, _closed(schema)),
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


def _narrowed(known: frozenset[str] | None, schema: Schema) -> frozenset[str] | None:
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


def contradicts(known: Facts, schema: Schema) -> bool:
    """Tell whether what is *known* certainly fails *schema*: its types, or a member that it denies."""
    allowed = _narrowed(known.types, schema)
    if allowed is not None and not allowed:
        return True
    said = members(schema, "properties")
    wanted = [name for name in names(schema, "required") if name in said]
    return any(_denies([said[name]], _schemas(known.properties.get(name, ()))) for name in wanted)


def _share_no_type(one: Facts, other: Facts) -> bool:
    return one.types is not None and other.types is not None and not one.types & other.types


def _forbids(facts: Facts, name: str) -> bool:
    return any(each.schema is False for each in facts.properties.get(name, ()))


def _schemas(parts: Iterable[Subschema]) -> list[JsonValue]:
    return [part.schema for part in parts]


def _denies(one: list[JsonValue], other: list[JsonValue]) -> bool:
    """Tell whether a schema of one side is the `not` of a schema of the other, word for word."""
    denied = [each["not"] for each in one if isinstance(each, dict) and each.keys() == {"not"}]
    return any(each in other for each in denied)


def _differ(bundle: Bundle, one: Iterable[Subschema], other: Iterable[Subschema]) -> bool:
    if _denies(_schemas(one), _schemas(other)):
        return True
    left, right = (
        facts_of(bundle, (part for each in side for part in plain_parts(bundle, each)))
        for side in (one, other)
    )
    return _share_no_type(left, right) or _are_apart(left.values, right.values)


def _are_apart(one: tuple[JsonValue, ...] | None, other: tuple[JsonValue, ...] | None) -> bool:
    return one is not None and other is not None and not any(each in other for each in one)


def binds(bundle: Bundle, schema: Subschema, name: str) -> bool:
    """Tell whether *schema* already lists the values of its property *name*."""
    found = facts_of(bundle, plain_parts(bundle, schema)).properties.get(name, ())
    return facts_of(bundle, (part for each in found for part in plain_parts(bundle, each))).values is not None
