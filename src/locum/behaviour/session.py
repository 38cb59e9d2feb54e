"""One tester's isolated state, as values: a clock, a seed, switches and written records.

A decision sees a `Snapshot` and nothing else of a session. What it wants changed it says as `Change`s
(`changes.py`), which the owner of the session applies; nothing here is ever mutated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from locum.behaviour.activations import Activation
from locum.behaviour.given_keys import Given
from locum.behaviour.rate_limits import Window
from locum.behaviour.world import DEFAULT_INSTANT
from locum.contract.model import JsonObject, JsonValue

__all__ = [
    "DEFAULT_SESSION",
    "NO_SNAPSHOT",
    "UNTOUCHED",
    "Clock",
    "ClockMode",
    "Mark",
    "Snapshot",
    "State",
    "is_session_name",
]

#: The session of a request that names none.
DEFAULT_SESSION: Final = "default"
#: Fits a header and one segment of a path as it is; the dots of `..` cannot stand first.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@~+-]{0,99}")


def is_session_name(text: str) -> bool:
    """Tell whether a session may be called *text*: 1 to 100 letters, digits and `._:@~+-`.

    >>> is_session_name("ci:4711/web"), is_session_name("ci:4711-web")
    (False, True)
    """
    return _NAME.fullmatch(text) is not None


class ClockMode(StrEnum):
    """How the time of a session passes."""

    #: It stands still.
    FROZEN = "frozen"
    #: It passes as real time does, from the instant it was set to.
    RUNNING = "running"
    #: It is the real time.
    REAL = "real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time of a session.

    Frozen, it stands at *instant*; running, it was *instant* at the real time *running_since*, in seconds
    since the epoch; real, it is neither.
    """

    mode: ClockMode = ClockMode.FROZEN
    instant: datetime = DEFAULT_INSTANT
    running_since: float = 0.0

    def now(self, real_s: float) -> datetime:
        """Return the session's time in UTC when the real time is *real_s*; it ends with the year 9999.

        >>> Clock(mode=ClockMode.RUNNING, running_since=100.0).now(160.0).isoformat()
        '2024-02-15T12:01:00+00:00'
        """
        if self.mode is ClockMode.FROZEN:
            return self.instant
        if self.mode is ClockMode.REAL:
            return datetime.fromtimestamp(real_s, UTC)
        try:
            return self.instant + timedelta(seconds=real_s - self.running_since)
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)

    def set_to(self, instant: datetime, real_s: float) -> Clock:
        """Return the clock showing *instant* from now on: frozen if it was, else running."""
        mode = ClockMode.FROZEN if self.mode is ClockMode.FROZEN else ClockMode.RUNNING
        return Clock(mode=mode, instant=instant.astimezone(UTC), running_since=real_s)

    def switched(self, mode: ClockMode, real_s: float) -> Clock:
        """Return the clock in *mode*, showing what it showed unless it becomes real."""
        if mode is ClockMode.REAL:
            return Clock(mode=mode)
        return Clock(mode=mode, instant=self.now(real_s), running_since=real_s)


class Mark(StrEnum):
    """What became of one entity in a session; see `resources/`."""

    CREATED = "created"
    #: It was written in the session, and then deleted.
    GONE = "gone"
    #: It was deleted, and nobody had ever written it.
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One session at one moment: all that a decision may depend on beside its request.

    *settings* and *records* are those written in the session, by contract; records then by collection.
    A collection that was written to is there whole. *activations* are the scenarios that are played,
    *windows* the calls that were counted for rate limits. *marks* tell what became of entities, by contract
    and path, *given* how many keys were given in a list, by contract and the path of the list.
    """

    session: str = DEFAULT_SESSION
    now: datetime = DEFAULT_INSTANT
    seed: str = ""
    settings: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, tuple[JsonObject, ...]]] = field(default_factory=dict)
    activations: tuple[Activation, ...] = ()
    windows: Mapping[str, Window] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, Given]] = field(default_factory=dict)


NO_SNAPSHOT: Final = Snapshot()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is kept of a session; members as in `Snapshot`. The default is a session nobody has touched."""

    clock: Clock = Clock()
    seed: str = ""
    settings: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, tuple[JsonObject, ...]]] = field(default_factory=dict)
    activations: tuple[Activation, ...] = ()
    windows: Mapping[str, Window] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, Given]] = field(default_factory=dict)

    def snapshot(self, session: str, real_s: float) -> Snapshot:
        """Return what a decision sees of the session when the real time is *real_s*."""
        return Snapshot(
            session=session,
            now=self.clock.now(real_s),
            seed=self.seed,
            settings=self.settings,
            records=self.records,
            activations=self.activations,
            windows=self.windows,
            marks=self.marks,
            given=self.given,
        )


UNTOUCHED: Final = State()
