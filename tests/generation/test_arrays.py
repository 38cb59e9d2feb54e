"""Arrays: length, places, contained items, differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation import Generator

Values = Callable[..., list[JsonValue]]


def lengths(made: list[JsonValue]) -> set[int]:
    """Return the lengths of the arrays that were made."""
    return {len(each) for each in made if isinstance(each, list)}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array", "items": {"type": "integer"}}, {1, 2, 3}),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 5}, {5, 6, 7}),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 1}, {1}),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 0}, {0}),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 100, "maxItems": 100}, {100}),
        ({"type": "array", "items": False}, {0}),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False}, {1, 2}),
        ({"type": "array", "prefixItems": [{"type": "integer"}, False]}, {1}),
    ],
)
def test_length_is_within_the_limits(values: Values, schema: JsonObject, expected: set[int]) -> None:
    """As many items as are asked for, a few where nobody asks."""
    assert lengths(values(schema)) <= expected


def test_tuple_has_each_item_in_its_place(values: Values) -> None:
    """`prefixItems` describes places, `items` what follows."""
    made = values(
        {
            "type": "array",
            "prefixItems": [{"const": "first"}, {"type": "boolean"}],
            "items": {"type": "integer"},
            "minItems": 4,
        }
    )

    assert all(isinstance(each, list) and each[0] == "first" and isinstance(each[3], int) for each in made)


def test_items_differ_where_they_must(values: Values) -> None:
    """Unique items of a small set use the set up; those of objects are made until they differ."""
    schema: JsonObject = {
        "type": "array",
        "items": {"enum": ["a", "b", "c"]},
        "uniqueItems": True,
        "minItems": 3,
    }
    assert {frozenset(map(str, each)) for each in values(schema) if isinstance(each, list)} == {
        frozenset("abc")
    }
    values(
        {
            "type": "array",
            "minItems": 5,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "properties": {
                    "on": {"type": "boolean"},
                    "n": {"type": "integer", "minimum": 0, "maximum": 3},
                },
            },
        }
    )


def test_values_listed_twice_are_drawn_once(values: Values) -> None:
    """An enum that repeats itself, as 1 and 1.0 do, does not repeat in the array."""
    made = values(
        {"type": "array", "items": {"enum": ["a", "a", 1, 1.0, True]}, "uniqueItems": True, "minItems": 3}
    )

    assert lengths(made) == {3}


def test_too_few_different_items_are_an_error(generator: Generator) -> None:
    """Four different booleans do not exist."""
    with pytest.raises(GenerationError):
        generator.producer(
            {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 4}
        )


def test_what_must_be_contained_is_contained(values: Values) -> None:
    """`contains` puts as many items as `minContains` asks for, `maxContains` bars more."""
    made = values(
        {
            "type": "array",
            "items": {"type": "integer", "minimum": 0, "maximum": 20},
            "contains": {"minimum": 18},
            "minContains": 2,
            "maxContains": 2,
            "minItems": 6,
        }
    )

    assert all(isinstance(each, list) and sum(int(str(item)) >= 18 for item in each) == 2 for each in made)


def test_unevaluated_items_are_left_out(values: Values) -> None:
    """`unevaluatedItems: false` ends the array where nothing else describes it."""
    made = values({"type": "array", "prefixItems": [{"type": "integer"}], "unevaluatedItems": False})

    assert lengths(made) <= {0, 1}


def test_entries_of_a_list_have_their_own_identifiers(values: Values) -> None:
    """Even where the document gives one example for all of them."""
    made = values(
        {
            "type": "array",
            "minItems": 20,
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "example": "inv_00123"},
                    "state": {"type": "string", "example": "OPEN"},
                },
            },
        }
    )[0]

    assert isinstance(made, list)
    identifiers = {str(each["id"]) for each in made if isinstance(each, dict)}
    assert len(identifiers) == len(made)
    assert all(each.startswith("inv_") and len(each) == 9 for each in identifiers)
    assert {each["state"] for each in made if isinstance(each, dict)} == {"OPEN"}


def test_numbers_of_a_list_vary_around_the_example(values: Values) -> None:
    """A list of equal amounts is not believable; the precision of the example is kept."""
    made = values({"type": "array", "minItems": 20, "items": {"type": "number", "example": 12.5}})[0]

    assert isinstance(made, list)
    assert len(set(map(str, made))) > 10
    assert all(6.25 <= float(str(each)) <= 25 and round(float(str(each)), 1) == each for each in made)


def test_more_than_can_be_made_is_refused_at_once(generator: Generator) -> None:
    """A million items to be contained are not laid down one by one before somebody says no."""
    with pytest.raises(GenerationError, match="1000000 items are too many"):
        generator.producer({"type": "array", "contains": {"const": 1}, "minContains": 1_000_000})
