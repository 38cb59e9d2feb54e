"""One server, one run of a tool on it, and what came of it."""

from __future__ import annotations

import hashlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from servers.exchange import NOON
from table import HERE, document_of, fixtures_of

#: Seconds that a server has to start and to stop.
PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server to be tried: the reference, a variant or a fault."""

    kind: str
    contract: str
    seed: str
    id: str = ""

    @property
    def label(self) -> str:
        """How it is named in lists."""
        return f"{self.contract} {self.id or self.kind} seed {self.seed}"

    def is_in(self, sample: str) -> bool:
        """Tell whether a part, written I/N, holds it; a new fault or variant moves no other."""
        part, parts = (int(number) for number in sample.split("/"))
        digest = hashlib.sha256(f"{self.contract} {self.id}".encode()).digest()
        return int.from_bytes(digest[:8]) % parts == part - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A verifier: its command, and how its findings are read from the report it writes."""

    command: str
    #: What a report tells: findings that fail, and findings that warn.
    findings: Callable[[Path], tuple[frozenset[str], frozenset[str]]]
    profile: str
    timeout_s: float
    #: What `{part}` stands for, one run after another; a fault that is found needs no further run.
    parts: tuple[str, ...] = ("",)

    @property
    def key(self) -> str:
        """What a kept result depends on."""
        return f"{self.command} {self.profile} {self.parts}"

    def words(self, subject: Subject, part: str, url: str, report: Path) -> list[str]:
        """Return the command line for one server."""
        filled = self.command.format(
            python=shlex.quote(sys.executable),
            contract=_named(subject.contract),
            document=shlex.quote(str(document_of(subject.contract))),
            url=url,
            profile=self.profile,
            part=part,
            seed=subject.seed,
            report=shlex.quote(str(report)),
            now=NOON.strftime("%Y-%m-%dT%H:%M:%SZ"),
            authorization=shlex.quote(AUTHORIZATIONS[subject.contract]),
        )
        return shlex.split(filled)


def _named(contract: str) -> str:
    """Return how locum is told of a contract: by name, or by document, fixtures and leave to write."""
    document, fixtures = document_of(contract), fixtures_of(contract)
    if document.parent.name == "openapi":
        return contract
    return f"{shlex.quote(str(document))} --fixtures {shlex.quote(str(fixtures))} --allow-writes"


#: Who calls, for tools that know of one caller only.
AUTHORIZATIONS = {
    "senet": "usage-key-of-fjordlight",
    "onomondo": "Bearer api-key-of-fjordlight",
    "saas-billing": "Bearer session-of-admin-at-fjordlight",
    "talkdesk": "Bearer access-token-of-fjordlight",
    "notes": "Bearer token-of-nora",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a tool made of a server: exit code (None after the timeout), what it found, calls and cost.

    *took_s* is what a clock says, *spent_s* processor time of the tool, both of the last run.
    """

    subject: Subject
    exit_code: int | None
    findings: frozenset[str]
    calls: int
    took_s: float
    spent_s: float = 0.0
    said: str = ""
    warnings: frozenset[str] = frozenset()

    @property
    def verdict(self) -> str:
        """The exit code in words."""
        words = {0: "silent", 1: "alarm", 2: "untested", 3: "expired", None: "timeout"}
        return words.get(self.exit_code, f"exit {self.exit_code}")


def try_out(subject: Subject, tool: Tool) -> Trial:
    """Run *tool*, each time on a server of its own: on a fault part after part, elsewhere the last one."""
    parts = tool.parts if subject.kind == "fault" else tool.parts[-1:]
    for part in parts:
        trial = _try_part(subject, tool, part)
        if trial.exit_code == 1:
            break
    return trial


def _try_part(subject: Subject, tool: Tool, part: str) -> Trial:
    """Start the server, run *tool* on it, stop the server."""
    with tempfile.TemporaryDirectory() as folder, _serving(subject) as server:
        report = Path(folder, "report.jsonl")
        ran = _run(tool.words(subject, part, server.url, report), tool.timeout_s, Path(folder))
        server.stop()
        findings, warnings = tool.findings(report) if report.exists() else (frozenset(), frozenset())
        return Trial(
            subject=subject,
            exit_code=ran.exit_code,
            findings=findings,
            warnings=warnings,
            calls=server.calls,
            took_s=ran.took_s,
            spent_s=ran.spent_s,
            said=ran.said[-400:] if ran.exit_code not in (0, 1) else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    exit_code: int | None
    said: str
    took_s: float
    spent_s: float


def _run(words: list[str], timeout_s: float, folder: Path) -> _Ran:
    """Run a command to its end, or for *timeout_s*; then it is stopped with all that it has started."""
    began = time.monotonic()
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(
            words, cwd=folder, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        stop = Timer(timeout_s, os.killpg, (process.pid, signal.SIGKILL))
        stop.start()
        _, status, usage = os.wait4(process.pid, 0)
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return _Ran(
            exit_code=None if process.returncode == -signal.SIGKILL else process.returncode,
            said=said.read().decode("utf-8", "replace"),
            took_s=time.monotonic() - began,
            spent_s=usage.ru_utime + usage.ru_stime,
        )


@dataclass(slots=True)
class _Server:
    process: subprocess.Popen[str]
    url: str = ""
    calls: int = 0

    def stop(self) -> None:
        """Ask it to stop, and note how many calls it has answered."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        self.calls = int(said.split()[-1]) if said.split() else 0


@contextmanager
def _serving(subject: Subject) -> Iterator[_Server]:
    mutation = {"fault": "MUTANT", "variant": "VARIANT"}.get(subject.kind)
    environment = {**os.environ, "MUTANT": "", "VARIANT": ""} | ({mutation: subject.id} if mutation else {})
    command = [sys.executable, str(HERE / "serve.py"), subject.contract, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield _Server(process=process, url=line.split()[-1])
        finally:
            process.kill()
