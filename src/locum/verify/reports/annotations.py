"""Writes findings as notes beside the lines of the contract, for GitHub and for GitLab.

Sources: docs.github.com, "Workflow commands" (`::error file=…`); docs.gitlab.com, "Code Quality", report
format.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import orjson

from locum.contract.model import JsonObject
from locum.verify.model import Finding, Report, Severity
from locum.verify.reports.summary import sentence
from locum.verify.reports.told import alike, headline, printable, replay_line, story

__all__ = ["github", "gitlab"]

_GITHUB: Final = {Severity.FAILURE: "error", Severity.WARNING: "warning", Severity.DEVIATION: "notice"}
_GITLAB: Final = {Severity.FAILURE: "major", Severity.WARNING: "minor", Severity.DEVIATION: "info"}

#: Longer lines are cut; the other reports have them whole.
_LONGEST: Final = 1000


def github(report: Report) -> bytes:
    """Return a workflow command for each finding that is not known, to be printed by a job of GitHub."""
    return "".join(f"{line}\n" for line in _commands(report)).encode()


def gitlab(report: Report) -> bytes:
    """Return the findings that are not known as a Code Quality report."""
    told = [_issue(each, report) for each in (*report.findings, *report.expired)]
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _commands(report: Report) -> Iterator[str]:
    if report.obstacle:
        title = f"title={_property(f'locum verify {report.contract}')}"
        yield f"::error {title}::{_text(sentence(report))}"
    # A job shows ten of a kind: what is alike takes the place of one.
    for finding, *others in alike((*report.findings, *report.expired)):
        said = "\n".join(_shortened(line) for line in story(finding, report))
        if others:
            said += f"\nalso:      {', '.join(f'{each.kind} {each.id}'.strip() for each in others)}"
        yield f"::{_GITHUB[finding.severity]} {','.join(_properties(finding, report))}::{_text(said)}"


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"


def _properties(finding: Finding, report: Report) -> Iterator[str]:
    file = finding.where.file or report.document
    if file:
        yield f"file={_property(file)}"
        yield f"line={finding.where.line or 1}"
        if finding.where.column:
            yield f"col={finding.where.column}"
    title = printable(f"{finding.operation or report.contract}: {finding.promise}")
    yield f"title={_property(title)}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")


def _issue(finding: Finding, report: Report) -> JsonObject:
    return {
        "description": f"{finding.operation or report.contract}: {headline(finding)}",
        "check_name": finding.rule,
        "fingerprint": finding.id,
        "severity": _GITLAB[finding.severity],
        "location": {
            "path": finding.where.file or report.document or report.contract,
            "lines": {"begin": finding.where.line or 1},
        },
        "content": {"body": replay_line(finding, report)},
    }
