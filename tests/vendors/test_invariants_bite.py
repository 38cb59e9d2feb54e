"""No promise is vacuous: some answer that differs in one place from what the stand-in gives breaks each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from locum.behaviour.crawling import Send
from locum.behaviour.edits import edit
from locum.behaviour.exchanges import Call, Exchange, Judgement
from locum.behaviour.invariants import Invariant, judge
from locum.behaviour.mutations import spoiled
from locum.behaviour.relations import Kind, Relation, play

if TYPE_CHECKING:
    from tests.vendors.conftest import Asked

#: The first second of a month, of which I2-15 speaks.
MIDNIGHT = datetime(2024, 3, 1, tzinfo=UTC)


def is_caught(invariant: Invariant, heard: list[Exchange]) -> bool:
    """Tell whether *invariant* is false, not just unanswerable, of one of *heard* when that is spoiled."""
    for exchange in heard:
        if judge(invariant, exchange).judgement is Judgement.HELD:
            declared = replace(exchange, body=edit(exchange.body, invariant.breaks))
            for spoilt in [declared] if invariant.breaks else spoiled(exchange):
                verdict = judge(invariant, spoilt)
                if verdict.judgement is Judgement.BROKEN and "not so" in verdict.message:
                    return True
    return False


def test_every_invariant_can_be_broken(asked: Asked) -> None:
    """For each invariant there is an answer, changed in one place, of which it is false."""
    sessions = [asked, asked.at("0", MIDNIGHT)]
    heard = [session(call) for session in sessions for call in asked.promises.calls]
    small = sorted(heard, key=lambda exchange: len(str(exchange.body)))

    assert [each.id for each in asked.promises.invariants if not is_caught(each, small)] == []


def is_noticed(relation: Relation, asked: Asked) -> bool:
    """Tell whether *relation* is broken when one of the answers it asks for is spoiled.

    One that holds that answers differ is broken when all are the first.
    """
    heard: list[Exchange] = []

    def listening(call: Call) -> Exchange:
        heard.append(asked(call))
        return heard[-1]

    play(relation, listening)
    if relation.kind is Kind.VARIED:
        return play(relation, lambda _: heard[0]).judgement is Judgement.BROKEN
    told = {str(each.call): each for each in heard}
    return any(
        play(relation, _with(asked, told, at, spoilt)).judgement is Judgement.BROKEN
        for at in reversed(range(len(heard)))
        for spoilt in spoiled(heard[at])
    )


def _with(asked: Asked, told: dict[str, Exchange], at: int, spoilt: Exchange) -> Send:
    """Return what sends calls and gets *spoilt* for the one at *at*; what was *told* is not asked again."""
    numbers = count()

    def send(call: Call) -> Exchange:
        return spoilt if next(numbers) == at else told.get(str(call)) or asked(call)

    return send


def test_every_relation_can_be_broken(asked: Asked) -> None:
    """For each relation there is an answer among those it asks for that must not be another."""
    assert [each.id for each in asked.promises.relations if not is_noticed(each, asked)] == []
