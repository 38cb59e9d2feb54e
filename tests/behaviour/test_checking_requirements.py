"""Without a handler, the stand-in itself refuses what breaks a declared dependency."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from locum.behaviour import StandIn
from locum.behaviour.model import RawRequest
from locum.catalog import load
from locum.generation import Generator

ERROR = {
    "content": {
        "application/json": {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}}
    }
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/stays": {
            "get": {
                "operationId": "listStays",
                "x-requires": [
                    {
                        "id": "forward",
                        "message": "A stay ends after it starts",
                        "parameter": "from",
                        "statuses": [400],
                        "when": "has(query.from) && has(query.to)",
                        "rule": "query.from < query.to",
                    }
                ],
                "parameters": [
                    {"name": "from", "in": "query", "schema": {"type": "integer"}},
                    {"name": "to", "in": "query", "schema": {"type": "integer", "default": 0}},
                    {
                        "name": "step",
                        "in": "query",
                        "schema": {"type": "integer"},
                        "x-requires": [
                            {"id": "even", "rule": "self % 2 == 0 || true"},
                            {"id": "few", "rule": "self < 5.0"},
                        ],
                    },
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": {"type": "array"}}},
                    },
                    "400": {"description": ""} | ERROR,
                    "422": {"description": ""} | ERROR,
                },
            },
            "post": {
                "operationId": "addStay",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "x-requires": [{"id": "order", "rule": "self.start < self.end"}],
                                "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}},
                            }
                        }
                    }
                },
                "responses": {"201": {"description": ""}, "422": {"description": ""} | ERROR},
            },
        }
    },
}


@pytest.fixture
def send(tmp_path: Path) -> Callable[..., tuple[int, Any]]:
    """Return what sends a query or a body, and gives status and body of the answer."""
    path = tmp_path / "stays.json"
    path.write_bytes(orjson.dumps(DOCUMENT))
    entry = load(str(path))
    stand_in = StandIn(contract=entry.contract, generator=Generator(), fixtures=entry.fixtures)
    routes = {each.method.value: each for each in entry.contract.routes}

    def sent(query: str = "", body: bytes = b"") -> tuple[int, Any]:
        method = "POST" if body else "GET"
        headers = (("content-type", "application/json"),) if body else ()
        raw = RawRequest(method=method, path="/stays", query=query, body=body, headers=headers)
        reply: Any = stand_in.respond(routes[method], raw)
        return reply.reply.status, orjson.loads(reply.reply.body or b"null")

    return sent


@pytest.mark.parametrize("query", ["", "from=9&to=10", "from=9", "to=1", "step=4"])
def test_what_keeps_the_rules_is_answered(send: Callable[..., Any], query: str) -> None:
    """A rule speaks of what was sent: a default is not held against anybody."""
    assert send(query)[0] == 200


@pytest.mark.parametrize(("query", "status"), [("from=10&to=9", 400), ("step=6", 422)])
def test_what_breaks_a_rule_is_refused(send: Callable[..., Any], query: str, status: int) -> None:
    """The refusal has the status that the rule names, or a declared one, and the contract's own shape."""
    assert send(query)[0] == status


def test_the_refusal_says_which_rule(send: Callable[..., Any]) -> None:
    """The declared body holds the promise in words."""
    told = send("from=10&to=9")[1]["message"]

    assert told == "query parameter 'from' breaks a rule: A stay ends after it starts"


def test_a_body_is_held_to_the_rules_of_its_schema(send: Callable[..., Any]) -> None:
    """`self` is the value that the schema describes."""
    assert send(body=b'{"start": 1, "end": 2}')[0] == 201
    assert send(body=b'{"start": 2, "end": 1}')[0] == 422
    assert send(body=b'{"start": 2}')[0] == 201
