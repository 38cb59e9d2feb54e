from collections.abc import Callable
from typing import Any

import pytest

from locum.contract import JsonValue, Schema
from locum.contract.model import Direction, Place
from locum.contract.schema import literal_schema


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "integer"}, "1", (("body",), "type", "must be integer", '"1"')),
        ({"required": ["a"]}, {}, (("body", "a"), "required", "is required", "nothing")),
        ({"enum": ["a", 1]}, "b", (("body",), "enum", 'must be one of "a" or 1', '"b"')),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1},
            (("body", "b"), "additionalProperties", "is not allowed here", "1"),
        ),
        (
            {"additionalProperties": False},
            {"b": 1},
            (("body", "b"), "additionalProperties", "is not allowed here", "1"),
        ),
        ({"items": {"minimum": 3}}, [4, 2], (("body", 1), "minimum", "must be at least 3", "2")),
        ({"maxLength": 1}, "abc", (("body",), "maxLength", "must have at most 1 character", '"abc"')),
        ({"minProperties": 2}, {}, (("body",), "minProperties", "must have at least 2 properties", "{}")),
        (
            {"type": "string", "format": "date"},
            "x",
            (("body",), "format", "must be text of format date", '"x"'),
        ),
        (
            {"type": "string", "format": "byte"},
            "?",
            (("body",), "format", "must be text of format byte", '"?"'),
        ),
        (
            {"propertyNames": {"pattern": "^a"}},
            {"b": 1},
            (("body",), "propertyNames", "has a member whose name must be text matching ^a", '"b"'),
        ),
        ({"properties": {"a": False}}, {"a": 1}, (("body", "a"), "false", "is not allowed here", "1")),
        ({"not": {"type": "string"}}, "a", (("body",), "not", "must be a value of another kind", '"a"')),
        (
            {"unevaluatedProperties": False},
            {"a": 1},
            (("body", "a"), "unevaluatedProperties", "is not allowed here", "1"),
        ),
        (
            {"oneOf": [{"type": "integer"}, {"minimum": 1}]},
            5,
            (("body",), "oneOf", "must match exactly one alternative, but matches 2", "5"),
        ),
        (
            {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "x",
            (("body",), "anyOf", "must be integer or null", '"x"'),
        ),
        ({"type": "string", "maxLength": 1}, "a\ud800", (("body",), "syntax", "is no JSON value: ", "")),
    ],
)
def test_a_violation_says_where_what_and_what_was_received(
    schema_of: Callable[..., Schema], schema: dict[str, Any], value: JsonValue, expected: tuple[object, ...]
) -> None:
    """Each keyword is worded for people."""
    found = schema_of(schema).violations(value, "body")

    assert len(found) == 1
    assert (found[0].location, found[0].keyword, found[0].received) == (expected[0], expected[1], expected[3])
    assert found[0].message.startswith(str(expected[2]))


def test_every_violation_is_reported_with_its_place(schema_of: Callable[..., Schema]) -> None:
    """Nothing stops at the first fault, and each rule is found in the document behind the bundle."""
    schema = schema_of(
        {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        Pet={"properties": {"a": {"type": "string"}, "b": {"maximum": 1}}},
    )

    found = schema.violations([{"a": 1, "b": 2}], "response", "body")

    assert [(each.location, each.place and each.place.pointer) for each in found] == [
        (("response", "body", 0, "a"), "/components/schemas/Pet/properties/a/type"),
        (("response", "body", 0, "b"), "/components/schemas/Pet/properties/b/maximum"),
    ]


def test_the_only_branch_of_the_right_type_is_told_directly(schema_of: Callable[..., Schema]) -> None:
    """With `null` as the other choice, the fault is in the object, not in the choice."""
    schema = schema_of({"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]})

    assert [each.location for each in schema.violations({}, "body")] == [("body", "a")]


def test_of_several_branches_the_nearest_is_told(schema_of: Callable[..., Schema]) -> None:
    """The branch whose constants fit is the one that was meant."""
    cat = {"type": "object", "required": ["claws"], "properties": {"kind": {"const": "cat"}}}
    dog = {"type": "object", "properties": {"kind": {"const": "dog"}}}

    found = schema_of({"oneOf": [dog, cat]}).violations({"kind": "cat"}, "body")

    assert [each.message for each in found] == ["matches none of 2 alternatives; nearest: claws is required"]


def test_a_flood_of_errors_is_told_as_it_comes() -> None:
    """Each error is there, and putting them in order costs nothing."""
    schema: dict[str, JsonValue] = {"items": {"type": "integer"}}
    found = literal_schema(schema, Place(uri="a", pointer=""), Direction.REQUEST).violations(["a"] * 500)

    assert len(found) == 500


def test_what_many_lists_lack_is_compiled_once() -> None:
    """A body of lists that all break one `contains` costs no compilation for each of them."""
    schema: dict[str, JsonValue] = {"items": {"contains": {"type": "integer"}}}
    judge = literal_schema(schema, Place(uri="a", pointer=""), Direction.REQUEST)

    assert len(judge.violations([["x"]] * 50)) == 50
    assert len(judge.judges_of_items) == 1


def test_errors_are_told_in_the_order_of_the_schema() -> None:
    """Members come as `properties` lists them, what an object lacks before them, items one by one."""
    pair: JsonValue = {"type": "object", "properties": {"z": {"type": "integer"}, "y": {"type": "integer"}}}
    schema: dict[str, JsonValue] = {
        "allOf": [{"required": ["n", "m"]}],
        "properties": {
            "d": {"$ref": "#/$defs/pair"},
            "b": {"items": {"minLength": 2, "pattern": "^x"}},
            "c": {"prefixItems": [{"type": "string"}, {"type": "integer"}]},
            "a": {"type": "string"},
        },
        "additionalProperties": False,
        "$defs": {"pair": pair},
    }
    value: JsonValue = {"a": 1, "b": ["a", "b"], "c": [1, "x"], "d": {"y": "1", "z": "1"}, "e": 1}
    found = literal_schema(schema, Place(uri="a", pointer=""), Direction.REQUEST).violations(value)

    assert [(*each.location, each.keyword) for each in found] == [
        ("n", "required"),
        ("m", "required"),
        ("e", "additionalProperties"),
        ("d", "z", "type"),
        ("d", "y", "type"),
        ("b", 0, "minLength"),
        ("b", 0, "pattern"),
        ("b", 1, "minLength"),
        ("b", 1, "pattern"),
        ("c", 0, "type"),
        ("c", 1, "type"),
        ("a", "type"),
    ]
