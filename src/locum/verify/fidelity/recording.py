"""The real server's answers in a file, without secrets, so that they can be compared again without it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import orjson

from locum.behaviour.calls import Call
from locum.behaviour.redaction import Redaction
from locum.behaviour.retelling import timestamp
from locum.catalog.sheet import read_sheet
from locum.contract.model import JsonObject, Operation
from locum.errors import Diagnostic, UnreachableError, Where
from locum.verify.model import Received, Sent, Step
from locum.verify.reports.prepared import redacted_step, redacted_url
from locum.verify.seen import Seen

__all__ = ["Played", "Recording", "read_recording", "write_recording"]

#: What one side said: operation, name of the step, answer.
Played = tuple[str, str, Seen]
_PAIRS: Final = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
}
_SCHEMA: Final = cast(
    "JsonObject",
    {
        "type": "object",
        "required": ["locum_recording", "contract", "steps"],
        "properties": {
            "locum_recording": {"const": 1},
            "contract": {"type": "string"},
            "steps": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["operation", "name", "method", "url"],
                    "properties": {
                        "operation": {"type": "string"},
                        "name": {"type": "string"},
                        "method": {"type": "string"},
                        "url": {"type": "string"},
                        "request_headers": _PAIRS,
                        "request_body": {"type": "string"},
                        "status": {"type": "integer", "minimum": 100, "maximum": 999},
                        "headers": _PAIRS,
                        "body": {"type": "string"},
                        "base64": {"type": "string"},
                        "failure": {"type": "string"},
                    },
                },
            },
        },
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a real server said to the plan of *contract*."""

    contract: str
    url: str
    steps: tuple[Played, ...]


def write_recording(path: Path, recording: Recording, redaction: Redaction, *, at_s: float) -> None:
    """Write *recording* to the file at *path*, secrets left out. Raises `UnreachableError`."""
    told = {
        "locum_recording": 1,
        "contract": recording.contract,
        "url": redacted_url(recording.url, redaction),
        "recorded_at": timestamp(datetime.fromtimestamp(at_s, UTC)),
        "steps": [_told(operation, name, seen, redaction) for operation, name, seen in recording.steps],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise _unreachable(path, f"the file cannot be written: {error.strerror}") from error


def read_recording(path: Path, operations: Iterable[Operation]) -> Recording:
    """Return what the file at *path* holds; steps of operations that are not compared are left out.

    Raises `UnreachableError` where there is no file, `FixtureError` where it is no recording.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreachable(path, f"the file cannot be read: {error.strerror}") from error
    value = read_sheet(content, file=str(path), schema=_SCHEMA).value
    known = {each.operation_id: each for each in operations}
    return Recording(
        contract=value["contract"], url=value.get("url", ""), steps=tuple(_steps(value["steps"], known))
    )


def _told(operation: str, name: str, seen: Seen, redaction: Redaction) -> JsonObject:
    step = redacted_step(seen.step, redaction)
    told: JsonObject = {
        "operation": operation,
        "name": name,
        "method": step.sent.method,
        "url": step.sent.url,
        "request_headers": [[key, text] for key, text in step.sent.headers],
        "request_body": step.sent.body.decode("utf-8", "replace"),
    }
    if step.received is None:
        return {**told, "failure": step.failure}
    told |= {
        "status": step.received.status,
        "headers": [[key, text] for key, text in step.received.headers],
    }
    try:
        return {**told, "body": step.received.body.decode()}
    except UnicodeDecodeError:
        return {**told, "base64": base64.b64encode(step.received.body).decode()}


def _steps(rows: Iterable[dict[str, Any]], known: dict[str, Operation]) -> Iterator[Played]:
    for row in rows:
        operation = known.get(row["operation"])
        if operation is None:
            continue
        sent = Sent(
            method=row["method"],
            url=row["url"],
            headers=_pairs(row.get("request_headers", ())),
            body=row.get("request_body", "").encode(),
        )
        step = Step(sent=sent, received=_received(row), failure=row.get("failure", ""))
        call = Call(method=sent.method, path=operation.route.path)
        yield (
            row["operation"],
            row["name"],
            Seen(call=call, step=step, operation=operation, suite="recording"),
        )


def _received(row: dict[str, Any]) -> Received | None:
    if "status" not in row:
        return None
    body = base64.b64decode(row["base64"]) if "base64" in row else row.get("body", "").encode()
    return Received(status=row["status"], headers=_pairs(row.get("headers", ())), body=body)


def _pairs(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in rows)


def _unreachable(path: Path, message: str) -> UnreachableError:
    return UnreachableError(Diagnostic(code="compare.file", message=message, where=Where(file=str(path))))
