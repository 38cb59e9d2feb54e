"""A small contract written out in each test, and a stand-in that plays it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import orjson
import pytest

from locum.behaviour import Fixtures, Options, Outcome, RawRequest, StandIn
from locum.behaviour.plans import Plan
from locum.contract import Contract, read_contract
from locum.contract.model import Route
from locum.generation import Generator

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Headers: TypeAlias = "Mapping[str, str] | tuple[tuple[str, str], ...]"


@dataclass(frozen=True)
class Stage:
    """A stand-in, and a short way to send to it."""

    stand_in: StandIn

    @property
    def contract(self) -> Contract:
        """The contract that is played."""
        return self.stand_in.contract

    def route(self, operation_id: str) -> Route:
        """Return the route of an operation."""
        return next(each for each in self.contract.routes if each.operation_id == operation_id)

    def plan(self, operation_id: str) -> Plan:
        """Return what is compiled for an operation."""
        return self.stand_in.plan(self.route(operation_id))

    def raw(self, operation_id: str, headers: Headers = (), **sent: Json) -> RawRequest:
        """Return a request to an operation; `{name}` of its path is filled in from *path_values*."""
        route = self.route(operation_id)
        path = route.path
        for name, text in sent.get("path_values", {}).items():
            path = path.replace(f"{{{name}}}", text)
        pairs = tuple(headers.items()) if isinstance(headers, Mapping) else headers
        return RawRequest(method=route.method.value, path=path, headers=pairs, **sent)

    def send(self, operation_id: str, headers: Headers = (), **sent: Json) -> Outcome:
        """Return the outcome of a request to an operation."""
        found = self.stand_in.respond(self.route(operation_id), self.raw(operation_id, headers, **sent))
        return cast("Outcome", found)

    def body(self, operation_id: str, headers: Headers = (), **sent: Json) -> Json:
        """Return the JSON body of an answer."""
        return orjson.loads(self.send(operation_id, headers, **sent).reply.body)


Play: TypeAlias = Callable[..., Stage]


@pytest.fixture(scope="session")
def generator() -> Generator:
    """Return one generator, whose pools are filled once."""
    return Generator()


@pytest.fixture
def play(generator: Generator) -> Play:
    """Return the function that plays a document made of *paths* and other members."""

    def played(
        paths: Mapping[str, Any],
        *,
        fixtures: Fixtures | None = None,
        handlers: Mapping[str, Callable[..., Any]] | None = None,
        options: Options | None = None,
        seed: int = 1,
        **members: Json,
    ) -> Stage:
        document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths} | members
        contract = read_contract("/api.json", {"/api.json": orjson.dumps(document)}.__getitem__, name="api")
        stand_in = StandIn(
            contract=contract,
            generator=generator,
            fixtures=fixtures or Fixtures(),
            seed=seed,
            handlers=handlers or {},
            options=options or Options(),
        )
        return Stage(stand_in)

    return played
