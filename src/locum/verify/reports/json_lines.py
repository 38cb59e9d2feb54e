"""Writes a report as JSON lines: what was run, each result and finding, what was not tested, and the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

import orjson

from locum.behaviour.retelling import body_text, timestamp
from locum.contract.model import JsonObject
from locum.errors import Where
from locum.verify.model import Finding, Report, Result, Step
from locum.verify.reports.curl import curl_line
from locum.verify.reports.summary import sentence, summarize
from locum.verify.reports.told import replay_line

__all__ = ["json_lines"]


def json_lines(report: Report) -> bytes:
    """Return one JSON object a line, each with its `type`: run, result, finding, untested, end."""
    return b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in _told(report))


def _told(report: Report) -> Iterator[JsonObject]:
    yield {
        "type": "run",
        "locum": version("locum"),
        "contract": report.contract,
        "version": report.version,
        "document": report.document,
        "url": report.url,
        "profile": report.profile,
        "seed": report.seed,
        "started_at": timestamp(datetime.fromtimestamp(report.started_at_s, UTC)),
        "declared": {name: [*statuses] for name, statuses in report.declared.items()},
    }
    for result in report.results:
        yield _result(result)
    groups = {"new": report.findings, "expired": report.expired, "known": report.known}
    for state, findings in groups.items():
        for finding in findings:
            yield _finding(finding, report, state)
    for each in report.untested:
        yield {"type": "untested", "what": each.what, "reason": each.reason}
    yield {
        "type": "end",
        "exit_code": report.exit_code,
        "verdict": sentence(report),
        "requests": report.requests,
        "took_s": round(report.took_s, 3),
        "interrupted": report.interrupted,
        "obstacle": report.obstacle,
        "statuses": {name: dict(seen) for name, seen in report.statuses.items()},
        "summary": asdict(summarize(report)),
    }


def _result(result: Result) -> JsonObject:
    return {
        "type": "result",
        "operation": result.operation,
        "rule": result.rule,
        "title": result.title,
        "suite": result.suite,
        "judgement": result.judgement.value,
        "evaluated": result.evaluated,
        "reason": result.reason,
        "findings": [each.id for each in result.findings],
        "where": _where(result.where),
        "took_s": round(result.took_s, 6),
    }


def _finding(finding: Finding, report: Report, state: str) -> JsonObject:
    return {
        "type": "finding",
        "id": finding.id,
        "identity": finding.identity,
        "state": state,
        "reason": report.reasons.get(finding.identity, ""),
        "operation": finding.operation,
        "rule": finding.rule,
        "location": finding.location,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "promise": finding.promise,
        "expected": finding.expected,
        "received": finding.received,
        "where": _where(finding.where),
        "confidence": finding.confidence,
        "source": finding.source,
        "engine": finding.engine,
        "steps": [_step(step) for step in finding.steps],
        "replay": replay_line(finding, report),
    }


def _step(step: Step) -> JsonObject:
    sent, received = step.sent, step.received
    told: JsonObject = {
        "curl": curl_line(sent),
        "request": {
            "method": sent.method,
            "url": sent.url,
            "headers": [[name, text] for name, text in sent.headers],
            "body": _text(sent.body),
        },
    }
    if received is None:
        return {**told, "failure": step.failure or "no answer"}
    return {
        **told,
        "answer": {
            "status": received.status,
            "headers": [[name, text] for name, text in received.headers],
            "body": _text(received.body),
            "took_s": round(received.took_s, 6),
        },
    }


def _text(body: bytes) -> str:
    """Return a body as text; bytes that are none are told as Latin-1."""
    found = body_text(body, "")
    return body.decode("latin-1") if found is None else found


def _where(where: Where) -> JsonObject:
    return {"file": where.file, "line": where.line, "column": where.column, "pointer": where.pointer}
