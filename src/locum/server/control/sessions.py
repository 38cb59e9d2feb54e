"""Sessions as a whole: which there are, how one begins, how it returns to its beginning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from locum.behaviour import Refusal
from locum.behaviour.changes import Change, ChangeSettings, ChooseSeed, apply_all
from locum.behaviour.retelling import timestamp
from locum.behaviour.session import DEFAULT_SESSION
from locum.contract import JsonObject
from locum.server.control.clocks import clock_changes, told_clock
from locum.server.control.desk import Desk, conflict
from locum.server.control.switches import wrong_switches

__all__ = ["delete_session", "get_session", "list_sessions", "put_session", "reset_all", "reset_session"]


def list_sessions(desk: Desk, limit: int, offset: int) -> JsonObject:
    """List the sessions, the most recently used first."""
    names = desk.store.names()
    return {
        "sessions": [_told(desk, name) for name in names[offset : offset + limit]],
        "total": len(names),
        "dropped": [
            {"name": each.session, "dropped_at": _time(each.at_s), "used_at": _time(each.used_at_s)}
            for each in desk.store.dropped
        ],
    }


def get_session(desk: Desk, session: str) -> JsonObject | Refusal:
    """Tell of one session."""
    return desk.no_session(session) or _told(desk, session)


def put_session(desk: Desk, session: str, body: Mapping[str, Any] | None) -> tuple[JsonObject, int] | Refusal:
    """Let a session begin with a clock, a seed and settings."""
    changes = _beginning(desk, body or {})
    if isinstance(changes, Refusal):
        return changes
    is_new = not desk.store.knows(session)
    desk.store.put(session, apply_all(desk.store.initial, changes))
    return _told(desk, session), 201 if is_new else 200


def delete_session(desk: Desk, session: str) -> tuple[None, int] | Refusal:
    """Forget a session and its journal."""
    if session == DEFAULT_SESSION:
        return conflict("the session 'default' is always there; it can be reset")
    refusal = desk.no_session(session)
    if refusal is not None:
        return refusal
    desk.store.drop(session)
    return None, 204


def reset_session(desk: Desk, session: str) -> JsonObject:
    """Let a session be as on its first day."""
    desk.store.reset([session])
    return _told(desk, session)


def reset_all(desk: Desk) -> JsonObject:
    """Let every session be as on its first day."""
    names = desk.store.names()
    desk.store.reset(reversed(names))
    return {"sessions": len(names)}


def _beginning(desk: Desk, body: Mapping[str, Any]) -> tuple[Change, ...] | Refusal:
    changes: list[Change] = []
    if "clock" in body:
        clock = clock_changes(desk, body["clock"])
        if isinstance(clock, Refusal):
            return clock
        changes += clock
    for contract, switches in body.get("settings", {}).items():
        refusal = desk.no_contract(contract) or wrong_switches(desk, contract, switches)
        if refusal is not None:
            return refusal
        changes.append(ChangeSettings(contract=contract, settings=switches))
    return (*changes, ChooseSeed(seed=body.get("seed", "")))


def _told(desk: Desk, session: str) -> JsonObject:
    state = desk.store.state(session)
    return {
        "name": session,
        "clock": told_clock(desk, state),
        "seed": state.seed,
        "settings": {name: {**switches} for name, switches in state.settings.items()},
        "written": {name: [*collections] for name, collections in state.records.items()},
        "interactions": desk.store.rings.count(session),
        "used_at": _time(desk.store.used_at(session)),
    }


def _time(real_s: float) -> str:
    return timestamp(datetime.fromtimestamp(real_s, UTC))
