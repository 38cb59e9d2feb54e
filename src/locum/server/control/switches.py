"""The seed of a session, and the switches of contracts in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locum.behaviour import Refusal
from locum.behaviour.changes import ChangeSettings, ChooseSeed
from locum.contract import JsonObject, JsonValue
from locum.errors import nearest
from locum.server.control.desk import Desk, conflict

__all__ = ["get_seed", "get_settings", "set_seed", "set_settings", "wrong_switches"]


def get_seed(desk: Desk, session: str) -> JsonObject | Refusal:
    """Tell the seed of a session."""
    return desk.no_session(session) or {"seed": desk.store.state(session).seed}


def set_seed(desk: Desk, session: str, body: Mapping[str, Any]) -> JsonObject:
    """Choose the seed of a session."""
    return {"seed": desk.store.apply(session, ChooseSeed(seed=body["seed"])).seed}


def get_settings(desk: Desk, session: str, contract: str) -> JsonObject | Refusal:
    """Tell the switches of a contract as they are in a session."""
    return desk.no_session(session) or desk.no_contract(contract) or _told(desk, session, contract)


def set_settings(desk: Desk, session: str, contract: str, body: JsonObject) -> JsonObject | Refusal:
    """Turn switches of a contract."""
    refusal = desk.no_contract(contract) or wrong_switches(desk, contract, body)
    if refusal is not None:
        return refusal
    desk.store.apply(session, ChangeSettings(contract=contract, settings=body, replacing=True))
    return _told(desk, session, contract)


def wrong_switches(desk: Desk, contract: str, given: Mapping[str, JsonValue]) -> Refusal | None:
    """Return the refusal of switches that *contract* does not have, or not of that kind."""
    known = desk.entries[contract].fixtures.settings
    for name, value in given.items():
        if name not in known:
            close = nearest(name[:100], known)
            hint = f"did you mean {close!r}?" if close else f"it has: {', '.join(known) or 'none'}"
            return conflict(f"{contract} has no switch {name[:100]!r}; {hint}")
        if _kind(value) != _kind(known[name]):
            return conflict(f"{contract}: {name!r} is a {_kind(known[name])}, not a {_kind(value)}")
    return None


def _told(desk: Desk, session: str, contract: str) -> JsonObject:
    changed = desk.store.state(session).settings.get(contract, {})
    return {
        "settings": {**desk.entries[contract].fixtures.settings, **changed},
        "changed": [*sorted(changed)],
    }


def _kind(value: JsonValue) -> str:
    """Return the JSON type of *value*; whole and other numbers are one."""
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
