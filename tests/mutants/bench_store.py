"""What was tried already, kept as JSON lines, so that a bench that was broken off goes on."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

from bench_run import Subject, Trial

#: What JSON has as lists.
_SETS = ("findings", "warnings")


class Store:
    """The trials of one tool, in a file or nowhere."""

    def __init__(self, path: Path | None, *, key: str) -> None:
        self._path, self._key, self._lock = path, key, Lock()
        lines = path.read_text().splitlines() if path and path.exists() else []
        entries = [json.loads(line) for line in lines]
        trials = [_trial(entry) for entry in entries if entry["key"] == key]
        self._known = {trial.subject: trial for trial in trials}

    def find(self, subject: Subject) -> Trial | None:
        """Return the trial of *subject*, if there was one."""
        return self._known.get(subject)

    def keep(self, trial: Trial) -> None:
        """Add *trial* to the file at once."""
        if self._path is None:
            return
        told = {name: sorted(getattr(trial, name)) for name in _SETS}
        entry = {**asdict(trial), **told, "key": self._key}
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(entry) + "\n")


def _trial(entry: dict[str, Any]) -> Trial:
    fields = {name: value for name, value in entry.items() if name not in {"key", "subject", *_SETS}}
    sets: dict[str, Any] = {name: frozenset(entry.get(name, ())) for name in _SETS}
    return Trial(subject=Subject(**entry["subject"]), **sets, **fields)
