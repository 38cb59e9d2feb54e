"""The server as a process: what it says, what it answers, and how it ends."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: https://pets.example/api/v2}]
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {type: object, required: [name], properties: {name: {type: string}}}
              example: {name: Rex}
"""


class Running(NamedTuple):
    """A server that listens."""

    url: str
    process: subprocess.Popen[str]
    folder: Path

    def narration(self) -> str:
        """Return what it has told so far."""
        return (self.folder / "stderr.txt").read_text()

    def get(self, path: str) -> object:
        """Return the JSON at *path*."""
        with urllib.request.urlopen(self.url + path, timeout=10) as reply:  # noqa: S310 -- our own server
            return json.load(reply)


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[Running]:
    """Run `locum` with *words* on a free port until it listens."""
    command = [sys.executable, "-m", "locum", *words, "--port", "0"]
    with (
        (folder / "stderr.txt").open("w") as stderr,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.fullmatch(r"locum is listening on (http://\S+)\n", line)
            assert found, line + (folder / "stderr.txt").read_text()
            yield Running(found[1], process, folder)
        finally:
            process.kill()


def wait_for(is_so: Callable[[], bool], *, seconds: float = 10) -> None:
    """Return once *is_so*."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Return a folder with a document."""
    (tmp_path / "pets.yaml").write_text(DOCUMENT)
    return tmp_path


@pytest.mark.parametrize("verb", ["serve", "mock"])
def test_one_document_is_served_at_its_own_base_path(pets: Path, verb: str) -> None:
    """The line on stdout tells where; the document's example is what is answered."""
    with serving(pets, verb, "pets.yaml") as server:
        assert server.get("/api/v2/pets") == {"name": "Rex"}


def test_the_curl_line_of_the_banner_works(tmp_path: Path) -> None:
    """It can be copied as it is."""
    with serving(tmp_path, "serve") as server:
        wait_for(lambda: "Try it out" in server.narration())
        (line,) = re.findall(r"^  Try: +curl (.+)$", server.narration(), re.MULTILINE)
        *flags, url = shlex.split(line)
        headers = dict(
            text.split(": ", 1) for flag, text in zip(flags[::2], flags[1::2], strict=True) if flag == "-H"
        )
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 -- our own server
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 -- our own server
            assert reply.status == 200


def test_the_built_in_contracts_are_told_with_their_addresses(tmp_path: Path) -> None:
    """Name, title, operations and URL, and where the credentials are."""
    with serving(tmp_path, "serve") as server:
        wait_for(lambda: "Try it out" in server.narration())
        told = server.narration()

        assert [line.split()[0] for line in told.splitlines()[1:5]] == [
            "onomondo",
            "saas-billing",
            "senet",
            "talkdesk",
        ]
        assert f"{server.url}/talkdesk" in told
        assert "fixtures/<name>/contract.yaml" in told


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_has_done_its_duty(pets: Path, told: signal.Signals) -> None:
    """Exit code 0, nothing on stderr but the banner."""
    with serving(pets, "serve", "pets.yaml") as server:
        server.process.send_signal(told)

        assert server.process.wait(10) == 0
        assert "Traceback" not in server.narration()


def test_an_impatient_person_loses_nothing(pets: Path) -> None:
    """A second Ctrl-C leaves the end in good order: exit code 0, and no trace of code."""
    with serving(pets, "serve", "pets.yaml") as server:
        for _ in range(3):
            server.process.send_signal(signal.SIGINT)

        assert server.process.wait(10) == 0
        assert "Traceback" not in server.narration()


def test_a_changed_document_is_served_and_a_broken_one_is_told(pets: Path) -> None:
    """`--watch` swaps the contract under the running server; a broken document keeps the old one going."""
    document = pets / "pets.yaml"
    with serving(pets, "serve", "pets.yaml", "--watch") as server:
        document.write_text("openapi: [")
        wait_for(lambda: "not reloaded" in server.narration())
        assert server.get("/api/v2/pets") == {"name": "Rex"}

        document.write_text(DOCUMENT.replace("Rex", "Fido"))
        wait_for(lambda: server.get("/api/v2/pets") == {"name": "Fido"})

    assert "pets.yaml:2:1: error: this is not YAML" in server.narration()


def test_a_changed_handler_is_called(pets: Path) -> None:
    """Handlers are plain functions by operation id, reloaded like everything else."""
    module = pets / "answers.py"
    module.write_text("def listPets(): return {'name': 'one'}\n")
    with serving(pets, "serve", "pets.yaml", "--handlers", "answers.py", "--watch") as server:
        assert server.get("/api/v2/pets") == {"name": "one"}

        module.write_text("def listPets(): return {'name': 'another'}\n")
        wait_for(lambda: server.get("/api/v2/pets") == {"name": "another"})


def test_silence_is_kept_when_asked_for(pets: Path) -> None:
    """Prism's `-v silent` tells nothing at all, so nobody can wait for a line."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "locum", "mock", "pets.yaml", "-p", str(port), "-v", "silent"]
    with subprocess.Popen(command, cwd=pets, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            wait_for(lambda: answers(port))
            process.terminate()
            said, _ = process.communicate(timeout=10)
        finally:
            # Leaving the block waits for the process; one that was not told to stop never ends.
            process.kill()

    assert said == b""


@pytest.mark.parametrize("upstream", [[], ["http://127.0.0.1:9"]], ids=["mock", "proxy"])
def test_whoever_waits_for_prism_reads_where_it_listens(pets: Path, upstream: list[str]) -> None:
    """On standard output, whether it stands in for the API or between it and its clients."""
    verb = "proxy" if upstream else "mock"
    command = [sys.executable, "-m", "locum", verb, "pets.yaml", *upstream, "-p", "0"]
    with subprocess.Popen(command, cwd=pets, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout
        waited = said is not None and next(line for line in said if "Prism is listening" in line)
        process.terminate()

    assert re.fullmatch(r"Prism is listening on http://127\.0\.0\.1:\d+\n", waited or "")


def answers(port: int) -> bool:
    """Tell whether somebody listens on *port*."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
