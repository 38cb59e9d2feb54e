"""Tells a finding in words: the same lines for a terminal, JUnit, SARIF and annotations."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from locum.verify.model import Finding, Report, Step
from locum.verify.reports.curl import curl_line, variables

__all__ = ["alike", "headline", "held", "place_of", "printable", "replay_line", "story"]

#: So much of a body is shown where a person reads.
_SHOWN: Final = 400
#: What is shown in the place of a good credential (`challenges.py`), by the kind of the finding.
_WRONG: Final = {
    "unknown": "a credential that nobody has",
    "invalid-credential": "a credential that nobody has",
    "shortened": "a good secret without its last character",
    "lengthened": "a good secret and one character more",
    "changed": "a good secret with another last character",
    "other-case": "a good secret, capitals and small letters exchanged",
    "pattern": "the text %",
    "any": "the text *",
    "null": "the text null",
    "empty": "nothing",
    "scheme-alone": "the word of the scheme, and nothing after it",
    "quoted": "the text ' OR '1'='1",
}


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return *findings* in groups that break one promise at one place, each in another way."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        key = (each.operation, each.severity.value, each.promise, each.rule, each.location)
        groups.setdefault(key, []).append(each)
    return [*groups.values()]


def place_of(finding: Finding) -> str:
    """Return where a finding is, and of what kind: `query.limit (beyond)`."""
    return " ".join(filter(None, (finding.location, f"({finding.kind})" if finding.kind else "")))


def headline(finding: Finding) -> str:
    """Return what is broken in one line: the promise, and what came instead."""
    came = f": {finding.received}" if finding.received else ""
    return printable(f"{finding.promise}{came}")


def story(finding: Finding, report: Report) -> Iterator[str]:
    """Yield the lines that tell all of a finding."""
    yield from (printable(line) for line in _lines(finding, report))


def _lines(finding: Finding, report: Report) -> Iterator[str]:
    yield finding.promise
    yield f"operation: {finding.operation or '(none)'}"
    yield f"rule:      {finding.rule}"
    if finding.location:
        yield f"at:        {place_of(finding)}"
    if finding.expected and finding.expected != finding.promise:
        yield f"expected:  {finding.expected}"
    if finding.received:
        yield f"received:  {finding.received}"
    if str(finding.where):
        yield f"contract:  {finding.where}"
    if finding.confidence or finding.source:
        yield f"source:    {' '.join(filter(None, (finding.source, finding.confidence)))}"
    for number, step in enumerate(finding.steps, 1):
        if len(finding.steps) > 1:
            yield f"step {number} of {len(finding.steps)}:"
        yield from _step_lines(step, finding)
    yield f"replay:    {replay_line(finding, report)}"


def held(step: Step, finding: Finding) -> dict[str, str]:
    """Return what the variables of a curl line must hold: `{"TOKEN": "the secret of good"}`.

    Where a wrong credential was let in, the last step shows it: who shows a good one instead sees nothing.
    """
    is_wrong = finding.rule.startswith("auth.") and step is finding.steps[-1]
    unnamed = _WRONG.get(finding.kind, "a secret") if is_wrong else "a secret"
    return {
        variable: f"the secret of {owner}" if owner else unnamed
        for variable, owner in variables(step.sent).items()
    }


def _step_lines(step: Step, finding: Finding) -> Iterator[str]:
    for variable, told in held(step, finding).items():
        yield f"# {variable}: {told}"
    yield f"$ {curl_line(step.sent)}"
    if step.received is None:
        yield f"> no answer{f': {step.failure}' if step.failure else ''}"
        return
    yield f"> {step.received.status}"
    text = step.received.body[:_SHOWN].decode("utf-8", "replace").strip()
    if text:
        yield f"> {text}{' …' if len(step.received.body) > _SHOWN else ''}"


def printable(text: str) -> str:
    """Return *text* without what would move the cursor or change colours where it is printed."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)


def replay_line(finding: Finding, report: Report) -> str:
    """Return the command that looks for this finding alone, or for a difference in its operation."""
    document = report.document or report.contract
    if finding.engine == "compare":
        return shlex.join(["locum", "compare", document, "--url", report.url, "--include", finding.operation])
    return shlex.join(["locum", "verify", document, "--url", report.url, "--replay", finding.id])
