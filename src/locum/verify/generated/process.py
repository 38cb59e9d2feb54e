"""Starts the command line of Schemathesis in a process of its own, and reads the events it tells.

A process apart keeps its registries apart, can be stopped, and takes nothing with it when it fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from locum.contract.model import JsonObject

__all__ = ["HOOKS", "Job", "JobError", "events_of"]

HOOKS: Final = "locum.verify.generated.child"
#: Exit codes of Schemathesis that say that it did its work: nothing found, something found.
_DONE: Final = frozenset({0, 1})
_PATIENCE_S: Final = 5.0


class JobError(Exception):
    """Schemathesis could not do its work; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is handed to Schemathesis; *variables* are added to its environment, secrets among them.

    After *seconds* it is stopped, whatever it is doing: it may think for long and tell nothing.
    """

    document: JsonObject
    configuration: str
    url: str
    variables: Mapping[str, str] = field(default_factory=dict)
    verb: str = "run"
    seconds: float | None = None


def events_of(job: Job) -> Iterator[dict[str, Any]]:
    """Yield every event as it comes. Raises `JobError` when the work could not be done.

    Whoever stops reading, stops the process; when its time is over, there are no more.
    """
    with tempfile.TemporaryDirectory(prefix="locum-") as name:
        folder = Path(name)
        (folder / "contract.json").write_text(json.dumps(job.document), encoding="utf-8")
        (folder / "schemathesis.toml").write_text(job.configuration, encoding="utf-8")
        with (folder / "errors.txt").open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 -- our own interpreter, with words of our own
                _command(job, folder),
                cwd=folder,
                env=_environment(job),
                stdout=subprocess.PIPE,
                stderr=errors,
            )
            said: list[str] = []
            is_over = threading.Event()
            try:
                with _stopping(process, job.seconds, is_over):
                    yield from _events(process, said)
            finally:
                _stop(process)
        if process.returncode not in _DONE and not is_over.is_set():
            said.append((folder / "errors.txt").read_text(encoding="utf-8", errors="replace"))
            told = " ".join("".join(said).split())
            raise JobError(f"Schemathesis ended with {process.returncode}: {told[-600:]}")


@contextmanager
def _stopping(
    process: subprocess.Popen[bytes], seconds: float | None, is_over: threading.Event
) -> Iterator[None]:
    """Stop *process* after so many *seconds*, and set *is_over* then."""
    if seconds is None:
        yield
        return

    def stop() -> None:
        is_over.set()
        process.kill()

    watch = threading.Timer(max(seconds, 0), stop)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _command(job: Job, folder: Path) -> list[str]:
    words = ["--config-file", str(folder / "schemathesis.toml"), job.verb, "contract.json", "--url", job.url]
    return [sys.executable, "-m", "schemathesis.cli", *words]


def _environment(job: Job) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SCHEMATHESIS_")}
    return {**kept, **job.variables, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONHASHSEED": "0", "COLUMNS": "100"}


def _events(process: subprocess.Popen[bytes], said: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what the child tells; add to *said* what else is printed, such as why it could not start."""
    for line in process.stdout or ():
        try:
            event = json.loads(line)
        except ValueError:
            said.append(line.decode("utf-8", "replace"))
            continue
        yield event
    process.wait()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdout is not None:
        process.stdout.close()
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
