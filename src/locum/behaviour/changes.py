"""What may be changed in a session, as values, and what each change makes of a state.

Changes are operations, not results: each is applied to the state as it is when its turn comes. Writers that
took their snapshots at the same time therefore lose nothing of each other. A new kind of change is a value
here and a line in the table at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from locum.behaviour.activations import Activation, counted
from locum.behaviour.durations import Duration
from locum.behaviour.entity_changes import ENTITY_CHANGES, EntityChange, Origin, collection_of
from locum.behaviour.rate_limits import Window
from locum.behaviour.session import ClockMode, State
from locum.contract.model import JsonObject, JsonValue

__all__ = [
    "Activate",
    "AdvanceClock",
    "AmendRecord",
    "Change",
    "ChangeSettings",
    "ChooseSeed",
    "CountCall",
    "CountRequest",
    "Deactivate",
    "DropRecord",
    "Origin",
    "PutRecord",
    "SetClock",
    "SwitchClock",
    "apply",
    "apply_all",
    "collection_of",
]

NOTHING: Final[Origin] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClock:
    """Let the clock show *instant* from the real time *real_s* on."""

    instant: datetime
    real_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceClock:
    """Move the clock by *duration*. Raises `OverflowError` when no calendar has that day."""

    duration: Duration
    real_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchClock:
    """Let the clock stand, run, or be the real one."""

    mode: ClockMode
    real_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseSeed:
    """Make everything up from *seed*; `""` is the server's own."""

    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings:
    """Put switches of *contract*; with *replacing*, all others return to their defaults."""

    contract: str
    settings: Mapping[str, JsonValue]
    replacing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PutRecord:
    """Put *record* in the place of the first one with the same *member*, else at the end."""

    contract: str
    collection: str
    record: JsonObject
    member: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRecord:
    """Take away the records whose *member*, as text, is *key*."""

    contract: str
    collection: str
    key: str
    member: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendRecord:
    """Put what *amend* makes of a record as it is when the change is applied; `None` if there is none.

    This is how to count, or to take from a stock: reading and writing in one. *amend* is pure, changes
    nothing in place, and gives `None` to let things be.
    """

    contract: str
    collection: str
    key: str
    amend: Callable[[JsonObject | None], JsonObject | None]
    member: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activate:
    """Play a scenario from now on, its counts at their start, in the place of the same one."""

    activation: Activation


@dataclass(frozen=True, slots=True, kw_only=True)
class Deactivate:
    """Play a scenario no longer; `""` means every scenario of *contract*, and every contract."""

    contract: str = ""
    scenario: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRequest:
    """Count a request that a scenario of *contract* looked at, and whether it was hit."""

    contract: str
    scenario: str
    is_hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCall:
    """Count a call in the window *key* that began at *start*, in seconds since the epoch."""

    key: str
    start: int


Change: TypeAlias = (
    SetClock
    | AdvanceClock
    | SwitchClock
    | ChooseSeed
    | ChangeSettings
    | PutRecord
    | DropRecord
    | AmendRecord
    | Activate
    | Deactivate
    | CountRequest
    | CountCall
    | EntityChange
)


def apply(state: State, change: Change, origin: Origin = NOTHING) -> State:
    """Return *state* with *change* made; *origin* holds what a collection has before it is written to."""
    return _TABLE[type(change)](state, change, origin)


def apply_all(state: State, changes: Iterable[Change], origin: Origin = NOTHING) -> State:
    """Return *state* with *changes* made in their order."""
    for change in changes:
        state = apply(state, change, origin)
    return state


def _set_clock(state: State, change: SetClock, _: Origin) -> State:
    return replace(state, clock=state.clock.set_to(change.instant, change.real_s))


def _advance_clock(state: State, change: AdvanceClock, _: Origin) -> State:
    moved = change.duration.after(state.clock.now(change.real_s))
    return replace(state, clock=state.clock.set_to(moved, change.real_s))


def _switch_clock(state: State, change: SwitchClock, _: Origin) -> State:
    return replace(state, clock=state.clock.switched(change.mode, change.real_s))


def _choose_seed(state: State, change: ChooseSeed, _: Origin) -> State:
    return replace(state, seed=change.seed)


def _change_settings(state: State, change: ChangeSettings, _: Origin) -> State:
    before = {} if change.replacing else state.settings.get(change.contract, {})
    changed = {**state.settings, change.contract: {**before, **change.settings}}
    return replace(state, settings={name: each for name, each in changed.items() if each})


def _put_record(state: State, change: PutRecord, origin: Origin) -> State:
    found = list(collection_of(state, change.contract, change.collection, origin))
    index = _index(found, change.member, _key(change.record, change.member))
    found[index : index + 1] = [change.record]
    return _with_collection(state, change, found)


def _drop_record(state: State, change: DropRecord, origin: Origin) -> State:
    found = collection_of(state, change.contract, change.collection, origin)
    kept = [each for each in found if _key(each, change.member) != change.key]
    return state if len(kept) == len(found) else _with_collection(state, change, kept)


def _amend_record(state: State, change: AmendRecord, origin: Origin) -> State:
    found = list(collection_of(state, change.contract, change.collection, origin))
    index = _index(found, change.member, change.key)
    amended = change.amend(found[index] if index < len(found) else None)
    if amended is None:
        return state
    found[index : index + 1] = [amended]
    return _with_collection(state, change, found)


def _activate(state: State, change: Activate, _: Origin) -> State:
    others = tuple(each for each in state.activations if each.key != change.activation.key)
    return replace(state, activations=(*others, change.activation))


def _deactivate(state: State, change: Deactivate, _: Origin) -> State:
    kept = tuple(
        each
        for each in state.activations
        if change.contract not in {"", each.contract} or change.scenario not in {"", each.scenario}
    )
    return replace(state, activations=kept)


def _count_request(state: State, change: CountRequest, _: Origin) -> State:
    key = change.contract, change.scenario
    made = tuple(
        counted(each, is_hit=change.is_hit) if each.key == key else each for each in state.activations
    )
    return replace(state, activations=made)


def _count_call(state: State, change: CountCall, _: Origin) -> State:
    window = state.windows.get(change.key)
    calls = window.calls if window and window.start == change.start else 0
    counted_now = Window(start=change.start, calls=calls + 1)
    return replace(state, windows={**state.windows, change.key: counted_now})


def _index(records: list[JsonObject], member: str, key: str | None) -> int:
    """Return where the first record with *key* stands, else where a new one belongs."""
    if key is None:
        return len(records)
    return next((index for index, each in enumerate(records) if _key(each, member) == key), len(records))


def _key(record: JsonObject, member: str) -> str | None:
    return str(record[member]) if member in record else None


def _with_collection(
    state: State, change: PutRecord | DropRecord | AmendRecord, records: list[JsonObject]
) -> State:
    written = {**state.records.get(change.contract, {}), change.collection: tuple(records)}
    return replace(state, records={**state.records, change.contract: written})


_TABLE: Final[Mapping[type, Callable[[State, Any, Origin], State]]] = {
    SetClock: _set_clock,
    AdvanceClock: _advance_clock,
    SwitchClock: _switch_clock,
    ChooseSeed: _choose_seed,
    ChangeSettings: _change_settings,
    PutRecord: _put_record,
    DropRecord: _drop_record,
    AmendRecord: _amend_record,
    Activate: _activate,
    Deactivate: _deactivate,
    CountRequest: _count_request,
    CountCall: _count_call,
    **ENTITY_CHANGES,
}
