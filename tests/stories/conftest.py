"""A real `locum serve` in a process of its own, with real sockets, for all stories."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that listens: *url* without a slash at its end, *said* is its standard error so far."""

    url: str
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def address(self) -> tuple[str, int]:
        """Where to connect to."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)


Serve: TypeAlias = Callable[..., Running]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Return a function that runs `locum serve`, or another verb, with some words until the end.

    At the end no server may have died, and none may have told of a traceback.
    """
    with ExitStack() as started:

        def start(*words: str, verb: str = "serve") -> Running:
            return started.enter_context(_running((verb, *words), tmp_path_factory.mktemp("server")))

        yield start


@pytest.fixture(scope="session")
def stand_in(serve: Serve) -> Running:
    """Return the stand-in for the four built-in contracts."""
    return serve()


@contextmanager
def _running(words: tuple[str, ...], folder: Path) -> Iterator[Running]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUM_")}
    printed, said = folder / "printed.txt", folder / "said.txt"
    with (
        printed.open("wb") as out,
        said.open("wb") as err,
        subprocess.Popen(
            [sys.executable, "-m", "locum", *words, "--port", "0"],
            cwd=folder,
            env=kept,
            stdout=out,
            stderr=err,
        ) as process,
    ):
        try:
            yield Running(url=_heard(printed, process, said), process=process, said=said)
            alive = process.poll() is None
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            finally:
                process.kill()
    told = said.read_text()
    assert alive, f"the server has died:\n{told}"
    assert "Traceback" not in told, told


def _heard(printed: Path, process: subprocess.Popen[bytes], said: Path) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"listening on (\S+)\n", printed.read_text())
        if found:
            return found[1]
        time.sleep(0.02)
    pytest.fail(f"the server did not start:\n{said.read_text()}")
