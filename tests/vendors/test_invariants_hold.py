"""The stand-in keeps every promise that is written down, whatever the seed and the clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from locum.behaviour.exchanges import Judgement
from locum.behaviour.invariants import judge_all
from locum.behaviour.relations import play

if TYPE_CHECKING:
    from tests.vendors.conftest import Asked

SEEDS = ("0", "7", "a seed in words")
#: An ordinary day, the first second of a month, the last one of a year.
CLOCKS = (
    datetime(2024, 2, 15, 12, tzinfo=UTC),
    datetime(2024, 3, 1, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
)
SESSIONS = [(seed, now) for seed in SEEDS for now in CLOCKS]


def test_every_promise_holds_and_is_looked_at(asked: Asked) -> None:
    """Three seeds and three clocks: no answer breaks an invariant, no relation is, none goes unseen."""
    seen: Counter[str] = Counter()
    broken = []
    for seed, now in SESSIONS:
        session = asked.at(seed, now)
        verdicts = [(relation.id, play(relation, session)) for relation in asked.promises.relations]
        verdicts += [
            (each.id, verdict)
            for call in asked.promises.calls
            for each, verdict in judge_all(asked.promises.invariants, session(call))
        ]
        for name, verdict in verdicts:
            seen[name] += verdict.judgement is Judgement.HELD
            if verdict.judgement is Judgement.BROKEN:
                broken.append(f"{name} at {now} with seed {seed}: {verdict.message}")
    promised = {each.id for each in asked.promises.invariants}
    promised |= {each.id for each in asked.promises.relations}

    assert broken == []
    assert {name for name in promised if not seen[name]} == set()
