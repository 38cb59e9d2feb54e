"""What an API promises about each single answer, as data, and the judge of it.

A promise over several calls is a relation (`relations.py`). What must not live here: reading files, sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.behaviour.edits import Edit
from locum.behaviour.exchanges import Exchange, Judgement, Verdict, query_of
from locum.behaviour.expressions import (
    FAILURES,
    LONGEST_LIST,
    Expression,
    Scope,
    bind,
    evaluate,
    is_absence,
    longest_list,
)
from locum.behaviour.scopes import ANSWER_SCOPE
from locum.contract.model import JsonValue
from locum.errors import Where

__all__ = ["SCOPE", "Invariant", "Subjects", "judge", "judge_all"]

SCOPE: Final = ANSWER_SCOPE
#: The parts of a body that an invariant with `self` speaks of: where each is, and its value.
Subjects = Callable[[JsonValue], Iterable[tuple[str, JsonValue]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """Something that is true of every answer with one of *statuses* to one of *operations*.

    *when* narrows it further. *breaks* edits the body of such an answer so that the promise is broken, which
    shows that the expression can fail. *confidence* says how sure it is, *source* what it follows from.
    With *subjects*, `self` is each of them in turn.
    """

    id: str
    promise: str
    operations: frozenset[str]
    statuses: frozenset[int]
    expression: Expression
    when: Expression | None = None
    breaks: tuple[Edit, ...] = ()
    confidence: str = ""
    source: str = ""
    where: Where = Where()
    subjects: Subjects | None = field(default=None, compare=False, repr=False)


def judge(invariant: Invariant, exchange: Exchange) -> Verdict:
    """Return whether *exchange* keeps the promise."""
    ((_, verdict),) = judge_all((invariant,), exchange)
    return verdict


def judge_all(invariants: Iterable[Invariant], exchange: Exchange) -> Iterator[tuple[Invariant, Verdict]]:
    """Yield each of *invariants* with what *exchange* makes of it; the answer is taken apart once.

    Nothing is said of an answer that leaves out, or has null for, what the expression reads: where that is
    forbidden, its schema says so. One that cannot be evaluated for another reason is broken.
    """
    is_too_long = longest_list(exchange.body) > LONGEST_LIST
    scope: Scope | None = None
    for invariant in invariants:
        if not _speaks_of(invariant, exchange):
            yield invariant, Verdict(judgement=Judgement.NOT_APPLICABLE)
        elif is_too_long:
            message = f"a list has more than {LONGEST_LIST:,} items"
            yield invariant, Verdict(judgement=Judgement.NOT_EVALUATED, message=message)
        elif invariant.subjects is not None:
            yield invariant, _judged_each(invariant, invariant.subjects(exchange.body), exchange)
        else:
            scope = scope or bind(_seen_in(exchange))
            yield invariant, _judged(invariant, exchange, scope)


def _speaks_of(invariant: Invariant, exchange: Exchange) -> bool:
    return exchange.call.operation in invariant.operations and exchange.status in invariant.statuses


def _judged_each(
    invariant: Invariant, subjects: Iterable[tuple[str, JsonValue]], exchange: Exchange
) -> Verdict:
    """Return the verdict on all subjects: broken if one is, held if one is and none is broken."""
    found = Verdict(judgement=Judgement.NOT_APPLICABLE)
    # The whole answer is bound again for each part of it, so only if it is read.
    seen = {name: value for name, value in _seen_in(exchange).items() if name in _read_by(invariant)}
    for pointer, subject in subjects:
        verdict = _judged(invariant, exchange, bind({**seen, "self": subject}))
        if verdict.judgement is Judgement.BROKEN:
            return Verdict(judgement=Judgement.BROKEN, message=f"{verdict.message}, {pointer or 'the body'}")
        found = verdict if verdict.judgement is not Judgement.NOT_APPLICABLE else found
    return found


def _read_by(invariant: Invariant) -> frozenset[str]:
    """Return the names that the expressions of *invariant* read."""
    return invariant.expression.reads | (invariant.when.reads if invariant.when else frozenset())


def _judged(invariant: Invariant, exchange: Exchange, scope: Scope) -> Verdict:
    try:
        if invariant.when is not None and evaluate(invariant.when, scope) is not True:
            return Verdict(judgement=Judgement.NOT_APPLICABLE)
        found = evaluate(invariant.expression, scope)
    except FAILURES as error:
        return _failed(invariant, exchange, error)
    if found is True:
        return Verdict(judgement=Judgement.HELD)
    return Verdict(judgement=Judgement.BROKEN, message=f"{invariant.promise}: not so at {exchange.call}")


def _failed(invariant: Invariant, exchange: Exchange, error: Exception) -> Verdict:
    reason = str(error).partition("\n")[0]
    if not exchange.is_valid:
        message = f"the answer is not what its schema says: {reason}"
        return Verdict(judgement=Judgement.NOT_EVALUATED, message=message)
    message = f"{invariant.promise}: cannot be evaluated at {exchange.call}: {reason}"
    judgement = Judgement.NOT_EVALUATED if is_absence(error) else Judgement.BROKEN
    return Verdict(judgement=judgement, message=message)


def _seen_in(exchange: Exchange) -> Mapping[str, JsonValue]:
    query: dict[str, JsonValue] = {
        name: [*text] if isinstance(text, list) else text for name, text in query_of(exchange.call).items()
    }
    return {
        "query": query,
        "path": dict(exchange.call.path),
        "headers": dict(exchange.headers),
        "status": exchange.status,
        "body": exchange.body,
        "now": None if exchange.now is None else exchange.now.timestamp(),
        "self": None,
    }
