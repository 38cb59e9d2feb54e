"""The built-in contract with its handlers and records, asked without a socket under any seed and clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from urllib.parse import unquote

import orjson
import pytest

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.behaviour.session import Snapshot
from locum.catalog import attach_handlers, installed_handlers, load
from locum.generation import Generator

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

OWN = "api-key-of-fjordlight"
LIMITED = "tag-limited-api-key-of-fjordlight"
FOREIGN = "api-key-of-quarry"
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)

#: Seeds and clocks: the second of a record, an ordinary day, the first second of a month.
SESSIONS = (
    ("0", datetime(2020, 1, 30, 8, 4, 14, tzinfo=UTC)),
    ("0", NOON),
    ("7", NOON),
    ("a seed in words", NOON),
    ("7", datetime(2024, 3, 1, 0, 0, 0, tzinfo=UTC)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back, the body read as JSON."""

    status: int
    body: Json
    headers: Mapping[str, str]

    @property
    def usage(self) -> list[Json]:
        """The records of a page, which must have come."""
        assert self.status == 200, self.body
        return cast("list[Json]", self.body["usage"])

    @property
    def next_page(self) -> str | None:
        """The token of the next page, if there is one."""
        return cast("str | None", self.body["pagination"].get("next_page"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Sends requests as one key, in a session with *seed* and *now*, and settings and records of its own."""

    stand_in: StandIn
    seed: str = "0"
    now: datetime = NOON
    key: str = f"Bearer {OWN}"
    settings: Mapping[str, Json] = field(default_factory=dict)
    records: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    #: Lists that were crawled already, by whom and when.
    crawled: dict[object, list[Json]] = field(default_factory=dict)

    def whole(self) -> list[Json]:
        """Return all records the key may read, crawled once for all tests."""
        session = (self.key, self.seed, self.now)
        if session not in self.crawled:
            self.crawled[session] = self.crawl()
        return self.crawled[session]

    def get(self, path: str, query: str = "") -> Heard:
        """Return what `GET path?query` answers."""
        raw = RawRequest(
            method="GET",
            path=path,
            path_values=_path_values(path),
            query=query,
            headers=(("authorization", self.key),),
        )
        snapshot = Snapshot(
            seed=self.seed,
            now=self.now,
            settings={"onomondo": self.settings},
            records={"onomondo": self.records},
        )
        route = next(each for each in self.stand_in.contract.routes if each.path == _template(path))
        reply = cast("Outcome", self.stand_in.respond(route, raw, snapshot)).reply
        headers = {name.lower(): text for name, text in reply.headers}
        return Heard(status=reply.status, body=orjson.loads(reply.body), headers=headers)

    def pages(self, path: str, query: str = "", limit: int = 1000) -> Iterator[Heard]:
        """Yield the pages of a list, following its tokens with the same filters."""
        asked = "&".join(each for each in (f"limit={limit}", query) if each)
        page = self.get(path, asked)
        yield page
        while page.next_page:
            page = self.get(path, f"{asked}&next_page={page.next_page}")
            yield page

    def crawl(self, path: str = "/usage", query: str = "", limit: int = 1000) -> list[Json]:
        """Return all records of a list."""
        return [record for page in self.pages(path, query, limit) for record in page.usage]


def _path_values(path: str) -> dict[str, str]:
    *_, above, last = path.split("/")
    if above == "usage":
        return {"sim_id": unquote(last)}
    return {"tag_id": unquote(last)} if above == "tag-total" else {}


def _template(path: str) -> str:
    return {0: "/usage", 1: "/usage/{sim_id}", 2: "/usage/tag-total/{tag_id}"}[path.count("/") - 1]


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""
    (entry,), warnings = attach_handlers([load("onomondo")], installed_handlers(["onomondo"]))
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

    crawled: dict[object, list[Json]] = {}

    def client(key: str = OWN, **session: Json) -> Client:
        return Client(stand_in=stand_in, key=f"Bearer {key}", crawled=crawled, **session)

    return client


@pytest.fixture
def client(ask: Ask) -> Client:
    """Return a client in the session that everybody starts with."""
    return ask()


@pytest.fixture(params=SESSIONS, ids=lambda session: f"{session[0]}, {session[1]:%Y-%m}")
def anywhere(request: pytest.FixtureRequest, ask: Ask) -> Client:
    """Return a client under each of the seeds and clocks."""
    seed, now = request.param
    return ask(seed=seed, now=now)
