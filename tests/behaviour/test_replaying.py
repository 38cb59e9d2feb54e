from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import Options, Outcome, RawRequest, Reply, StandIn
from locum.behaviour.faults import Delay, Fault
from locum.behaviour.recordings import Recording, index_recordings
from locum.behaviour.session import State
from locum.contract import read_contract
from locum.generation import Generator

Json: TypeAlias = Any

TEXT = {"type": "string"}
PERSON: Json = {
    "type": "object",
    "required": ["name", "code"],
    "properties": {"name": TEXT, "code": {"type": "string", "pattern": "^[a-z]{6}$"}, "team": TEXT},
}
MADE: Json = {
    **PERSON,
    "required": ["id", "name"],
    "properties": {**PERSON["properties"], "id": {"type": "integer"}},
}


@pytest.fixture
def ask() -> Callable[..., Json]:
    """Send a PATCH with a body to a stand-in that knows a partial recording, and return what comes back."""
    operation = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": PERSON}}},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": MADE}}}},
    }
    info = {"title": "People", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {"/people": {"patch": operation}}}
    contract = read_contract("people.json", lambda _: orjson.dumps(document))
    recording = Recording(
        name="george",
        method="PATCH",
        path="/people",
        body={"name": "George"},
        reply=Reply(status=200, body=b'{"name":"George","team":"Sales"}', media_type="application/json"),
        is_partial=True,
    )
    stand_in = StandIn(
        contract=contract,
        generator=Generator(),
        options=Options(),
        recordings=index_recordings([recording]),
    )

    def send(body: Json) -> Json:
        raw = RawRequest(
            method="PATCH",
            path="/people",
            headers=(("content-type", "application/json"),),
            body=orjson.dumps(body),
            base_url="http://people.test",
        )
        outcome = stand_in.respond(contract.routes[0], raw, State().snapshot("default", 0.0))
        assert isinstance(outcome, Outcome)
        assert outcome.violations == ()
        return orjson.loads(outcome.reply.body)

    return send


def test_a_partial_recording_is_given_for_whoever_says_as_much(ask: Callable[..., Json]) -> None:
    """What it does not speak of may be anything the document allows; other requests are answered as ever."""
    told = ask({"name": "George", "code": "abcdef", "team": "any"})

    assert (told["name"], told["team"]) == ("George", "Sales")
    assert ask({"name": "Ada", "code": "abcdef"}) != told


def test_a_partial_reply_is_completed(ask: Callable[..., Json]) -> None:
    """Members that an answer requires and the recording lacks are made up, and what it has is kept."""
    told = ask({"name": "George", "code": "abcdef"})

    assert told.keys() >= {"id", "name", "team"}
    assert isinstance(told["id"], int)


def test_a_recording_may_ask_for_headers_and_be_kept_back() -> None:
    """Who sends them gets it, after its delay, whatever the order; others get the one that asks for less."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "People", "version": "1"},
        "paths": {"/people": {"get": {"responses": {"200": {"description": ""}}}}},
    }
    contract = read_contract("people.json", lambda _: orjson.dumps(document))
    tenant = (("x-tenant", "acme"), ("accept", "(string)"))
    acme = Reply(status=200, body=b"acme", media_type="text/plain")
    anyone = Reply(status=200, body=b"anyone", media_type="text/plain")
    recordings = [
        Recording(name="acme", method="GET", path="/people", headers=tenant, reply=acme, delay_ms=250),
        Recording(name="anyone", method="GET", path="/people", reply=anyone),
    ]
    stand_in = StandIn(
        contract=contract,
        generator=Generator(),
        options=Options(),
        recordings=index_recordings(recordings),
    )

    def send(*headers: tuple[str, str]) -> tuple[bytes, Fault | None]:
        raw = RawRequest(method="GET", path="/people", headers=headers, base_url="http://people.test")
        outcome = stand_in.respond(contract.routes[0], raw, State().snapshot("default", 0.0))
        assert isinstance(outcome, Outcome)
        return outcome.reply.body, outcome.fault

    assert send(("x-tenant", "acme"), ("accept", "*/*")) == (b"acme", Fault(delay=Delay(median_ms=250)))
    assert send(("x-tenant", "other"), ("accept", "*/*")) == (b"anyone", None)
    assert send(("x-tenant", "acme")) == (b"anyone", None)


@pytest.mark.parametrize(
    ("query", "is_given"),
    [
        ("tag=a", True),
        ("tag=a&tag=b", True),
        ("tag=b&tag=a&size=1", True),
        ("tag=b&tag=c", False),
        ("", False),
    ],
)
def test_a_partial_recording_is_given_for_one_of_several_values(query: str, is_given: bool) -> None:  # noqa: FBT001
    """A name may be said more than once; what was recorded is one of its values."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "People", "version": "1"},
        "paths": {"/people": {"get": {"responses": {"200": {"description": ""}}}}},
    }
    contract = read_contract("people.json", lambda _: orjson.dumps(document))
    reply = Reply(status=200, body=b"recorded", media_type="text/plain")
    recording = Recording(
        name="a", method="GET", path="/people", query=(("tag", "a"),), reply=reply, is_partial=True
    )
    stand_in = StandIn(
        contract=contract,
        generator=Generator(),
        options=Options(),
        recordings=index_recordings([recording]),
    )
    raw = RawRequest(method="GET", path="/people", query=query, base_url="http://people.test")
    outcome = stand_in.respond(contract.routes[0], raw, State().snapshot("default", 0.0))

    assert isinstance(outcome, Outcome)
    assert (outcome.reply.body == b"recorded") is is_given
