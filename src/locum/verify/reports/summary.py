"""What a report comes to: numbers, one sentence, and the matrix of operations and statuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from locum.behaviour.exchanges import Judgement
from locum.verify.model import ExitCode, Finding, Report, Severity

__all__ = ["Cell", "Mark", "Matrix", "Row", "Summary", "matrix", "sentence", "summarize"]

_JUDGED = (Judgement.HELD, Judgement.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of a report.

    *answered* operations answered 2xx at least once; *seen* of the declared statuses were seen; *evaluated*
    of the *rules*, each counted per operation, were looked at. Findings are new ones.
    """

    operations: int
    answered: int
    statuses: int
    seen: int
    rules: int
    evaluated: int
    failures: int
    warnings: int
    deviations: int
    known: int
    expired: int
    untested: int


class Mark(StrEnum):
    """What can be said of an operation and a status."""

    BROKEN = "broken"
    WARNED = "warned"
    #: Only what is known already.
    KNOWN = "known"
    KEPT = "kept"
    #: Answered, and not declared.
    UNDECLARED = "undeclared"
    #: Declared, and never answered.
    UNSEEN = "not seen"
    #: Neither declared nor answered.
    ABSENT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One status of an operation: how often it was answered, and what was found in those answers."""

    status: str
    mark: Mark
    count: int = 0
    is_declared: bool = True
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One operation; *other* are findings that no answer's status tells of."""

    operation: str
    cells: tuple[Cell, ...]
    other: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Operations in the order of the document, by every status that is declared or was seen."""

    statuses: tuple[str, ...]
    rows: tuple[Row, ...]


def summarize(report: Report) -> Summary:
    """Return the numbers of *report*."""
    declared = [(name, status) for name, statuses in report.declared.items() for status in statuses]
    return Summary(
        operations=len(report.declared),
        answered=sum(_has_success(report, name) for name in report.declared),
        statuses=len(declared),
        seen=sum(report.statuses.get(name, {}).get(status, 0) > 0 for name, status in declared),
        rules=len(report.results),
        evaluated=sum(each.judgement in _JUDGED for each in report.results),
        failures=_count(report.findings, Severity.FAILURE),
        warnings=_count(report.findings, Severity.WARNING),
        deviations=_count(report.findings, Severity.DEVIATION),
        known=len(report.known),
        expired=len(report.expired),
        untested=len(report.untested),
    )


def sentence(report: Report) -> str:
    """Return the verdict in one sentence."""
    summary = summarize(report)
    endings = {
        ExitCode.INTERRUPTED: "The run was interrupted; what it had found is told here.",
        ExitCode.NEW_FAILURES: f"{_many(summary.failures, 'promise')} {_is(summary.failures)} broken.",
        ExitCode.COULD_NOT_TEST: f"Nothing could be tested: {report.obstacle}.",
        ExitCode.EXPIRED: f"{_many(summary.expired, 'known failure')} {_has(summary.expired)} expired.",
        ExitCode.KEPT: "The contract is kept.",
    }
    if report.profile == "compare":
        endings |= {
            ExitCode.NEW_FAILURES: f"Mock and real server differ in {_many(summary.failures, 'point')}.",
            ExitCode.KEPT: f"Mock and real server answer alike{_but(summary.warnings + summary.deviations)}.",
        }
    return endings[report.exit_code]


def matrix(report: Report) -> Matrix:
    """Return what was seen of every operation and status, with the findings about it."""
    statuses = {status for each in report.declared.values() for status in each}
    statuses |= {status for each in report.statuses.values() for status, count in each.items() if count}
    ordered = tuple(sorted(statuses, key=_order))
    return Matrix(statuses=ordered, rows=tuple(_row(report, name, ordered) for name in report.declared))


def _row(report: Report, operation: str, statuses: tuple[str, ...]) -> Row:
    about: dict[str, list[Finding]] = {}
    new = {each.identity for each in (*report.findings, *report.expired)}
    for finding in (*report.findings, *report.expired, *report.known):
        if finding.operation == operation:
            about.setdefault(_status_of(report, finding), []).append(finding)
    cells = (_cell(report, operation, status, about.get(status, []), new) for status in (*statuses, ""))
    *under_statuses, other = cells
    return Row(operation=operation, cells=tuple(under_statuses), other=other)


def _cell(report: Report, operation: str, status: str, about: list[Finding], new: set[str]) -> Cell:
    count = report.statuses.get(operation, {}).get(status, 0)
    is_declared = status in report.declared[operation]
    return Cell(
        status=status,
        mark=_mark(about, new, count=count, is_declared=is_declared),
        count=count,
        is_declared=is_declared,
        findings=tuple(about),
    )


def _mark(about: list[Finding], new: set[str], *, count: int, is_declared: bool) -> Mark:
    fresh = [each for each in about if each.identity in new]
    if any(each.severity is Severity.FAILURE for each in fresh):
        return Mark.BROKEN
    if fresh:
        return Mark.WARNED
    if about:
        return Mark.KNOWN
    if count:
        return Mark.KEPT if is_declared else Mark.UNDECLARED
    return Mark.UNSEEN if is_declared else Mark.ABSENT


def _status_of(report: Report, finding: Finding) -> str:
    """Return the key of the status that the telling answer of *finding* had, `""` without an answer."""
    received = finding.steps[-1].received if finding.steps else None
    if received is None:
        return ""
    exact = str(received.status)
    declared = {status.upper(): status for status in report.declared.get(finding.operation, ())}
    for key in (exact, f"{exact[0]}XX", "DEFAULT"):
        if key in declared:
            return declared[key]
    return exact if exact in report.statuses.get(finding.operation, {}) else ""


def _order(status: str) -> tuple[int, str]:
    return (0 if status.isdigit() else 1 if status[:1].isdigit() else 2, status)


def _has_success(report: Report, operation: str) -> bool:
    seen = report.statuses.get(operation, {})
    is_told = any(status.startswith("2") for status in report.declared.get(operation, ()))
    # Where only `default` is declared, it stands for success as well.
    success = ("2",) if is_told else ("2", "default")
    return any(count and status.startswith(success) for status, count in seen.items())


def _count(findings: Iterable[Finding], severity: Severity) -> int:
    return sum(each.severity is severity for each in findings)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _but(count: int) -> str:
    return f", but for {_many(count, 'deviation')}" if count else ""


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
