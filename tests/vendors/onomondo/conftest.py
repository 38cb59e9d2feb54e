"""Onomondo, asked without a socket as one of its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest

if TYPE_CHECKING:
    from tests.vendors.conftest import Caller, Heard

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
class Page:
    """What came back, as a page of records."""

    status: int
    body: Json
    headers: Json

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
    """Asks as *caller*, and follows the tokens of lists."""

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

    def whole(self) -> list[Json]:
        """Return all records the key may read, crawled once for all tests."""
        session = (self.caller.authorization, self.seed, self.now)
        if session not in self.crawled:
            self.crawled[session] = self.crawl()
        return self.crawled[session]

    def get(self, path: str, query: str = "") -> Page:
        """Return what `GET path?query` answers."""
        heard: Heard = self.caller.get(path, query)
        return Page(status=heard.status, body=heard.body, headers=heard.headers)

    def pages(self, path: str, query: str = "", limit: int = 1000) -> Iterator[Page]:
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


Ask: TypeAlias = "Callable[..., Client]"


@pytest.fixture(scope="session")
def ask(caller_of: Callable[[str], Caller]) -> Ask:
    """Return the function that makes clients; what their worlds have built is shared."""
    crawled: dict[object, list[Json]] = {}

    def client(key: str = OWN, **session: Json) -> Client:
        caller = replace(caller_of("onomondo"), authorization=f"Bearer {key}", **session)
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
