"""How many bytes the records take that sessions have written, as JSON.

Called after every change, so only what has come and gone is weighed. Records that are there from the start
weigh nothing: all sessions share them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from locum.behaviour.changes import Origin, collection_of
from locum.behaviour.session import State
from locum.contract.model import JsonObject
from locum.contract.writing import to_json

__all__ = ["growth", "without_first"]


def growth(before: State, after: State, origin: Origin) -> int:
    """Return how many bytes *after* has more in its records than *before*; negative where it has fewer."""
    if after.records is before.records:
        return 0
    return sum(
        _growth_of(before, after, contract, name, origin)
        for contract in {**before.records, **after.records}
        for name in {**before.records.get(contract, {}), **after.records.get(contract, {})}
    )


def without_first(state: State) -> State:
    """Return *state* without the collection that was written to first; the last one stays."""
    names = [(contract, name) for contract, found in state.records.items() for name in found if found[name]]
    if len(names) < 2:  # noqa: PLR2004 -- the one left is bounded by itself
        return state
    contract, gone = names[0]
    kept = {name: each for name, each in state.records[contract].items() if name != gone}
    return replace(state, records={**state.records, contract: kept})


def _growth_of(before: State, after: State, contract: str, name: str, origin: Origin) -> int:
    old = before.records.get(contract, {}).get(name, ())
    new = after.records.get(contract, {}).get(name, ())
    if old is new:
        return 0
    shared = collection_of(State(), contract, name, origin)
    return _weight(new, (*old, *shared)) - _weight(old, (*new, *shared))


def _weight(records: Iterable[JsonObject], known: Iterable[JsonObject]) -> int:
    """Return how many bytes those of *records* take that are none of *known*."""
    seen = {id(each) for each in known}
    return sum(_size(each) for each in records if id(each) not in seen)


def _size(record: JsonObject) -> int:
    try:
        return len(to_json(record))
    except (TypeError, ValueError, RecursionError):  # a handler's own value, which is no JSON
        return 0
