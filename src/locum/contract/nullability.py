"""`nullable` of OpenAPI 3.0 in JSON Schema terms, read leniently: where it is written, null is allowed."""

from __future__ import annotations

from locum.contract.model import JsonObject, JsonValue

__all__ = ["allow_null"]

#: Through these a value is judged by another schema, which knows nothing of the null beside it.
JUDGED_ELSEWHERE = frozenset({"$ref", "allOf", "anyOf", "const", "if", "not", "oneOf"})
#: They stay outside, where whoever looks at the schema expects them.
OUTSIDE = frozenset(
    {"default", "deprecated", "description", "example", "examples", "readOnly", "title", "writeOnly", "xml"}
)


def allow_null(schema: JsonObject) -> JsonObject:
    """Return *schema* widened by null.

    >>> allow_null({"type": "string"})
    {'type': ['string', 'null']}
    """
    if JUDGED_ELSEWHERE & schema.keys():
        outside = {key: value for key, value in schema.items() if key in OUTSIDE}
        inside = {key: value for key, value in schema.items() if key not in OUTSIDE}
        return {**outside, "anyOf": [inside, {"type": "null"}]}
    widened = dict(schema)
    if "type" in schema:
        widened["type"] = with_null_type(schema["type"])
    choices = schema.get("enum")
    if isinstance(choices, list) and None not in choices:
        widened["enum"] = [*choices, None]
    return widened


def with_null_type(kinds: JsonValue) -> JsonValue:
    """Return the type or list of types with `null` among them."""
    listed = kinds if isinstance(kinds, list) else [kinds]
    return kinds if "null" in listed else [*listed, "null"]
