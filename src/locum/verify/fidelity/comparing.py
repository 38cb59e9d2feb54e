"""Plays the plan on a server, and makes a report of what two servers said to it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from locum.behaviour.exchanges import Judgement
from locum.verify.bench import Bench, SuiteEntry
from locum.verify.engine import Subject, run
from locum.verify.fidelity.differences import PROMISES, differences
from locum.verify.fidelity.recording import Played
from locum.verify.fidelity.steps import steps_of
from locum.verify.ledger import Ledger
from locum.verify.model import Finding, Report, Result, Untested

__all__ = ["compare", "played"]


def played(subject: Subject) -> tuple[Report, tuple[Played, ...]]:
    """Return the report of playing the plan on *subject*, and every answer by operation and step."""
    answers: list[Played] = []

    def play(bench: Bench) -> Iterator[Result]:
        for operation in bench.operations:
            for asked in steps_of(bench, operation):
                seen = bench.send(asked.call, operation, identity=asked.identity)
                answers.append((operation.operation_id, asked.name, seen))
        yield from ()

    report = run(subject, (SuiteEntry(name="compare", play=play),))
    return report, tuple(answers)


def compare(report: Report, mock: Sequence[Played], real: Sequence[Played]) -> Report:
    """Return *report*, of whichever side was played last, with where *real* differs from *mock*.

    A finding's expected is the mock's answer, its received the real one; what only one side could be asked is
    told as not tested.
    """
    ours = {(operation, name): seen for operation, name, seen in mock}
    theirs = {(operation, name): seen for operation, name, seen in real}
    both = [key for key in ours if key in theirs]
    ledger = Ledger()
    for operation, aspect in itertools.product(dict.fromkeys(key[0] for key in both), PROMISES):
        ledger.add(_held(operation, aspect, sum(key[0] == operation for key in both)))
    for finding in differences((*key, ours[key], theirs[key]) for key in both):
        ledger.add(_result(finding))
    lone = [
        Untested(what=f"{operation}: {name}", reason=f"only {side} could be asked this")
        for side, mine, other in (("the mock", ours, theirs), ("the real server", theirs, ours))
        for operation, name in mine
        if (operation, name) not in other
    ]
    return replace(
        report,
        results=tuple(ledger),
        findings=ledger.findings(),
        # Which statuses were never answered is what a verification tells.
        untested=(*(each for each in report.untested if not each.what.startswith("status ")), *lone),
        obstacle="" if both else "nothing could be asked of both",
    )


def _held(operation: str, aspect: str, count: int) -> Result:
    return Result(
        operation=operation,
        rule=f"drift.{aspect}",
        title=PROMISES[aspect],
        suite="compare",
        judgement=Judgement.HELD,
        evaluated=count,
    )


def _result(finding: Finding) -> Result:
    return Result(
        operation=finding.operation,
        rule=finding.rule,
        title=finding.promise,
        suite="compare",
        judgement=Judgement.BROKEN,
        findings=(finding,),
    )
