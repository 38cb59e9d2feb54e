"""The four built-in contracts with handlers and promises, asked without a socket under any seed and clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
from locum.server.routing import Router

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
class Heard:
    """What came back, the body read as JSON, header names in lower case."""

    status: int
    body: Json
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Sends requests to one contract with one `Authorization`, in a session of its own."""

    entry: Entry
    stand_in: StandIn
    router: Router
    #: The header as it is sent; nothing is sent when it is empty.
    authorization: str = ""
    seed: str = "0"
    now: datetime = NOON
    settings: Mapping[str, Json] = field(default_factory=dict)
    records: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    base_url: str = "https://stand-in.example.test"

    def get(self, path: str, query: str = "") -> Heard:
        """Return what `GET path?query` answers."""
        match = self.router.match(path, "GET")
        assert match is not None, path
        raw = RawRequest(
            method="GET",
            path=path,
            path_values=match.values,
            query=query,
            headers=(("authorization", self.authorization),) if self.authorization else (),
            base_url=self.base_url,
        )
        snapshot = Snapshot(
            seed=self.seed,
            now=self.now,
            settings={self.entry.name: self.settings},
            records={self.entry.name: self.records},
        )
        reply = cast("Outcome", self.stand_in.respond(match.routes["GET"], raw, snapshot)).reply
        headers = {name.lower(): text for name, text in reply.headers}
        return Heard(status=reply.status, body=orjson.loads(reply.body), headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Sends calls to one contract; a call that names no credential is sent with that of *persona*.

    What was heard is remembered in *told*, by credential, path and query: relations crawl the same lists.
    """

    caller: Caller
    promises: Promises
    persona: str
    values: tuple[tuple[str, str], ...] = ()
    told: dict[tuple[str, str, str], Heard] = field(default_factory=dict)

    @property
    def entry(self) -> Entry:
        """The contract that is asked."""
        return self.caller.entry

    @property
    def now(self) -> datetime:
        """The time of the session."""
        return self.caller.now

    def __call__(self, call: Call) -> Exchange:
        """Return what *call* is answered."""
        routes = self.entry.contract.routes
        (path,) = (each.path for each in routes if each.operation_id == call.operation)
        for name, text in call.path.items():
            path = path.replace(f"{{{name}}}", text)
        name = self.persona if call.credential is None else call.credential
        asked = (name, path, call.query)
        if asked not in self.told:
            caller = replace(self.caller, authorization=self._authorization(name))
            self.told[asked] = caller.get(path, call.query)
        heard = self.told[asked]
        return Exchange(call=call, status=heard.status, body=heard.body, headers=heard.headers, now=self.now)

    def at(self, seed: str, now: datetime) -> Asked:
        """Return this contract asked in another session."""
        promises = _promises(self.entry.name, self.values, now)
        return replace(self, caller=replace(self.caller, seed=seed, now=now), promises=promises, told={})

    def played_by(self, persona: str, values: Mapping[str, str]) -> Asked:
        """Return this contract asked by somebody else, who puts *values* in place of those of the sheet."""
        own = tuple(values.items())
        return replace(self, persona=persona, values=own, promises=_promises(self.entry.name, own, self.now))

    def _authorization(self, name: str) -> str:
        if not name:
            return ""
        (secret,) = (each.secret for each in self.entry.fixtures.credentials if each.id == name)
        return secret if self.entry.name == "senet" else f"Bearer {secret}"


@cache
def _caller(name: str) -> Caller:
    (entry,), warnings = attach_handlers([load(name)], installed_handlers([name]))
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
    return Caller(entry=entry, stand_in=stand_in, router=Router(entry.contract.routes))


@cache
def _promises(name: str, values: tuple[tuple[str, str], ...], now: datetime) -> Promises:
    folder, routes = built_in()[name].fixtures, _caller(name).entry.contract.routes
    assert folder is not None
    return load_promises(folder, [route.operation_id for route in routes], dict(values), now)


@cache
def _asked(name: str) -> Asked:
    caller = _caller(name)
    return Asked(caller=caller, promises=_promises(name, (), NOON), persona=OPENING[name])


@pytest.fixture(scope="session")
def caller_of() -> Callable[[str], Caller]:
    """Return the function that gives a caller of a contract; what its world has built is shared."""
    return _caller


@pytest.fixture(scope="session")
def asked_of() -> Callable[[str], Asked]:
    """Return the function that gives a contract to ask; what its worlds have built is shared."""
    return _asked


@pytest.fixture(params=CONTRACTS)
def asked(request: pytest.FixtureRequest) -> Asked:
    """Return each contract, to be asked in the session that everybody starts with."""
    return _asked(cast("str", request.param))
