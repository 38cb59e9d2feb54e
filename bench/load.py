"""One cell of the benchmark: warm one server up with one case, then load it and read what that cost.

wrk does the loading; it is told 127.0.0.1, a number of seconds and 16 connections, never more.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from servers import BenchError, Running, pinned

__all__ = ["Cell", "measure", "warm_up"]

_CONNECTIONS: Final = 16
_WARM_UP_S: Final = 1
_LONGEST_S: Final = 30
_SCRIPT: Final = Path(__file__).parent / "load.lua"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one server did with one case in one round."""

    requests_per_s: float
    cpu_us: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    resident_mib: float
    bytes_per_answer: float


def warm_up(running: Running, requests: Path, seconds: int, core: int | None) -> None:
    """Load *running* without looking: a compiler at run time (node, the JVM) needs seconds to get going."""
    _play(running, requests, seconds, core)


def measure(running: Running, requests: Path, seconds: int, core: int | None) -> Cell:
    """Return the cell of *running* under the requests of a file; one answer that is not 2xx fails the run."""
    _play(running, requests, _WARM_UP_S, core)
    before = running.usage()
    played = _play(running, requests, seconds, core)
    after = running.usage()
    count = played["requests"]
    if count < _CONNECTIONS:
        # A slow server on a busy machine: give it the time it needs rather than a figure made of nothing.
        if seconds > _LONGEST_S:
            raise BenchError(f"{running.server.name} with {requests.stem}: {count} answers in {seconds} s")
        return measure(running, requests, seconds * 2, core)
    return Cell(
        requests_per_s=count / played["seconds"],
        cpu_us=(after.cpu_s - before.cpu_s) / count * 1e6,
        p50_ms=played["p50_ms"],
        p90_ms=played["p90_ms"],
        p99_ms=played["p99_ms"],
        resident_mib=after.resident_mib,
        bytes_per_answer=played["bytes"] / count,
    )


def _play(running: Running, requests: Path, seconds: int, core: int | None) -> dict[str, Any]:
    wrk = shutil.which("wrk")
    if wrk is None:
        raise BenchError(
            "wrk is not installed; on Debian and Ubuntu: apt-get install wrk; on macOS: brew install wrk"
        )
    url = f"http://127.0.0.1:{running.port}"
    command = [wrk, "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(_SCRIPT), url]
    done = subprocess.run(
        [*pinned(core), *command, "--", str(requests)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    try:
        played: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise BenchError(f"wrk did not report: {done.stdout}{done.stderr}") from error
    if played["refused"] or played["broken"] or played["timeouts"]:
        raise BenchError(f"{running.server.name} with {requests.stem}: not every answer was 2xx: {played}")
    return played
