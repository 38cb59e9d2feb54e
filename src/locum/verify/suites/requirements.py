"""Keeps and breaks what a request owes beyond its schemas: parameters that go together, values once given.

Source: `x-requires` and `x-opaque` of the document, and the rules beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from locum.behaviour.exchanges import Call as Promised
from locum.behaviour.exchanges import Judgement
from locum.behaviour.request_cases import make_cases
from locum.behaviour.requirements import Opaque, Requirement
from locum.contract.model import Operation
from locum.verify.bases import base_of, is_supplied
from locum.verify.bench import Bench
from locum.verify.composing import is_playable
from locum.verify.editing import with_texts
from locum.verify.exchanging import call_of
from locum.verify.model import Finding, Result, Severity
from locum.verify.seen import Seen
from locum.verify.severities import severity_of
from locum.verify.suites.robustness import BLAME

__all__ = ["part_of", "requirements"]

SUITE: Final = "requirements"
#: Values that nobody has given.
_MADE_UP: Final = ("bm9ib2R5LWhhcy10aGlz", "nobody-has-this", "0")


def requirements(bench: Bench) -> Iterator[Result]:
    """Play every requirement that is sure enough, kept and broken, and values that nobody has given."""
    for requirement in bench.promises.requirements:
        severity = _severity(bench, requirement.confidence)
        if severity is not None:
            yield from _of(bench, requirement, severity)
        else:
            yield from _endured(bench, requirement)
    for opaque in bench.promises.opaque:
        severity = _severity(bench, opaque.confidence)
        if severity is not None and opaque.statuses:
            yield from _made_up(bench, opaque, severity)


def _severity(bench: Bench, confidence: str) -> Severity | None:
    return severity_of(
        confidence, is_strict=bench.options.is_strict, has_assumptions=bench.options.has_assumptions
    )


def _of(bench: Bench, requirement: Requirement, severity: Severity) -> Iterator[Result]:
    for is_broken, calls in ((False, requirement.kept), (True, requirement.broken)):
        for promised in calls:
            seen = _sent(bench, promised, is_wrong=is_broken)
            if seen is not None:
                yield _judged(requirement, seen, severity)
    shown = {call.operation for call in (*requirement.kept, *requirement.broken)}
    for name in sorted(requirement.operations - shown):
        yield from _made(bench, requirement, severity, name)


def _endured(bench: Bench, requirement: Requirement) -> Iterator[Result]:
    """Break what is only assumed: whether it is refused is open, but nothing fails over it."""
    for promised in requirement.broken:
        seen = _sent(bench, promised, is_wrong=True)
        if seen is None:
            continue
        if seen.status < 500 or seen.status == 501:  # noqa: PLR2004 -- RFC 9110 section 15.6.2
            yield BLAME.held(seen.operation_id)
            continue
        yield BLAME.broken(
            seen.operation_id,
            seen.step,
            location=part_of(requirement),
            kind="server-error",
            expected="an answer, or a refusal",
            received=str(seen.status),
        )


def _made(bench: Bench, requirement: Requirement, severity: Severity, name: str) -> Iterator[Result]:
    """Play requests that are made for a rule whose author has written down none for an operation."""
    operation = bench.operation(name)
    base = base_of(bench, operation) if operation is not None else None
    if operation is None or base is None:
        return
    cases = make_cases(
        requirement,
        operation,
        base.call,
        generator=bench.generator,
        now=bench.options.now or (datetime.now(UTC) if bench.options.trusts_date else None),
        settings=bench.fixtures.settings,
    )
    for call, is_wrong in ((cases.kept, False), (cases.broken, True)):
        if call is not None:
            seen = bench.send(call, operation, is_wrong=is_wrong)
            if seen.is_looked_at:
                yield _judged(requirement, seen, severity)


def _sent(bench: Bench, promised: Promised, *, is_wrong: bool) -> Seen | None:
    operation = bench.operation(promised.operation)
    texts = (promised.query, *promised.path.values())
    if operation is None or not is_playable(bench, operation) or not all(map(is_supplied, texts)):
        return None
    seen = bench.send(
        call_of(promised, operation), operation, identity=promised.credential, is_wrong=is_wrong
    )
    return None if not seen.is_looked_at else seen


def part_of(rule: Requirement | Opaque) -> str:
    """Return which part of a request a rule speaks of, as findings are located: `query.limit`, `body`."""
    part = rule.location.value if rule.location is not None else "body"
    return f"{part}.{rule.name}" if rule.name else part


def _judged(requirement: Requirement, seen: Seen, severity: Severity) -> Result:
    statuses = requirement.statuses or _refusals(seen.operation)
    words = " or ".join(map(str, sorted(statuses))) or "a refusal"
    if seen.is_wrong:
        is_kept = seen.status in statuses if statuses else seen.is_refusal
    else:
        # Whoever keeps the rule is not refused as one who breaks it; what is asked for may be missing.
        is_kept = seen.status not in {400, 422} and seen.status < 500  # noqa: PLR2004 -- RFC 9110 section 15.6
    return _result(
        requirement,
        seen,
        severity,
        is_kept=is_kept,
        location=part_of(requirement),
        kind="broken" if seen.is_wrong else "kept",
        expected=words if seen.is_wrong else "no refusal",
    )


def _refusals(operation: Operation | None) -> frozenset[int]:
    """Return the statuses by which an operation says that a request is wrong."""
    declared = {each.status for each in operation.responses} if operation is not None else set[str]()
    return frozenset(status for status in (400, 422) if str(status) in declared)


def _made_up(bench: Bench, opaque: Opaque, severity: Severity) -> Iterator[Result]:
    for name in sorted(opaque.operations):
        operation = bench.operation(name)
        base = base_of(bench, operation) if operation is not None else None
        if operation is None or base is None:
            continue
        for parameter in operation.parameters:
            if (parameter.name, parameter.location) != (opaque.name, opaque.location):
                continue
            for text in _MADE_UP:
                call = with_texts(base.call, operation, parameter, [text])
                seen = bench.send(call, operation, is_wrong=True)
                if seen.is_looked_at:
                    yield _result(
                        opaque,
                        seen,
                        severity,
                        is_kept=seen.status in opaque.statuses,
                        location=part_of(opaque),
                        kind="made-up",
                        expected=" or ".join(map(str, sorted(opaque.statuses))),
                    )


def _result(  # noqa: PLR0913 -- one value for each thing that is told of a finding
    rule: Requirement | Opaque,
    seen: Seen,
    severity: Severity,
    *,
    is_kept: bool,
    location: str,
    kind: str,
    expected: str,
) -> Result:
    promise = rule.promise or f"A value of {getattr(rule, 'name', '')} that nobody has given is refused"
    finding = Finding(
        operation=seen.operation_id,
        rule=rule.id,
        location=location,
        kind=kind,
        severity=severity,
        promise=promise,
        expected=expected,
        received=str(seen.status),
        steps=(seen.step,),
        where=rule.where,
        confidence=rule.confidence,
        source=rule.source,
    )
    return Result(
        operation=seen.operation_id,
        rule=rule.id,
        title=promise,
        suite=SUITE,
        judgement=Judgement.HELD if is_kept else Judgement.BROKEN,
        evaluated=1,
        findings=() if is_kept else (finding,),
        where=rule.where,
    )
