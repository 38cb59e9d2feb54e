"""Tells an interaction as JSON, in short for lists and whole for one; secrets are left out."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from locum.behaviour.journal import Interaction
from locum.behaviour.near_misses import NearMiss
from locum.behaviour.problems import describe
from locum.behaviour.redaction import Redaction
from locum.contract.model import JsonObject, JsonValue, Violation

__all__ = ["body_text", "is_textual", "timestamp", "told_at_length", "told_in_short"]

_TEXTUAL: Final = ("text/", "json", "xml", "x-www-form-urlencoded", "yaml", "javascript", "graphql", "csv")


def told_in_short(each: Interaction, redaction: Redaction) -> JsonObject:
    """Return what a list shows of an interaction."""
    route, outcome = each.route, each.outcome
    told: JsonObject = {
        "id": str(each.number),
        "session": each.session,
        "contract": each.contract or None,
        "operation": route.operation_id if route else None,
        "method": each.request.method,
        "url": each.request.base_url + redaction.target(each.target),
        "status": each.status,
        "at": timestamp(datetime.fromtimestamp(each.at_s, UTC)),
        "session_time": timestamp(each.session_time),
        "duration_ms": round(each.took_s * 1000, 3),
        "refusal": outcome.refusal.cause.value if outcome.refusal else None,
        "scenario": outcome.scenario or None,
        "fault": outcome.fault is not None,
        "violations": len(outcome.violations),
        "because": [*outcome.because],
    }
    return redaction.value(told)


def told_at_length(each: Interaction, redaction: Redaction, near: Iterable[NearMiss] = ()) -> JsonObject:
    """Return all that is known of an interaction; *near* are the operations it came near to."""
    request, reply = each.request, each.outcome.reply
    headers = [*reply.headers, ("content-type", reply.media_type)] if reply.media_type else [*reply.headers]
    sent_type = request.header("content-type") or ""
    told: JsonObject = {
        "request": {
            "headers": _headers(request.headers, redaction),
            "body": _body(request.body, sent_type, each.request_size, redaction),
        },
        "reply": {
            "headers": _headers(headers, redaction),
            "body": _body(reply.body, reply.media_type, each.reply_size, redaction),
        },
        "violation_list": [_violation(one) for one in each.outcome.violations],
        "detail": each.outcome.refusal.detail if each.outcome.refusal else None,
        "nearest": [_near(one) for one in near],
    }
    return {**told_in_short(each, redaction), **redaction.value(told)}


def timestamp(instant: datetime) -> str:
    """Return *instant* as RFC 3339 writes it, in UTC.

    >>> timestamp(datetime(2024, 2, 15, 12, tzinfo=UTC))
    '2024-02-15T12:00:00Z'
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_textual(media_type: str) -> bool:
    """Tell whether bodies of *media_type* are texts; those of no type may be."""
    return not media_type or any(word in media_type.lower() for word in _TEXTUAL)


def body_text(body: bytes, media_type: str) -> str | None:
    """Return *body* as text where its media type and its bytes allow, else `None`."""
    if not is_textual(media_type):
        return None
    for lost in range(4):  # a cut may have gone through a character of up to four bytes
        try:
            return body[: len(body) - lost].decode()
        except UnicodeDecodeError:
            continue
    return None


def _headers(headers: Iterable[tuple[str, str]], redaction: Redaction) -> JsonValue:
    return [{"name": name, "value": redaction.header(name, text)} for name, text in headers]


def _body(body: bytes, media_type: str, size: int, redaction: Redaction) -> JsonObject:
    text, is_cut = body_text(body, media_type), len(body) < size
    told: JsonObject = {"size": size, "truncated": is_cut}
    if text is None:
        return {**told, "base64": base64.b64encode(redaction.raw(body)).decode()}
    return {**told, "text": redaction.cut_text(text) if is_cut else text}


def _violation(violation: Violation) -> JsonObject:
    return {
        "location": [str(step) for step in violation.location],
        "keyword": violation.keyword,
        "message": describe(violation),
        "expected": violation.expected,
        "received": violation.received,
    }


def _near(miss: NearMiss) -> JsonObject:
    return {
        "contract": miss.contract,
        "operation": miss.route.operation_id,
        "method": miss.route.method.value,
        "path": miss.route.path,
        "likeness": miss.likeness,
        "differs": [*miss.differs],
    }
