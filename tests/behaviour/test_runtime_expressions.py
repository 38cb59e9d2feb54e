"""What expressions of links and callbacks stand for."""

from __future__ import annotations

import pytest

from locum.behaviour.runtime_expressions import Told, Unspoken, evaluate, fill

TOLD = Told(
    url="http://localhost/a?b=1",
    method="POST",
    status=201,
    path={"id": 7},
    query={"b": [1, 2]},
    headers={"x-hook": "http://localhost/h"},
    body={"a/b": [{"c": None}], "": 3},
    reply_headers={"location": "/a/7"},
    reply_body=[{"id": 9}],
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$url", "http://localhost/a?b=1"),
        ("$method", "POST"),
        ("$statusCode", 201),
        ("$request.path.id", 7),
        ("$request.query.b", [1, 2]),
        ("$request.header.X-Hook", "http://localhost/h"),
        ("$request.body", TOLD.body),
        ("$request.body#/a~1b/0/c", None),
        ("$request.body#/", 3),
        ("$response.header.Location", "/a/7"),
        ("$response.body#/0/id", 9),
    ],
)
def test_an_expression_stands_for_a_part_of_the_call(expression: str, value: object) -> None:
    """Every form of the specification is understood."""
    assert evaluate(expression, TOLD) == value


@pytest.mark.parametrize(
    "expression",
    [
        "$request.path.no",
        "$request.body#/a~1b/x",
        "$request.body#/a~1b/9",
        "$response.path.id",
        "$x",
        "$",
        "",
    ],
)
def test_what_the_call_does_not_say_is_told(expression: str) -> None:
    """An expression without meaning for this call raises, and names itself."""
    with pytest.raises(Unspoken, match=r"expression|says nothing"):
        evaluate(expression, TOLD)


def test_a_url_is_filled_in() -> None:
    """Expressions in braces are replaced, other braces left alone; a bare one is taken as a whole."""
    assert fill("{$request.header.x-hook}/{id}?s={$statusCode}", TOLD) == "http://localhost/h/{id}?s=201"
    assert fill("$response.header.location", TOLD) == "/a/7"
