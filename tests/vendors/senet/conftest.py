"""Senet, asked without a socket as one of its keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.vendors.conftest import Caller

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

OWN = "usage-key-of-fjordlight"
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks as *caller*."""

    caller: Caller

    @property
    def now(self) -> datetime:
        """The time of the session."""
        return self.caller.now

    def get(self, query: str) -> tuple[int, Json]:
        """Return status and body of the summary that *query* asks for."""
        heard = self.caller.get("/rest/integration/usage/summary", query)
        return heard.status, heard.body

    def month(self, eui: str, year: int, month: int) -> tuple[int, Json]:
        """Return status and body of the summary of a month; *eui* may be its last two digits."""
        whole = eui if len(eui) > 2 else f"00005EEF100000{eui}"
        return self.get(f"eui={whole}&year={year}&month={month}")


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask(caller_of: Callable[[str], Caller]) -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""

    def client(key: str = OWN, **session: Json) -> Client:
        return Client(caller=replace(caller_of("senet"), authorization=key, **session))

    return client


@pytest.fixture
def client(ask: Ask) -> Client:
    """Return a client in the session that everybody starts with."""
    return ask()
