from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import click
import pytest

from locum.cli.main import VERBS, Verb

Run = Callable[..., Any]


def test_help_lists_the_verbs(locum: Run) -> None:
    """The overview names each verb with one line, and shows a working example."""
    done = locum("--help")

    assert done.returncode == 0
    assert all(f"  {name}" in done.stdout for name in VERBS)
    assert "locum serve their-api.yaml" in done.stdout


def test_the_overview_imports_neither_connexion_nor_faker() -> None:
    """`locum --help` is felt as immediate: no verb is imported before it is called."""
    script = (
        "import sys; from locum.cli.main import main\n"
        "sys.argv = ['locum', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'connexion', 'faker', 'uvicorn', 'rich', 'jsonschema_rs', 'starlette'} & set(sys.modules)\n"
        "print(sorted(heavy), [name for name in sys.modules if name.startswith('locum.cli.')])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[] ['locum.cli.narration', 'locum.cli.staying', 'locum.cli.main']"


def test_a_start_pays_for_no_command_line_but_its_own() -> None:
    """The command line of httpx, with all that it prints with, is left out where a server starts."""
    script = (
        "import sys; from locum.cli.main import main\n"
        "sys.argv = ['locum', 'serve', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'httpx', 'rich', 'pygments'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "['httpx']"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal that can be made up")
@pytest.mark.parametrize(("wish", "is_coloured"), [("", True), ("1", False)])
def test_colour_is_for_terminals_of_those_who_want_it(wish: str, *, is_coloured: bool) -> None:
    """`NO_COLOR` is honoured on a terminal, where there is colour otherwise."""
    ours, theirs = os.openpty()
    words = [sys.executable, "-m", "locum", "check", "nowhere.yaml"]
    done = subprocess.run(
        words, stdout=theirs, stderr=theirs, check=False, env={**os.environ, "NO_COLOR": wish}
    )
    os.close(theirs)
    told = os.read(ours, 4096)
    os.close(ours)

    assert done.returncode == 3
    assert (b"\x1b[" in told) is is_coloured


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_each_verb_leads_to_a_command(verb: Verb) -> None:
    """The table of verbs is data; what it names is there."""
    module, _, name = verb.target.partition(":")
    command = getattr(import_module(module), name)

    assert isinstance(command, click.Command)
    assert "Example:" in (command.epilog or "")


def test_the_version_is_that_of_the_package(locum: Run) -> None:
    """One line, for scripts."""
    assert locum("--version").stdout == f"locum {version('locum')}\n"


def test_an_unknown_verb_is_misuse_and_told_with_the_nearest_one(locum: Run) -> None:
    """Exit code 2."""
    done = locum("serv")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("Error: there is no verb `serv`; did you mean `serve`?\n")


def test_an_unknown_flag_is_misuse_and_told_with_the_nearest_one(locum: Run) -> None:
    """Exit code 2."""
    done = locum("serve", "--prot", "1")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--prot" in done.stderr
    assert "--port" in done.stderr


def test_a_wrong_setting_is_misuse(locum: Run) -> None:
    """Exit code 2, and no server is started."""
    done = locum("serve", LOCUM_PROT="1")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("variable LOCUM_PROT: error: there is no setting `LOCUM_PROT`")


def test_a_taken_port_is_unreachable(locum: Run) -> None:
    """Exit code 3."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = locum("serve", "--port", str(taken.getsockname()[1]))

    assert (done.returncode, done.stdout) == (3, "")
    assert "is taken by another process" in done.stderr


@pytest.mark.parametrize("verb", ["serve", "mock"])
def test_a_missing_document_is_unreachable(locum: Run, verb: str) -> None:
    """Exit code 3."""
    done = locum(verb, "none.yaml", "--port", "0")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "none.yaml: error: there is no such file [catalog.no-such-file]\n"


@pytest.mark.parametrize("verb", ["serve", "mock", "check"])
def test_a_document_that_cannot_be_used_is_misuse(locum: Run, tmp_path: Path, verb: str) -> None:
    """Exit code 2, the place in the document, and no traceback."""
    (tmp_path / "broken.yaml").write_text("openapi: 3.1.0\npaths: [\n")

    done = locum(verb, "broken.yaml", *(() if verb == "check" else ("--port", "0")))

    assert done.returncode == 2
    assert "broken.yaml:" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


#: Python writes at once, or when it ends: the second is what people have.
BUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["at the end", "at once"])


def checked(stdout: IO[str] | int, unbuffered: str) -> subprocess.CompletedProcess[str]:
    """Run a command that prints one line to *stdout*."""
    return subprocess.run(
        [sys.executable, "-m", "locum", "check", "senet"],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@BUFFERED
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_no_fault_of_ours(unbuffered: str) -> None:
    """What cannot be written for want of room is told as such, and nobody is asked to report it."""
    with Path("/dev/full").open("w") as full:
        done = checked(full, unbuffered)

    assert done.returncode == 1
    assert "no room to write" in done.stderr
    assert "report it" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_closed_output_is_no_fault_of_ours(locum: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `>&-`: nothing is written, and the exit code tells what there is to tell."""
    monkeypatch.setattr("sys.stdout", None)

    done = locum("check", "senet")

    assert (done.returncode, done.stderr) == (0, "")


@BUFFERED
def test_a_reader_that_has_seen_enough_is_left_in_peace(unbuffered: str) -> None:
    """As with `| head`: nothing is said of it."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = checked(writing, unbuffered)
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (1, "")
