"""Sessions in a file: what is written there, and how it is read again.

A file is JSON that people can read and mend. It is replaced as a whole, so that a crash leaves the old one
or the new one, and never a half. What is wrong with one is told with line and column, and nothing is written
over it. Journals, played scenarios and counted calls are not kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jsonschema_rs import Draft202012Validator

from locum.behaviour.given_keys import Given, given_in
from locum.behaviour.session import Clock, ClockMode, Mark, State, is_session_name
from locum.contract.model import JsonObject
from locum.contract.pointers import join_pointer
from locum.contract.writing import to_json
from locum.errors import Diagnostic, SettingsError, UnreachableError, Where

__all__ = ["StateFile"]

_FORMAT: Final = "locum sessions"
#: Raised with every member that older programs do not know: they say then what is the matter.
_VERSION: Final = 2
_RECORDS: Final = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "object"}},
    },
}
_GIVEN: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: {"type": "integer", "minimum": 0} for name in ("count", "highest")},
}
_SESSION: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "clock": {
            "type": "object",
            "additionalProperties": False,
            "required": ["mode", "instant"],
            "properties": {
                "mode": {"enum": [each.value for each in ClockMode]},
                "instant": {"type": "string", "format": "date-time"},
                "running_since": {"type": "number"},
            },
        },
        "seed": {"type": "string"},
        "settings": {"type": "object", "additionalProperties": {"type": "object"}},
        "records": _RECORDS,
        "marks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"enum": [each.value for each in Mark]},
            },
        },
        "given": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _GIVEN},
        },
    },
}
_SCHEMA: Final = Draft202012Validator(
    {
        "type": "object",
        "required": ["format", "version", "sessions"],
        "properties": {
            "format": {"const": _FORMAT},
            "version": {"type": "integer", "minimum": 1, "maximum": _VERSION},
            "sessions": {"type": "object", "additionalProperties": _SESSION},
        },
    },
    validate_formats=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFile:
    """The file at *path*."""

    path: Path

    def read(self) -> dict[str, State]:
        """Return the sessions that the file holds; none where there is no file yet.

        Raises `SettingsError` when the file is something else or broken, `UnreachableError` when it cannot
        be read.
        """
        try:
            if not stat.S_ISREG(self.path.stat().st_mode):
                # A pipe or a device would be read without an end, or be replaced.
                raise self._broken("this is not a regular file")
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError as error:
            raise self._broken("the file is not UTF-8 text") from error
        except OSError as error:
            raise self._unreachable("read", error) from error
        try:
            found = json.loads(text)
        except ValueError as error:
            line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
            message = f"the file is not JSON: {getattr(error, 'msg', error)}"
            raise self._broken(message, line=line, column=column) from error
        except RecursionError as error:
            raise self._broken("the file is nested too deep to be read") from error
        try:
            self._judge(found)
            return {name: _state(each) for name, each in found["sessions"].items()}
        except (
            ValueError,
            OverflowError,
        ) as error:  # no schema says: a 61st second
            raise self._broken(str(error)) from error

    def write(self, states: Mapping[str, State]) -> None:
        """Put *states* in the place of what the file holds, all or nothing; raises `UnreachableError`."""
        body: JsonObject = {
            "format": _FORMAT,
            "version": _VERSION,
            "sessions": {name: _written(state) for name, state in states.items()},
        }
        try:
            self._replace(to_json(body))
        except OSError as error:
            raise self._unreachable("written", error) from error

    def _replace(self, content: bytes) -> None:
        folder = self.path.absolute().parent
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # The name may be a link to where the file really is.
            Path(name).replace(self.path.resolve())
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def _judge(self, found: Any) -> None:  # noqa: ANN401 -- whatever the file holds
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            raise self._broken("the file holds no sessions of locum")
        version = found.get("version", _VERSION)
        if version not in range(1, _VERSION + 1):
            told = to_json(version).decode()[:20]
            raise self._broken(
                f"the file is of version {told}, and this locum reads versions up to {_VERSION}"
            )
        error = next(iter(_SCHEMA.iter_errors(found)), None)
        if error is not None:
            raise self._broken(error.message, pointer=join_pointer(*error.instance_path))
        wrong = next((name for name in found["sessions"] if not is_session_name(name)), None)
        if wrong is not None:
            raise self._broken(
                f"{wrong[:100]!r} is no name of a session", pointer=join_pointer("sessions", wrong)
            )

    def _broken(self, message: str, **where: Any) -> SettingsError:  # noqa: ANN401 -- parts of a Where
        return SettingsError(
            Diagnostic(
                code="state.broken",
                message=message,
                where=Where(file=str(self.path), **where),
                hint="mend it, move it away, or name another file with `--state`; it was left as it is",
            )
        )

    def _unreachable(self, verb: str, error: OSError) -> UnreachableError:
        is_nowhere = isinstance(error, FileNotFoundError)
        folder = self.path.absolute().parent
        reason = f"there is no folder {folder}" if is_nowhere else error.strerror or str(error)
        return UnreachableError(
            Diagnostic(
                code="state.unreachable",
                message=f"the file cannot be {verb}: {reason}",
                where=Where(file=str(self.path)),
                hint="name another file with `--state`, or see to its folder, its permissions and the disk",
            )
        )


def _written(state: State) -> JsonObject:
    clock = state.clock
    return {
        "clock": {
            "mode": clock.mode.value,
            "instant": clock.instant.isoformat(),
            "running_since": clock.running_since,
        },
        "seed": state.seed,
        "settings": {name: dict(each) for name, each in state.settings.items()},
        "records": {
            contract: {name: list(records) for name, records in collections.items()}
            for contract, collections in state.records.items()
        },
        "marks": {
            contract: {path: mark.value for path, mark in marks.items()}
            for contract, marks in state.marks.items()
        },
        "given": {
            contract: {path: {"count": each.count, "highest": each.highest} for path, each in lists.items()}
            for contract, lists in state.given.items()
        },
    }


def _state(found: dict[str, Any]) -> State:
    clock = found.get("clock")
    return State(
        clock=Clock(
            mode=ClockMode(clock["mode"]),
            instant=datetime.fromisoformat(clock["instant"]),
            running_since=clock.get("running_since", 0.0),
        )
        if clock
        else Clock(),
        seed=found.get("seed", ""),
        settings=found.get("settings", {}),
        records={
            contract: {name: tuple(records) for name, records in collections.items()}
            for contract, collections in found.get("records", {}).items()
        },
        marks={
            contract: {path: Mark(mark) for path, mark in marks.items()}
            for contract, marks in found.get("marks", {}).items()
        },
        given={
            # Files of before have marks alone.
            **{contract: given_in(marks) for contract, marks in found.get("marks", {}).items()},
            **{
                contract: {path: Given(**each) for path, each in lists.items()}
                for contract, lists in found.get("given", {}).items()
            },
        },
    )
