"""Writes a report as one HTML page for people: nothing is fetched, and it reads without its script.

The page is `page.html` beside this module; what is shown of it is decided here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from importlib.metadata import version
from itertools import groupby
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from locum.behaviour.retelling import body_text
from locum.verify.model import ExitCode, Finding, Report, Severity, Step
from locum.verify.reports.curl import curl_line
from locum.verify.reports.summary import matrix, sentence, summarize
from locum.verify.reports.told import held, place_of, replay_line

__all__ = ["html"]

#: Texts longer than this are not held against each other.
_COMPARED: Final = 2000
#: Less alike, and marking what differs would mark nearly all.
_ALIKE: Final = 0.4
_SHOWN_BODY: Final = 4000

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("locum.verify.reports", ""),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A part of a text, and whether the other text lacks it."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One exchange as the page tells it."""

    curl: str
    variables: tuple[str, ...]
    status: str
    failure: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """One finding as the page tells it."""

    finding: Finding
    state: str
    reason: str
    place: str
    expected: tuple[_Piece, ...]
    received: tuple[_Piece, ...]
    steps: tuple[_Told, ...]
    replay: str


def html(report: Report) -> bytes:
    """Return *report* as a page that stands alone."""
    cards = _cards(report)
    page = _ENVIRONMENT.get_template("page.html").render(
        report=report,
        summary=summarize(report),
        sentence=sentence(report),
        tone=_tone(report),
        matrix=matrix(report),
        groups=[(name, [*group]) for name, group in groupby(cards, key=lambda card: card.finding.operation)],
        cards=cards,
        severities=[each.value for each in Severity],
        began=datetime.fromtimestamp(report.started_at_s, UTC).strftime("%d %B %Y, %H:%M:%S UTC"),
        version=version("locum"),
        script=_script(),
        script_hash=_hash_of(_script()),
    )
    return page.encode("utf-8", "replace")


def diff(expected: str, received: str) -> tuple[tuple[_Piece, ...], tuple[_Piece, ...]]:
    """Return both texts in pieces; those that differ are marked where the rest is alike.

    >>> [piece.text for piece in diff("limit 10", "limit 12")[1] if piece.differs]
    ['2']
    """
    whole = (_Piece(text=expected),), (_Piece(text=received),)
    if not expected or not received or max(len(expected), len(received)) > _COMPARED:
        return whole
    matcher = SequenceMatcher(None, expected, received, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return whole
    moves = matcher.get_opcodes()
    left = [_Piece(text=expected[a:b], differs=tag != "equal") for tag, a, b, _, _ in moves if b > a]
    right = [_Piece(text=received[a:b], differs=tag != "equal") for tag, _, _, a, b in moves if b > a]
    return tuple(left), tuple(right)


def _cards(report: Report) -> list[_Card]:
    """Return all findings by operation, in the order of the document, the new ones first."""
    states = (("new", report.findings), ("expired", report.expired), ("known", report.known))
    cards = [_card(each, report, state) for state, findings in states for each in findings]
    order = {name: place for place, name in enumerate(report.declared)}
    return sorted(cards, key=lambda card: order.get(card.finding.operation, len(order)))


def _card(finding: Finding, report: Report, state: str) -> _Card:
    expected, received = diff(finding.expected, finding.received)
    return _Card(
        finding=finding,
        state=state,
        reason=report.reasons.get(finding.identity, ""),
        place=place_of(finding),
        expected=expected,
        received=received,
        steps=tuple(_told(step, finding) for step in finding.steps),
        replay=replay_line(finding, report),
    )


def _told(step: Step, finding: Finding) -> _Told:
    told = tuple(f"{name} is {what}" for name, what in held(step, finding).items())
    if step.received is None:
        failure = step.failure or "no answer came"
        return _Told(curl=curl_line(step.sent), variables=told, status="", failure=failure, body="")
    return _Told(
        curl=curl_line(step.sent),
        variables=told,
        status=str(step.received.status),
        failure="",
        body=_readable(step.received.body),
    )


def _readable(body: bytes) -> str:
    text = body_text(body, "")
    if text is None:
        return f"({len(body)} bytes that are no text)"
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False) if text.strip() else ""
    return f"{text[:_SHOWN_BODY]}\n…" if len(text) > _SHOWN_BODY else text


def _tone(report: Report) -> str:
    return {ExitCode.KEPT: "good", ExitCode.NEW_FAILURES: "bad"}.get(report.exit_code, "doubt")


def _script() -> str:
    source = _ENVIRONMENT.loader
    text = source.get_source(_ENVIRONMENT, "page.js")[0] if source else ""
    return text.replace("\r\n", "\n")


def _hash_of(script: str) -> str:
    """Return what a Content Security Policy calls the script by (CSP 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
