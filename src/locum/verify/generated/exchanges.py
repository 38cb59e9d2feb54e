"""One generated exchange, as the child process has told it and our own reader of requests sees it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from locum.behaviour.calls import Call
from locum.behaviour.model import RawRequest
from locum.contract.model import Violation
from locum.verify.generated.rulebook import Rulebook, raw_of
from locum.verify.model import Received, Sent, Step
from locum.verify.seen import Seen

__all__ = ["SUITE", "Exchange", "chain_of", "size_of"]

SUITE: Final = "generated"
#: Undone already where these headers told of it.
_UNDONE: Final = frozenset({"content-encoding", "transfer-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange of a scenario; *violations* are what our own reader has against the request.

    *codes* are the failures that Schemathesis tells of it, with their messages.
    """

    id: str
    parent: str | None
    operation_id: str
    seen: Seen
    at_s: float
    raw: RawRequest | None
    is_negative: bool
    parameter: str
    violations: tuple[Violation, ...]
    codes: Mapping[str, str]

    @classmethod
    def read(cls, told: Mapping[str, Any], book: Rulebook, base_path: str) -> Exchange:
        """Return what the child process has told of an exchange."""
        declared = book.operation(told["method"], told["path"])
        sent = told["request"]
        operation = declared if declared and sent["method"] == told["method"] else None
        step = _step(told)
        raw = raw_of(operation, step.sent.url, dict(step.sent.headers), step.sent.body) if operation else None
        violations = book.violations(operation, raw) if operation and raw else ()
        seen = Seen(
            call=_call(step.sent, base_path),
            step=step,
            operation=operation,
            suite=SUITE,
            is_wrong=told["is_negative"] and bool(violations),
        )
        parameter = f"{told['location']}.{told['parameter']}" if told["parameter"] else ""
        return cls(
            id=told["id"],
            parent=told["parent"],
            operation_id=declared.operation_id if declared else "",
            seen=seen,
            at_s=told["at_s"],
            raw=raw,
            is_negative=told["is_negative"],
            parameter=parameter,
            violations=violations,
            codes={each["code"]: each["message"] for each in told["checks"] if "code" in each},
        )


def _step(told: Mapping[str, Any]) -> Step:
    request, response = told["request"], told["response"]
    sent = Sent(
        method=request["method"],
        url=request["url"],
        headers=tuple((name, text) for name, text in request["headers"]),
        body=base64.b64decode(request["body"]),
    )
    if response is None or not response["is_whole"]:
        return Step(sent=sent, failure="no whole answer: the connection failed, or the time was over")
    received = Received(
        status=response["status"],
        headers=tuple((name, text) for name, text in response["headers"] if name.lower() not in _UNDONE),
        body=base64.b64decode(response["body"]),
        took_s=response["took_s"],
        http_version=f"HTTP/{response['http_version']}",
    )
    return Step(sent=sent, received=received)


def _call(sent: Sent, base_path: str) -> Call:
    parts = urlsplit(sent.url)
    pairs = (each.partition("=") for each in parts.query.split("&") if each)
    return Call(
        method=sent.method,
        path=parts.path.removeprefix(base_path),
        query=tuple((name, text) for name, _, text in pairs),
        headers=sent.headers,
        body=sent.body,
    )


def size_of(each: Exchange) -> tuple[int, str]:
    """Return what sorts exchanges by the size of their requests, always in one way."""
    sent = each.seen.step.sent
    return len(sent.url) + len(sent.body), sent.url


def chain_of(each: Exchange, known: Mapping[str, Exchange]) -> tuple[Step, ...]:
    """Return the exchanges that led to one, the first one first."""
    steps: list[Step] = []
    at: Exchange | None = known.get(each.parent or "")
    while at is not None and len(steps) < len(known):
        steps.insert(0, at.seen.step)
        at = known.get(at.parent or "")
    return tuple(steps)
