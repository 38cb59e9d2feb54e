"""The built-in contract with its handlers and records, asked without a socket under any seed and clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

import orjson
import pytest

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.behaviour.session import Snapshot
from locum.catalog import attach_handlers, installed_handlers, load
from locum.generation import Generator

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

OWN = "usage-key-of-fjordlight"
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks with one key, in a session with *seed* and *now*, and settings and records of its own."""

    stand_in: StandIn
    key: str = OWN
    seed: str = "0"
    now: datetime = NOON
    settings: Mapping[str, Json] = field(default_factory=dict)
    records: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)

    def get(self, query: str) -> tuple[int, Json]:
        """Return status and body of the summary that *query* asks for."""
        (route,) = self.stand_in.contract.routes
        raw = RawRequest(method="GET", path=route.path, query=query, headers=(("authorization", self.key),))
        snapshot = Snapshot(
            seed=self.seed,
            now=self.now,
            settings={"senet": self.settings},
            records={"senet": self.records},
        )
        reply = cast("Outcome", self.stand_in.respond(route, raw, snapshot)).reply
        return reply.status, orjson.loads(reply.body)

    def month(self, eui: str, year: int, month: int) -> tuple[int, Json]:
        """Return status and body of the summary of a month; *eui* may be its last two digits."""
        whole = eui if len(eui) > 2 else f"00005EEF100000{eui}"
        return self.get(f"eui={whole}&year={year}&month={month}")


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""
    (entry,), warnings = attach_handlers([load("senet")], installed_handlers(["senet"]))
    assert warnings == ()

    def raise_error(_request: object, error: Exception) -> None:
        raise error

    stand_in = StandIn(
        contract=entry.contract,
        generator=Generator(),
        fixtures=entry.fixtures,
        handlers=entry.handlers,
        on_failure=raise_error,
    )

    def client(key: str = OWN, **session: Json) -> Client:
        return Client(stand_in=stand_in, key=key, **session)

    return client


@pytest.fixture
def client(ask: Ask) -> Client:
    """Return a client in the session that everybody starts with."""
    return ask()
