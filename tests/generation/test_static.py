"""The static example is what Prism 5 sends; expected values were printed by its own sampler."""

from __future__ import annotations

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation import static_example
from locum.generation.prism_uuid import uuid_of


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "minLength": 9, "maxLength": 8}, "stringst"),
        ({"type": "string", "format": "date-time"}, "2019-08-24T14:15:22Z"),
        ({"type": "string", "format": "uuid"}, "497f6eca-6276-4993-bfeb-53cbbbba6f08"),
        ({"type": "string", "format": "email"}, "user@example.com"),
        ({"type": "string", "format": "password", "minLength": 12}, "pa$$word_qwe"),
        ({"type": "string", "pattern": "^[A-Z]{3}$"}, "string"),
        ({"type": "boolean"}, True),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number", "exclusiveMinimum": 3, "exclusiveMaximum": 4}, 3.5),
        ({"type": "integer", "maximum": 5}, 5),
        ({"type": ["string", "null"]}, "string"),
        ({"type": "string", "default": "d", "enum": ["e"], "examples": ["x"]}, "d"),
        ({"type": "string", "enum": ["e"], "example": "x"}, "e"),
        ({"type": "string", "example": "x"}, "x"),
        ({"const": 7}, 7),
        ({"type": "array", "items": {"type": "integer"}}, [0]),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 2}, [0, 0]),
        ({"type": "array"}, []),
        ({"type": "object", "properties": {"a": {"type": "string"}, "b": {}}}, {"a": "string", "b": None}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"property1": 0, "property2": 0}),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 0),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string"),
        (
            {
                "type": "object",
                "allOf": [
                    {"properties": {"a": {"type": "string"}}},
                    {"properties": {"b": {"type": "integer"}}},
                ],
            },
            {"a": "string", "b": 0},
        ),
        ({"minimum": 2}, 2),
        ({}, None),
    ],
)
def test_static_example_is_that_of_prism(schema: JsonObject, expected: JsonValue) -> None:
    """Default, then const, enum, example; then a fixed value by format and type."""
    assert static_example(schema) == expected


def test_recursion_closes_as_in_prism() -> None:
    """A schema inside itself is followed once more, then an empty object, an empty array, or left out."""
    schema: JsonObject = {
        "$ref": "#/$defs/T",
        "$defs": {
            "T": {
                "type": "object",
                "properties": {
                    "kids": {"type": "array", "items": {"$ref": "#/$defs/T"}},
                    "next": {"$ref": "#/$defs/T"},
                    "value": {"anyOf": [{"type": "number"}, {"type": "string"}]},
                },
            }
        },
    }

    inner = {"kids": [{}], "next": {}, "value": 0}
    assert static_example(schema) == {"kids": [inner], "next": inner, "value": 0}


def test_schemas_inside_each_other_close_as_in_prism() -> None:
    """The outer one is followed once, whatever is between; a schema that is beside itself is not inside."""
    one: JsonObject = {"properties": {"two": {"$ref": "#/$defs/Two"}}}
    two: JsonObject = {"properties": {"one": {"$ref": "#/$defs/One"}, "n": {"type": "integer"}}}
    definitions: JsonObject = {"One": one, "Two": two}
    ref: JsonObject = {"$ref": "#/$defs/Two"}

    assert static_example({**one, "$defs": definitions}) == {
        "two": {"one": {"two": {"one": {}, "n": 0}}, "n": 0}
    }
    assert static_example({"properties": {"a": ref, "b": ref}, "$defs": definitions}) == {
        name: {"one": {"two": {"one": {"two": {}}, "n": 0}}, "n": 0} for name in ("a", "b")
    }


def test_too_many_schemas_are_refused_as_in_prism() -> None:
    """Beyond 2,500 parts nothing is made."""
    definitions: dict[str, JsonValue] = {"L0": {"type": "integer"}}
    for level in range(1, 5):
        inner: JsonValue = {"$ref": f"#/$defs/L{level - 1}"}
        definitions[f"L{level}"] = {"type": "object", "properties": {f"p{at}": inner for at in range(12)}}

    with pytest.raises(GenerationError):
        static_example({"$ref": "#/$defs/L4", "$defs": definitions})


def test_uuid_follows_the_name() -> None:
    """Each property has its own, the same as Prism's."""
    assert uuid_of("petId") != uuid_of("id") == "497f6eca-6276-4993-bfeb-53cbbbba6f08"
