"""A stateful stand-in that remembers answers says what one without a memory says, whatever is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import orjson
from hypothesis import given
from hypothesis import strategies as st

from locum.behaviour import Options, Outcome, RawRequest, StandIn
from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.changes import apply_all
from locum.behaviour.session import State
from locum.contract import read_contract
from locum.generation import Generator

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "ownerId": {"type": "integer"}},
}
REF = {"$ref": "#/components/schemas/Pet"}
PETS = {"type": "object", "properties": {"data": {"type": "array", "items": REF}, "next": {"type": "string"}}}


def _answer(schema: Mapping[str, object]) -> dict[str, object]:
    kinds = ("application/json", "application/xml")
    return {"description": "", "content": {each: {"schema": schema} for each in kinds}}


def _variable(name: str) -> dict[str, object]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}


PAGE = [{"name": each, "in": "query", "schema": {"type": "integer"}} for each in ("limit", "offset")]
BODY = {"content": {"application/json": {"schema": REF}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "components": {"schemas": {"Pet": PET}},
    "paths": {
        "/pets": {
            "get": {"operationId": "list", "parameters": PAGE, "responses": {"200": _answer(PETS)}},
            "post": {"operationId": "add", "requestBody": BODY, "responses": {"201": _answer(REF)}},
        },
        "/pets/{id}": {
            "parameters": [_variable("id")],
            "get": {"operationId": "one", "responses": {"200": _answer(REF), "404": {"description": ""}}},
            "put": {"operationId": "put", "requestBody": BODY, "responses": {"200": _answer(REF)}},
            "delete": {"operationId": "drop", "responses": {"204": {"description": ""}}},
        },
        "/owners/{ownerId}/pets": {
            "parameters": [_variable("ownerId")],
            "get": {"operationId": "owned", "parameters": PAGE, "responses": {"200": _answer(PETS)}},
            "post": {"operationId": "give", "requestBody": BODY, "responses": {"201": _answer(REF)}},
        },
    },
}
CONTRACT = read_contract("/pets.json", {"/pets.json": orjson.dumps(DOCUMENT)}.__getitem__, name="pets")
ROUTES = {route.operation_id: route for route in CONTRACT.routes}
GENERATOR = Generator()
OPTIONS = Options(stateful=True)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, RawRequest, str]:
    """Make one call out of few different parts, in a session with one of two seeds."""
    name = draw(st.sampled_from(["list", "one", "owned", "list", "one", "add", "put", "drop", "give"]))
    route = ROUTES[name]
    values = {each: draw(st.sampled_from(["1", "2"])) for each in ("id", "ownerId") if each in route.path}
    values = {each: text for each, text in values.items() if f"{{{each}}}" in route.path}
    headers = [("accept", draw(st.sampled_from(["*/*", "application/xml"])))]
    body = b""
    if name in {"add", "put", "give"}:
        headers.append(("content-type", "application/json"))
        body = draw(st.sampled_from([b'{"id":2,"name":"Rex"}', b'{"id":3,"name":"Ada"}']))
    if draw(st.booleans()):
        headers.append(("prefer", draw(st.sampled_from(["seed=a", "dynamic=true"]))))
    path = route.path
    for each, text in values.items():
        path = path.replace(f"{{{each}}}", text)
    raw = RawRequest(
        method=route.method.value,
        path=path,
        path_values=values,
        query=draw(st.sampled_from(["", "limit=2", "limit=2&offset=2"])) if name in {"list", "owned"} else "",
        headers=tuple(headers),
        body=body,
        base_url=draw(st.sampled_from(["http://a.test", "http://b.test"])),
    )
    return name, raw, draw(st.sampled_from(["", "a"]))


@given(st.lists(calls(), max_size=20))
def test_remembered_answers_are_not_seen(asked: list[tuple[str, RawRequest, str]]) -> None:
    """Every call gets the reply, and makes the changes, that it would without a memory, at any time."""
    plain, remembering, forgetful = (
        StandIn(contract=CONTRACT, generator=GENERATOR, options=OPTIONS, bodies=BodyMemory(room))
        for room in (0, 4_000_000, 20_000)
    )
    state = State()

    for name, raw, seed in [*asked, *asked]:
        snapshot = replace(state, seed=seed).snapshot("default", 0.0)
        expected = plain.respond(ROUTES[name], raw, snapshot)

        assert isinstance(expected, Outcome)
        assert remembering.respond(ROUTES[name], raw, snapshot) == expected
        assert forgetful.respond(ROUTES[name], raw, snapshot) == expected
        state = apply_all(state, expected.changes, {})
