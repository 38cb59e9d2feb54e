"""Reading keywords of raw schemas without trusting their types.

A keyword with a value of the wrong type is as good as absent: jsonschema-rs reports it when the schema is
first compiled, so nothing here raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from locum.contract.model import JsonObject, JsonValue
from locum.generation.bundle import Schema

__all__ = ["fraction", "integer", "members", "names", "numbers", "schemas", "text", "types"]

#: In the order in which a type is guessed where none is declared.
TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def members(schema: Schema, keyword: str) -> JsonObject:
    """Return the object at *keyword*, empty when there is none."""
    found = schema.get(keyword) if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def schemas(schema: Schema, keyword: str) -> list[JsonValue]:
    """Return the array at *keyword*, empty when there is none."""
    found = schema.get(keyword) if isinstance(schema, dict) else None
    return found if isinstance(found, list) else []


def names(schema: Schema, keyword: str) -> tuple[str, ...]:
    """Return the strings of the array at *keyword*."""
    return tuple(each for each in schemas(schema, keyword) if isinstance(each, str))


def text(schema: Schema, keyword: str) -> str:
    """Return the string at *keyword*, `""` when there is none."""
    found = schema.get(keyword) if isinstance(schema, dict) else None
    return found if isinstance(found, str) else ""


def types(schema: Schema) -> tuple[str, ...] | None:
    """Return the declared types in their order; `None` when all are allowed."""
    declared = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(declared, str):
        return (declared,)
    return names(schema, "type") if isinstance(declared, list) else None


def fraction(value: JsonValue) -> Fraction | None:
    """Return a JSON number as the exact value of its shortest decimal form."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def numbers(each: Iterable[Schema], keyword: str) -> Iterator[Fraction]:
    """Yield the numbers that stand at *keyword* in any of the schemas."""
    for schema in each:
        found = fraction(schema.get(keyword)) if isinstance(schema, dict) else None
        if found is not None:
            yield found


def integer(schema: Schema, keyword: str, default: int) -> int:
    """Return the whole number at *keyword*."""
    found = next(numbers((schema,), keyword), None)
    return default if found is None else int(found)
