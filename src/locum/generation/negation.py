"""Turning `not` round: the ways in which a value can fail a schema, as schemas of their own.

A schema is a conjunction of keywords, so to fail it is to fail one of them. What cannot be said as a schema
is left to be tried and tested (`is_certain=False`). References are followed
by `expansion.py`, which is next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from locum.contract.model import JsonObject, JsonValue
from locum.generation.bundle import Schema
from locum.generation.keywords import TYPES, integer, members, names, schemas, types

__all__ = ["Failure", "failures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One way to fail: a value of *schema* does so for certain, or perhaps."""

    schema: Schema
    is_certain: bool = True


def failures(schema: Schema) -> Iterator[Failure]:
    """Yield the ways to fail *schema*, `$ref` left aside; none when everything satisfies it."""
    if schema is False:
        yield Failure(schema=True)
    if isinstance(schema, dict):
        for keyword, ways in _WAYS.items():
            if keyword in schema:
                yield from ways(schema)


_Ways = Callable[[JsonObject], Iterator[Failure]]


def _not(schema: JsonValue) -> JsonObject:
    return {"not": schema}


def _by_type(schema: JsonObject) -> Iterator[Failure]:
    barred = set(types(schema) or TYPES)
    left: list[JsonValue] = [each for each in TYPES if each not in barred and each != "integer"]
    if "number" in barred:
        left = [each for each in left if each != "number"]
    # A number that is no integer cannot be asked for: it is tried.
    if left:
        yield Failure(schema={"type": left}, is_certain="integer" not in barred or "number" not in left)


def _by_limit(keyword: str, opposite: str, kind: str) -> _Ways:
    def ways(schema: JsonObject) -> Iterator[Failure]:
        yield Failure(schema={"type": kind, opposite: schema[keyword]})

    return ways


def _by_count(keyword: str, opposite: str, kind: str, step: int) -> _Ways:
    def ways(schema: JsonObject) -> Iterator[Failure]:
        limit = integer(schema, keyword, 0) + step
        if limit >= 0:
            yield Failure(schema={"type": kind, opposite: limit})

    return ways


def _perhaps(kind: str | None, **more: JsonValue) -> _Ways:
    def ways(_: JsonObject) -> Iterator[Failure]:
        typed: JsonObject = {} if kind is None else {"type": kind}
        yield Failure(schema={**typed, **more}, is_certain=False)

    return ways


def _by_pattern(schema: JsonObject) -> Iterator[Failure]:
    # Wherever a search may start, what is looked for is not there.
    pattern = rf"^(?![\s\S]*(?:{schema['pattern']}))[\\s\\S]*"
    yield Failure(schema={"type": "string", "pattern": pattern}, is_certain=False)


def _by_required(schema: JsonObject) -> Iterator[Failure]:
    for name in names(schema, "required"):
        yield Failure(schema={"type": "object", "properties": {name: False}})


def _by_properties(schema: JsonObject) -> Iterator[Failure]:
    for name, inner in members(schema, "properties").items():
        yield Failure(schema={"type": "object", "required": [name], "properties": {name: _not(inner)}})


def _by_dependents(schema: JsonObject) -> Iterator[Failure]:
    for name in members(schema, "dependentRequired"):
        for other in names(members(schema, "dependentRequired"), name):
            yield Failure(schema={"type": "object", "required": [name], "properties": {other: False}})


def _by_additional(schema: JsonObject) -> Iterator[Failure]:
    more = len(members(schema, "properties")) + 1
    yield Failure(schema={"type": "object", "minProperties": more}, is_certain=False)


def _by_patterns(schema: JsonObject) -> Iterator[Failure]:
    for pattern, inner in members(schema, "patternProperties").items():
        broken: JsonObject = {"patternProperties": {pattern: _not(inner)}, "minProperties": 1}
        # The member that is made need not be one that the pattern is about.
        yield Failure(schema={"type": "object", **broken}, is_certain=False)


def _by_names(schema: JsonObject) -> Iterator[Failure]:
    yield Failure(
        schema={"type": "object", "propertyNames": _not(schema["propertyNames"]), "minProperties": 1}
    )


def _by_places(schema: JsonObject) -> Iterator[Failure]:
    for index, inner in enumerate(schemas(schema, "prefixItems")):
        places: list[JsonValue] = [*(True for _ in range(index)), _not(inner)]
        yield Failure(schema={"type": "array", "prefixItems": places, "minItems": index + 1})


def _by_items(schema: JsonObject) -> Iterator[Failure]:
    is_certain = "prefixItems" not in schema
    yield Failure(schema={"type": "array", "contains": _not(schema["items"])}, is_certain=is_certain)


def _by_contains(schema: JsonObject) -> Iterator[Failure]:
    is_certain = "minContains" not in schema
    yield Failure(schema={"type": "array", "items": _not(schema["contains"])}, is_certain=is_certain)


def _by_all_of(schema: JsonObject) -> Iterator[Failure]:
    yield from (Failure(schema=_not(each)) for each in schemas(schema, "allOf"))


def _by_any_of(schema: JsonObject) -> Iterator[Failure]:
    yield Failure(schema={"allOf": [_not(each) for each in schemas(schema, "anyOf")]})


def _by_one_of(schema: JsonObject) -> Iterator[Failure]:
    branches = schemas(schema, "oneOf")
    yield Failure(schema={"allOf": [_not(each) for each in branches]})
    if len(branches) > 1:
        yield Failure(schema={"allOf": branches[:2]})


def _by_not(schema: JsonObject) -> Iterator[Failure]:
    yield Failure(schema={"allOf": [schema["not"]]})


def _by_condition(schema: JsonObject) -> Iterator[Failure]:
    if "then" in schema:
        yield Failure(schema={"allOf": [schema["if"], _not(schema["then"])]})
    if "else" in schema:
        yield Failure(schema={"allOf": [_not(schema["if"]), _not(schema["else"])]})


_WAYS: Mapping[str, _Ways] = {
    "type": _by_type,
    "required": _by_required,
    "minimum": _by_limit("minimum", "exclusiveMaximum", "number"),
    "maximum": _by_limit("maximum", "exclusiveMinimum", "number"),
    "exclusiveMinimum": _by_limit("exclusiveMinimum", "maximum", "number"),
    "exclusiveMaximum": _by_limit("exclusiveMaximum", "minimum", "number"),
    "minLength": _by_count("minLength", "maxLength", "string", -1),
    "maxLength": _by_count("maxLength", "minLength", "string", 1),
    "minItems": _by_count("minItems", "maxItems", "array", -1),
    "maxItems": _by_count("maxItems", "minItems", "array", 1),
    "minProperties": _by_count("minProperties", "maxProperties", "object", -1),
    "maxProperties": _by_count("maxProperties", "minProperties", "object", 1),
    "const": _perhaps(None),
    "enum": _perhaps(None),
    "pattern": _by_pattern,
    "format": _perhaps("string"),
    "multipleOf": _perhaps("number"),
    "uniqueItems": _perhaps("array", minItems=2),
    "properties": _by_properties,
    "dependentRequired": _by_dependents,
    "additionalProperties": _by_additional,
    "items": _by_items,
    "contains": _by_contains,
    "not": _by_not,
    "allOf": _by_all_of,
    "anyOf": _by_any_of,
    "oneOf": _by_one_of,
    "if": _by_condition,
    "prefixItems": _by_places,
    "propertyNames": _by_names,
    "patternProperties": _by_patterns,
    "dependentSchemas": _perhaps("object"),
    "unevaluatedItems": _perhaps("array", minItems=1),
    "unevaluatedProperties": _perhaps("object", minProperties=1),
}
