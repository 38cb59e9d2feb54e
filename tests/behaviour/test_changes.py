"""Promises of changes, one kind after the other; their laws stand in `properties`."""

from __future__ import annotations

from datetime import UTC, datetime

from locum.behaviour.changes import (
    AmendRecord,
    ChangeSettings,
    ChooseSeed,
    DropRecord,
    Origin,
    PutRecord,
    SetClock,
    apply,
    apply_all,
    collection_of,
)
from locum.behaviour.entity_changes import KeepEntity
from locum.behaviour.session import UNTOUCHED
from locum.contract import JsonObject

ORIGIN: Origin = {"bank": {"accounts": ({"id": 1, "sum": 5}, {"id": 2, "sum": 7})}}


def counted(record: JsonObject | None) -> JsonObject:
    """Return *record* with one more on its sum."""
    before = record["sum"] if record else 0
    return {"id": 1, "sum": before + 1 if isinstance(before, int) else 0}


def test_a_put_takes_the_place_of_the_record_with_its_key() -> None:
    """The order of records stays, and so does what was there from the start."""
    change = PutRecord(contract="bank", collection="accounts", record={"id": 1, "sum": 6})

    changed = apply(UNTOUCHED, change, ORIGIN)

    assert collection_of(changed, "bank", "accounts", ORIGIN) == ({"id": 1, "sum": 6}, {"id": 2, "sum": 7})
    assert ORIGIN["bank"]["accounts"][0] == {"id": 1, "sum": 5}
    assert UNTOUCHED.records == {}


def test_a_put_of_a_new_key_goes_to_the_end() -> None:
    """A collection need not have been there before."""
    changed = apply(UNTOUCHED, PutRecord(contract="bank", collection="cards", record={"id": "a"}), ORIGIN)

    assert changed.records == {"bank": {"cards": ({"id": "a"},)}}


def test_records_may_be_told_apart_by_any_member() -> None:
    """`id` is only the usual one."""
    first: JsonObject = {"iban": "A", "n": 1}
    second: JsonObject = {"iban": "A", "n": 2}
    changes = [
        PutRecord(contract="bank", collection="c", record=each, member="iban") for each in (first, second)
    ]

    assert apply_all(UNTOUCHED, changes).records == {"bank": {"c": (second,)}}


def test_a_record_without_the_member_is_added() -> None:
    """What has no key replaces nothing."""
    change = PutRecord(contract="bank", collection="c", record={"n": 1})

    assert apply_all(UNTOUCHED, [change, change]).records == {"bank": {"c": ({"n": 1}, {"n": 1})}}


def test_a_dropped_record_is_gone_and_dropping_nothing_changes_nothing() -> None:
    """A collection that was not written to stays the one from the start."""
    dropped = apply(UNTOUCHED, DropRecord(contract="bank", collection="accounts", key="1"), ORIGIN)

    assert collection_of(dropped, "bank", "accounts", ORIGIN) == ({"id": 2, "sum": 7},)
    assert apply(UNTOUCHED, DropRecord(contract="bank", collection="accounts", key="9"), ORIGIN) is UNTOUCHED


def test_an_amendment_sees_the_record_as_it_is_by_then() -> None:
    """Two writers who count lose no count."""
    change = AmendRecord(contract="bank", collection="accounts", key="1", amend=counted)

    changed = apply_all(UNTOUCHED, [change, change], ORIGIN)

    assert collection_of(changed, "bank", "accounts", ORIGIN)[0] == {"id": 1, "sum": 7}


def test_an_amendment_may_make_a_record_or_leave_things_be() -> None:
    """`None` goes in where there is nothing, and out where there is nothing to do."""
    made = apply(UNTOUCHED, AmendRecord(contract="bank", collection="new", key="1", amend=counted))
    left = AmendRecord(contract="bank", collection="new", key="1", amend=lambda _: None)

    assert made.records == {"bank": {"new": ({"id": 1, "sum": 1},)}}
    assert apply(made, left) is made


def test_switches_are_merged_or_replaced() -> None:
    """A handler turns one; a person who puts them all means all."""
    one = apply(UNTOUCHED, ChangeSettings(contract="bank", settings={"a": 1}))
    both = apply(one, ChangeSettings(contract="bank", settings={"b": 2}))

    assert both.settings == {"bank": {"a": 1, "b": 2}}
    assert apply(both, ChangeSettings(contract="bank", settings={}, replacing=True)).settings == {}


def test_clock_and_seed_are_changed_alone() -> None:
    """A change touches nothing else."""
    instant = datetime(2025, 1, 1, tzinfo=UTC)

    changed = apply_all(UNTOUCHED, [ChooseSeed(seed="s"), SetClock(instant=instant, real_s=0.0)])

    assert changed.snapshot("x", 0.0).now == instant
    assert (changed.seed, changed.records, changed.settings) == ("s", {}, {})


def test_what_a_collection_may_weigh_holds_for_every_number() -> None:
    """Records with a number of more than 64 bits, or deep ones, weigh what they would take written out."""
    state = UNTOUCHED
    for key in ("a", "b", "c"):
        record: JsonObject = {"id": key, "huge": 2**80, "text": "x" * 7 * 1024 * 1024}
        change = KeepEntity(
            contract="bank", path=f"/cards/{key}", collection="cards", member="id", key=key, record=record
        )
        state = apply(state, change, ORIGIN)

    assert [each["id"] for each in collection_of(state, "bank", "cards", ORIGIN)] == ["b", "c"]
