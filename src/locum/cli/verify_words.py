"""Reads what flags of `verify` and `compare` say, and writes what they ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from locum.errors import Diagnostic, SettingsError, UnreachableError, Where, nearest
from locum.verify.reports import WRITERS

__all__ = ["read_header", "read_instant", "read_outputs", "read_rate", "write_file"]


def read_header(text: str) -> tuple[str, str]:
    """Return name and text of a header as `-H` takes it."""
    name, colon, value = text.partition(":")
    if not colon or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name.strip()) or "\n" in text:
        raise _fault("wrong-header", f"`{name}` is no header", "expected 'Name: text'")
    return name.strip(), value.strip()


def read_rate(text: str) -> float:
    """Return requests a second."""
    found = re.fullmatch(r"([0-9]{1,6})(?:/(s|m|h))?", text)
    if not found or not int(found[1]):
        raise _fault("wrong-rate", f"`{text}` is no rate", "expected such as 10/s or 600/m")
    return int(found[1]) / {"s": 1, "m": 60, "h": 3600}[found[2] or "s"]


def read_instant(text: str) -> datetime:
    """Return an instant; one without a time zone is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _fault(
            "wrong-instant", f"`{text}` is no instant", "expected such as 2024-02-15T12:00:00Z"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def read_outputs(reports: Sequence[str]) -> list[tuple[str, str]]:
    """Return the reports that are asked for, each with its path; `-` is stdout."""
    found = []
    for text in reports:
        name, _, path = text.partition("=")
        if name not in WRITERS:
            close = nearest(name, WRITERS)
            hint = f"did you mean `{close}`?" if close else f"known: {', '.join(WRITERS)}"
            raise _fault("unknown-format", f"there is no report `{name}`", hint)
        found.append((name, path or "-"))
    return found


def _fault(code: str, message: str, hint: str) -> SettingsError:
    return SettingsError(Diagnostic(code=f"verify.{code}", message=message, hint=hint))


def write_file(path: Path, content: bytes) -> None:
    """Write a report. Raises `UnreachableError` where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        fault = Diagnostic(
            code="verify.unwritable",
            message=f"the report cannot be written: {error.strerror or error}",
            where=Where(file=str(path)),
        )
        raise UnreachableError(fault) from error
