"""Writes JUnit XML: a suite for each operation, a case for each check.

The schema of Jenkins' xUnit plugin (`junit-10.xsd`) knows neither `file` and `line` nor properties of a case;
GitLab, CircleCI and most reporters of GitHub read them. So there are two ways to write it, as pytest has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from locum.behaviour.exchanges import Judgement
from locum.errors import Where
from locum.verify.model import Finding, Report, Severity
from locum.verify.reports.told import headline, story

__all__ = ["junit", "junit_with_places"]

#: What XML 1.0 (2.2) cannot hold.
_UNSPEAKABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One check of one operation; *broken* are new findings that fail it, *told* those that do not."""

    operation: str
    rule: str
    title: str
    suite: str = ""
    where: Where = Where()
    took_s: float = 0.0
    broken: tuple[Finding, ...] = ()
    told: tuple[Finding, ...] = ()
    skipped: str = ""


def junit(report: Report) -> bytes:
    """Return *report* as JUnit XML that the schema of Jenkins accepts; places stand in suites and texts."""
    return _written(report, with_places=False)


def junit_with_places(report: Report) -> bytes:
    """Return *report* as JUnit XML with `file`, `line` and properties on each case."""
    return _written(report, with_places=True)


def _written(report: Report, *, with_places: bool) -> bytes:
    cases = list(_cases(report))
    root = ET.Element("testsuites", {"name": f"locum verify {report.contract}", "time": _time(report.took_s)})
    operations = list(dict.fromkeys([*report.declared, *(case.operation for case in cases)]))
    for operation in operations:
        mine = [case for case in cases if case.operation == operation]
        if mine:
            root.append(_suite(operation, mine, report, with_places=with_places))
    if report.obstacle:
        root.append(_obstacle(report))
    root.set("tests", str(len(cases) + bool(report.obstacle)))
    root.set("failures", str(sum(bool(case.broken) for case in cases)))
    root.set("errors", str(int(bool(report.obstacle))))
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _suite(operation: str, cases: list[_Case], report: Report, *, with_places: bool) -> ET.Element:
    attributes = {
        "name": _clean(operation or report.contract),
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.broken) for case in cases)),
        "errors": "0",
        "skipped": str(sum(bool(case.skipped) and not case.broken for case in cases)),
        "time": _time(sum(case.took_s for case in cases)),
        "timestamp": datetime.fromtimestamp(report.started_at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "package": _clean(report.contract),
    }
    if report.document:
        attributes["file"] = _clean(report.document)
    suite = ET.Element("testsuite", attributes)
    seen = report.statuses.get(operation, {})
    answered = ", ".join(f"{status}: {count}" for status, count in sorted(seen.items()) if count)
    told = {"url": report.url, "profile": report.profile, "seed": report.seed, "answers": answered}
    suite.append(_properties(told))
    suite.extend(_case(case, report, with_places=with_places) for case in cases)
    return suite


def _case(case: _Case, report: Report, *, with_places: bool) -> ET.Element:
    attributes = {
        "name": _clean(f"{case.rule}: {case.title}" if case.title else case.rule),
        "classname": _clean(f"{report.contract}.{case.operation}" if case.operation else report.contract),
        "time": _time(case.took_s),
    }
    where = case.broken[0].where if case.broken and case.broken[0].where.file else case.where
    if with_places and where.file:
        attributes |= {"file": _clean(where.file), "line": str(where.line or 1)}
    element = ET.Element("testcase", attributes)
    if with_places:
        told = {"rule": case.rule, "suite": case.suite, "findings": " ".join(each.id for each in case.broken)}
        element.append(_properties(told))
    for finding in case.broken:
        told = {"type": _clean(finding.rule), "message": _clean(headline(finding))}
        failure = ET.SubElement(element, "failure", told)
        failure.text = _clean("\n".join(story(finding, report)))
    if case.skipped and not case.broken:
        ET.SubElement(element, "skipped", {"message": _clean(case.skipped)})
    if case.told:
        texts = ["\n".join([each.severity.value, *story(each, report)]) for each in case.told]
        ET.SubElement(element, "system-out").text = _clean("\n\n".join(texts))
    return element


def _cases(report: Report) -> Iterator[_Case]:
    """Yield a case for each result, and for what was found beside all results."""
    new = {each.identity for each in (*report.findings, *report.expired)}
    held = set()
    for result in report.results:
        held |= {each.identity for each in result.findings}
        skipped = ""
        if result.judgement in {Judgement.NOT_EVALUATED, Judgement.NOT_APPLICABLE}:
            skipped = f"{result.judgement.value}{f': {result.reason}' if result.reason else ''}"
        elif result.findings and not any(each.identity in new for each in result.findings):
            skipped = _known(report, result.findings)
        yield _Case(
            operation=result.operation,
            rule=result.rule,
            title=result.title,
            suite=result.suite,
            where=result.where,
            took_s=result.took_s,
            broken=tuple(each for each in result.findings if each.identity in new and _fails(each)),
            told=tuple(each for each in result.findings if each.identity in new and not _fails(each)),
            skipped=skipped,
        )
    yield from _beside(report, held)


def _beside(report: Report, held: set[str]) -> Iterator[_Case]:
    for finding in (*report.findings, *report.expired, *report.known):
        if finding.identity in held:
            continue
        is_known = finding in report.known
        yield _Case(
            operation=finding.operation,
            rule=finding.rule,
            title=" ".join(filter(None, (finding.location, finding.kind))),
            suite=finding.engine,
            where=finding.where,
            broken=(finding,) if _fails(finding) and not is_known else (),
            told=() if _fails(finding) or is_known else (finding,),
            skipped=_known(report, (finding,)) if is_known else "",
        )


def _known(report: Report, findings: tuple[Finding, ...]) -> str:
    reasons = [report.reasons.get(each.identity, "") for each in findings]
    return ": ".join(filter(None, ("known failure", "; ".join(filter(None, reasons)))))


def _fails(finding: Finding) -> bool:
    return finding.severity is Severity.FAILURE


def _obstacle(report: Report) -> ET.Element:
    attributes = {"name": _clean(report.contract), "tests": "1", "failures": "0", "errors": "1"}
    suite = ET.Element("testsuite", attributes)
    case = ET.SubElement(suite, "testcase", {"name": "could be tested", "classname": _clean(report.contract)})
    ET.SubElement(case, "error", {"type": "could-not-test", "message": _clean(report.obstacle)})
    return suite


def _properties(told: dict[str, str]) -> ET.Element:
    element = ET.Element("properties")
    for name, text in told.items():
        if text:
            ET.SubElement(element, "property", {"name": name, "value": _clean(text)})
    return element


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"


def _clean(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
