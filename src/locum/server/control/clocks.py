"""The clock of a session: what time it is there, and how it passes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from locum.behaviour import Refusal
from locum.behaviour.changes import AdvanceClock, Change, SetClock, SwitchClock
from locum.behaviour.durations import parse_duration
from locum.behaviour.retelling import timestamp
from locum.behaviour.session import ClockMode, State
from locum.contract import JsonObject
from locum.server.control.desk import Desk, conflict

__all__ = ["advance_clock", "clock_changes", "get_clock", "set_clock", "told_clock"]


def get_clock(desk: Desk, session: str) -> JsonObject | Refusal:
    """Tell what time it is in a session."""
    return desk.no_session(session) or told_clock(desk, desk.store.state(session))


def set_clock(desk: Desk, session: str, body: Mapping[str, Any]) -> JsonObject | Refusal:
    """Set a clock, let it stand, run, or be the real one."""
    changes = clock_changes(desk, body)
    return changes if isinstance(changes, Refusal) else told_clock(desk, desk.store.apply(session, *changes))


def advance_clock(desk: Desk, session: str, body: Mapping[str, Any]) -> JsonObject | Refusal:
    """Move a clock by a duration."""
    duration = parse_duration(body["by"])
    try:
        change = AdvanceClock(duration=duration, real_s=desk.store.real_time())
        state = desk.store.apply(session, change)
    except OverflowError:
        return conflict(f"{body['by']} leads out of the years 1 to 9999")
    return told_clock(desk, state)


def clock_changes(desk: Desk, body: Mapping[str, Any]) -> tuple[Change, ...] | Refusal:
    """Return the changes that a clock setting asks for."""
    real_s = desk.store.real_time()
    changes: list[Change] = []
    if "mode" in body:
        changes.append(SwitchClock(mode=ClockMode(body["mode"]), real_s=real_s))
    if "instant" in body:
        try:
            # RFC 3339, 5.6 allows `t` and `z`.
            instant = datetime.fromisoformat(body["instant"].upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            return conflict(
                f"{body['instant'][:40]!r} is no instant of the years 1 to 9999 without leap seconds"
            )
        changes.append(SetClock(instant=instant, real_s=real_s))
    return tuple(changes)


def told_clock(desk: Desk, state: State) -> JsonObject:
    """Return a clock as the control API tells it."""
    now = state.clock.now(desk.store.real_time())
    return {"now": timestamp(now), "mode": state.clock.mode.value}
