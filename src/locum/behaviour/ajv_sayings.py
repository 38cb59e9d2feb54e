"""What Ajv says of each keyword, which Prism passes on. Source: Ajv 8, vocabularies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from locum.contract.model import JsonValue

__all__ = ["SAYINGS"]


def _shown(value: JsonValue) -> str:
    """Write a value as JavaScript writes it into a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return orjson.dumps(value).decode()


def _contained(least: int, most: int | None) -> str:
    bound = "" if most is None else f" and no more than {most}"
    return f"must contain at least {least}{bound} valid item(s)"


#: What Ajv says of a keyword, given what the keyword asks for.
SAYINGS: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": lambda asked: f"must be {','.join(asked)}",
    "enum": lambda asked: (
        f"must be equal to one of the allowed values: {', '.join(_shown(each) for each in asked)}"
    ),
    "const": lambda _: "must be equal to constant",
    "format": lambda asked: f'must match format "{asked}"',
    "pattern": lambda asked: f'must match pattern "{asked}"',
    "minimum": lambda asked: f"must be >= {_shown(asked)}",
    "maximum": lambda asked: f"must be <= {_shown(asked)}",
    "exclusiveMinimum": lambda asked: f"must be > {_shown(asked)}",
    "exclusiveMaximum": lambda asked: f"must be < {_shown(asked)}",
    "multipleOf": lambda asked: f"must be multiple of {_shown(asked)}",
    "minLength": lambda asked: f"must NOT have fewer than {asked} characters",
    "maxLength": lambda asked: f"must NOT have more than {asked} characters",
    "minItems": lambda asked: f"must NOT have fewer than {asked} items",
    "maxItems": lambda asked: f"must NOT have more than {asked} items",
    "minProperties": lambda asked: f"must NOT have fewer than {asked} properties",
    "maxProperties": lambda asked: f"must NOT have more than {asked} properties",
    "required": lambda asked: f"must have required property '{asked}'",
    "additionalProperties": lambda asked: f"must NOT have additional properties; found '{asked}'",
    "unevaluatedProperties": lambda asked: f"must NOT have unevaluated properties: '{asked}'",
    "uniqueItems": lambda asked: (
        f"must NOT have duplicate items (items ## {asked[0]} and {asked[1]} are identical)"
    ),
    "anyOf": lambda _: "must match a schema in anyOf",
    "oneOf": lambda _: "must match exactly one schema in oneOf",
    "not": lambda _: "must NOT be valid",
    "contains": lambda asked: _contained(*(asked or (1, None))),
    "propertyNames": lambda _: "property name must be valid",
    "false": lambda _: "boolean schema is false",
}
