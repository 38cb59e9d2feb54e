"""How many bytes the records take that sessions have written, as JSON.

Called after every change, so only what has come and gone is weighed. Records that are there from the start
weigh nothing: all sessions share them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from operator import is_
from typing import TypeAlias

from locum.behaviour.changes import Origin, collection_of
from locum.behaviour.session import State
from locum.contract.model import JsonObject
from locum.contract.writing import to_json

__all__ = ["growth", "without_first"]

_Records: TypeAlias = tuple[JsonObject, ...]


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
    gone, come = _apart(old, new)
    return _weight(come, (*gone, *shared)) - _weight(gone, (*come, *shared))


def _apart(old: _Records, new: _Records) -> tuple[_Records, _Records]:
    """Return both without what they have in common at their beginning and end, which is nearly all."""
    begin = _in_common(old, new)
    old, new = old[begin:], new[begin:]
    end = _in_common(old[::-1], new[::-1])
    return old[: len(old) - end], new[: len(new) - end]


def _in_common(old: _Records, new: _Records) -> int:
    return sum(takewhile(bool, map(is_, old, new)))


def _weight(records: _Records, known: _Records) -> int:
    """Return how many bytes those of *records* take that are none of *known*."""
    by_identity = dict(zip(map(id, records), records, strict=True))
    return sum(_size(by_identity[each]) for each in by_identity.keys() - set(map(id, known)))


def _size(record: JsonObject) -> int:
    try:
        return len(to_json(record))
    except (TypeError, ValueError, RecursionError):  # a handler's own value, which is no JSON
        return 0
