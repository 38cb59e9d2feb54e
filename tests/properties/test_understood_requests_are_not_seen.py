"""A stand-in that remembers requests decides as one without a memory, whoever asks, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from locum.behaviour import Fixtures, Outcome, RawRequest, StandIn
from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.expressions import compile_expression
from locum.behaviour.model import Cause, Credential, CredentialStatus, RefusalRule
from locum.behaviour.requirements import REQUEST_SCOPE, Requirement
from locum.behaviour.session import Snapshot
from locum.behaviour.world import DEFAULT_INSTANT
from locum.contract import read_contract
from locum.contract.model import Operation, Route
from locum.generation import Generator


def _parameter(name: str, place: str, **schema: object) -> dict[str, object]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": "integer", **schema}}


OLD = {**_parameter("old", "query"), "deprecated": True}
SHARED = [_parameter("size", "query", maximum=2), _parameter("X-Page", "header"), _parameter("lot", "cookie")]
PET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "size": {}}}
ANSWERS = {
    "200": {
        "description": "",
        "content": {each: {"schema": PET} for each in ("application/json", "text/xml")},
    },
    "422": {"description": ""},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "components": {
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "key"},
            "token": {"type": "http", "scheme": "bearer"},
        }
    },
    "paths": {
        "/pets": {
            "parameters": SHARED,
            "get": {
                "operationId": "any",
                "parameters": [OLD],
                "security": [{"key": []}, {"token": []}],
                "responses": ANSWERS,
            },
        },
        "/pets/{id}": {
            "parameters": [_parameter("id", "path"), *SHARED],
            "get": {"operationId": "one", "responses": ANSWERS},
        },
        "/later": {"parameters": SHARED, "get": {"operationId": "later", "responses": ANSWERS}},
        "/shops/{name}": {
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "shop", "responses": ANSWERS},
        },
    },
}
CONTRACT = read_contract("/pets.json", {"/pets.json": orjson.dumps(DOCUMENT)}.__getitem__, name="pets")
ROUTES = {route.operation_id: route for route in CONTRACT.routes}
GENERATOR = Generator()
#: One operation is refused until a moment that only the session's clock knows.
LATER = Requirement(
    id="later",
    promise="It is late enough",
    operations=frozenset({"later"}),
    expression=compile_expression(f"now > {DEFAULT_INSTANT.timestamp()}", REQUEST_SCOPE),
)


def _requirements(operation: Operation) -> tuple[Requirement, ...]:
    return (LATER,) if operation.operation_id == "later" else ()


FIXTURES = Fixtures(
    credentials=(
        Credential(id="a", scheme="key", secret="a"),
        Credential(id="b", scheme="token", secret="b"),
        Credential(id="c", scheme="token", secret="c", status=CredentialStatus.EXPIRED),
    ),
    refusals=(
        RefusalRule(
            causes=frozenset({Cause.INVALID_PARAMETER}), when={"strict": True}, body={"no": "$detail"}
        ),
    ),
    settings={"strict": False},
    requirements=_requirements,
)
#: What a call is made of, and its choices; an empty header is not sent.
PARTS: dict[str, Sequence[Any]] = {
    "operation": sorted(ROUTES),
    "id": ["1", "2", "x"],
    "name": ["a", "b"],
    "method": ["GET", "HEAD"],
    "query": ["key=a", "key=a&size=1", "key=a&size=3", "key=a&size=1&old=1", "key=b", "size=1", ""],
    "accept": ["", "*/*", "text/xml", "text/plain"],
    "authorization": ["", "Bearer b", "Bearer c", "Basic b"],
    "x-page": ["", "1", "one"],
    "cookie": ["", "lot=1", "lot=x"],
    "prefer": ["", "code=422", "dynamic=true", "seed=a"],
    "body": ["", "said"],
    "base_url": ["http://a.test", "http://b.test"],
    "seconds": [1, -1],
    "seed": ["", "a"],
    "strict": [False, True],
}
HEADERS = ("accept", "authorization", "x-page", "cookie", "prefer")


@st.composite
def walks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Make calls of which each differs from the one before in one part."""
    parts = {name: choices[0] for name, choices in PARTS.items()}
    parts["operation"] = draw(st.sampled_from(sorted(ROUTES)))
    steps = draw(st.lists(st.sampled_from(sorted(PARTS)), min_size=5, max_size=20))
    walked = [parts]
    for name in steps:
        parts = parts | {name: draw(st.sampled_from(PARTS[name]))}
        walked.append(parts)
    return walked


def call(parts: dict[str, Any]) -> tuple[Route, RawRequest, Snapshot]:
    """Return the call that is made of *parts*."""
    route = ROUTES[parts["operation"]]
    values = {name: parts[name] for name in ("id", "name") if f"{{{name}}}" in route.path}
    raw = RawRequest(
        method=parts["method"],
        path=route.path.format_map(values),
        path_values=values,
        query=parts["query"],
        headers=tuple((name, parts[name]) for name in HEADERS if parts[name]),
        body=parts["body"].encode(),
        base_url=parts["base_url"],
    )
    snapshot = Snapshot(
        now=DEFAULT_INSTANT + timedelta(seconds=parts["seconds"]),
        seed=parts["seed"],
        settings={"pets": {"strict": parts["strict"]}},
    )
    return route, raw, snapshot


@given(walks())
def test_understood_requests_are_not_seen(walked: list[dict[str, Any]]) -> None:
    """With much room, with little, and with none, every call of a sequence has the same outcome."""
    plain, remembering, forgetful = (
        StandIn(contract=CONTRACT, generator=GENERATOR, fixtures=FIXTURES, requests=BodyMemory(room))
        for room in (0, 4_000_000, 50_000)
    )

    for route, raw, snapshot in map(call, [*walked, *walked]):
        expected = plain.respond(route, raw, snapshot)

        assert isinstance(expected, Outcome)
        assert remembering.respond(route, raw, snapshot) == expected
        assert forgetful.respond(route, raw, snapshot) == expected
