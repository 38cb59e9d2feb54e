"""What an API promises about each single answer, as data, and the judge of it.

A promise over several calls is a relation (`relations.py`). What must not live here: reading files, sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from locum.behaviour.edits import Edit
from locum.behaviour.exchanges import Exchange, Judgement, Verdict, query_of
from locum.behaviour.expressions import LONGEST_LIST, Expression, Scope, bind, evaluate, longest_list
from locum.contract.model import JsonValue
from locum.errors import Where

__all__ = ["SCOPE", "Invariant", "judge", "judge_all"]

#: What an expression may read: the query by name (a text, or a list of texts), the parameters of the path,
#: the headers of the answer by lower-case name, its status and body, and the time in seconds since 1970.
SCOPE: Final = ("query", "path", "headers", "status", "body", "now")
_FAILURES: Final = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """Something that is true of every answer with one of *statuses* to one of *operations*.

    *when* narrows it further. *breaks* edits the body of such an answer so that the promise is broken, which
    shows that the expression can fail. *confidence* says how sure it is, *source* what it follows from.
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


def judge(invariant: Invariant, exchange: Exchange) -> Verdict:
    """Return whether *exchange* keeps the promise."""
    ((_, verdict),) = judge_all((invariant,), exchange)
    return verdict


def judge_all(invariants: Iterable[Invariant], exchange: Exchange) -> Iterator[tuple[Invariant, Verdict]]:
    """Yield each of *invariants* with what *exchange* makes of it; the answer is taken apart once.

    An expression that cannot be evaluated on a valid answer is broken.
    """
    is_too_long = longest_list(exchange.body) > LONGEST_LIST
    scope: Scope | None = None
    for invariant in invariants:
        if not _speaks_of(invariant, exchange):
            yield invariant, Verdict(judgement=Judgement.NOT_APPLICABLE)
        elif is_too_long:
            message = f"a list has more than {LONGEST_LIST:,} items"
            yield invariant, Verdict(judgement=Judgement.NOT_EVALUATED, message=message)
        else:
            scope = scope or bind(_seen_in(exchange))
            yield invariant, _judged(invariant, exchange, scope)


def _speaks_of(invariant: Invariant, exchange: Exchange) -> bool:
    return exchange.call.operation in invariant.operations and exchange.status in invariant.statuses


def _judged(invariant: Invariant, exchange: Exchange, scope: Scope) -> Verdict:
    try:
        if invariant.when is not None and evaluate(invariant.when, scope) is not True:
            return Verdict(judgement=Judgement.NOT_APPLICABLE)
        found = evaluate(invariant.expression, scope)
    except _FAILURES as error:
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
    return Verdict(judgement=Judgement.BROKEN, message=message)


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
    }
