"""Diagnostics about places of a document; lines are added when they leave the room."""

from __future__ import annotations

from locum.contract.model import Place
from locum.errors import ContractError, Diagnostic, Severity, Where

__all__ = ["describe", "diagnostic_at", "error_at", "shorten"]

EXCERPT = 60


def diagnostic_at(
    place: Place, code: str, message: str, *, hint: str = "", severity: Severity = Severity.ERROR
) -> Diagnostic:
    """Make a diagnostic that stands at *place*, its line not yet known."""
    where = Where(file=place.uri, pointer=place.pointer)
    return Diagnostic(code=f"contract.{code}", message=message, where=where, hint=hint, severity=severity)


def error_at(place: Place, code: str, message: str, *, hint: str = "") -> ContractError:
    """Make the error of one diagnostic at *place*."""
    return ContractError(diagnostic_at(place, code, message, hint=hint))


def describe(value: object) -> str:
    """Name a value for a message: its kind, and an excerpt of a scalar.

    >>> describe("3"), describe([]), describe(None)
    ("the text '3'", 'a list', 'nothing')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {shorten(str(value))}"
    if isinstance(value, str):
        return f"the text {shorten(repr(value))}"
    return "a list" if isinstance(value, list) else "an object"


def shorten(text: str) -> str:
    """Cut *text* to an excerpt."""
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
