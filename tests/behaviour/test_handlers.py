from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast

import orjson
import pytest

from locum.behaviour import Cause, Outcome, RawRequest, Refusal, Reply, Request

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]
PET: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
PARAMETERS = [
    {"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}},
    {"name": "filter[]", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
    {"name": "id", "in": "query", "schema": {"type": "integer"}},
    {"name": "X-Request-ID", "in": "header", "schema": {"type": "string"}},
]


def handled(play: Play, handler: Callable[..., Any]) -> Json:
    """Play one operation that *handler* answers."""
    operation = {
        "operationId": "op",
        "parameters": PARAMETERS,
        "requestBody": {"content": {"application/json": {}}},
        "responses": {
            "200": {
                "description": "",
                "content": {"application/json": {"schema": PET}, "application/xml": {"schema": PET}},
            },
            "202": {"description": "", "headers": {"X-A": {"schema": {"const": "a"}}}},
        },
    }
    return play({"/pets/{petId}": {"put": operation}}, handlers={"op": handler})


def send(play: Play, handler: Callable[..., Any], headers: Json = ()) -> Outcome:
    """Return the outcome of a request that *handler* answers."""
    found: Outcome = handled(play, handler).send("op", headers, path_values={"petId": "7"})
    return found


def test_a_handler_gets_what_it_names(play: Play) -> None:
    """Arguments are parameters by name, as written or as a Python name, `body` and `request`."""

    def handler(petId: int, filter: list[str], x_request_id: str, request: Request, id_: int) -> Json:  # noqa: A002, N803 -- as a user writes it
        return {"id": petId, "got": [filter, x_request_id, request.raw.method, id_]}

    def with_body(body: Json) -> Json:
        return {"id": 1, "got": body}

    stage = handled(play, handler)
    sent = {"path_values": {"petId": "7"}, "query": "filter[]=a&id=3", "body": b'{"b": 1}'}
    headers = {"x-request-id": "r", "content-type": "application/json"}

    assert stage.body("op", headers, **sent) == {"id": 7, "got": [["a"], "r", "PUT", 3]}
    assert handled(play, with_body).body("op", headers, **sent) == {"id": 1, "got": {"b": 1}}


def test_what_was_not_sent_is_the_functions_default_or_none(play: Play) -> None:
    """An argument without a value keeps its default, else is `None`; `**rest` takes everything sent."""

    def handler(x_request_id: Json, nothing: Json = "own", **rest: Json) -> Json:
        return {"id": 1, "got": [x_request_id, nothing, rest]}

    assert orjson.loads(send(play, handler).reply.body)["got"] == [None, "own", {"petId": 7}]


@pytest.mark.parametrize(
    ("result", "status", "body", "headers"),
    [
        ({"id": 1}, 200, b'{"id":1}', ()),
        (({"id": 1}, 200), 200, b'{"id":1}', ()),
        (({"id": 1}, 200, {"X-B": "b"}), 200, b'{"id":1}', (("X-B", "b"),)),
        ((None, 202), 202, b"", (("X-A", "a"),)),
        ((None, 202, {"x-a": "own"}), 202, b"", (("x-a", "own"),)),
        (b'{"id": "as it is"}', 200, b'{"id": "as it is"}', ()),
        (Reply(status=299, body=b"x", media_type="a/b"), 299, b"x", ()),
    ],
)
def test_a_handler_gives_a_body_or_more(
    play: Play, result: Json, status: int, body: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    """Body; body and status; body, status and headers; or a whole reply."""
    reply = send(play, lambda: result).reply

    assert (reply.status, reply.body, reply.headers) == (status, body, headers)


def test_what_a_handler_gives_is_written_as_accepted(play: Play) -> None:
    """A body is written in the declared type the caller likes."""
    reply = send(play, lambda: {"id": 1}, {"accept": "application/xml"}).reply

    assert reply.media_type == "application/xml"
    assert b"<id>1</id>" in reply.body


def test_a_handlers_refusal_wears_the_contracts_shape(play: Play) -> None:
    """A handler may refuse; the refusal is dressed like any other."""
    outcome = send(play, lambda: Refusal(cause=Cause.UNKNOWN_PATH, status=404, detail="no such pet"))

    assert outcome.reply.status == 404
    assert orjson.loads(outcome.reply.body)["detail"] == "no such pet"


@pytest.mark.parametrize(
    ("result", "detail"),
    [
        ({"id": "x"}, "the handler of op breaks the contract: body at 'id' must be integer"),
        (({"id": 1}, 404), "status 404 is not declared for this operation; declared: 200, 202"),
        ({1, 2}, "the handler of op gave something else: a handler gave a set, which is no JSON value"),
        (
            (1, 2, 3, 4),
            "the handler of op gave something else: a handler gives body, status and headers at most",
        ),
    ],
)
def test_a_wrong_answer_of_a_handler_is_a_loud_500(play: Play, result: Json, detail: str) -> None:
    """What breaks the contract is never sent; the problem says what is wrong."""
    outcome = send(play, lambda: result)

    assert outcome.reply.status == 500
    assert orjson.loads(outcome.reply.body)["detail"] == detail


def test_an_error_in_a_handler_is_a_500_without_its_text(play: Play) -> None:
    """The caller learns that the handler failed, the log of the shell how."""

    def handler() -> None:
        raise RuntimeError("the password is x")

    stage = handled(play, handler)
    heard: list[Exception] = []
    stage.stand_in.on_failure = lambda _, error: heard.append(error)
    outcome = stage.send("op", path_values={"petId": "7"})

    assert outcome.reply.status == 500
    assert b"password" not in outcome.reply.body
    assert [str(each) for each in heard] == ["the password is x"]


def test_a_coroutine_function_gives_an_awaitable_outcome(play: Play) -> None:
    """The shell awaits what a coroutine function gives, errors included."""

    async def handler(petId: int) -> dict[str, int]:  # noqa: N803
        return {"id": petId}

    async def failing() -> None:
        raise RuntimeError

    async def wait(found: Awaitable[Outcome]) -> Outcome:
        return await found

    good = cast("Awaitable[Outcome]", send(play, handler))
    bad = cast("Awaitable[Outcome]", send(play, failing))

    assert asyncio.run(wait(good)).reply.body == b'{"id":7}'
    assert asyncio.run(wait(bad)).reply.status == 500


def test_a_forced_answer_is_not_the_handlers(play: Play) -> None:
    """A status or an example that was asked for comes from the document, even with a handler."""
    outcome = send(play, lambda: {"id": 1}, {"prefer": "code=202"})

    assert outcome.because == ("status 202 asked for", "no content is declared")


def test_an_invalid_request_never_reaches_a_handler(play: Play) -> None:
    """Checking comes first."""
    stage = handled(play, lambda: pytest.fail("called"))
    raw = RawRequest(method="PUT", path="/pets/x", path_values={"petId": "x"})

    assert stage.stand_in.respond(stage.route("op"), raw).reply.status == 422
