"""The stand-in keeps every promise that is written down, to everybody it knows, under any seed and clock."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from locum.behaviour.exchanges import Judgement, Verdict
from locum.behaviour.invariants import judge_all
from locum.behaviour.relations import play

if TYPE_CHECKING:
    from tests.vendors.conftest import Asked

PERSONAS: Final[dict[str, dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("personas.yaml").read_text()
)
SEEDS: Final = ("0", "7", "a seed in words")
#: An ordinary day, the first second of a month, the last one of a year.
CLOCKS: Final = (
    datetime(2024, 2, 15, 12, tzinfo=UTC),
    datetime(2024, 3, 1, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
)
#: Every seed under every clock cost a minute: `.ci/run` asks for that, and each of them comes up without.
SESSIONS: Final = [
    *(product(SEEDS, CLOCKS) if "LOCUM_LONG_TESTS" in os.environ else zip(SEEDS, CLOCKS, strict=True))
]
EVERYBODY: Final = [(name, persona) for name, known in PERSONAS.items() for persona in known]
OPENING: Final = [each for each in EVERYBODY if "refused" not in PERSONAS[each[0]][each[1]]]
REFUSED: Final = [each for each in EVERYBODY if "refused" in PERSONAS[each[0]][each[1]]]


def verdicts(asked: Asked) -> Iterator[tuple[str, Verdict]]:
    """Yield what becomes of every promise in one session; calls that name a credential once only."""
    usual, *_ = PERSONAS[asked.entry.name]
    for relation in asked.promises.relations:
        yield relation.id, play(relation, asked)
    for call in asked.promises.calls:
        if call.credential is None or asked.persona == usual:
            for invariant, verdict in judge_all(asked.promises.invariants, asked(call)):
                yield invariant.id, verdict


def test_everybody_is_here(asked: Asked) -> None:
    """Each credential of a contract is a persona, and nobody else is."""
    entry = asked.entry

    assert {each.id for each in entry.fixtures.credentials} == PERSONAS[entry.name].keys()


@pytest.mark.parametrize(("name", "persona"), OPENING, ids=str)
def test_every_promise_is_kept_to_everybody(
    name: str, persona: str, asked_of: Callable[[str], Asked]
) -> None:
    """Under each seed and each clock: whoever opens an API sees all its promises, and none of them broken."""
    told = PERSONAS[name][persona]
    mine, left_out = asked_of(name).played_by(persona, told.get("values", {})), told.get("except", {})
    seen: Counter[str] = Counter()
    broken = []
    for seed, now in SESSIONS:
        for promise, verdict in verdicts(mine.at(seed, now)):
            seen[promise] += verdict.judgement is Judgement.HELD
            if verdict.judgement is Judgement.BROKEN and promise not in left_out:
                broken.append(f"{promise} at {now} with seed {seed}: {verdict.message}")
    promised = {each.id for each in mine.promises.invariants} | {each.id for each in mine.promises.relations}

    assert broken == []
    assert {each for each in promised if not seen[each]} <= left_out.keys()
    assert left_out.keys() <= promised


@pytest.mark.parametrize(("name", "persona"), REFUSED, ids=str)
def test_whoever_does_not_open_an_api_is_refused(
    name: str, persona: str, asked_of: Callable[[str], Asked]
) -> None:
    """What others are answered well has one status for this one, and what is promised of refusals holds."""
    status = PERSONAS[name][persona]["refused"]
    for seed, now in SESSIONS:
        usual = asked_of(name).at(seed, now)
        mine = usual.played_by(persona, {})
        calls = [
            each for each in usual.promises.calls if each.credential is None and usual(each).status == 200
        ]
        judged = [judge_all(mine.promises.invariants, mine(each)) for each in calls]

        assert calls
        assert {mine(each).status for each in calls} == {status}
        assert [one for each in judged for _, one in each if one.judgement is Judgement.BROKEN] == []
