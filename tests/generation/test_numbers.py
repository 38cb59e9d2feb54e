"""Numbers: within their limits, on their grid, near what their name tells."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from locum.contract.model import JsonObject, JsonValue

Values = Callable[..., list[JsonValue]]
Fields = Callable[..., list[dict[str, JsonValue]]]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 3, "maximum": 3},
        {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
        {"type": "integer", "minimum": 2.5, "maximum": 3.5},
        {"type": "integer", "multipleOf": 7},
        {"type": "integer", "multipleOf": 0.5},
        {"type": "integer", "allOf": [{"multipleOf": 4}, {"multipleOf": 6}]},
        {"type": "integer", "minimum": 2**63},
        {"type": "integer", "minimum": -(2**70), "maximum": -(2**69)},
        {"type": "integer", "maximum": -5},
        {"type": "number", "multipleOf": 0.01},
        {"type": "number", "multipleOf": 0.1, "exclusiveMinimum": 0, "exclusiveMaximum": 0.3},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e-9},
        {"type": "number", "minimum": 1e300},
        {"type": "number", "minimum": 1e30, "maximum": 3e30},
        {"type": "number", "minimum": 0.1, "maximum": 0.1},
        {"type": "number", "exclusiveMinimum": 5},
        {"type": "integer", "format": "int32", "minimum": 2147483647},
    ],
)
def test_number_is_within_its_limits(values: Values, schema: JsonObject) -> None:
    """Ranges, open ends, multiples of whole and decimal steps, numbers beyond 64 bits."""
    assert len(values(schema)) == 24


def test_multiples_have_a_common_multiple(values: Values) -> None:
    """Two `multipleOf` are met by their least common multiple."""
    made = values({"allOf": [{"type": "integer", "multipleOf": 4}, {"multipleOf": 6}]})

    assert all(isinstance(each, int) and each % 12 == 0 for each in made)


def test_name_tells_the_range(fields: Fields) -> None:
    """Percentages, ages, prices and positions look like themselves."""
    number: JsonObject = {"type": "number"}
    for each in fields(percentage=number, age={"type": "integer"}, unitPrice=number, lat=number, port=number):
        assert 0 <= float(str(each["percentage"])) <= 100
        assert 18 <= int(str(each["age"])) <= 79
        assert Fraction(str(each["unitPrice"])) * 100 % 1 == 0
        assert -90 <= float(str(each["lat"])) <= 90
        assert 1024 <= float(str(each["port"])) <= 49151


def test_limits_of_the_schema_beat_the_name(fields: Fields) -> None:
    """A percentage between 500 and 600 is what was asked for."""
    made = fields(percentage={"type": "integer", "minimum": 500, "maximum": 600})

    assert all(500 <= int(str(each["percentage"])) <= 600 for each in made)


def test_identifier_is_positive(fields: Fields) -> None:
    """Nobody has the number zero."""
    assert all(int(str(each["id"])) > 0 for each in fields(id={"type": "integer"}))


def test_whole_number_that_tells_time_is_a_timestamp(fields: Fields) -> None:
    """`created_at` counts seconds since 1970, in milliseconds where the description says so."""
    made = fields(
        created_at={"type": "integer"},
        updated_at={"type": "integer", "description": "Unix time in milliseconds"},
    )

    for each in made:
        assert 1_660_000_000 < int(str(each["created_at"])) < 1_710_000_000
        assert int(str(each["created_at"])) < int(str(each["updated_at"])) // 1000


def test_valid_example_is_the_value(values: Values) -> None:
    """A document's own number comes first, unless its schema refuses it."""
    assert values({"type": "integer", "example": 4711})[0] == 4711
    assert values({"type": "integer", "example": 4711, "maximum": 10})[0] != 4711
