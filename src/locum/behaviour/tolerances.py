"""What a real server is forgiven, as data, and the judge of it: a deviation is told, and fails nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from locum.behaviour.exchanges import Exchange, Judgement
from locum.behaviour.expressions import Expression
from locum.behaviour.invariants import Invariant, judge

__all__ = ["Tolerance", "tolerates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """A breach that is forgiven, and why.

    *rules*, *locations* and *kinds* are those of findings and may have `*`; *operations* and *statuses* those
    of the answer that tells. *expression* must be true of that answer. What is empty narrows nothing.
    """

    rules: tuple[str, ...]
    operations: frozenset[str] = frozenset()
    locations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: frozenset[int] = frozenset()
    expression: Expression | None = None
    reason: str
    source: str = ""


def tolerates(tolerance: Tolerance, *, rule: str, location: str, kind: str, exchange: Exchange) -> bool:
    """Tell whether a breach of *rule* at *location*, seen in *exchange*, is forgiven."""
    if tolerance.operations and exchange.call.operation not in tolerance.operations:
        return False
    if tolerance.statuses and exchange.status not in tolerance.statuses:
        return False
    told = ((tolerance.rules, rule), (tolerance.locations, location), (tolerance.kinds, kind))
    return all(_matches(patterns, text) for patterns, text in told) and _is_true(tolerance, exchange)


def _matches(patterns: Iterable[str], text: str) -> bool:
    listed = tuple(patterns)
    return not listed or any(fnmatchcase(text, each) for each in listed)


def _is_true(tolerance: Tolerance, exchange: Exchange) -> bool:
    if tolerance.expression is None:
        return True
    said = Invariant(
        id="tolerance",
        promise=tolerance.reason,
        operations=frozenset({exchange.call.operation}),
        statuses=frozenset({exchange.status}),
        expression=tolerance.expression,
    )
    return judge(said, exchange).judgement is Judgement.HELD
