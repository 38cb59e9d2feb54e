"""No request, however malformed, makes the stand-in raise."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

import orjson
from hypothesis import given
from hypothesis import strategies as st

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.contract import read_contract
from locum.generation import Generator

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

ANY = st.text(st.characters(max_codepoint=255), max_size=40)
PIECES = st.sampled_from(
    [
        "a",
        "=",
        "&",
        "[",
        "]",
        "%",
        "%ff",
        "%C3%A9",
        "+",
        ",",
        "|",
        ";",
        "__code",
        "deep",
        "x",
        "1",
        "true",
        "\xff",
    ]
)
QUERIES = st.lists(PIECES, max_size=25).map("".join) | ANY
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["a"],
    "properties": {
        "a": {"type": ["integer", "null"]},
        "deep": {"type": "object", "properties": {"x": {"type": "array", "items": {"type": "integer"}}}},
        "file": {"type": "string", "format": "binary"},
    },
}
TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/xml",
    "text/plain",
    "application/octet-stream",
]
NAMES = ["content-type", "accept", "prefer", "authorization", "cookie", "x-list", "content-encoding"]
VALUES = ANY | st.sampled_from(
    [
        *TYPES,
        "application/json; charset=utf-16",
        "gzip",
        "deflate",
        "Bearer x",
        "Basic eDp5",
        "code=404",
        "a=1; a=2",
    ]
)
MULTIPART = [b"--b", b"--b--", b"\r\n", b"Content-Disposition: form-data; name=a", b"\xff", b":"]
MARKUP = [b"<a>", b"</a>", b"<!DOCTYPE a>", b"&lt;", b"1", b"<x y='1'/>"]
JSON = st.recursive(
    st.none() | st.integers(-(2**63), 2**63) | ANY,
    lambda inner: st.lists(inner) | st.dictionaries(ANY, inner),
)
BODIES = (
    st.binary(max_size=60)
    | JSON.map(orjson.dumps)
    | st.lists(st.sampled_from(MULTIPART)).map(b"".join)
    | st.lists(st.sampled_from(MARKUP)).map(b"".join)
)


def parameter(name: str, place: str, schema: Json, **more: Json) -> dict[str, Any]:
    """Return a parameter object."""
    return {"name": name, "in": place, "schema": schema} | more


@cache
def stand_in() -> StandIn:
    """Return a stand-in for an operation with a parameter of every kind."""
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = {
        "operationId": "op",
        "security": [{"b": []}, {"c": []}, {}],
        "parameters": [
            parameter("a", "query", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
            parameter("x", "query", numbers, explode=False),
            parameter("deep", "query", SCHEMA, style="deepObject"),
            parameter("pipes", "query", numbers, style="pipeDelimited"),
            parameter("free", "query", {"type": "object", "additionalProperties": {"type": "integer"}}),
            {"name": "json", "in": "query", "content": {"application/json": {"schema": {}}}},
            parameter("X-List", "header", numbers),
            parameter("a", "cookie", {"type": "boolean"}),
            parameter("id", "path", {"type": "number"}, required=True, style="label"),
        ],
        "requestBody": {"content": {name.partition(";")[0]: {"schema": SCHEMA} for name in TYPES}},
        "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": SCHEMA}, "text/xml": {}}},
            "4XX": {"description": "", "content": {"application/json": {"schema": SCHEMA}}},
        },
    }
    schemes = {"b": {"type": "http", "scheme": "bearer"}, "c": {"type": "http", "scheme": "basic"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/{id}": {"post": operation}},
        "components": {"securitySchemes": schemes},
    }
    contract = read_contract("/api.json", {"/api.json": orjson.dumps(document)}.__getitem__)
    return StandIn(contract=contract, generator=Generator())


@given(
    query=QUERIES,
    path=ANY,
    headers=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6).map(tuple),
    body=BODIES,
    media_type=st.sampled_from(TYPES),
)
def test_no_request_makes_the_stand_in_raise(
    query: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes, media_type: str
) -> None:
    """Whatever is sent, the outcome is a reply: served, or refused by a 4xx, its headers fit to send."""
    played = stand_in()
    raw = RawRequest(
        method="POST",
        path=f"/{path}",
        path_values={"id": path},
        query=query,
        headers=(("content-type", media_type), *headers),
        body=body,
    )
    outcome = played.respond(played.contract.routes[0], raw)

    assert isinstance(outcome, Outcome)
    assert 200 <= outcome.reply.status < 500
    assert all(text.isprintable() and text.isascii() for _, text in outcome.reply.headers)
