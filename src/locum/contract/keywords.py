"""What each keyword of a Schema Object takes, as tables: the vocabulary of JSON Schema 2020-12 and OpenAPI.

A check returns the value to use, or `DROP`; why is said by the caller, from `EXPECTED`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Final, TypeAlias

from locum.contract.model import JsonValue

__all__ = [
    "ANNOTATIONS",
    "CHECKS",
    "EXPECTED",
    "IDENTIFIERS",
    "KNOWN",
    "LATER_KEYWORDS",
    "OTHER_TYPES",
    "SCHEMA_KEYWORDS",
    "SCHEMA_LIST_KEYWORDS",
    "SCHEMA_MAP_KEYWORDS",
    "TYPES",
    "Dropped",
    "identity",
]


class Dropped:
    """The type of `DROP`."""


#: The keyword cannot be used as it is written.
DROP: Final = Dropped()
Check: TypeAlias = Callable[[JsonValue], "JsonValue | Dropped"]

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
#: What is meant by types of other languages.
OTHER_TYPES: Mapping[str, str] = {
    "any": "leave it out, which allows any value",
    "date": "write type: string, format: date",
    "datetime": "write type: string, format: date-time",
    "date-time": "write type: string, format: date-time",
    "decimal": "write type: number",
    "double": "write type: number, format: double",
    "float": "write type: number, format: float",
    "int32": "write type: integer, format: int32",
    "int64": "write type: integer, format: int64",
    "long": "write type: integer, format: int64",
    "uuid": "write type: string, format: uuid",
}
SCHEMA_KEYWORDS = frozenset(
    {
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
SCHEMA_LIST_KEYWORDS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SCHEMA_MAP_KEYWORDS = frozenset({"dependentSchemas", "patternProperties", "properties"})
#: They say nothing about values and are kept as written.
ANNOTATIONS = frozenset(
    {
        "$comment",
        "contentEncoding",
        "contentMediaType",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "summary",
        "title",
        "writeOnly",
        "xml",
    }
)
#: They have done their work once the references are resolved.
IDENTIFIERS = frozenset(
    {"$anchor", "$defs", "$dynamicAnchor", "$id", "$schema", "$vocabulary", "definitions", "id", "schemas"}
)


def as_count(value: JsonValue) -> JsonValue | Dropped:
    """Take a whole number from zero."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != int(value):
        return DROP
    return int(value)


def as_number(value: JsonValue) -> JsonValue | Dropped:
    """Take a finite number."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else DROP


def as_step(value: JsonValue) -> JsonValue | Dropped:
    """Take a number above zero."""
    number = as_number(value)
    return number if isinstance(number, (int, float)) and number > 0 else DROP


def as_bound(value: JsonValue) -> JsonValue | Dropped:
    """Take a number, or the boolean of OpenAPI 3.0."""
    return value if isinstance(value, bool) else as_number(value)


def as_flag(value: JsonValue) -> JsonValue | Dropped:
    """Take a boolean."""
    return value if isinstance(value, bool) else DROP


def as_text(value: JsonValue) -> JsonValue | Dropped:
    """Take text."""
    return value if isinstance(value, str) else DROP


def as_words(value: JsonValue) -> JsonValue | Dropped:
    """Take text for people; a number is text written without quotes."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else as_text(value)


def as_list(value: JsonValue) -> JsonValue | Dropped:
    """Take a list."""
    return value if isinstance(value, list) else DROP


def as_names(value: JsonValue) -> JsonValue | Dropped:
    """Take a list of names, each once; numbers are names written without quotes."""
    if not isinstance(value, list):
        return DROP
    names = [str(name) for name in value if isinstance(name, (str, int)) and not isinstance(name, bool)]
    return DROP if len(names) < len(value) else list(dict.fromkeys(names))


def as_name_lists(value: JsonValue) -> JsonValue | Dropped:
    """Take a mapping to lists of names."""
    if not isinstance(value, dict):
        return DROP
    lists = {key: as_names(names) for key, names in value.items()}
    return {key: names for key, names in lists.items() if not isinstance(names, Dropped)}


def as_enum(value: JsonValue) -> JsonValue | Dropped:
    """Take a list of at least one value, each once."""
    if not isinstance(value, list) or not value:
        return DROP
    distinct: dict[Hashable, JsonValue] = {}
    for each in value:
        distinct.setdefault(identity(each), each)
    return list(distinct.values())


def identity(value: JsonValue) -> Hashable:
    """Return what is equal for two values that are equal in JSON, where `true` is not 1 but 1.0 is.

    >>> identity([1, {"a": 2}]) == identity([1.0, {"a": 2}]), identity([True]) == identity([1])
    (True, False)
    """
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, list):
        return list, tuple(identity(each) for each in value)
    if isinstance(value, dict):
        return dict, frozenset((name, identity(each)) for name, each in value.items())
    return value


CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), as_bound),
    **dict.fromkeys(("maximum", "minimum"), as_number),
    **dict.fromkeys(("maxContains", "maxItems", "maxLength", "maxProperties"), as_count),
    **dict.fromkeys(("minContains", "minItems", "minLength", "minProperties"), as_count),
    **dict.fromkeys(("$comment", "contentEncoding", "contentMediaType"), as_text),
    **dict.fromkeys(("description", "title"), as_words),
    "dependentRequired": as_name_lists,
    "deprecated": as_flag,
    "examples": as_list,
    "enum": as_enum,
    "format": as_text,
    "multipleOf": as_step,
    "nullable": as_flag,
    "readOnly": as_flag,
    "required": as_names,
    "uniqueItems": as_flag,
    "writeOnly": as_flag,
}
EXPECTED: Mapping[Check, str] = {
    as_bound: "a number",
    as_count: "a whole number from 0",
    as_enum: "a list of at least one value",
    as_flag: "true or false",
    as_list: "a list",
    as_name_lists: "an object of lists of names",
    as_names: "a list of property names",
    as_number: "a number",
    as_step: "a number above 0",
    as_text: "text",
    as_words: "text",
}
AFTER_EARLY = frozenset(
    {
        "const",
        "contains",
        "contentSchema",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxContains",
        "minContains",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
#: Not in the Schema Object of that version; honoured all the same, since nobody writes them by chance.
LATER_KEYWORDS: Mapping[str, frozenset[str]] = {
    "2.0": AFTER_EARLY | {"anyOf", "deprecated", "not", "nullable", "oneOf", "writeOnly"},
    "3.0": AFTER_EARLY,
}
KNOWN = (
    SCHEMA_KEYWORDS
    | SCHEMA_LIST_KEYWORDS
    | SCHEMA_MAP_KEYWORDS
    | ANNOTATIONS
    | IDENTIFIERS
    | CHECKS.keys()
    | {"$dynamicRef", "$ref", "const", "pattern", "type"}
)
