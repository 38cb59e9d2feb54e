"""What can be made to go wrong: the catalogue of a contract, and what is played on a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from locum.behaviour import Refusal
from locum.behaviour.activations import Activation, Pattern
from locum.behaviour.changes import Activate, Deactivate
from locum.behaviour.retelling import timestamp
from locum.behaviour.scenarios import Scenario, find_scenario
from locum.catalog import read_pattern
from locum.contract import JsonObject
from locum.errors import nearest
from locum.server.control.desk import Desk, conflict, missing

__all__ = [
    "activate_scenario",
    "deactivate_all",
    "deactivate_scenario",
    "list_active",
    "list_scenarios",
]


def list_scenarios(desk: Desk, contract: str) -> JsonObject | Refusal:
    """List what can be forced on a contract."""
    refusal = desk.no_contract(contract)
    if refusal is not None:
        return refusal
    known = desk.entries[contract].fixtures.scenarios
    return {"scenarios": [_described(each) for each in known if each.force is not None]}


def list_active(desk: Desk, session: str) -> JsonObject | Refusal:
    """List what is played on a session."""
    return desk.no_session(session) or _listed(desk, session)


def activate_scenario(
    desk: Desk, session: str, contract: str, scenario: str, body: Mapping[str, Any] | None
) -> JsonObject | Refusal:
    """Play a scenario on a session, its counts at their start."""
    found = _found(desk, contract, scenario)
    if isinstance(found, Refusal):
        return found
    asked = dict(body or {})
    operations = frozenset(asked.pop("operations", ()))
    refusal = _wrong_operations(desk, contract, operations)
    if refusal is not None:
        return refusal
    try:
        pattern = read_pattern(asked) if asked else found.pattern
    except (ValueError, OverflowError):
        return conflict("`since` and `until` must be instants of the years 1 to 9999 without leap seconds")
    activation = Activation(
        contract=contract, scenario=found.id, operations=operations or found.operations, pattern=pattern
    )
    desk.store.apply(session, Activate(activation=activation))
    return _told(activation, found.name)


def deactivate_scenario(desk: Desk, session: str, contract: str, scenario: str) -> tuple[None, int] | Refusal:
    """Play a scenario no longer."""
    found = desk.no_session(session) or _found(desk, contract, scenario)
    if isinstance(found, Refusal):
        return found
    desk.store.apply(session, Deactivate(contract=contract, scenario=found.id))
    return None, 204


def deactivate_all(desk: Desk, session: str) -> tuple[None, int] | Refusal:
    """Play nothing any longer."""
    refusal = desk.no_session(session)
    if refusal is not None:
        return refusal
    desk.store.apply(session, Deactivate())
    return None, 204


def _found(desk: Desk, contract: str, scenario: str) -> Scenario | Refusal:
    refusal = desk.no_contract(contract)
    if refusal is not None:
        return refusal
    known = desk.entries[contract].fixtures.scenarios
    found = find_scenario(known, scenario)
    if isinstance(found, Scenario):
        return found
    return missing("scenario", scenario, [word for each in known for word in (each.name, each.id)])


def _wrong_operations(desk: Desk, contract: str, operations: frozenset[str]) -> Refusal | None:
    known = [route.operation_id for route in desk.entries[contract].contract.routes]
    for name in sorted(operations):
        if name not in known:
            close = nearest(name[:100], known)
            hint = f"did you mean {close!r}?" if close else f"it has: {', '.join(known[:20])}"
            return conflict(f"{contract} has no operation {name[:100]!r}; {hint}")
    return None


def _listed(desk: Desk, session: str) -> JsonObject:
    active = desk.store.state(session).activations
    names = {
        (name, each.id): each.name
        for name, entry in desk.entries.items()
        for each in entry.fixtures.scenarios
    }
    return {"scenarios": [_told(each, names.get(each.key, each.scenario)) for each in active]}


def _described(each: Scenario) -> JsonObject:
    return {
        "id": each.id,
        "name": each.name,
        "title": each.title,
        "status": each.status,
        "operations": [*sorted(each.operations)],
        "pattern": _pattern(each.pattern),
        "source": each.source,
        "confidence": each.confidence,
    }


def _told(each: Activation, name: str) -> JsonObject:
    return {
        "contract": each.contract,
        "id": each.scenario,
        "name": name,
        "operations": [*sorted(each.operations)],
        "pattern": _pattern(each.pattern),
        "seen": each.seen,
        "fired": each.fired,
    }


def _pattern(each: Pattern) -> JsonObject:
    return {
        "times": each.times,
        "every": each.every,
        "probability": each.probability,
        "seed": each.seed,
        "since": _instant(each.since),
        "until": _instant(each.until),
    }


def _instant(each: datetime | None) -> str | None:
    return None if each is None else timestamp(each)
