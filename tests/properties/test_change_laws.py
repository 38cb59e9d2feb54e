"""Laws of changes: what may be exchanged, repeated, split and undone without anybody noticing."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from locum.behaviour.changes import (
    AdvanceClock,
    Change,
    ChangeSettings,
    ChooseSeed,
    DropRecord,
    Origin,
    PutRecord,
    SetClock,
    SwitchClock,
    apply,
    apply_all,
)
from locum.behaviour.durations import Duration, parse_duration
from locum.behaviour.session import UNTOUCHED, ClockMode, State

#: A busy machine is no reason to fail.
LAW = settings(deadline=None, derandomize=True)
ORIGIN: Origin = {"a": {"c": ({"id": "0", "n": 0}, {"id": "1", "n": 1})}, "b": {"c": ({"id": "0"},)}}
KEYS, CONTRACTS = st.sampled_from("0123"), st.sampled_from("ab")
NUMBERS = st.integers(0, 9)
PUTS = st.builds(
    lambda contract, key, n: PutRecord(contract=contract, collection="c", record={"id": key, "n": n}),
    CONTRACTS,
    KEYS,
    NUMBERS,
)
DROPS = st.builds(
    lambda contract, key: DropRecord(contract=contract, collection="c", key=key), CONTRACTS, KEYS
)
SWITCHES = st.builds(
    lambda contract, name, value: ChangeSettings(contract=contract, settings={name: value}),
    CONTRACTS,
    KEYS,
    NUMBERS,
)
SEEDS = st.builds(lambda seed: ChooseSeed(seed=seed), st.text(max_size=3))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- the timezone is the strategy's
CLOCKS = st.builds(
    lambda instant, real_s: SetClock(instant=instant, real_s=real_s), INSTANTS, st.floats(0, 1e6)
) | st.builds(
    lambda mode, real_s: SwitchClock(mode=mode, real_s=real_s),
    st.sampled_from(ClockMode),
    st.floats(0, 1e6),
)
CHANGES: st.SearchStrategy[Change] = st.one_of(PUTS, DROPS, SWITCHES, SEEDS, CLOCKS)
STATES = st.lists(CHANGES, max_size=6).map(lambda changes: apply_all(UNTOUCHED, changes, ORIGIN))


def subject(change: Change) -> object:
    """Return what a change is about."""
    if isinstance(change, PutRecord):
        return "record", change.contract, change.record["id"]
    if isinstance(change, DropRecord):
        return "record", change.contract, change.key
    if isinstance(change, ChangeSettings):
        return "switch", change.contract, *change.settings
    return "seed" if isinstance(change, ChooseSeed) else "clock"


def unordered(state: State) -> object:
    """Return a state without the order of its records, which is that of their first writing."""
    records = {
        name: {key: sorted(map(repr, each)) for key, each in collections.items()}
        for name, collections in state.records.items()
    }
    return state.clock, state.seed, state.settings, records


@LAW
@given(STATES, CHANGES, CHANGES)
def test_changes_of_different_subjects_commute(state: State, one: Change, other: Change) -> None:
    """It does not matter which of two writers comes first if they write about different things."""
    if subject(one) == subject(other):
        return

    assert unordered(apply_all(state, [one, other], ORIGIN)) == unordered(
        apply_all(state, [other, one], ORIGIN)
    )


@LAW
@given(STATES, CHANGES)
def test_the_same_change_twice_is_once(state: State, change: Change) -> None:
    """A client that repeats itself does no harm."""
    once = apply(state, change, ORIGIN)

    assert apply(once, change, ORIGIN) == once


@LAW
@given(STATES, st.lists(CHANGES, max_size=6), st.lists(CHANGES, max_size=6))
def test_a_list_of_changes_may_be_cut_anywhere(state: State, first: list[Change], rest: list[Change]) -> None:
    """It does not matter in how many requests changes arrive."""
    assert apply_all(state, [*first, *rest], ORIGIN) == apply_all(
        apply_all(state, first, ORIGIN), rest, ORIGIN
    )


@LAW
@given(STATES, PUTS, PUTS)
def test_the_last_put_wins(state: State, one: PutRecord, other: PutRecord) -> None:
    """Of two records with one key the later stays, where the earlier stood."""
    if subject(one) == subject(other):
        last = apply(state, other, ORIGIN)

        assert apply_all(state, [one, other], ORIGIN) == last


@LAW
@given(STATES, PUTS)
def test_a_drop_undoes_a_put(state: State, put: PutRecord) -> None:
    """What was put and taken away is as if taken away."""
    drop = DropRecord(contract=put.contract, collection=put.collection, key=str(put.record["id"]))

    records = apply_all(state, [put, drop], ORIGIN).records[put.contract]["c"]

    assert all(each["id"] != put.record["id"] for each in records)


@LAW
@given(INSTANTS, st.integers(0, 10**7), st.integers(0, 10**7))
def test_advances_add_up(instant: datetime, one: int, other: int) -> None:
    """Two writers who advance a clock at the same time advance it by both."""
    state = apply(UNTOUCHED, SetClock(instant=instant, real_s=0.0))

    def advance(seconds: int) -> AdvanceClock:
        return AdvanceClock(duration=parse_duration(f"PT{seconds}S"), real_s=0.0)

    both = apply_all(state, [advance(one), advance(other)])
    assert both == apply_all(state, [advance(other), advance(one)]) == apply(state, advance(one + other))


@LAW
@given(INSTANTS, st.integers(-600, 600))
def test_months_keep_the_day_or_end_the_month(instant: datetime, months: int) -> None:
    """A month later is the same day, or the last one where there is no such day."""
    moved = Duration(months=months).after(instant)

    assert (moved.year * 12 + moved.month) - (instant.year * 12 + instant.month) == months
    assert moved.day == instant.day or (moved.day < instant.day and moved.day >= 28)
