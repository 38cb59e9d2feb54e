"""Writes SARIF 2.1.0 (OASIS Standard, 2020), which code scanners show beside the contract."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import PurePath
from typing import Final
from urllib.parse import quote, urlsplit

import orjson

from locum.behaviour.retelling import timestamp
from locum.contract.model import JsonObject, JsonValue
from locum.errors import Where
from locum.verify.model import Finding, Report, Severity, Step
from locum.verify.reports.told import headline, story

__all__ = ["sarif"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.FAILURE: "error", Severity.WARNING: "warning", Severity.DEVIATION: "note"}


def sarif(report: Report) -> bytes:
    """Return *report* as a SARIF log of one run; known failures are there, suppressed."""
    findings = [*report.findings, *report.expired, *report.known]
    titles = {each.rule: each.title for each in report.results}
    rules = list(dict.fromkeys(each.rule for each in findings))
    known = {each.identity for each in report.known}
    run: JsonObject = {
        "tool": {"driver": _driver(rules, titles)},
        "automationDetails": {"id": f"locum/{report.contract}/{report.profile}/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(each, report, rules.index(each.rule), is_known=each.identity in known)
            for each in findings
        ],
        "properties": {
            "url": report.url,
            "seed": report.seed,
            "untested": [f"{each.what}: {each.reason}" for each in report.untested],
        },
    }
    return orjson.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, option=orjson.OPT_INDENT_2)


def _driver(rules: list[str], titles: dict[str, str]) -> JsonObject:
    told: list[JsonValue] = [
        {"id": rule, "shortDescription": {"text": titles.get(rule) or rule}} for rule in rules
    ]
    return {"name": "locum", "version": version("locum"), "rules": told}


def _invocation(report: Report) -> JsonObject:
    began = datetime.fromtimestamp(report.started_at_s, UTC)
    ended = datetime.fromtimestamp(report.started_at_s + report.took_s, UTC)
    told: JsonObject = {
        "executionSuccessful": not report.obstacle and not report.interrupted,
        "exitCode": report.exit_code,
        "startTimeUtc": timestamp(began),
        "endTimeUtc": timestamp(ended),
    }
    if report.obstacle:
        told["toolExecutionNotifications"] = [{"level": "error", "message": {"text": report.obstacle}}]
    return told


def _result(finding: Finding, report: Report, index: int, *, is_known: bool) -> JsonObject:
    told: JsonObject = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{headline(finding)}\n\n" + "\n".join(story(finding, report))},
        "locations": [_location(finding, report)],
        "partialFingerprints": {"locumIdentity/v1": finding.id},
        "baselineState": "unchanged" if is_known else "new",
        "properties": {"identity": finding.identity, "engine": finding.engine},
    }
    if is_known:
        reason = report.reasons.get(finding.identity) or "known failure"
        told["suppressions"] = [{"kind": "external", "justification": reason}]
    if finding.steps:
        told |= _exchange(finding.steps[-1])
    return told


def _location(finding: Finding, report: Report) -> JsonObject:
    place = finding.where if finding.where.file else Where(file=report.document or report.contract)
    region: JsonObject = {"startLine": place.line or 1}
    if place.column:
        region["startColumn"] = place.column
    logical: JsonObject = {"fullyQualifiedName": f"{report.contract}/{finding.operation or '-'}"}
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": region},
        "logicalLocations": [logical],
    }


def _uri(file: str) -> str:
    if "://" in file:
        return file
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _exchange(step: Step) -> JsonObject:
    """Return the telling request and its answer, as SARIF 3.46 and 3.47 have them."""
    try:
        target = urlsplit(step.sent.url)._replace(scheme="", netloc="").geturl()
    except ValueError:
        target = step.sent.url
    told: JsonObject = {
        "webRequest": {
            "protocol": "HTTP",
            "version": "1.1",
            "method": step.sent.method,
            "target": target,
            "headers": dict(step.sent.headers),
        }
    }
    if step.received is None:
        told["webResponse"] = {"noResponseReceived": True}
    else:
        told["webResponse"] = {
            "statusCode": step.received.status,
            "headers": dict(step.received.headers),
            "body": {"text": step.received.body[:4096].decode("utf-8", "replace")},
        }
    return told
