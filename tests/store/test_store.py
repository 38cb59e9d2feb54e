"""Promises of the store: isolation, and an end to everything that could grow."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

from locum.behaviour import Cause, Outcome, RawRequest, Refusal, Reply
from locum.behaviour.changes import ChooseSeed, DropRecord, PutRecord, SetClock, SwitchClock
from locum.behaviour.entity_changes import KeepEntity
from locum.behaviour.session import ClockMode
from locum.contract.model import Violation
from locum.contract.writing import to_json
from locum.store import Bounds, Recent

if TYPE_CHECKING:
    from tests.store.conftest import Kept

Keeping = Callable[..., "Kept"]
NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def test_sessions_see_nothing_of_each_other(keeping: Keeping) -> None:
    """A change in one is no change in another."""
    store = keeping().store

    store.apply("a", SetClock(instant=NEW_YEAR, real_s=0.0), ChooseSeed(seed="s"))
    store.apply("a", PutRecord(contract="bank", collection="c", record={"id": 1}))

    assert (store.snapshot("a").now, store.snapshot("a").seed) == (NEW_YEAR, "s")
    assert store.snapshot("b") == store.initial.snapshot("b", 0.0)
    assert store.snapshot("default").records == {}


def test_a_snapshot_given_out_never_changes(keeping: Keeping) -> None:
    """Whoever decides by a snapshot decides by one moment."""
    store = keeping().store
    before = store.snapshot("a")

    store.apply("a", ChooseSeed(seed="s"))

    assert (before.seed, store.snapshot("a").seed) == ("", "s")


def test_while_the_clock_stands_still_the_snapshot_is_the_same(keeping: Keeping) -> None:
    """A session that nobody changes costs no new value for a request."""
    store = keeping().store

    assert store.snapshot("a") is store.snapshot("a")


def test_a_running_clock_runs(keeping: Keeping) -> None:
    """The real time comes from outside."""
    kept = keeping()
    kept.store.apply("a", SwitchClock(mode=ClockMode.RUNNING, real_s=kept.real_s))

    kept.real_s += 60

    assert kept.store.snapshot("a").now == datetime(2024, 2, 15, 12, 1, tzinfo=UTC)


def test_a_session_begins_with_its_first_use(keeping: Keeping) -> None:
    """Asking whether there is one is no use."""
    store = keeping().store

    assert store.names() == ["default"]
    assert not store.knows("a")
    store.snapshot("a")
    assert store.names() == ["a", "default"]


def test_the_longest_idle_session_is_dropped_and_told(
    keeping: Keeping, caplog: pytest.LogCaptureFixture
) -> None:
    """`default` stays; the name that went is remembered, and the log tells of it."""
    kept = keeping(sessions=2)
    for name in ("a", "b", "a", "c"):
        kept.real_s += 1
        with caplog.at_level(logging.WARNING):
            kept.store.snapshot(name)

    assert kept.store.names() == ["c", "a", "default"]
    assert [(each.session, each.at_s, each.used_at_s) for each in kept.store.dropped] == [
        ("b", 1004.0, 1002.0)
    ]
    assert "session b was dropped" in caplog.text


def test_a_dropped_session_takes_its_journal_along(keeping: Keeping) -> None:
    """What nobody can ask for by name is not kept."""
    kept = keeping(sessions=1)
    kept.record("a")

    kept.store.snapshot("b")

    assert kept.numbers() == []


def test_resetting_returns_to_the_first_day(keeping: Keeping) -> None:
    """State and journal go, the session stays, and others are not touched."""
    kept = keeping()
    kept.store.apply("a", ChooseSeed(seed="s"))
    kept.record("a")
    kept.record("b")

    kept.store.reset(["a"])

    assert kept.store.knows("a")
    assert kept.store.state("a") == kept.store.initial
    assert kept.numbers() == [2]


def test_a_journal_is_a_ring(keeping: Keeping) -> None:
    """The oldest interaction makes room for the newest, in its own session."""
    kept = keeping(interactions=2)
    for session in ("a", "a", "b", "a"):
        kept.record(session)

    assert (kept.numbers("a"), kept.numbers("b"), kept.numbers()) == ([4, 2], [3], [4, 3, 2])


def test_no_journal_at_all(keeping: Keeping) -> None:
    """Zero keeps nothing, and numbers go on being told."""
    kept = keeping(interactions=0)

    assert kept.record().number == 1
    assert kept.numbers() == []


def test_long_bodies_are_cut_and_their_sizes_told(keeping: Keeping) -> None:
    """An upload of megabytes costs the journal a few kilobytes."""
    kept = keeping(body_bytes=4)

    interaction = kept.record(body=b"request body", reply=b"reply body")

    assert (interaction.request.body, interaction.request_size) == (b"requ", 12)
    assert (interaction.outcome.reply.body, interaction.reply_size) == (b"repl", 10)
    assert interaction.outcome.reply.media_type == "text/plain"


def test_what_was_found_in_a_body_ahead_is_not_kept(keeping: Keeping) -> None:
    """A short body may unpack to a long value, which no bound of the journal would count."""
    request = RawRequest(method="POST", path="/", body=b"packed", ahead=["a long value"])
    outcome = Outcome(reply=Reply(status=200))

    kept = keeping().store.record("a", request, outcome, at_s=0, took_s=0).request

    assert (kept.body, kept.ahead) == (b"packed", None)


def test_of_many_violations_the_first_are_kept(keeping: Keeping) -> None:
    """A query of a thousand commas is a thousand violations, and costs the journal a few of them."""
    kept = keeping(violations=2)
    wrong = tuple(Violation(location=("query", at), keyword="enum", message="no") for at in range(5))
    refusal = Refusal(cause=Cause.INVALID_PARAMETER, status=400, detail="no", violations=wrong)
    outcome = Outcome(reply=Reply(status=400), refusal=refusal, violations=wrong)

    told = kept.store.record("a", RawRequest(method="GET", path="/"), outcome, at_s=0, took_s=0).outcome

    assert told.refusal is not None
    assert told.violations == told.refusal.violations == wrong[:2]


def test_all_journals_together_have_an_end(keeping: Keeping) -> None:
    """Memory is bounded, whoever sends: a session beyond its share loses its own, others keep theirs."""
    kept = keeping(journal_bytes=100_000, body_bytes=10_000)
    kept.record("quiet")
    for _ in range(100):
        kept.record("loud", body=b"x" * 10_000)

    assert kept.numbers("quiet") == [1]
    assert 5 <= len(kept.numbers("loud")) <= 8


def test_many_idle_journals_give_way_to_new_ones(keeping: Keeping) -> None:
    """Where nobody has more than a share, the longest idle session loses first."""
    kept = keeping(journal_bytes=50_000, interactions=5)
    for number in range(100):
        kept.record(f"s{number}")

    assert kept.numbers()[0] == 100
    assert len(kept.numbers()) < 30
    assert kept.numbers("s0") == []


def test_one_interaction_larger_than_all_is_not_kept(keeping: Keeping) -> None:
    """A bound is a bound."""
    kept = keeping(journal_bytes=1000)

    kept.record(body=b"x" * 1000)

    assert (kept.numbers(), len(kept.store.rings)) == ([], 0)


def test_interactions_are_found_by_number(keeping: Keeping) -> None:
    """As long as they are kept."""
    kept = keeping(interactions=1)
    first, second = kept.record(), kept.record()

    assert kept.store.rings.find(first.number) is None
    assert kept.store.rings.find(second.number) is second


def test_clearing_forgets_one_journal_or_all(keeping: Keeping) -> None:
    """Sessions stay."""
    kept = keeping()
    for session in ("a", "b"):
        kept.store.snapshot(session)
        kept.record(session)

    kept.store.rings.clear("a")
    assert kept.numbers() == [2]
    kept.store.rings.clear()
    assert kept.numbers() == []
    assert kept.store.names() == ["b", "a", "default"]


def _put(key: int, collection: str = "c", text: str = "x" * 100) -> PutRecord:
    return PutRecord(contract="bank", collection=collection, record={"id": key, "text": text})


def test_records_of_all_sessions_together_have_an_end(
    keeping: Keeping, caplog: pytest.LogCaptureFixture
) -> None:
    """The longest idle session that has written any makes room; who wrote nothing stays, and it is told."""
    kept = keeping(record_bytes=400)
    kept.store.snapshot("reader")
    with caplog.at_level(logging.WARNING):
        for name in ("a", "b", "c", "d"):
            kept.store.apply(name, _put(1))

    assert kept.store.names() == ["d", "c", "b", "reader", "default"]
    assert [each.session for each in kept.store.dropped] == ["a"]
    assert "session a was dropped: records of more than 400 bytes are kept" in caplog.text
    assert 0 < kept.store.weight <= 400


def test_one_session_gives_up_the_collections_it_wrote_first(keeping: Keeping) -> None:
    """`default`, which is never dropped, has an end as well, and what was written last is there."""
    store = keeping(record_bytes=400).store
    for number in range(20):
        store.apply("default", _put(1, f"c{number}"))

    assert list(store.state("default").records["bank"]) == ["c17", "c18", "c19"]


def test_records_are_weighed_as_they_come_and_go(keeping: Keeping) -> None:
    """Writing one again and again weighs it once; those of the start weigh nothing; resets weigh nothing."""
    store = keeping().store
    store.origin = {"bank": {"c": ({"id": 9, "text": "y" * 500},)}}
    for _ in range(5):
        store.apply("a", _put(1))
    assert store.weight == len('{"id":1,"text":""}') + 100

    store.apply("a", DropRecord(contract="bank", collection="c", key="9"))
    assert store.weight == len('{"id":1,"text":""}') + 100

    store.apply("b", _put(2))
    store.drop("b")
    store.reset(["a"])
    assert store.weight == 0


def test_the_weight_is_that_of_what_is_there(keeping: Keeping) -> None:
    """In whatever order records are put, replaced and taken away, and when the first ones are forgotten."""
    store, choices = keeping().store, Random(1)  # noqa: S311 -- the same choices each time
    for _ in range(1500):
        key = choices.randrange(40)
        if choices.random() < 0.4:
            store.apply("a", DropRecord(contract="bank", collection="c", key=str(key)))
        else:
            store.apply("a", _put(key, text="x" * choices.randrange(9)))
    for key in range(1100):
        store.apply(
            "a",
            KeepEntity(
                contract="shop",
                path=f"/p/{key}",
                collection="p",
                record={"id": key},
                member="id",
                key=str(key),
            ),
        )

    kept = [each for found in store.state("a").records.values() for rows in found.values() for each in rows]
    assert store.weight == sum(len(to_json(each)) for each in kept)


def test_what_worlds_have_built_is_bounded() -> None:
    """A mapping that forgets keeps what was asked for last."""
    kept: Recent[str, int] = Recent(most=2)
    kept["a"], kept["b"] = 1, 2
    assert kept["a"] == 1
    kept["c"] = 3

    assert (sorted(kept), len(kept), "b" in kept) == (["a", "c"], 2, False)
    del kept["a"]
    assert list(kept) == ["c"]


def test_bounds_by_default() -> None:
    """What a user gets who chooses nothing."""
    assert Bounds() == Bounds(
        sessions=1000,
        interactions=1000,
        body_bytes=16_384,
        journal_bytes=67_108_864,
        record_bytes=268_435_456,
        worlds=4096,
    )
