"""The shop of the property test, played in a session that remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import orjson
import pytest

from locum.behaviour import Fixtures, Options, Outcome, RawRequest, StandIn
from locum.behaviour.changes import apply_all
from locum.behaviour.session import State
from locum.contract import Contract, read_contract
from locum.generation import Generator
from locum.server.routing import Router

Json: TypeAlias = Any
SHOP = Path(__file__).parents[2] / "properties" / "resources" / "shop.yaml"
GENERATOR = Generator()
BASE = "http://shop.test"


@dataclass
class Client:
    """Sends requests to a stand-in in one session, one after the other."""

    contract: Contract
    fixtures: Fixtures = field(default_factory=Fixtures)
    options: Options = field(default_factory=lambda: Options(stateful=True))
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        self.stand_in = StandIn(
            contract=self.contract, generator=GENERATOR, fixtures=self.fixtures, options=self.options
        )
        self.router = Router(self.contract.routes)

    def send(
        self, method: str, target: str, body: Json = None, headers: Mapping[str, str] | None = None
    ) -> Outcome:
        """Return the outcome of a request, its changes made."""
        kinds = {} if body is None else {"content-type": "application/json"}
        sent = b"" if body is None else orjson.dumps(body)
        return self.send_bytes(method, target, sent, {**kinds, **(headers or {})})

    def send_bytes(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Return the outcome of a request with these very bytes, its changes made."""
        outcome = self.answered(method, target, body, headers)
        first = {self.contract.name: self.fixtures.records}
        self.state = apply_all(self.state, outcome.changes, first)
        return outcome

    def answered(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Return the outcome of a request; its changes are not made."""
        found = self.router.match(urlsplit(target).path, method)
        assert found is not None
        raw = RawRequest(
            method=method,
            path=urlsplit(target).path,
            path_values=found.values,
            query=urlsplit(target).query,
            headers=tuple(headers.items()),
            body=body,
            base_url=BASE,
        )
        outcome = self.stand_in.respond(found.routes[method], raw, self.state.snapshot("default", 0.0))
        assert isinstance(outcome, Outcome)
        return outcome

    def status(self, method: str, target: str, body: Json = None) -> int:
        """Return the status of an answer."""
        return self.send(method, target, body).reply.status

    def body(
        self, method: str, target: str, body: Json = None, headers: Mapping[str, str] | None = None
    ) -> Json:
        """Return the JSON body of an answer."""
        return orjson.loads(self.send(method, target, body, headers).reply.body)


def read(paths: Json, name: str = "api", **members: Json) -> Contract:
    """Return the contract of a document made of *paths*."""
    document = {"openapi": "3.1.0", "info": {"title": name, "version": "1"}, "paths": paths, **members}
    return read_contract("/api.json", {"/api.json": orjson.dumps(document)}.__getitem__, name=name)


@pytest.fixture
def shop() -> Client:
    """Return a client of the shop, in an untouched session."""
    content = {str(SHOP): SHOP.read_bytes()}
    return Client(read_contract(str(SHOP), content.__getitem__, name="shop"))


@pytest.fixture
def played() -> Callable[..., Client]:
    """Return the function that plays a document made of *paths*."""

    def play(paths: Json, *, fixtures: Fixtures | None = None, **members: Json) -> Client:
        return Client(read(paths, **members), fixtures=fixtures or Fixtures())

    return play


@pytest.fixture
def corrected() -> Callable[..., Client]:
    """Return the function that plays the shop with *fixtures* beside it."""

    def play(fixtures: Fixtures) -> Client:
        content = {str(SHOP): SHOP.read_bytes()}
        return Client(read_contract(str(SHOP), content.__getitem__, name="shop"), fixtures=fixtures)

    return play
