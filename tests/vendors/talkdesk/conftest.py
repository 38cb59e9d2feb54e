"""Talkdesk, asked without a socket with one of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.vendors.conftest import Caller

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
class Page:
    """What came back, as a page of records."""

    status: int
    body: Json
    headers: Json

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
    """Asks as *caller*, and follows the links of lists."""

    caller: Caller
    #: Lists that were crawled already, by whom and when.
    crawled: dict[object, list[Json]] = field(default_factory=dict)

    @property
    def seed(self) -> str:
        """The seed of the session."""
        return self.caller.seed

    @property
    def now(self) -> datetime:
        """The time of the session."""
        return self.caller.now

    def send(self, query: str) -> Page:
        """Return what a raw query is answered."""
        heard = self.caller.get(PATH, query)
        return Page(status=heard.status, body=heard.body, headers=heard.headers)

    def get(self, **query: str | int) -> Page:
        """Return what a query, given by name, is answered."""
        return self.send(urlencode(query, quote_via=quote))

    def pages(self, **query: str | int) -> Iterator[Page]:
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
        session = (self.caller.authorization, self.seed, self.now)
        if session not in self.crawled:
            self.crawled[session] = self.crawl()
        return self.crawled[session]


def asked_by(address: str) -> dict[str, str]:
    """Return the query of an address by name."""
    return {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask(caller_of: Callable[[str], Caller]) -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""
    crawled: dict[object, list[Json]] = {}

    def client(token: str | None = OWN, **session: Json) -> Client:
        authorization = f"Bearer {token}" if token else ""
        caller = replace(caller_of("talkdesk"), authorization=authorization, base_url=BASE, **session)
        return Client(caller=caller, crawled=crawled)

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
