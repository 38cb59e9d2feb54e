"""Long bodies are read and checked beside the loop, and nobody else waits for that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import orjson
import pytest
from tests.server.conftest import PETS, Sent, asking, calling, entry_of

from locum.aside import LIGHT, one_at_a_time
from locum.behaviour import Outcome, RawRequest
from locum.behaviour.stand_in import StandIn
from locum.contract import Route
from locum.generation import Generator
from locum.server import build_app
from locum.settings import Settings

Result = TypeVar("Result")
LONG = orjson.dumps({"id": 1, "name": "a" * LIGHT})
JSON = "application/json"
KEYED = PETS.replace("operationId: addPet", "operationId: addPet\n      security: [{key: []}]").replace(
    "components:\n", "components:\n  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}\n"
)


class Held:
    """A place beside the loop where work begins when it may."""

    def __init__(self) -> None:
        self.has_come, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.usual = one_at_a_time()

    async def __call__(self, work: Callable[[], Result], /) -> Result:
        """Do *work* later."""
        self.has_come.set()
        await self.may_go_on.wait()
        return await self.usual(work)


def test_others_are_served_while_a_long_body_is_read() -> None:
    """What comes later and is short is answered first; a short body waits for no long one."""

    async def both() -> tuple[Sent, Sent, Sent]:
        held = Held()
        app = build_app([entry_of(PETS)], Settings(), aside=held)
        long = asyncio.create_task(asking(app, "POST", "/pets", LONG, content_type=JSON))
        await held.has_come.wait()
        first = await asking(app, "GET", "/pets")
        short = await asking(app, "POST", "/pets", b'{"id": 2, "name": "b"}', content_type=JSON)
        assert not long.done()
        held.may_go_on.set()
        return first, short, await long

    first, short, long = asyncio.run(both())

    assert (first.status, short.status, long.status) == (200, 201, 201)
    assert long.json()["name"] == "a" * LIGHT


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (LONG, 201),
        (LONG.replace(b'"id":1', b'"id":"x"'), 422),
        (LONG[:-1], 400),
        (LONG.replace(b'"id":1,', b""), 422),
    ],
)
def test_a_long_body_is_answered_as_a_short_one(body: bytes, status: int) -> None:
    """Reply, violations and journal are the same, wherever the body was looked into."""
    stand_in, route = standing_in(PETS)
    raw = RawRequest(method="POST", path="/pets", headers=(("content-type", JSON),), body=body)
    usual = stand_in.respond(route, raw)
    ahead = stand_in.respond(route, stand_in.plan(route).checker.read_ahead(raw))
    served = calling(entry_of(PETS))("POST", "/pets", body=body, content_type=JSON)

    assert isinstance(usual, Outcome)
    assert ahead == usual
    assert (served.status, usual.reply.status) == (status, status)


def test_what_was_found_ahead_speaks_of_one_operation_alone() -> None:
    """Another operation looks into the body for itself."""
    stand_in, route = standing_in(PETS)
    other, same = standing_in(PETS.replace("minLength: 1", "maxLength: 1"))
    raw = RawRequest(method="POST", path="/pets", headers=(("content-type", JSON),), body=LONG)
    ahead = stand_in.plan(route).checker.read_ahead(raw)

    assert other.respond(same, ahead) == other.respond(same, raw)


def test_nothing_is_read_for_those_without_credentials() -> None:
    """Who may not call is told so before anybody looks into what he sends."""

    def aside(work: Callable[[], Result], /) -> Awaitable[Result]:
        raise AssertionError(work)

    app = build_app([entry_of(KEYED)], Settings(), aside=aside)
    sent = asyncio.run(asking(app, "POST", "/pets", LONG, content_type=JSON))

    assert sent.status == 401


def standing_in(document: str) -> tuple[StandIn, Route]:
    """Return a stand-in for *document*, and the operation that adds a pet."""
    entry = entry_of(document)
    stand_in = StandIn(contract=entry.contract, generator=Generator(), fixtures=entry.fixtures)
    return stand_in, next(each for each in entry.contract.routes if each.operation_id == "addPet")
