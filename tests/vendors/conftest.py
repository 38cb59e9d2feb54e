"""The four built-in contracts with their promises, asked without a socket under any seed and clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeAlias, cast

import orjson
import pytest

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.behaviour.exchanges import Call, Exchange
from locum.behaviour.session import Snapshot
from locum.catalog import Entry, attach_handlers, built_in, installed_handlers, load
from locum.catalog.invariants import Promises, load_promises
from locum.generation import Generator

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

CONTRACTS: Final = ("onomondo", "saas-billing", "senet", "talkdesk")
NOON: Final = datetime(2024, 2, 15, 12, tzinfo=UTC)
#: What opens each API where a call does not say.
OPENING: Final[Mapping[str, str]] = {
    "onomondo": "full-key",
    "saas-billing": "admin-session",
    "senet": "own-usage-key",
    "talkdesk": "scoped-token",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Sends calls to one contract, in a session with *seed* and *now*."""

    entry: Entry
    stand_in: StandIn
    promises: Promises
    seed: str = "0"
    now: datetime = NOON

    def __call__(self, call: Call) -> Exchange:
        """Return what *call* is answered."""
        (route,) = (each for each in self.entry.contract.routes if _name(each) == call.operation)
        path = route.path
        for name, text in call.path.items():
            path = path.replace(f"{{{name}}}", text)
        raw = RawRequest(
            method="GET",
            path=path,
            path_values=call.path,
            query=call.query,
            headers=self._headers(call),
            base_url="https://stand-in.example.test",
        )
        snapshot = Snapshot(seed=self.seed, now=self.now)
        reply = cast("Outcome", self.stand_in.respond(route, raw, snapshot)).reply
        return Exchange(
            call=call,
            status=reply.status,
            body=orjson.loads(reply.body),
            headers={name.lower(): text for name, text in reply.headers},
            now=self.now,
        )

    def at(self, seed: str, now: datetime) -> Asked:
        """Return this contract asked in another session."""
        return replace(self, seed=seed, now=now)

    def _headers(self, call: Call) -> tuple[tuple[str, str], ...]:
        name = OPENING[self.entry.name] if call.credential is None else call.credential
        if not name:
            return ()
        (secret,) = (each.secret for each in self.entry.fixtures.credentials if each.id == name)
        word = "" if self.entry.name == "senet" else "Bearer "
        return (("authorization", f"{word}{secret}"),)


def _name(route: Json) -> str:
    return cast("str", route.operation_id)


@cache
def _asked(name: str) -> Asked:
    (entry,), warnings = attach_handlers([load(name)], installed_handlers([name]))
    assert warnings == ()
    folder = built_in()[name].fixtures
    assert folder is not None

    def raise_error(_request: object, error: Exception) -> None:
        raise error

    stand_in = StandIn(
        contract=entry.contract,
        generator=Generator(),
        fixtures=entry.fixtures,
        handlers=entry.handlers,
        on_failure=raise_error,
    )
    promises = load_promises(folder, [_name(route) for route in entry.contract.routes])
    return Asked(entry=entry, stand_in=stand_in, promises=promises)


@pytest.fixture(scope="session")
def asked_of() -> Callable[[str], Asked]:
    """Return the function that gives a contract to ask; what its worlds have built is shared."""
    return _asked


@pytest.fixture(params=CONTRACTS)
def asked(request: pytest.FixtureRequest) -> Asked:
    """Return each contract, to be asked in the session that everybody starts with."""
    return _asked(cast("str", request.param))
