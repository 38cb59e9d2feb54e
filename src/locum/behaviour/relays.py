"""Standing between a client and the real API: what is relayed, and whoever relays it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from locum.behaviour.model import Outcome, RawRequest, Refusal
from locum.behaviour.session import Snapshot
from locum.behaviour.stand_in import StandIn
from locum.contract.model import Route

__all__ = ["Passage", "Relay", "RelayBroken", "Upstream"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A request on its way through; *path* is the whole path as the client wrote it.

    *route* is `None` where the contract has nothing there; *miss* then says so. *stand_in* plays the
    contract for whatever the real API does not do.
    """

    stand_in: StandIn
    raw: RawRequest
    path: str
    route: Route | None = None
    miss: Refusal | None = None
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """What became of a passage.

    *rest* yields the bytes that follow the body of the reply where it is too long, or never ends; then, and
    for a `HEAD` request, *length* is what the real API said of the length of the whole, if it did.
    What is not *is_seen* was passed on without a look at its body.
    """

    outcome: Outcome
    rest: AsyncIterator[bytes] | None = None
    length: int | None = None
    is_seen: bool = True


class RelayBroken(Exception):  # noqa: N818 -- a signal between rooms, not an error of ours
    """The real API broke off in the middle of its answer."""


class Upstream(Protocol):
    """The real API, as the server sees it."""

    async def relay(self, passage: Passage) -> Relay:
        """Return what became of *passage*; never raises."""
        ...
