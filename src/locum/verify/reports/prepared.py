"""Makes a report fit to be shown: secrets out, paths short."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urlsplit, urlunsplit

from locum.behaviour.redaction import Redaction
from locum.errors import Where
from locum.verify.model import Finding, Observed, Received, Report, Result, Sent, Step

__all__ = ["prepared", "redacted_step", "redacted_url"]


def prepared(report: Report, redaction: Redaction, *, folder: str = "") -> Report:
    """Return *report* without secrets, with paths relative to *folder* where they are below it.

    Identities stay as they are.
    """
    return replace(
        report,
        document=_short(report.document, folder),
        url=redacted_url(report.url, redaction),
        results=tuple(_result(each, redaction, folder) for each in report.results),
        findings=_findings(report.findings, redaction, folder),
        known=_findings(report.known, redaction, folder),
        expired=_findings(report.expired, redaction, folder),
        reasons={identity: _told(redaction, text) for identity, text in report.reasons.items()},
        untested=tuple(
            replace(each, what=_told(redaction, each.what), reason=_told(redaction, each.reason))
            for each in report.untested
        ),
        traffic=tuple(_observed(each, redaction) for each in report.traffic),
        obstacle=_told(redaction, report.obstacle),
    )


def redacted_step(step: Step, redaction: Redaction) -> Step:
    """Return *step* without secrets."""
    received = step.received
    return replace(
        step,
        sent=_sent(step.sent, redaction),
        received=None if received is None else _received(received, redaction),
        failure=_told(redaction, step.failure),
    )


def redacted_url(url: str, redaction: Redaction) -> str:
    """Return *url* without user, password and what is secret in its query."""
    try:
        parts = urlsplit(url)
    except ValueError:  # what was sent need not be a URL
        return _told(redaction, url)
    # Clients send user and password as a header, which is told.
    host = parts.netloc.rpartition("@")[2]
    path, _, query = redaction.target(f"{parts.path}?{parts.query}").partition("?")
    return _sayable(urlunsplit((parts.scheme, _told(redaction, host), path, query, parts.fragment)))


def _result(result: Result, redaction: Redaction, folder: str) -> Result:
    return replace(
        result,
        reason=_told(redaction, result.reason),
        findings=_findings(result.findings, redaction, folder),
        where=_where(result.where, folder),
    )


def _findings(findings: tuple[Finding, ...], redaction: Redaction, folder: str) -> tuple[Finding, ...]:
    return tuple(
        replace(
            each,
            location=_sayable(each.location),
            kind=_sayable(each.kind),
            promise=_told(redaction, each.promise),
            expected=_told(redaction, each.expected),
            received=_told(redaction, each.received),
            steps=tuple(redacted_step(step, redaction) for step in each.steps),
            where=_where(each.where, folder),
        )
        for each in findings
    )


def _observed(observed: Observed, redaction: Redaction) -> Observed:
    return replace(observed, step=redacted_step(observed.step, redaction))


def _sent(sent: Sent, redaction: Redaction) -> Sent:
    return replace(
        sent,
        url=redacted_url(sent.url, redaction),
        headers=_headers(sent.headers, redaction),
        body=redaction.raw(sent.body),
    )


def _received(received: Received, redaction: Redaction) -> Received:
    return replace(received, headers=_headers(received.headers, redaction), body=redaction.raw(received.body))


def _headers(headers: tuple[tuple[str, str], ...], redaction: Redaction) -> tuple[tuple[str, str], ...]:
    return tuple((name, _sayable(redaction.header(name, text))) for name, text in headers)


def _where(where: Where, folder: str) -> Where:
    return replace(where, file=_short(where.file, folder))


def _short(path: str, folder: str) -> str:
    below = folder and path and PurePath(path).is_relative_to(folder)
    return PurePath(path).relative_to(folder).as_posix() if below else path


def _told(redaction: Redaction, text: str) -> str:
    return _sayable(redaction.text(text))


def _sayable(text: str) -> str:
    """Return *text* without lone surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode()
