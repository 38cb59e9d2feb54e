"""Every fenced block of the README runs, and prints what the README says it prints.

A `console` block is a session: `$ ` starts a command (`&` at its end: it stays in the background until
the next heading), what follows is its output, in which `…` stands for anything. Port 4010 is exchanged
for a free one, `.venv` for the environment the tests run in. A `bash` block needs the network and a clean
clone; `.ci/run` runs those.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PATIENCE_S = 20


class Step(NamedTuple):
    """A command and the output it is said to have."""

    command: str
    output: str


class Session(NamedTuple):
    """What stands below one heading."""

    heading: str
    steps: tuple[Step, ...]


def sessions() -> Iterator[Session]:
    """Yield the sessions of the README, one for each heading that has console blocks."""
    parts = re.split(r"^#+ (.+)$", README, flags=re.MULTILINE)
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        blocks = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        steps = [step for block in blocks for step in _steps(block)]
        if steps:
            yield Session(heading, tuple(steps))


def _steps(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = re.sub(r"\\\n\s*", " ", part).partition("\n")
        yield Step(command, output)


def test_every_block_says_what_it_is() -> None:
    """A block that is neither a session, nor a set-up, nor quoted text would not be run by anybody."""
    kinds = re.findall(r"^```(\w*)\n.*?^```$", README, re.DOTALL | re.MULTILINE)

    assert set(kinds) <= {"console", "bash", "yaml", "python", "text", "toml"}


def test_the_first_command_serves_and_the_second_tests() -> None:
    """With only python3 there, one line stands a server up and one more runs the tests."""
    blocks = re.findall(r"^```bash\n(.*?)^```", README, re.DOTALL | re.MULTILINE)

    assert len(blocks) == 2
    assert [block.startswith("python3 -m venv .venv && ") for block in blocks] == [True, True]
    assert blocks[0].strip().endswith(".venv/bin/locum serve")
    assert "pytest" in blocks[1]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README calls with curl")
@pytest.mark.parametrize("session", [*sessions()], ids=lambda session: session.heading)
def test_a_session_prints_what_the_readme_says(session: Session, tmp_path: Path) -> None:
    """Each command is run in order at the root of the checkout; the output agrees from line to line."""
    port = _free_port()
    with contextlib.ExitStack() as running:
        for step in session.steps:
            command = step.command.replace(".venv/bin", str(Path(sys.executable).parent))
            command = command.replace("4010", str(port))
            if command.endswith("&"):
                said = running.enter_context(_started(command.removesuffix("&"), port, tmp_path / "said.txt"))
            else:
                said = _run(command, port)
            expected = step.output.replace("4010", str(port))

            assert _agrees(said, expected), f"$ {command}\n{said}\ninstead of\n{expected}"


def _agrees(said: str, expected: str) -> bool:
    """Tell whether both agree; lines of = are as long as what stands between them leaves room for."""
    plain = [re.sub(r"={3,}", "===", text.strip()) for text in (said, expected)]
    pattern = ".*?".join(re.escape(part) for part in plain[1].split("…"))
    return re.fullmatch(pattern, plain[0], re.DOTALL) is not None


def _environment(port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUM_")}
    return {**kept, "LOCUM_PORT": str(port), "COLUMNS": "80"}


def _run(command: str, port: int) -> str:
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 -- whichever bash the user has
        cwd=ROOT,
        env=_environment(port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=3 * PATIENCE_S,
        check=False,
    )
    return done.stdout


@contextlib.contextmanager
def _started(command: str, port: int, output: Path) -> Iterator[str]:
    """Run a command in the background until its server listens, and stop it at the end."""
    with (
        output.open("w") as said,
        subprocess.Popen(
            ["bash", "-c", f"exec {command}"],  # noqa: S607 -- whichever bash the user has
            cwd=ROOT,
            env=_environment(port),
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield _heard(output, process)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            finally:
                process.kill()


def _heard(file: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        said = file.read_text()
        if re.search(r"listening on \S+\n", said):
            return said
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{file.read_text()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
