"""One tester's isolated state, as values: a clock, a seed, switches, written records, active scenarios.

A decision sees a `Snapshot` and nothing else of a session. What it wants changed it says as `Change`s,
which the owner of the session applies; nothing here is ever mutated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from locum.behaviour.world import DEFAULT_INSTANT
from locum.contract.model import JsonObject, JsonValue

__all__ = ["DEFAULT_SESSION", "NO_SNAPSHOT", "Clock", "Snapshot"]

#: The session of a request that names none.
DEFAULT_SESSION: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time of a session: it stands still at *instant*, or runs since it was set.

    *running_since* is the real time, in seconds since the epoch, at which *instant* was set.
    """

    instant: datetime = DEFAULT_INSTANT
    running_since: float | None = None

    def now(self, real_s: float) -> datetime:
        """Return the session's time when the real time is *real_s*.

        >>> Clock(running_since=100.0).now(160.0).isoformat()
        '2024-02-15T12:01:00+00:00'
        """
        if self.running_since is None:
            return self.instant
        return (self.instant + timedelta(seconds=real_s - self.running_since)).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One session at one moment: all that a decision may depend on beside its request.

    *settings* and *records* are those written in the session, by contract; records then by collection.
    """

    session: str = DEFAULT_SESSION
    now: datetime = DEFAULT_INSTANT
    seed: str = ""
    settings: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, tuple[JsonObject, ...]]] = field(default_factory=dict)


NO_SNAPSHOT: Final = Snapshot()
