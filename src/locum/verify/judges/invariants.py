"""Holds every answer to the invariants: those beside the contract, and those in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Final

from locum.behaviour.exchanges import Judgement, Verdict
from locum.behaviour.invariants import Invariant, judge, judge_all
from locum.verify.bench import Bench, Profile
from locum.verify.exchanging import exchange_of
from locum.verify.judges.conformance import is_conformant
from locum.verify.model import Finding, Result
from locum.verify.seen import Seen, Undecoded
from locum.verify.severities import severity_of

__all__ = ["clocks_of", "invariants"]

SUITE: Final = "invariants"
_NOW: Final = re.compile(r"\bnow\b")
#: How long a server with a clock of its own may have run before it is looked at.
_LONGEST_RUN: Final = timedelta(hours=1)
#: Bytes of an answer that is long.
_LONG: Final = 4 * 1024
#: Long answers that are judged in one run.
_MOST_LONG: Final[Mapping[Profile, int]] = {Profile.QUICK: 24, Profile.FULL: 96, Profile.FUZZ: 1024}


def invariants(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Judge an answer by every invariant of its operation that is sure enough to be looked at.

    An answer to a call that should have been refused is told as such, and not judged here.
    """
    operation = seen.operation
    if operation is None or seen.received is None or seen.is_wire or isinstance(seen.value, Undecoded):
        return
    if seen.call.method != operation.route.method.value or (seen.is_wrong and seen.is_success):
        return
    if _was_judged(bench, seen):
        return
    concerned = [each for each in bench.promises.invariants if operation.operation_id in each.operations]
    first, *others = clocks_of(bench, seen)
    exchange = exchange_of(seen, now=first, is_valid=is_conformant(seen))
    for invariant, verdict in judge_all(concerned, exchange):
        at_other_times = (judge(invariant, replace(exchange, now=now)) for now in others)
        best = _first_not_broken((verdict, *at_other_times)) if _reads_clock(invariant) else verdict
        yield from _result(bench, seen, invariant, best.judgement, best.message)


def _reads_clock(invariant: Invariant) -> bool:
    texts = (each.text for each in (invariant.expression, invariant.when) if each is not None)
    return any(map(_NOW.search, texts))


def _first_not_broken(verdicts: tuple[Verdict, ...]) -> Verdict:
    return next((each for each in verdicts if each.judgement is not Judgement.BROKEN), verdicts[0])


def _was_judged(bench: Bench, seen: Seen) -> bool:
    """Tell whether the same long answer to the same call was judged before, and note this one.

    Invariants take their time over long lists, and relations ask for the same pages again and again.
    """
    if len(seen.content) < _LONG:
        return False
    key = (seen.call.method, seen.call.target, blake2b(seen.content, digest_size=16).hexdigest())
    if key in bench.judged or len(bench.judged) >= _MOST_LONG[bench.options.profile]:
        return True
    bench.judged.add(key)
    return False


def clocks_of(bench: Bench, seen: Seen) -> tuple[datetime | None, ...]:
    """Return the times it may be by the server's clock; a promise has to hold at one of them.

    A clock that the tester tells may stand still, or run on from there; one that has run for longer than we
    know tells its own time in `Date`.
    """
    told, dated = bench.options.now, _dated(seen)
    if told is None:
        return (dated if bench.options.trusts_date else None,)
    clocks = [told, told + timedelta(seconds=bench.elapsed_s())]
    if dated is not None and timedelta() <= dated - told <= _LONGEST_RUN:
        clocks.insert(0, dated)
    return tuple(clocks)


def _dated(seen: Seen) -> datetime | None:
    """Return what `Date` says (RFC 9110, 6.6.1)."""
    try:
        at = parsedate_to_datetime(seen.header("date"))
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _result(
    bench: Bench, seen: Seen, invariant: Invariant, judgement: Judgement, message: str
) -> Iterator[Result]:
    severity = severity_of(
        invariant.confidence,
        is_strict=bench.options.is_strict,
        has_assumptions=bench.options.has_assumptions,
    )
    if severity is None or judgement is Judgement.NOT_APPLICABLE:
        return
    findings: tuple[Finding, ...] = ()
    if judgement is Judgement.BROKEN:
        finding = Finding(
            operation=seen.operation_id,
            rule=invariant.id,
            location="body",
            severity=severity,
            promise=invariant.promise,
            expected=invariant.expression.text,
            received=message.removeprefix(f"{invariant.promise}: "),
            steps=(seen.step,),
            where=invariant.where,
            confidence=invariant.confidence,
            source=invariant.source,
        )
        findings = (finding,)
    yield Result(
        operation=seen.operation_id,
        rule=invariant.id,
        title=invariant.promise,
        suite=SUITE,
        judgement=judgement,
        evaluated=int(judgement in {Judgement.HELD, Judgement.BROKEN}),
        reason=message if judgement is Judgement.NOT_EVALUATED else "",
        findings=findings,
        where=invariant.where,
    )
