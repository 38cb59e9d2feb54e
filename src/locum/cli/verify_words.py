"""Reads what flags of `verify` and `compare` say, and writes what they ask for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from locum.behaviour.redaction import Redaction
from locum.cli.verdict_lines import tell_report
from locum.errors import Diagnostic, SettingsError, UnreachableError, Where, nearest
from locum.verify.model import Report
from locum.verify.reports import WRITERS, prepared, write

__all__ = [
    "read_header",
    "read_instant",
    "read_outputs",
    "read_rate",
    "see_writable",
    "write_file",
    "write_reports",
]


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


def see_writable(outputs: Iterable[tuple[str, str]], *others: Path | None) -> None:
    """See that all files can be written before a long run is made for them; what they hold stays.

    Raises `UnreachableError`.
    """
    for path in (*(Path(path) for _, path in outputs if path != "-"), *filter(None, others)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Where a link leads is seen when it is written.
            is_new = not path.exists() and not path.is_symlink()
            if is_new or path.is_file() or path.is_dir():  # to open a pipe would be told to its reader
                path.open("ab").close()
            if is_new:
                path.unlink()
        except OSError as error:
            raise _unwritable(path, error) from error


def write_reports(outputs: Sequence[tuple[str, str]], report: Report, redaction: Redaction) -> None:
    """Write each report, and tell the verdict unless one of them takes stdout; raises `UnreachableError`."""
    folder = str(Path.cwd())
    for name, path in outputs:
        content = write(name, report, redaction, folder=folder)
        if path == "-":
            sys.stdout.buffer.write(content)
        else:
            write_file(Path(path), content)
    if not any(path == "-" for _, path in outputs):
        tell_report(prepared(report, redaction, folder=folder), Console())


def write_file(path: Path, content: bytes) -> None:
    """Write a file. Raises `UnreachableError` where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UnreachableError:
    message = f"the file cannot be written: {error.strerror or error}"
    return UnreachableError(
        Diagnostic(code="verify.unwritable", message=message, where=Where(file=str(path)))
    )
