"""Objects: which members, how many, called what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation import Generator, Variant

Values = Callable[..., list[JsonValue]]


def names(made: list[JsonValue]) -> set[tuple[str, ...]]:
    """Return the different lists of members, in their order."""
    return {tuple(each) for each in made if isinstance(each, dict)}


def test_required_member_without_declaration_is_made(values: Values) -> None:
    """`required` alone is enough; the name tells what it is."""
    made = values({"type": "object", "required": ["email"]})

    assert all(isinstance(each, dict) and "@" in str(each["email"]) for each in made)


def test_map_has_a_few_entries(values: Values) -> None:
    """`additionalProperties` with a schema makes two or three entries."""
    made = values({"type": "object", "additionalProperties": {"type": "integer"}})

    assert {len(each) for each in made if isinstance(each, dict)} == {2, 3}


def test_pattern_properties_name_the_entries(values: Values) -> None:
    """Names of entries match their pattern."""
    made = values(
        {
            "type": "object",
            "patternProperties": {"^x-[a-z]{3}$": {"type": "integer"}},
            "additionalProperties": False,
        }
    )

    assert all(isinstance(each, dict) and each and all(name[:2] == "x-" for name in each) for each in made)


def test_property_names_rule_the_entries(values: Values) -> None:
    """Entries are called as `propertyNames` wants, and no more are made than it allows."""
    made = values(
        {
            "type": "object",
            "propertyNames": {"enum": ["red", "green"]},
            "additionalProperties": {"type": "integer"},
        }
    )

    assert {name for each in made if isinstance(each, dict) for name in each} <= {"red", "green"}


def test_least_and_most_members_are_kept(values: Values) -> None:
    """Optional members are dropped down to `maxProperties`, entries added up to `minProperties`."""
    four: JsonObject = {name: {"type": "integer"} for name in "abcd"}

    assert names(values({"type": "object", "properties": four, "maxProperties": 2})) == {("a", "b")}
    assert names(values({"type": "object", "properties": four, "minProperties": 1}, Variant.MINIMAL)) == {
        ("a",)
    }
    assert {len(each) for each in names(values({"type": "object", "minProperties": 5}))} == {5}


def test_dependent_members_come_together(values: Values) -> None:
    """A member that needs another never comes without it."""
    schema: JsonObject = {
        "type": "object",
        "properties": {"card": {"type": "string"}, "owner": {"type": "string"}},
        "dependentRequired": {"card": ["owner"]},
    }

    assert all("owner" in each for each in names(values(schema, Variant.RANDOM)) if "card" in each)


def test_optional_member_that_cannot_be_made_is_left_out(values: Values) -> None:
    """`false`, or a contradiction, only costs the member itself."""
    made = values(
        {
            "type": "object",
            "properties": {
                "a": False,
                "b": {"type": "integer"},
                "c": {"minimum": 2, "maximum": 1, "type": "integer"},
            },
        }
    )

    assert names(made) == {("b",)}


def test_required_member_that_cannot_be_made_is_an_error(generator: Generator) -> None:
    """The error points at the member, not at the object."""
    with pytest.raises(GenerationError) as caught:
        generator.producer(
            {
                "type": "object",
                "required": ["c"],
                "properties": {"c": {"type": "string", "maxLength": 1, "minLength": 2}},
            }
        )

    assert caught.value.diagnostics[0].where.pointer == "/properties/c"


def test_free_object_is_empty(values: Values) -> None:
    """Of an object nobody described, nothing is invented."""
    assert values({"type": "object"})[0] == {}
