"""allOf, anyOf, oneOf, not, if, discriminator: one value that satisfies all that is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.generation import Variant

Values = Callable[..., list[JsonValue]]


def kinds(made: list[JsonValue]) -> set[str]:
    """Return the Python types that came up."""
    return {type(each).__name__ for each in made}


def test_all_of_is_intersected(values: Values) -> None:
    """Limits, properties and required members of all parts hold together."""
    made = values(
        {
            "allOf": [
                {"$ref": "#/$defs/Base"},
                {"properties": {"n": {"minimum": 5}, "b": {"type": "boolean"}}},
            ],
            "required": ["b"],
            "$defs": {"Base": {"type": "object", "properties": {"n": {"type": "integer", "maximum": 6}}}},
        }
    )

    assert {each["n"] for each in made if isinstance(each, dict)} == {5, 6}
    assert all(isinstance(each, dict) and "b" in each for each in made)


def test_closed_parts_of_all_of_leave_only_what_all_know(values: Values) -> None:
    """With `additionalProperties: false` in one part, members of the others disappear."""
    made = values(
        {
            "type": "object",
            "allOf": [
                {"properties": {"a": {"type": "integer"}}, "additionalProperties": False},
                {"properties": {"b": {"type": "integer"}}},
            ],
        }
    )

    assert all(isinstance(each, dict) and list(each) == ["a"] for each in made)


def test_siblings_of_a_reference_hold(values: Values) -> None:
    """`$ref` with other keywords beside it means both (2020-12)."""
    made = values({"$ref": "#/$defs/N", "maximum": 2, "$defs": {"N": {"type": "integer", "minimum": 1}}})

    assert set(made) == {1, 2}


def test_alternatives_all_come_up(values: Values) -> None:
    """Each alternative of anyOf is chosen by some stream, null by none."""
    made = values({"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}, {"type": "string"}]})

    assert kinds(made) == {"int", "bool", "str"}


def test_exactly_one_branch_holds(values: Values) -> None:
    """Branches that differ by required members alone still exclude each other."""
    made = values(
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        }
    )

    assert {tuple(each) for each in made if isinstance(each, dict)} == {("a",), ("b",)}


def test_hundreds_of_branches_are_told_apart_at_a_glance(values: Values) -> None:
    """Thousands of constants with titles, as people write an enumeration, are no burden."""
    schema: JsonObject = {"oneOf": [{"const": number, "title": "one"} for number in range(5000)]}

    assert len({str(each) for each in values(schema)}) > 1


def test_branches_that_overlap_are_told_apart(values: Values) -> None:
    """A value of the wider branch is kept from satisfying the narrower one."""
    made = values({"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": 10}]})

    assert all(isinstance(each, int) and (each > 10 or each < 0) for each in made)


PETS: JsonObject = {
    "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
    "discriminator": {"propertyName": "kind", "mapping": {"feline": "#/components/schemas/Cat"}},
    "$defs": {
        "Cat": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}},
        },
        "Dog": {
            "type": "object",
            "required": ["kind", "barks"],
            "properties": {"kind": {"type": "string"}, "barks": {"type": "boolean"}},
        },
    },
}


def test_discriminator_names_the_branch(values: Values) -> None:
    """The property holds the key of the mapping, or the name of the schema where there is none."""
    made = [each for each in values(PETS) if isinstance(each, dict)]

    assert {each["kind"] for each in made} == {"feline", "Dog"}
    assert all(("barks" in each) is (each["kind"] == "Dog") for each in made)


def test_discriminator_of_a_base_names_the_derived_schema(values: Values) -> None:
    """With inheritance by allOf, the property names what was asked for, not the base."""
    made = values(
        {
            "$ref": "#/$defs/Cat",
            "$defs": {
                "Pet": {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": {"type": "string"}},
                    "discriminator": {"propertyName": "kind"},
                },
                "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}, {"properties": {"lives": {"type": "integer"}}}]},
            },
        }
    )

    assert all(isinstance(each, dict) and each["kind"] == "Cat" and "lives" in each for each in made)


def test_wish_of_a_discriminator_yields_to_the_schemas(values: Values) -> None:
    """Where the property lists its values, these decide."""
    made = values(
        {
            "oneOf": [{"$ref": "#/$defs/Cat"}],
            "discriminator": {"propertyName": "kind"},
            "$defs": {
                "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["cat"]}}}
            },
        }
    )

    assert made[0] == {"kind": "cat"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "integer"], "not": {"type": "string"}},
        {"type": "integer", "not": {"minimum": 5}},
        {"enum": [1, 2, 3], "not": {"const": 2}},
        {"type": "string", "not": {"minLength": 4}},
        {"type": "object", "not": {"required": ["id"]}, "properties": {"id": {"type": "integer"}}},
        {"type": "object", "required": ["id"], "not": {"properties": {"id": {"type": "integer"}}}},
        {"type": "array", "not": {"items": {"type": "integer"}}},
        {"type": "array", "minItems": 1, "not": {"contains": {"type": "integer"}}},
        {"not": {"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "number"}]}},
        {"type": "number", "not": {"type": "integer"}},
        {"type": "string", "not": {"pattern": "^a"}},
        {"not": {"not": {"type": "boolean"}}},
        {"type": "object", "not": {"additionalProperties": False, "properties": {"a": {}}}},
        {"type": "integer", "not": {"multipleOf": 2}},
        {"not": {"$ref": "#/$defs/S"}, "type": ["string", "boolean"], "$defs": {"S": {"type": "string"}}},
        {"type": "object", "not": {"dependentRequired": {"a": ["b"]}}},
        {"not": {"if": {"type": "string"}, "then": {"minLength": 3}, "else": {"type": "integer"}}},
    ],
)
def test_not_is_turned_round(values: Values, schema: JsonObject) -> None:
    """Values fail what stands below `not`, and are valid by all the rest."""
    assert len(values(schema)) == 24


def test_condition_goes_both_ways(values: Values) -> None:
    """Some values satisfy `if` and `then`, the others fail `if` and satisfy `else`."""
    made = values(
        {
            "type": "object",
            "required": ["country"],
            "properties": {"country": {"enum": ["US", "NL"]}},
            "if": {"properties": {"country": {"const": "US"}}},
            "then": {"required": ["zip"], "properties": {"zip": {"type": "string", "pattern": "^[0-9]{5}$"}}},
            "else": {"properties": {"zip": False}},
        }
    )

    assert {(each["country"], "zip" in each) for each in made if isinstance(each, dict)} == {
        ("US", True),
        ("NL", False),
    }


def test_dependent_schema_holds_when_its_member_is_there(values: Values) -> None:
    """A member and what depends on it come together, or neither."""
    schema: JsonObject = {
        "type": "object",
        "properties": {"card": {"type": "string"}},
        "dependentSchemas": {"card": {"required": ["owner"], "properties": {"owner": {"type": "string"}}}},
    }

    assert all(isinstance(each, dict) and set(each) == {"card", "owner"} for each in values(schema))
    assert len(values(schema, Variant.RANDOM)) == 24


def test_unevaluated_members_are_left_out(values: Values) -> None:
    """`unevaluatedProperties: false` knows the members of chosen branches."""
    made = values(
        {
            "type": "object",
            "allOf": [{"properties": {"a": {"type": "integer"}}}],
            "anyOf": [{"properties": {"b": {"type": "integer"}}, "required": ["b"]}],
            "unevaluatedProperties": False,
            "minProperties": 2,
        }
    )

    assert all(isinstance(each, dict) and set(each) == {"a", "b"} for each in made)


def test_null_is_chosen_only_alone(values: Values) -> None:
    """A nullable member has a value; one that can only be null is null."""
    assert kinds(values({"type": ["null", "integer"]})) == {"int"}
    assert values({"enum": [None, "a"]})[0] == "a"
    assert values({"type": "null"})[0] is None


def test_branch_that_ends_is_preferred_when_recursion_closes(values: Values) -> None:
    """A list built of oneOf ends in the branch without itself."""
    made = values(
        {
            "$ref": "#/$defs/Expression",
            "$defs": {
                "Expression": {
                    "oneOf": [
                        {"type": "integer"},
                        {
                            "type": "object",
                            "required": ["left", "right"],
                            "properties": {
                                "left": {"$ref": "#/$defs/Expression"},
                                "right": {"$ref": "#/$defs/Expression"},
                            },
                        },
                    ]
                }
            },
        }
    )

    assert kinds(made) == {"int", "dict"}


KINDS: dict[str, Any] = {
    "$ref": "#/$defs/Pet",
    "$defs": {
        "Pet": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"cat": "#/$defs/Cat", "Kitten": "#/$defs/Kitten", "far": "#/$defs/Missing"},
            },
        },
        "Cat": {
            "allOf": [{"$ref": "#/$defs/Pet"}, {"required": ["lives"], "properties": {"lives": {"const": 9}}}]
        },
        "Kitten": {
            "allOf": [{"$ref": "#/$defs/Cat"}],
            "required": ["age"],
            "properties": {"age": {"const": 1}},
        },
    },
}


def test_a_base_asked_for_is_one_of_its_heirs(values: Values) -> None:
    """A value carries the name of an heir and all that this heir has, through any number of generations."""
    made = [each for each in values(KINDS) if isinstance(each, dict)]

    assert {each["kind"] for each in made} == {"cat", "Kitten"}
    assert all(each["lives"] == 9 and ("age" in each) is (each["kind"] == "Kitten") for each in made)


def test_an_heir_asked_for_is_itself(values: Values) -> None:
    """An heir that is the whole schema, and so has no name, is found in the mapping."""
    made = values({**KINDS["$defs"]["Kitten"], "$defs": KINDS["$defs"]})

    assert all(each == {"kind": "Kitten", "lives": 9, "age": 1} for each in made)


def test_a_base_that_no_heir_satisfies_stays_itself(values: Values) -> None:
    """A base closed against other members contradicts its heirs; the name of one is all that can be said."""
    closed = {**KINDS["$defs"]["Pet"], "additionalProperties": False}

    made = values({**KINDS, "$defs": {**KINDS["$defs"], "Pet": closed}})

    assert all(isinstance(each, dict) and each.keys() == {"kind"} for each in made)


def test_an_alternative_that_cannot_be_told_apart_leaves_a_turn_to_others(values: Values) -> None:
    """Where the first of many alternatives never holds alone, one that does is found."""
    alike: list[Any] = [
        {
            "type": "object",
            "required": ["kind", "src"],
            "properties": {
                "kind": {"type": "string"},
                "src": {"type": "string"},
                **{name: {"type": "number"} for name in extra},
            },
        }
        for extra in ("abc", "ab", "bc", "ac")
    ]
    title = {"type": "object", "required": ["kind", "text"], "properties": {"text": {"type": "string"}}}

    made = values({"oneOf": [*alike, title]})

    assert any(isinstance(each, dict) and "text" in each for each in made)


def test_alternatives_that_nothing_tells_apart_are_given_up_after_a_count_of_ways(values: Values) -> None:
    """The nodes of a tree, each of which might be any other, are answered, not searched for without end."""
    node: JsonObject = {"$ref": "#/$defs/Node"}
    one: list[JsonObject] = [{"left": node, "right": node}, {"each": {"type": "array", "items": node}}]
    members = [{f"{name}{at}": each for name, each in one[at % 2].items()} for at in range(14)]
    members += [{"value": {"type": "string"}}] * 4
    kinds: dict[str, JsonValue] = {
        f"Kind{at}": {"type": "object", "properties": {"type": {"type": "string"}, **each}}
        for at, each in enumerate(members)
    }
    branches: list[JsonValue] = [{"$ref": f"#/$defs/{name}"} for name in kinds]

    assert values({"$ref": "#/$defs/Node", "$defs": {"Node": {"oneOf": branches}, **kinds}})
