"""Servers under test: read from `servers.toml`, started each in a process group of its own, watched, ended.

Only what was started here is ended. Everything speaks to 127.0.0.1 and nothing else.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import IO, Final

import psutil
from cases import Sample

__all__ = [
    "BenchError",
    "Running",
    "Server",
    "Stage",
    "Usage",
    "ask",
    "installed",
    "pinned",
    "read_servers",
    "start",
    "versions",
]

_HERE: Final = Path(__file__).parent
_HOST: Final = "127.0.0.1"
_POLL_S: Final = 0.005
_GRACE_S: Final = 5


class BenchError(Exception):
    """Something that makes the figures worthless or impossible; its text is for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One row of `servers.toml`; see its head for the meaning of the fields."""

    name: str
    about: str
    version: tuple[str, ...]
    command: tuple[str, ...]
    document: str
    validates: bool
    install: str
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where servers run: on *core* (`None` for any), with *peers* from npm's folder, logging into *logs*."""

    peers: Path
    logs: Path
    core: int | None = None
    patience_s: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process tree has taken so far."""

    cpu_s: float
    resident_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A started server; *first_answer_s* counts from its start to its first 200."""

    server: Server
    port: int
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    first_answer_s: float = 0.0

    def usage(self) -> Usage:
        """Return processor time (user and system) and resident memory of the whole process tree."""
        if self.process.poll() is not None:
            raise BenchError(f"{self.server.name} has ended by itself; its log: {self.log.name}")
        root = psutil.Process(self.process.pid)
        cpu_s, resident = 0.0, 0
        for each in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                cpu_s += times.user + times.system
                resident += each.memory_info().rss
        return Usage(cpu_s=cpu_s, resident_mib=resident / 2**20)

    def stop(self) -> None:
        """End the process group, politely at first, and wait until it is gone."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_GRACE_S)
        self.log.close()


def read_servers(names: Sequence[str] = ()) -> list[Server]:
    """Return the servers of `servers.toml`, only those in *names* when there are any."""
    tables = tomllib.loads((_HERE / "servers.toml").read_text(encoding="utf-8"))
    unknown = [name for name in names if name not in tables]
    if unknown:
        raise BenchError(f"no server is called {', '.join(unknown)}; known: {', '.join(tables)}")
    return [
        Server(name=name, **table | {"command": tuple(table["command"]), "version": tuple(table["version"])})
        for name, table in tables.items()
        if not names or name in names
    ]


def installed(servers: Sequence[Server], peers: Path) -> list[Server]:
    """Return the servers whose program is there; say on stderr why each of the others is left out."""
    found = []
    for server in servers:
        program = _which(server.command[0], peers)
        package = peers / server.needs
        if program and (not server.needs or package.is_dir()):
            found.append(server)
        else:
            missing = server.needs if program else server.command[0]
            sys.stderr.write(f"{server.name}: left out, {missing} is not installed; try: {server.install}\n")
    return found


def versions(servers: Sequence[Server], peers: Path) -> dict[str, str]:
    """Return what each server says of its version, and node and Python of theirs."""
    commands = {server.name: server.version for server in servers}
    commands |= {"node": ("node", "--version"), "python": ("python", "--version")}
    return {
        name: _first_line(command, peers) for name, command in commands.items() if _which(command[0], peers)
    }


def start(server: Server, document: Path, port: int, opening: Sample, stage: Stage) -> Running:
    """Start *server* and wait until *opening* is answered with 200.

    Raises `BenchError` when the port is taken, or when no 200 comes in time.
    """
    _require_free(port)
    program = _which(server.command[0], stage.peers)
    words = [word.format(document=document, port=port, apps=_HERE / "apps") for word in server.command[1:]]
    environment = _environment(stage.peers) | dict(server.environment)
    sink = (stage.logs / f"{server.name}.log").open("wb")
    started = time.perf_counter()
    process = subprocess.Popen(
        [*pinned(stage.core), str(program), *words],
        stdout=sink,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    running = Running(server=server, port=port, process=process, log=sink)
    try:
        _wait(running, opening, started + stage.patience_s)
    except BaseException:
        running.stop()
        raise
    return replace(running, first_answer_s=time.perf_counter() - started)


def pinned(core: int | None) -> list[str]:
    """Return the words that bind a command to *core*; none where it cannot be bound."""
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(core)] if taskset and core is not None else []


def ask(port: int, sample: Sample, timeout_s: float = 30) -> tuple[int, bytes]:
    """Send one request and return status and body; status 0 when nobody answers."""
    connection = http.client.HTTPConnection(_HOST, port, timeout=timeout_s)
    try:
        connection.request(sample.method, sample.path, sample.body or None, sample.sent_headers())
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _wait(running: Running, opening: Sample, deadline: float) -> None:
    status = 0
    while time.perf_counter() < deadline:
        status, _ = ask(running.port, opening)
        if status == HTTPStatus.OK:
            return
        if running.process.poll() is not None:
            break
        time.sleep(_POLL_S)
    tail = Path(running.log.name).read_text(encoding="utf-8", errors="replace")[-2000:]
    raise BenchError(
        f"{running.server.name} did not answer {opening.path} with 200 but {status}; its log ends:\n{tail}"
    )


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise BenchError(
                f"port {port} is taken, so an older server might answer; end it or choose --base-port"
            ) from error


def _first_line(command: Sequence[str], peers: Path) -> str:
    program = str(_which(command[0], peers))
    done = subprocess.run(
        [program, *command[1:]], env=_environment(peers), capture_output=True, text=True, check=False
    )
    return done.stdout.partition("\n")[0]


def _environment(peers: Path) -> dict[str, str]:
    # An installed package has its bytecode beside it; from a checkout Python must be let write it.
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "NODE_PATH": str(peers)}


def _which(program: str, peers: Path) -> str | None:
    places = [Path(sys.executable).parent, peers / ".bin", peers / "node_modules" / ".bin"]
    return shutil.which(program, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]))
