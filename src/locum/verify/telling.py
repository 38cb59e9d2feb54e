"""Rules, and how what was seen of them becomes results and findings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from locum.behaviour.exchanges import Judgement
from locum.contract.contract import Contract
from locum.contract.model import Operation, Place
from locum.errors import Where
from locum.verify.model import Finding, Result, Severity, Step

__all__ = ["Rule", "place_of", "placed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that is looked at again and again; *id* is dotted, *promise* one sentence.

    *source* is what obliges a server to it: a section of a standard, or the contract itself where empty.
    """

    id: str
    promise: str
    suite: str
    source: str = ""

    def held(self, operation: str) -> Result:
        """Return that the rule was looked at, and held."""
        return self._result(operation, Judgement.HELD)

    def unseen(self, operation: str, reason: str) -> Result:
        """Return that the rule could not be looked at."""
        return replace(self._result(operation, Judgement.NOT_EVALUATED), evaluated=0, reason=reason)

    def broken(  # noqa: PLR0913 -- one value for each thing that is told of a finding
        self,
        operation: str,
        *steps: Step,
        location: str = "",
        kind: str = "",
        expected: str = "",
        received: str = "",
        severity: Severity = Severity.FAILURE,
        where: Where = Where(),
        confidence: str = "",
        reason: str = "",
    ) -> Result:
        """Return that the rule is broken, as one finding; *reason* says why that is less than a failure.

        Without *where* it is at its operation.
        """
        finding = Finding(
            operation=operation,
            rule=self.id,
            location=location,
            kind=kind,
            severity=severity,
            promise=self.promise,
            expected=expected,
            received=received,
            steps=steps,
            where=where,
            confidence=confidence,
            source=self.source,
        )
        return replace(
            self._result(operation, Judgement.BROKEN), findings=(finding,), where=where, reason=reason
        )

    def _result(self, operation: str, judgement: Judgement) -> Result:
        return Result(
            operation=operation,
            rule=self.id,
            title=self.promise,
            suite=self.suite,
            judgement=judgement,
            evaluated=1,
        )


def placed(result: Result, contract: Contract, operation: Operation | None) -> Result:
    """Return *result*, of which what names no place of the contract is at its *operation*."""
    where = place_of(contract, operation)
    findings = tuple(
        each if each.where != Where() else replace(each, where=where) for each in result.findings
    )
    return replace(result, findings=findings, where=result.where if result.where != Where() else where)


def place_of(contract: Contract, subject: Operation | Place | None) -> Where:
    """Return file and line of a part of the contract."""
    if subject is None:
        return Where()
    place = subject.route.place if isinstance(subject, Operation) else subject
    return contract.where(place)
