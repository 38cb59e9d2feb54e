"""The built-in contract with its handlers and records, asked without a socket under any seed and clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import orjson
import pytest

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.behaviour.session import Snapshot
from locum.catalog import attach_handlers, installed_handlers, load
from locum.generation import Generator

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

OWN = "access-token-of-fjordlight"
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)
BASE = "https://billing.example.test/talkdesk"
PATH = "/express/usage/month"

#: Seeds and clocks: the first second of the API, an ordinary day, a first of a month, far ahead.
SESSIONS = (
    ("0", datetime(2024, 1, 31, tzinfo=UTC)),
    ("0", NOON),
    ("7", NOON),
    ("a seed in words", NOON),
    ("7", datetime(2024, 3, 1, tzinfo=UTC)),
    ("0", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
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
        return cast("list[Json]", self.body["_embedded"]["usage"])

    def href(self, relation: str) -> str | None:
        """Return where a link leads, `None` without that link."""
        link = self.body["_links"].get(relation)
        return None if link is None else cast("str", link["href"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Sends requests with one token, in a session with *seed*, *now*, settings and records of its own."""

    stand_in: StandIn
    seed: str = "0"
    now: datetime = NOON
    token: str | None = OWN
    settings: Mapping[str, Json] = field(default_factory=dict)
    records: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    #: Lists that were crawled already, by whom and when.
    crawled: dict[object, list[Json]] = field(default_factory=dict)

    def send(self, query: str) -> Heard:
        """Return what a raw query is answered."""
        authorization = (("authorization", f"Bearer {self.token}"),) if self.token else ()
        raw = RawRequest(method="GET", path=PATH, query=query, headers=authorization, base_url=BASE)
        snapshot = Snapshot(
            seed=self.seed,
            now=self.now,
            settings={"talkdesk": self.settings},
            records={"talkdesk": self.records},
        )
        (route,) = self.stand_in.contract.routes
        reply = cast("Outcome", self.stand_in.respond(route, raw, snapshot)).reply
        headers = {name.lower(): text for name, text in reply.headers}
        return Heard(status=reply.status, body=orjson.loads(reply.body), headers=headers)

    def get(self, **query: str | int) -> Heard:
        """Return what a query, given by name, is answered."""
        return self.send(urlencode(query, quote_via=quote))

    def pages(self, **query: str | int) -> Iterator[Heard]:
        """Yield the pages of a list, following `next` until there is none."""
        page = self.get(**query)
        yield page
        while address := page.href("next"):
            page = self.send(urlsplit(address).query)
            yield page

    def crawl(self, **query: str | int) -> list[Json]:
        """Return all records of a list."""
        return [record for page in self.pages(**({"per_page": 250} | query)) for record in page.usage]

    def whole(self) -> list[Json]:
        """Return all records the token opens, crawled once for all tests."""
        session = (self.token, self.seed, self.now)
        if session not in self.crawled:
            self.crawled[session] = self.crawl()
        return self.crawled[session]


def asked_by(address: str) -> dict[str, str]:
    """Return the query of an address by name."""
    return {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""
    (entry,), warnings = attach_handlers([load("talkdesk")], installed_handlers(["talkdesk"]))
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

    def client(token: str | None = OWN, **session: Json) -> Client:
        return Client(stand_in=stand_in, token=token, crawled=crawled, **session)

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
