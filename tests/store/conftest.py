"""Requests and outcomes to write down, and a store whose real time the test sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from locum.behaviour import Outcome, RawRequest, Reply
from locum.behaviour.journal import Interaction
from locum.store import Bounds, Store


@dataclass
class Kept:
    """A store, with a real time that passes when told to."""

    bounds: Bounds
    real_s: float = 1000.0
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.bounds, real_time=lambda: self.real_s)

    def record(self, session: str = "default", body: bytes = b"", reply: bytes = b"") -> Interaction:
        """Write down one request."""
        request = RawRequest(method="GET", path="/things", body=body, base_url="http://localhost")
        outcome = Outcome(reply=Reply(status=200, body=reply, media_type="text/plain"))
        return self.store.record(session, request, outcome, at_s=self.real_s, took_s=0.001)

    def numbers(self, session: str = "") -> list[int]:
        """Return the numbers of what is kept, the newest first."""
        return [each.number for each in self.store.rings.newest_first(session)]


@pytest.fixture
def keeping() -> Callable[..., Kept]:
    """Return a function that makes a store within bounds."""
    return lambda **bounds: Kept(Bounds(**bounds))
