"""Changes of single entities: what was created, changed or deleted through the operations of a contract.

A session keeps records by collection, as for handlers, and marks: which entities were created in it, and
which are gone. Without a mark an entity is what the generated world says. Nothing grows without end: of a
collection, the record that was put in first is forgotten, and is then as good as deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from locum.behaviour.given_keys import Given, note
from locum.behaviour.session import Mark, State
from locum.contract.model import JsonObject
from locum.contract.writing import to_json

__all__ = [
    "ENTITY_CHANGES",
    "MOST_BYTES",
    "MOST_RECORDS",
    "ClearEntities",
    "EntityChange",
    "ForgetEntities",
    "KeepEntity",
    "Origin",
    "RemoveEntity",
    "collection_of",
    "within_bounds",
]

#: The records that are there from the start, by contract and collection.
Origin: TypeAlias = Mapping[str, Mapping[str, tuple[JsonObject, ...]]]

#: How many records a collection keeps, how many bytes they may have together, and how much else is kept.
MOST_RECORDS: Final = 1000
MOST_BYTES: Final = 16 * 1024 * 1024
_MOST_COLLECTIONS: Final = 1000
_MOST_MARKS: Final = 10_000
#: A record is weighed when it is longer than its share, in members of any depth.
_SHARE: Final = MOST_BYTES // MOST_RECORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepEntity:
    """Put *record*, the entity at *path*, in the place of the one whose *member* is *key*, else at the end.

    With an empty *member* the collection holds this one record. *is_new* tells that it was created, so that
    nothing is invented below it.
    """

    contract: str
    path: str
    collection: str
    record: JsonObject
    member: str = ""
    key: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEntity:
    """Take away the entity at *path*, and with it everything below."""

    contract: str
    path: str
    collection: str
    member: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearEntities:
    """Take away every entity of the list at *path*, those that were invented included."""

    contract: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetEntities:
    """Let the records of *contract* be as at the beginning."""

    contract: str


EntityChange: TypeAlias = KeepEntity | RemoveEntity | ClearEntities | ForgetEntities


def collection_of(state: State, contract: str, collection: str, origin: Origin) -> tuple[JsonObject, ...]:
    """Return the records of *collection*: those of the session if it has written any, else the first ones."""
    written = state.records.get(contract, {}).get(collection)
    return origin.get(contract, {}).get(collection, ()) if written is None else written


def _keep_entity(state: State, change: KeepEntity, origin: Origin) -> State:
    """Return *state* with the entity put in its place."""
    found = list(collection_of(state, change.contract, change.collection, origin))
    index = next((at for at, each in enumerate(found) if _is_meant(each, change)), len(found))
    found[index : index + 1] = [change.record]
    collections = dict(state.records.get(change.contract, {}))
    collections[change.collection] = within_bounds(found, change.record)
    if len(collections) > _MOST_COLLECTIONS:
        del collections[next(iter(collections))]
    marks = dict(state.marks.get(change.contract, {}))
    given = _noted(state, change, is_another=change.is_new and change.path not in marks)
    if change.is_new:
        _put_mark(marks, change.path, Mark.CREATED)
    elif marks.get(change.path) in {Mark.GONE, Mark.DENIED}:
        del marks[change.path]
    return _with(state, change.contract, collections, marks, given)


def _remove_entity(state: State, change: RemoveEntity, origin: Origin) -> State:
    """Return *state* without the entity, and without what lies below it."""
    collections = _without(state.records.get(change.contract, {}), [change.path])
    found = collection_of(state, change.contract, change.collection, origin)
    kept = tuple(each for each in found if not _is_meant(each, change))
    if len(kept) < len(found):
        collections[change.collection] = kept
    marks = _unmarked(state.marks.get(change.contract, {}), [change.path])
    was_written = len(kept) < len(found) or marks.get(change.path) in {Mark.CREATED, Mark.GONE}
    given = _noted(state, change, is_another=change.path not in marks)
    _put_mark(marks, change.path, Mark.GONE if was_written else Mark.DENIED)
    return _with(state, change.contract, collections, marks, given)


def _clear_entities(state: State, change: ClearEntities, _: Origin) -> State:
    """Return *state* with an empty list at the path."""
    collections = _without(state.records.get(change.contract, {}), [change.path])
    collections[change.path.lstrip("/")] = ()
    marks = _unmarked(state.marks.get(change.contract, {}), [change.path])
    _put_mark(marks, change.path, Mark.CREATED)
    return _with(state, change.contract, collections, marks, state.given.get(change.contract, {}))


def _forget_entities(state: State, change: ForgetEntities, _: Origin) -> State:
    return replace(
        state,
        records={name: each for name, each in state.records.items() if name != change.contract},
        marks={name: each for name, each in state.marks.items() if name != change.contract},
        given={name: each for name, each in state.given.items() if name != change.contract},
    )


def _is_meant(record: JsonObject, change: KeepEntity | RemoveEntity) -> bool:
    return not change.member or str(record.get(change.member)) == change.key


def within_bounds(records: list[JsonObject], newest: JsonObject) -> tuple[JsonObject, ...]:
    """Return *records* without the first ones where there are too many, or too large ones."""
    kept = records[-MOST_RECORDS:]
    if _weight(newest) > _SHARE:
        weights = [_weight(each) for each in kept]
        while sum(weights) > MOST_BYTES and len(kept) > 1:
            del kept[0], weights[0]
    return tuple(kept)


def _weight(record: JsonObject) -> int:
    return len(to_json(record))


def _without(
    collections: Mapping[str, tuple[JsonObject, ...]], paths: Iterable[str]
) -> dict[str, tuple[JsonObject, ...]]:
    below = tuple(f"{path.lstrip('/')}/" for path in paths)
    return {name: each for name, each in collections.items() if not name.startswith(below)}


def _unmarked(marks: Mapping[str, Mark], paths: Iterable[str]) -> dict[str, Mark]:
    below = tuple(f"{path}/" for path in paths)
    return {path: mark for path, mark in marks.items() if not path.startswith(below)}


def _put_mark(marks: dict[str, Mark], path: str, mark: Mark) -> None:
    """Put a mark as the newest; the oldest is forgotten when there are too many."""
    marks.pop(path, None)
    marks[path] = mark
    if len(marks) > _MOST_MARKS:
        del marks[next(iter(marks))]


def _noted(state: State, change: KeepEntity | RemoveEntity, *, is_another: bool) -> Mapping[str, Given]:
    """Return the keys that were given in each list, that of the entity included if it has one."""
    before = state.given.get(change.contract, {})
    if not change.member:
        return before
    given = dict(before)
    note(given, change.path, is_another=is_another, most=_MOST_MARKS)
    return given


def _with(
    state: State,
    contract: str,
    collections: Mapping[str, tuple[JsonObject, ...]],
    marks: Mapping[str, Mark],
    given: Mapping[str, Given],
) -> State:
    return replace(
        state,
        records={**state.records, contract: collections},
        marks={**state.marks, contract: marks},
        given={**state.given, contract: given},
    )


#: What each change makes of a state, for the table of `changes.py`.
ENTITY_CHANGES: Final[Mapping[type, Callable[[State, Any, Origin], State]]] = {
    KeepEntity: _keep_entity,
    RemoveEntity: _remove_entity,
    ClearEntities: _clear_entities,
    ForgetEntities: _forget_entities,
}
