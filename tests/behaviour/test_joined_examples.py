from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from locum.behaviour import Options
from locum.behaviour.joined_examples import status_of
from locum.behaviour.prism_manners import PRISM_MANNERS

Play = Callable[..., Any]
ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer"},
    "examples": {"ada": {"value": 1}, "eve": {"value": "2"}, "nobody": {"value": 99}},
}
SIZE = {"name": "size", "in": "query", "schema": {"type": "string"}, "examples": {"tall": {"value": "xl"}}}


def content(**examples: object) -> dict[str, Any]:
    """Return JSON content with named examples."""
    return {"application/json": {"examples": {name: {"value": value} for name, value in examples.items()}}}


RESPONSES = {
    "200": {
        "description": "",
        "content": content(ann={"name": "Ann"}, ada={"name": "Ada"}, eve={"name": "Eve"}),
    },
    "404": {"description": "", "content": content(nobody={"error": "nobody"})},
}
POST = {
    "operationId": "add",
    "requestBody": {"content": content(good={"name": "Ada"}, bad={"name": ""})},
    "responses": {
        "201": {"description": "", "content": content(good={"id": 1})},
        "400": {"description": "", "content": content(bad={"error": "name"})},
    },
}
PATHS = {
    "/people/{id}": {"get": {"operationId": "get", "parameters": [ID, SIZE], "responses": RESPONSES}},
    "/people": {"post": POST},
}


@pytest.mark.parametrize(
    ("sent", "status", "body"),
    [
        ("1", 200, {"name": "Ada"}),
        ("2", 200, {"name": "Eve"}),
        ("99", 404, {"error": "nobody"}),
        ("7", 200, {"name": "Ann"}),
    ],
)
def test_a_request_is_answered_by_the_example_it_names(play: Play, sent: str, status: int, body: Any) -> None:  # noqa: ANN401 -- JSON
    """What a parameter says chooses the example, and its status; otherwise the first one answers."""
    outcome = play(PATHS).send("get", path_values={"id": sent})

    assert (outcome.reply.status, orjson.loads(outcome.reply.body)) == (status, body)


def test_a_body_names_an_example_too(play: Play) -> None:
    """What was sent is compared as JSON."""
    stage = play(PATHS)
    headers = {"content-type": "application/json"}
    good = stage.send("add", headers, body=b'{ "name": "Ada" }')
    bad = stage.send("add", headers, body=b'{"name": ""}')

    assert (good.reply.status, bad.reply.status) == (201, 400)
    assert good.because[-1] == "the example 'good', named by the request"


def test_what_a_request_prefers_comes_first(play: Play) -> None:
    """A preference, generated values and the manners of Prism leave names alone."""
    stage = play(PATHS)
    ada = {"path_values": {"id": "1"}}
    as_prism = play(PATHS, options=Options(manners=PRISM_MANNERS))

    assert stage.body("get", {"prefer": "example=eve"}, **ada) == {"name": "Eve"}
    assert stage.send("get", {"prefer": "code=404"}, **ada).reply.status == 404
    assert as_prism.body("get", **ada) == {"name": "Ann"}


def test_a_name_that_leads_to_an_error_alone_joins_nothing(play: Play) -> None:
    """Where authors call everything `example`, a valid request is not refused by chance."""
    post = POST | {
        "requestBody": {"content": content(example={"name": "Ada"})},
        "responses": {
            "201": {"description": "", "content": content(made={"id": 1})},
            "400": {"description": "", "content": content(example={"error": "name"})},
        },
    }
    stage = play({"/people": {"post": post}})
    outcome = stage.send("add", {"content-type": "application/json"}, body=b'{"name": "Ada"}')

    assert outcome.reply.status == 201


def test_an_invalid_example_is_not_chosen_by_its_name(play: Play) -> None:
    """Every answer is valid: a broken example is passed over."""
    media = {"schema": {"type": "integer"}, "examples": {"ada": {"value": "x"}, "eve": {"value": 2}}}
    responses = {"200": {"description": "", "content": {"application/json": media}}}
    get = {"operationId": "get", "parameters": [ID], "responses": responses}
    stage = play({"/people/{id}": {"get": get}})

    assert stage.body("get", path_values={"id": "1"}) == 2
    assert stage.body("get", path_values={"id": "2"}) == 2


def test_an_example_of_another_response_is_asked_for_by_its_name(play: Play) -> None:
    """Its status comes with it, unless a status was asked for as well, or Prism is imitated."""
    ada: dict[str, Any] = {"path_values": {"id": "1"}}
    prefer = {"prefer": "example=nobody"}
    as_prism = play(PATHS, options=Options(manners=PRISM_MANNERS))

    found = play(PATHS).send("get", prefer, **ada)
    assert (found.reply.status, orjson.loads(found.reply.body)) == (404, {"error": "nobody"})
    told = play(PATHS).body("get", {"prefer": "code=200, example=nobody"}, **ada)
    assert "no example 'nobody'" in told["detail"]
    assert "nobody does not exist" in as_prism.body("get", prefer, **ada)["detail"]


def test_an_example_is_asked_for_by_its_identifier(play: Play) -> None:
    """`x-mock-response-id` stands beside the value, as one text or several."""
    found: dict[str, Any] = content(ann=1, eve=2)
    found["application/json"]["examples"]["eve"]["x-mock-response-id"] = ["e-1", "e-2"]
    responses = {"200": {"description": "", "content": found}}
    stage = play({"/people": {"get": {"operationId": "get", "responses": responses}}})

    assert stage.body("get", {"x-mock-response-id": "e-2"}) == 2


@pytest.mark.parametrize("status", ["2XX", "2xx", "2Xx"])
def test_a_range_of_statuses_is_its_first_one(play: Play, status: str) -> None:
    """In capitals or not: whether the example is named by the request or asked for by its name."""
    answers = {status: {"description": "", "content": content(ada={"name": "Ada"})}}
    paths = {"/people/{id}": {"get": {"operationId": "get", "parameters": [ID], "responses": answers}}}
    stage = play(paths)

    assert stage.send("get", path_values={"id": "1"}).reply.status == 200
    plan = stage.plan("get")
    assert (dict(plan.joins.statuses), status_of("ada", plan.operation)) == ({"ada": 200}, 200)
