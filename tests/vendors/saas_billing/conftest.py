"""SaaS billing, asked without a socket as one of its users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest

if TYPE_CHECKING:
    from tests.vendors.conftest import Caller

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

ADMIN = "session-of-admin-at-fjordlight"
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


#: The clock at which the answer is that of the documentation.
PRESET = datetime(2024, 1, 27, 23, 8, 12, tzinfo=UTC)
SEEDS = ("0", "7", "a seed in words")
#: The preset, an ordinary day, the first second of a period, and its last one on a leap day.
CLOCKS = (
    PRESET,
    NOON,
    datetime(2024, 3, 1, 0, 0, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
)
PERSONAS = (
    *("session-of-admin-at-fjordlight", "session-at-75-percent", "session-at-75-01-percent"),
    *("session-at-90-percent", "session-at-90-01-percent", "session-at-100-percent"),
    *("session-at-118-25-percent", "session-without-usage", "session-with-nothing-included"),
    *("session-with-fractions", "session-with-huge-numbers", "session-in-yen", "session-in-dinar"),
    "session-of-a-newcomer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks as *caller*."""

    caller: Caller

    @property
    def now(self) -> datetime:
        """The time of the session."""
        return self.caller.now

    def get(self, query: str = "") -> tuple[int, Json]:
        """Return status and body of what *query* asks for."""
        heard = self.caller.get("/api/billing/usage", query)
        return heard.status, heard.body

    def usage(self, query: str = "") -> Json:
        """Return the usage that *query* asks for, which must have come."""
        status, body = self.get(query)
        assert (status, body["success"]) == (200, True), body
        return body["data"]

    def used(self, query: str = "") -> dict[str, Json]:
        """Return what was used, by metric."""
        return {name: metric["used"] for name, metric in self.usage(query)["metrics"].items()}

    def message(self, query: str) -> str:
        """Return what the refusal of *query* says, which must be 400."""
        status, body = self.get(query)
        assert (status, body["success"], body["error"]["code"]) == (400, False, "BAD_REQUEST"), body
        return cast("str", body["error"]["message"])


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask(caller_of: Callable[[str], Caller]) -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""

    def client(token: str = ADMIN, **session: Json) -> Client:
        return Client(caller=replace(caller_of("saas-billing"), authorization=f"Bearer {token}", **session))

    return client


@pytest.fixture
def client(ask: Ask) -> Client:
    """Return a client in the session that everybody starts with."""
    return ask()


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> str:
    """Return each of the seeds."""
    return cast("str", request.param)


@pytest.fixture(params=CLOCKS, ids=str)
def clock(request: pytest.FixtureRequest) -> datetime:
    """Return each of the clocks."""
    return cast("datetime", request.param)


@pytest.fixture(params=PERSONAS)
def anybody(request: pytest.FixtureRequest, seed: str, clock: datetime, ask: Ask) -> Client:
    """Return a client for each persona, under each seed and clock."""
    return ask(request.param, seed=seed, now=clock)
