"""Examples chosen as Microcks does: by a dispatcher and its rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

Play = Callable[..., Any]
NAMES = ("a", "b", "other")
#: More than a float holds.
HUGE = 10**399


def named(**values: object) -> dict[str, Any]:
    """Return named examples."""
    return {name: {"value": value} for name, value in values.items()}


def paths(extension: object, **parameter: object) -> dict[str, Any]:
    """Return one operation with examples `a` and `b`, and `other`, which is an error."""
    answers = {"application/json": {"examples": named(a="A", b="B")}}
    errors = {"application/json": {"examples": named(other="O")}}
    operation: dict[str, Any] = {
        "operationId": "op",
        "x-microcks-operation": extension,
        "requestBody": {"content": {"application/json": {}}},
        "responses": {
            "200": {"description": "", "content": answers},
            "404": {"description": "", "content": errors},
        },
    }
    if parameter:
        operation["parameters"] = [{"in": "query", "schema": {"type": "string"}, **parameter}]
    return {"/op": {"post": operation}}


def by_body(operator: str, exp: str = "/x", **cases: str) -> dict[str, Any]:
    """Return the extension that looks into the body."""
    rules = {"exp": exp, "operator": operator, "cases": cases}
    return {"dispatcher": "JSON_BODY", "dispatcherRules": json.dumps(rules)}


def chosen(play: Play, extension: object, body: object) -> str:
    """Return the example that answers *body*."""
    headers = {"content-type": "application/json"}
    found: str = play(paths(extension)).body("op", headers, body=orjson.dumps(body))
    return found


@pytest.mark.parametrize(
    ("extension", "body", "answer"),
    [
        (by_body("equals", red="b", default="other"), {"x": "red"}, "B"),
        (by_body("equals", **{"1": "b", "default": "other"}), {"x": 1}, "B"),
        (by_body("equals", red="b", default="other"), {"x": "blue"}, "O"),
        (by_body("range", **{"[1;5[": "b", "default": "other"}), {"x": 1}, "B"),
        (by_body("range", **{"[1;5[": "b", "default": "other"}), {"x": 5}, "O"),
        (by_body("size", **{"[2;3]": "b", "default": "other"}), {"x": [1, 2, 3]}, "B"),
        (by_body("regexp", **{"^r.d$": "b", "default": "other"}), {"x": "rod"}, "B"),
        (by_body("presence", found="b", default="other"), {"y": 1}, "O"),
        (by_body("presence", "/x/0/y", found="b", default="other"), {"x": [{"y": 1}]}, "B"),
        (by_body("equals", red="b"), {"x": "blue"}, "A"),
    ],
)
def test_a_body_chooses_its_case(play: Play, extension: object, body: object, answer: str) -> None:
    """A pointer finds the value, an operator its case; without a default the first example answers."""
    assert chosen(play, extension, body) == answer


def test_parameters_that_rules_do_not_name_do_not_count(play: Play) -> None:
    """Nor does the body; the rules stand in the place of all that has an example."""
    parameter = {"name": "colour", "examples": named(b="red")}
    free, bound = (
        play(paths({"dispatcher": "URI_PARAMS", "dispatcherRules": rules}, **parameter))
        for rules in ("colour && other", "other")
    )

    assert [free.body("op", query="colour=red"), bound.body("op", query="colour=red")] == ["B", "A"]


def test_what_fits_nothing_is_answered_by_the_fallback(play: Play) -> None:
    """The dispatcher within comes first."""
    rules = json.dumps({"dispatcher": "URI_PARAMS", "dispatcherRules": "colour", "fallback": "other"})
    extension = {"dispatcher": "FALLBACK", "dispatcherRules": rules}
    stage = play(paths(extension, name="colour", examples=named(b="red")))

    assert [stage.body("op", query="colour=red"), stage.body("op", query="colour=blue")] == ["B", "O"]


@pytest.mark.parametrize(
    "extension",
    [
        {"dispatcher": "SCRIPT", "dispatcherRules": "return 'b'"},
        {"dispatcher": "JSON_BODY", "dispatcherRules": "{"},
        by_body("odd", red="b"),
        {"delay": 10},
        7,
    ],
)
def test_what_is_not_read_leaves_the_answer_as_it_was(play: Play, extension: object) -> None:
    """Scripts are not run; `locum check` tells of them."""
    assert chosen(play, extension, {"x": "red"}) == "A"


@pytest.mark.parametrize(
    ("operator", "case", "exp", "answer"),
    [
        ("range", "[1;5[", "/x", "O"),
        ("range", "[1;inf[", "/x", "B"),
        ("equals", str(HUGE), "/x", "B"),
        ("regexp", "^10+$", "/x", "B"),
        ("equals", f'{{"x":{HUGE}}}', "", "B"),
    ],
)
def test_a_number_of_any_size_chooses_its_case(
    play: Play, operator: str, case: str, exp: str, answer: str
) -> None:
    """A form may say what no float and no machine word holds."""
    document = paths(by_body(operator, exp, **{case: "b", "default": "other"}))
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    kind = "application/x-www-form-urlencoded"
    document["/op"]["post"]["requestBody"]["content"] = {kind: {"schema": schema}}

    assert play(document).body("op", {"content-type": kind}, body=f"x={HUGE}".encode()) == answer
