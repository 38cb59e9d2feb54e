"""Values in the wrong type become what was meant; examples that are wrong are mended before they are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locum.behaviour import Options
from locum.behaviour.fitting import fitted
from locum.contract.coercion import shape_of

Play = Callable[..., Any]


@pytest.mark.parametrize(
    ("schema", "written", "meant"),
    [
        ({"type": "integer"}, "12", 12),
        ({"type": "number"}, "1.50", 1.5),
        ({"type": "boolean"}, "true", True),
        ({"type": "integer"}, "twelve", "twelve"),
        ({"type": "string"}, 12, "12"),
        ({"type": "string"}, False, "false"),
        ({"type": ["string", "integer"]}, 12, 12),
        ({}, "12", "12"),
        ({"type": "string", "format": "date-time"}, "2024-01-02T03:04:05", "2024-01-02T03:04:05Z"),
        ({"type": "string", "format": "date-time"}, "2024-01-02 03:04", "2024-01-02T03:04:00Z"),
        ({"type": "string", "format": "date-time"}, "2024-01-02", "2024-01-02T00:00:00Z"),
        (
            {"type": "string", "format": "date-time"},
            "2024-01-02T03:04:05.6+0100",
            "2024-01-02T03:04:05.6+01:00",
        ),
        ({"type": "string", "format": "date-time"}, "2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05Z"),
        ({"type": "string", "format": "date-time"}, "soon", "soon"),
        ({"type": "string", "format": "date"}, "2024-01-02T03:04:05Z", "2024-01-02"),
        ({"type": "string", "format": "time"}, "03:04", "03:04:00Z"),
        ({"type": "string", "enum": ["OPEN", "shut"]}, "open ", "OPEN"),
        ({"type": "string", "enum": ["OPEN"]}, "gone", "gone"),
        ({"type": "object"}, '{"a": 1}', {"a": 1}),
        ({"type": "object"}, "{a: 1}", "{a: 1}"),
        ({"type": "array", "items": {"type": "integer"}}, {"a": 1}, [{"a": 1}]),
        ({"type": "array", "items": {"type": "integer"}}, ["1", 2], [1, 2]),
        ({"properties": {"a": {"type": "string"}}}, {"a": None, "b": None}, {"b": None}),
        ({"properties": {"a": {"type": ["string", "null"]}}}, {"a": None}, {"a": None}),
    ],
)
def test_what_is_meant_is_kept(schema: dict[str, Any], written: object, meant: object) -> None:
    """Each type is read as authors write it; what means nothing else stays as it is."""
    assert fitted(written, shape_of(schema)) == meant  # type: ignore[arg-type]  # values of a test


def test_a_value_that_never_ends_is_left_alone() -> None:
    """Depth is bounded."""
    deep: Any = "1"
    for _ in range(500):
        deep = [deep]

    assert fitted(deep, shape_of({})) == deep


def _stage(play: Play, example: object, *, as_is: bool = False) -> Any:  # noqa: ANN401 -- a stage
    order = {
        "type": "object",
        "required": ["id", "at"],
        "properties": {
            "id": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "url": {"type": "string", "format": "uri"},
        },
    }
    content = {"application/json": {"schema": {"type": "array", "items": order}, "example": example}}
    return play(
        {"/x": {"get": {"operationId": "x", "responses": {"200": {"content": content}}}}},
        options=Options(examples_as_is=as_is),
    )


FAULTY = [
    {"id": "1", "at": "2024-01-02 03:04", "more": [1]},
    {"id": 2},
    {"id": 3, "at": "2024-01-02T03:04:05Z", "url": 5},
]


def test_a_faulty_example_is_mended(play: Play) -> None:
    """What the author said is kept where it is valid; only what is wrong or missing is made up."""
    outcome = _stage(play, FAULTY).send("x")
    first, second, third = _stage(play, FAULTY).body("x")

    assert first == {"id": 1, "at": "2024-01-02T03:04:00Z", "more": [1]}
    assert second["id"] == 2
    assert "at" in second
    assert third["id"] == 3
    assert third["at"] == "2024-01-02T03:04:05Z"
    assert outcome.because[-1] == "an example of the document, mended"
    assert outcome.violations == ()


def test_a_faulty_example_is_sent_as_it_is_when_asked_for(play: Play) -> None:
    """With the option, the document's word is sent, and what is wrong with it told beside it."""
    stage = _stage(play, FAULTY, as_is=True)

    assert stage.body("x") == FAULTY
    assert {each.location for each in stage.send("x").violations} >= {("response", "body", 0, "id")}


def test_an_example_of_another_kind_is_passed_over(play: Play) -> None:
    """Nothing is mended where nothing of the example would be left."""
    assert _stage(play, 7).send("x").because[-1] == "generated"


def test_an_example_that_is_no_xml_is_passed_over(play: Play) -> None:
    """Text that is valid by its schema is still no body of XML unless it is well-formed."""
    content = {"application/xml": {"schema": {"type": "string"}, "example": "<?xml version='1.0'?>..."}}
    stage = play({"/x": {"get": {"operationId": "x", "responses": {"200": {"content": content}}}}})

    assert stage.send("x").because[-1] == "generated"
