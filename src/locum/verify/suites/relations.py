"""Plays the relations between calls: pages, offsets, subsets, sums, agreement of spellings, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.behaviour.exchanges import Call, Exchange, Judgement, Verdict
from locum.behaviour.relations import Kind, Relation, play
from locum.contract.model import Operation
from locum.verify.bases import is_supplied
from locum.verify.bench import Bench, Profile
from locum.verify.exchanging import call_of, exchange_of
from locum.verify.model import Finding, Result, Severity
from locum.verify.seen import Seen
from locum.verify.severities import severity_of
from locum.verify.supposing import unheard_of

__all__ = ["relations"]

SUITE: Final = "relations"
#: Exchanges shown of a finding.
_SHOWN: Final = 4
#: Kinds that say the same of each call: each is played by itself, so that one fault does not hide another.
_SINGLE: Final = frozenset({Kind.REFUSED, Kind.EMPTY})


def relations(bench: Bench) -> Iterator[Result]:
    """Play every relation that is sure enough to be looked at, and whose values are known."""
    answers: dict[str, Seen] = {}
    for relation in _in_order(bench):
        severity = severity_of(
            relation.confidence,
            is_strict=bench.options.is_strict,
            has_assumptions=bench.options.has_assumptions,
        )
        if severity is None or any(bench.operation(each.operation) is None for each in relation.calls):
            continue
        for part in _parts(relation):
            yield _played(bench, part, severity, answers)


def _in_order(bench: Bench) -> list[Relation]:
    """Return the relations in the order of their sheet; where requests are few, the most telling first."""
    if not bench.options.is_short:
        return [*bench.promises.relations]
    rank = {name: at for at, name in enumerate(bench.options.first)}
    return sorted(bench.promises.relations, key=lambda each: rank.get(each.id, len(rank)))


def _parts(relation: Relation) -> Iterator[Relation]:
    if relation.kind not in _SINGLE:
        yield relation
        return
    for call in relation.calls:
        yield replace(relation, calls=(call,))


def _played(bench: Bench, relation: Relation, severity: Severity, answers: dict[str, Seen]) -> Result:
    """Play *relation*; in haste, what other relations were answered is not asked again."""
    missing = [call for call in relation.calls if not _is_known(call)]
    if missing:
        reason = "a value it needs was not supplied (`--values`)"
        return _result(relation, Verdict(judgement=Judgement.NOT_EVALUATED, message=reason), severity, [])
    unknown = [call.credential for call in relation.calls if call.credential and not _has(bench, call)]
    if unknown:
        reason = f"the credential `{unknown[0]}` was not supplied (`--credentials`)"
        return _result(relation, Verdict(judgement=Judgement.NOT_EVALUATED, message=reason), severity, [])
    heard: list[Seen] = []
    asked: set[str] = set()

    def send(call: Call) -> Exchange:
        operation = bench.operation(call.operation)
        if operation is None:  # looked at before
            raise LookupError(call.operation)
        heard.append(_sent(bench, relation, call, operation, answers if str(call) not in asked else {}))
        asked.add(str(call))
        return replace(exchange_of(heard[-1]), call=call)

    verdict = play(relation, send)
    if verdict.judgement is Judgement.BROKEN and any(each.is_busy or not each.status for each in heard):
        verdict = Verdict(judgement=Judgement.NOT_EVALUATED, message="the server was busy or did not answer")
    if verdict.judgement is Judgement.BROKEN and (value := unheard_of(bench, heard)) is not None:
        reason = f"nobody is shown {value}, which the fixtures alone name (`--values`)"
        verdict = Verdict(judgement=Judgement.NOT_EVALUATED, message=reason)
    return _result(relation, verdict, severity, heard)


def _sent(
    bench: Bench, relation: Relation, call: Call, operation: Operation, answers: dict[str, Seen]
) -> Seen:
    is_hasty = bench.options.is_short or bench.options.profile is Profile.QUICK
    known = answers.get(str(call))
    if known is not None and is_hasty:
        return known
    is_wrong = relation.kind is Kind.REFUSED
    seen = bench.send(call_of(call, operation), operation, identity=call.credential, is_wrong=is_wrong)
    if is_hasty and seen.is_success:
        answers[str(call)] = seen
        if bench.options.is_short and call.credential is None:
            bench.bases.setdefault(operation.operation_id, seen)
    return seen


def _is_known(call: Call) -> bool:
    return is_supplied("".join((call.query, *call.path.values())))


def _has(bench: Bench, call: Call) -> bool:
    return any(each.id == call.credential for each in bench.fixtures.credentials)


def _result(relation: Relation, verdict: Verdict, severity: Severity, heard: list[Seen]) -> Result:
    operation = relation.calls[0].operation
    findings: tuple[Finding, ...] = ()
    if verdict.judgement is Judgement.BROKEN:
        finding = Finding(
            operation=operation,
            rule=relation.id,
            location=str(relation.calls[0]) if relation.kind in _SINGLE else "",
            kind=relation.kind.value,
            severity=severity,
            promise=relation.promise,
            expected=relation.promise,
            received=verdict.message.removeprefix(f"{relation.promise}: "),
            steps=tuple(each.step for each in _shown(heard)),
            where=relation.where,
            confidence=relation.confidence,
            source=relation.source,
        )
        findings = (finding,)
    return Result(
        operation=operation,
        rule=relation.id,
        title=relation.promise,
        suite=SUITE,
        judgement=verdict.judgement,
        evaluated=int(verdict.judgement in {Judgement.HELD, Judgement.BROKEN}),
        reason=verdict.message if verdict.judgement is Judgement.NOT_EVALUATED else "",
        findings=findings,
        where=relation.where,
    )


def _shown(heard: list[Seen]) -> list[Seen]:
    """Return the exchanges that tell: the first, and the last ones."""
    return heard if len(heard) <= _SHOWN else [heard[0], *heard[-_SHOWN + 1 :]]
