"""Which requests follow an answer: where they go, what they say, and when there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from locum.behaviour import Options
from locum.behaviour.callbacks import judge_acknowledgement
from locum.behaviour.model import Reply

Play = Callable[..., Any]

EVENT = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {"id": {"type": "integer"}, "kind": {"type": "string", "enum": ["shipped"]}},
}
ORDER = {
    "post": {
        "operationId": "order",
        "parameters": [{"name": "hook", "in": "query", "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {
            "201": {
                "description": "made",
                "headers": {"X-Hook": {"schema": {"const": "http://localhost/from-reply"}}},
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["id"],
                            "properties": {"id": {"type": "integer", "const": 41}},
                        }
                    }
                },
            },
            "400": {"description": "refused"},
        },
        "callbacks": {
            "shipped": {
                "{$request.query.hook}/shipped?order={$response.body#/id}": {
                    "post": {
                        "parameters": [
                            {
                                "name": "X-Kind",
                                "in": "header",
                                "required": True,
                                "schema": {"const": "event"},
                            },
                            {"name": "try", "in": "query", "required": True, "schema": {"const": 1}},
                        ],
                        "requestBody": {"content": {"application/json": {"schema": EVENT}}},
                        "responses": {"204": {"description": "taken"}},
                    }
                }
            },
            "lost": {"{$request.body#/lost}": {"put": {"responses": {"2XX": {"description": "taken"}}}}},
        },
    }
}


@pytest.fixture
def orders(play: Play) -> Any:  # noqa: ANN401 -- a stage
    """Return a shop whose orders call back, unasked."""
    return play({"/orders": ORDER}, options=Options(callbacks=True))


def test_a_callback_goes_where_the_call_says(orders: Any) -> None:  # noqa: ANN401
    """Expressions in the URL are filled in from request and reply, required parameters are sent."""
    (sent,) = orders.send("order", query="hook=http://localhost:9/in").callouts

    assert sent.url == "http://localhost:9/in/shipped?order=41&try=1"
    assert ("X-Kind", "event") in sent.headers
    assert ("Content-Type", "application/json") in sent.headers


def test_the_body_of_a_callback_is_valid_and_repeats_the_reply(orders: Any) -> None:  # noqa: ANN401
    """Members of the reply come back where name and type agree."""
    (sent,) = orders.send("order", query="hook=http://localhost:9/in").callouts

    assert orjson.loads(sent.body) == {"id": 41, "kind": "shipped"}


def test_a_callback_without_address_is_told_of(orders: Any) -> None:  # noqa: ANN401
    """Where the call does not say the URL, the reasons say that nothing is sent."""
    outcome = orders.send("order")

    assert outcome.callouts == ()
    assert outcome.reply.status == 201
    assert "the callback lost is not sent: the call says nothing of $request.body#/lost" in outcome.because


@pytest.mark.parametrize(
    ("prefer", "names"),
    [
        ("callback", ["shipped", "lost"]),
        ("callback=true", ["shipped", "lost"]),
        ("callback=lost", ["lost"]),
        ("callback=false", []),
        ("code=400", []),
    ],
)
def test_a_request_may_ask_for_callbacks(prefer: str, names: list[str], orders: Any) -> None:  # noqa: ANN401
    """All, one by its name, or none; a call that went wrong has none."""
    outcome = orders.send(
        "order",
        {"prefer": prefer, "content-type": "application/json"},
        query="hook=http://localhost/a",
        body=b'{"lost":"http://localhost/b"}',
    )

    assert [each.name for each in outcome.callouts] == names


def test_without_the_setting_a_callback_is_sent_only_when_asked_for(play: Play) -> None:
    """By default a call has no consequences elsewhere."""
    stage = play({"/orders": ORDER})

    assert stage.send("order", query="hook=http://localhost/a").callouts == ()
    assert len(stage.send("order", {"prefer": "callback"}, query="hook=http://localhost/a").callouts) == 1


def test_a_callback_that_does_not_exist_is_refused(orders: Any) -> None:  # noqa: ANN401
    """The refusal names the nearest that does."""
    outcome = orders.send("order", {"prefer": "callback=shiped"})

    assert outcome.reply.status == 404
    assert "did you mean 'shipped'" in outcome.refusal.detail


def test_a_callback_that_comes_back_has_no_callbacks(orders: Any) -> None:  # noqa: ANN401
    """A stand-in that calls itself stops after one round."""
    outcome = orders.send("order", {"locum-callback": "shipped"}, query="hook=http://localhost/a")

    assert outcome.callouts == ()


def test_the_answer_to_a_callback_is_judged(play: Play) -> None:
    """A status or a body that the callback does not declare is a violation."""
    declared = play(
        {
            "/a": {
                "get": {
                    "operationId": "a",
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"type": "integer"}}}},
                    },
                }
            }
        }
    )
    operation = declared.contract.operation(declared.route("a"))

    def found(status: int, body: bytes) -> list[str]:
        reply = Reply(status=status, body=body, media_type="application/json")
        return [each.keyword for each in judge_acknowledgement(operation, reply)]

    assert found(200, b"7") == []
    assert found(200, b'"7"') == ["type"]
    assert found(200, b"{") == ["syntax"]
    assert found(404, b"") == ["status"]


def test_a_broken_callback_takes_nothing_down(play: Play) -> None:
    """An operation is served although its callbacks cannot be read."""
    operation = {
        "operationId": "a",
        "responses": {"204": {}},
        "callbacks": {"x": {"$ref": "#/nowhere"}, "y": {"{$url}": {"post": 7}}, "z": 3},
    }

    stage = play({"/a": {"get": operation}}, options=Options(callbacks=True))

    assert stage.send("a").reply.status == 204
