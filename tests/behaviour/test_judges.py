from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import judged

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]
ISBN = {"name": "isbn", "in": "query", "schema": {"type": "string", "pattern": "^[0-9]{10}$"}}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}}


def _judge_isbn(value: Json) -> str:
    """Judge as ISBN-10 does, with hyphens anywhere."""
    digits = [int(each) for each in value if each != "-"]
    right = sum(each * weight for each, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0
    return "" if right else "has a wrong check digit"


@judged({"isbn": _judge_isbn})
def _find_book(isbn: str | None) -> Json:
    return {"isbn": isbn}


def asked(play: Play, query: str, headers: Mapping[str, str] = {}) -> Json:
    """Return the status and the body of the answer to a query."""
    operation = {
        "operationId": "op",
        "parameters": [ISBN, LIMIT],
        "responses": {"200": {"description": "", "content": {"application/json": {}}}},
    }
    stage = play({"/books": {"get": operation}}, handlers={"op": _find_book})
    reply = stage.send("op", headers, query=query).reply
    return reply.status, orjson.loads(reply.body)


def messages(body: Json) -> list[str]:
    """Return what is said of each violation."""
    return [each["message"] for each in body["validation"]]


def test_a_judge_tells_what_a_schema_cannot(play: Play) -> None:
    """What the pattern takes and the judge refuses is refused, in the judge's words."""
    status, body = asked(play, "isbn=0306406153")

    assert status == 422
    assert messages(body) == ["query parameter 'isbn' has a wrong check digit"]


@pytest.mark.parametrize("isbn", ["0306406152", "0-306-40615-2"])
def test_a_judge_takes_the_place_of_the_schema(play: Play, isbn: str) -> None:
    """What the judge takes is taken, whether or not the document promises it."""
    assert asked(play, f"isbn={isbn}") == (200, {"isbn": isbn})


def test_a_judge_is_not_asked_for_what_was_not_sent(play: Play) -> None:
    """An optional parameter stays optional."""
    assert asked(play, "") == (200, {"isbn": None})


def test_what_a_judge_finds_stands_beside_the_rest(play: Play) -> None:
    """All that is wrong is told at once, whoever found it."""
    _, body = asked(play, "limit=10&isbn=0306406153")

    assert messages(body) == [
        "query parameter 'isbn' has a wrong check digit",
        "query parameter 'limit' must be at most 9",
    ]


def test_a_judge_is_asked_whatever_answers(play: Play) -> None:
    """A request that prefers another answer than the handler's is judged all the same."""
    status, _ = asked(play, "isbn=0306406153", {"prefer": "code=200"})

    assert status == 422
