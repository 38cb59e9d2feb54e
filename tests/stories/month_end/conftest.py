"""What the four clients have in common: sessions of the stand-in, and a transport that tries again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

import httpx
import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running

CONTROL: Final = "/_locum/api/sessions"
ATTEMPTS: Final = 5
TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class Patient(httpx.BaseTransport):
    """Asks again after what may pass: a broken connection, a busy server, too many calls."""

    inner: httpx.BaseTransport = field(default_factory=httpx.HTTPTransport)
    #: Seconds it would have waited; a story is told without waiting.
    waits: list[float] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the first answer that is none of a passing trouble, or the last of all."""
        for _ in range(ATTEMPTS - 1):
            response = self._whole_answer(request)
            if response is not None and response.status_code not in TRANSIENT:
                return response
            # Only in seconds; no story here meets a date.
            told = None if response is None else response.headers.get("retry-after")
            self.waits.append(float(told or 1))
        return self.inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self.inner.close()

    def _whole_answer(self, request: httpx.Request) -> httpx.Response | None:
        try:
            response = self.inner.handle_request(request)
            # Read here: a body may break off, and that has to be tried again as well.
            response.read()
        except httpx.TransportError:
            return None
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A place to work at: one session of the stand-in, with one API in reach."""

    contract: str
    session: str
    http: httpx.Client
    waits: list[float]
    control: httpx.Client

    def trouble(self, scenario: str, *, times: int) -> None:
        """Let the next *times* requests of this session meet *scenario*, and those after it succeed."""
        target = f"{CONTROL}/{self.session}/scenarios/{self.contract}/{scenario}"
        self.control.put(target, json={"times": times}).raise_for_status()

    def met(self) -> int:
        """Return how many requests have met a scenario."""
        told = self.control.get(f"{CONTROL}/{self.session}/scenarios").raise_for_status().json()
        return sum(cast("int", each["fired"]) for each in told["scenarios"])


@pytest.fixture
def desk(stand_in: Running) -> Iterator[Callable[[str, str], Desk]]:
    """Return a function from a contract and a session, which begins anew, to a desk."""
    with ExitStack() as opened:
        control = opened.enter_context(httpx.Client(base_url=stand_in.url, timeout=20))

        def take(contract: str, session: str) -> Desk:
            name = f"{contract}-{session}"
            control.post(f"{CONTROL}/{name}/reset").raise_for_status()
            transport = Patient()
            http = httpx.Client(
                base_url=f"{stand_in.url}/{contract}",
                headers={"Locum-Session": name},
                transport=transport,
                timeout=20,
            )
            opened.enter_context(http)
            return Desk(contract=contract, session=name, http=http, waits=transport.waits, control=control)

        yield take
