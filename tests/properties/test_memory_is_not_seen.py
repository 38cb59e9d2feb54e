"""A stand-in that remembers bodies sends what one without a memory sends, in whatever order it is asked."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.session import Snapshot
from locum.contract import read_contract
from locum.contract.model import Route
from locum.generation import Generator

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "size": {"type": "integer"}},
}
ANSWER = {
    "description": "",
    "content": {each: {"schema": PET} for each in ("application/json", "application/xml")},
}
SIZE = {"name": "size", "in": "query", "schema": {"type": "integer"}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
BODY = {
    "content": {each: {"schema": PET} for each in ("application/json", "application/x-www-form-urlencoded")}
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "parameters": [SIZE],
            "get": {"operationId": "any", "responses": {"200": ANSWER}},
            "post": {"operationId": "add", "requestBody": BODY, "responses": {"201": ANSWER}},
        },
        "/pets/{id}": {
            "parameters": [ID, SIZE],
            "get": {"operationId": "one", "responses": {"200": ANSWER}},
            "put": {"operationId": "put", "requestBody": BODY, "responses": {"200": ANSWER}},
        },
    },
}
CONTRACT = read_contract("/pets.json", {"/pets.json": orjson.dumps(DOCUMENT)}.__getitem__, name="pets")
ROUTES = {route.operation_id: route for route in CONTRACT.routes}
GENERATOR = Generator()
SEEDS = st.sampled_from(["", "a", "b"])


@st.composite
def calls(draw: st.DrawFn) -> tuple[Route, RawRequest, Snapshot]:
    """Make one call out of few different parts, so that many agree in all but one."""
    route = ROUTES[draw(st.sampled_from(sorted(ROUTES)))]
    values = {"id": draw(st.sampled_from(["1", "2"]))} if "{" in route.path else {}
    headers = [("accept", draw(st.sampled_from(["*/*", "application/json", "application/xml"])))]
    body = b""
    if route.operation_id in {"add", "put"}:
        headers.append(
            ("content-type", draw(st.sampled_from(["application/json", "application/x-www-form-urlencoded"])))
        )
        body = draw(
            st.sampled_from([b'{"id":3,"name":"Rex"}', b"id=3&name=Rex", b'{"id":3,"name":"Ada"}', b""])
        )
    if seed := draw(SEEDS):
        headers.append(("prefer", f"seed={seed}"))
    raw = RawRequest(
        method=route.method.value,
        path=route.path.replace("{id}", values.get("id", "")),
        path_values=values,
        query=draw(st.sampled_from(["", "size=1", "size=2", "size=1&x=1"])),
        headers=tuple(headers),
        body=body,
    )
    return route, raw, Snapshot(seed=draw(SEEDS))


@given(st.lists(calls(), max_size=30))
def test_a_memory_is_not_seen(asked: list[tuple[Route, RawRequest, Snapshot]]) -> None:
    """With much room, with little, and with none, every call of a sequence gets the same reply."""
    plain, remembering, forgetful = (
        StandIn(contract=CONTRACT, generator=GENERATOR, bodies=BodyMemory(room))
        for room in (0, 4_000_000, 20_000)
    )

    for route, raw, snapshot in [*asked, *asked]:
        expected = plain.respond(route, raw, snapshot)

        assert isinstance(expected, Outcome)
        assert remembering.respond(route, raw, snapshot) == expected
        assert forgetful.respond(route, raw, snapshot) == expected
