"""Every error a user can see: one tree, one shape, text made in one place.

    LocumError
    ├── ContractError     the document cannot be used, as a whole or at one operation
    ├── FixtureError      what lies beside the document cannot be used
    ├── GenerationError   no value can be made for a schema
    ├── SettingsError     a flag, a variable or a key is wrong
    └── UnreachableError  a host, a port or a file cannot be reached

An error carries one or more `Diagnostic` values; `str()` of the error is what the user reads.
Nothing here knows HTTP: what a client of the stand-in sees is a `Refusal` (room `behaviour`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "ContractError",
    "Diagnostic",
    "FixtureError",
    "GenerationError",
    "LocumError",
    "SettingsError",
    "Severity",
    "UnreachableError",
    "Where",
    "nearest",
]


class Severity(StrEnum):
    """How much a diagnostic matters."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place in something the user wrote; every part may be unknown.

    *line* and *column* count from 1. *pointer* is a JSON Pointer (RFC 6901), `""` for the whole.
    """

    file: str = ""
    line: int | None = None
    column: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        place = ":".join(parts)
        return f"{place} {self.pointer}".strip() if self.pointer else place


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing that is wrong: what, where, what was expected, and the nearest valid choice.

    *code* is stable, dotted, room first: `contract.unresolved-reference`.
    *message* says what is wrong in one sentence without a full stop; *hint* says what to do.
    """

    code: str
    message: str
    where: Where = Where()
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.severity}: {self.message} [{self.code}]{hint}"


class LocumError(Exception):
    """Root of the tree; equal when the diagnostics are equal."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(str(each) for each in self.diagnostics)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.diagnostics == self.diagnostics

    def __hash__(self) -> int:
        return hash((type(self), self.diagnostics))


class ContractError(LocumError):
    """The document cannot be used, as a whole or at one operation."""


class FixtureError(LocumError):
    """What lies beside the document cannot be used."""


class GenerationError(LocumError):
    """No value can be made for a schema; the diagnostic names the keyword that cannot be met."""


class SettingsError(LocumError):
    """A flag, a variable or a key is wrong."""


class UnreachableError(LocumError):
    """A host, a port or a file cannot be reached."""


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return the choice a person most likely meant, or `""` when none is close.

    >>> nearest("onomodo", ["senet", "onomondo"])
    'onomondo'
    """
    found = difflib.get_close_matches(name, list(choices), n=1, cutoff=0.6)
    return found[0] if found else ""
