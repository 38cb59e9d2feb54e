"""A file that grows entry by entry and is whole after each, also where the disk is full for a while.

What cannot be written waits in memory, and is tried again with what comes next.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Final

from locum.errors import Diagnostic, SettingsError, Where

__all__ = ["Form", "RecordFile", "unusable"]

_log = logging.getLogger("locum.proxy")
#: So many bytes wait for the disk at most; what comes then is told and not recorded.
_MOST_WAITING: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What stands before, between and after the entries of a file."""

    head: bytes
    between: bytes
    foot: bytes


@dataclass(slots=True, kw_only=True, eq=False)
class RecordFile:
    """The file at *path*; *waiting* are the entries that could not be written yet."""

    path: Path
    form: Form
    waiting: list[bytes] = field(default_factory=list)
    is_failing: bool = False

    def prepare(self) -> None:
        """Make the file, or see that entries can be added to it; raises `SettingsError`."""
        form = self.form
        try:
            if self.path.exists() and not self.path.is_file():
                raise unusable(self.path, "it is no regular file: name another one")
            content = self.path.read_bytes() if self.path.exists() else b""
            if not content:
                self._begin()
            elif not content.endswith(form.foot) or not content.startswith(form.head[:10]):
                raise unusable(self.path, "it is there already, and no recording of ours: name another file")
            self.path.open("r+b").close()
        except OSError as error:
            raise unusable(self.path, f"it cannot be written: {_reason(self.path, error)}") from error

    def add(self, entry: bytes) -> None:
        """Add *entry* to the file, behind what waits; a disk that is full is told of once."""
        if sum(map(len, self.waiting)) + len(entry) > _MOST_WAITING:
            _log.error("%s: a call is not recorded, since too many wait already", self.path)
        else:
            self.waiting.append(entry)
        self.write_waiting()

    def write_waiting(self) -> None:
        """Write what waits; what cannot be written goes on waiting."""
        try:
            while self.waiting:
                self._append(self.waiting[0])
                del self.waiting[0]
        except OSError as error:
            if not self.is_failing:
                reason = _reason(self.path, error)
                _log.error("%s: calls are not recorded, and wait in memory: %s", self.path, reason)
            self.is_failing = True
            return
        if self.is_failing:
            _log.warning("%s: calls are recorded again, none was lost", self.path)
        self.is_failing = False

    def finish(self) -> None:
        """Try a last time, and tell what is lost."""
        self.write_waiting()
        if self.waiting:
            _log.error("%s: %d calls were not recorded", self.path, len(self.waiting))

    def _append(self, entry: bytes) -> None:
        """Put *entry* before the foot of the file: what was whole before is whole after, done or not."""
        form = self.form
        if not self.path.exists() or not self.path.stat().st_size:  # taken away meanwhile, or emptied
            self._begin()
        with self.path.open("r+b", buffering=0) as file:
            end = file.seek(-len(form.foot), 2)
            between = b"" if end <= len(form.head) else form.between
            try:
                _write(file, between + entry + form.foot)
            except OSError:
                # The foot takes the room that it had before.
                file.seek(end)
                _write(file, form.foot)
                file.truncate()
                raise

    def _begin(self) -> None:
        try:
            self.path.write_bytes(self.form.head + self.form.foot)
        except OSError:
            self.path.unlink(missing_ok=True)
            raise


def unusable(path: Path, hint: str) -> SettingsError:
    """Return the error of a file that calls cannot be recorded in."""
    message = "calls cannot be recorded here"
    return SettingsError(
        Diagnostic(code="settings.wrong-value", message=message, where=Where(file=str(path)), hint=hint)
    )


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no folder {path.absolute().parent}"
    return error.strerror or str(error)


def _write(file: FileIO, content: bytes) -> None:
    """Write all of *content*; a file without a buffer takes what fits."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]
