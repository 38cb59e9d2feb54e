from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from locum.catalog.retrieval import Retriever, path_of


class _Pages(http.server.BaseHTTPRequestHandler):
    """Answers `/api.yaml`, redirects `/away?to=…`, knows nothing else."""

    def do_GET(self) -> None:
        if self.path == "/api.yaml":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"openapi: 3.1.0\n")
        elif self.path.startswith("/away?to="):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/away?to="))
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is http.server's
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Serve a document on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_file_is_read_and_remembered(tmp_path: Path) -> None:
    """Reloading needs to know every file that was asked for, missing ones included."""
    there, missing = tmp_path / "a.yaml", tmp_path / "b.yaml"
    there.write_bytes(b"a: 1")
    retriever = Retriever(limit=100)

    content = retriever(str(there))
    with pytest.raises(FileNotFoundError):
        retriever(str(missing))

    assert content == b"a: 1"
    assert retriever.files() == {there, missing}


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    """Nobody is made to read a document without end."""
    large = tmp_path / "large.yaml"
    large.write_bytes(b"x" * 101)

    with pytest.raises(OSError, match="larger than 100 bytes"):
        Retriever(limit=100)(str(large))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A path that is no regular file is refused at once."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    with pytest.raises(OSError, match="not a regular file"):
        Retriever(limit=100)(str(pipe))


def test_a_file_uri_is_a_path() -> None:
    """RFC 8089: percent-encoding is undone."""
    assert path_of("file:///a%20b/c.yaml") == Path("/a b/c.yaml")


def test_an_address_is_fetched_when_allowed(host: str) -> None:
    """`--allow-remote-refs` lets references reach other hosts."""
    assert Retriever(limit=100, allow_remote=True)(f"{host}/api.yaml") == b"openapi: 3.1.0\n"


def test_the_host_of_the_document_may_be_asked_again(host: str) -> None:
    """A document given by address may be made of several files of that host."""
    assert Retriever(limit=100, home=f"{host}/root.yaml")(f"{host}/api.yaml") == b"openapi: 3.1.0\n"


def test_another_host_is_not_asked(host: str) -> None:
    """Without the flag no document makes us call anybody."""
    with pytest.raises(PermissionError, match="--allow-remote-refs"):
        Retriever(limit=100, home="/api.yaml")(f"{host}/api.yaml")


def test_an_answer_above_the_limit_is_refused(host: str) -> None:
    """The limit holds for what is fetched, too."""
    with pytest.raises(OSError, match="larger than 5 bytes"):
        Retriever(limit=5, allow_remote=True)(f"{host}/api.yaml")


def test_an_error_of_the_host_is_told(host: str) -> None:
    """What the host said is passed on."""
    with pytest.raises(OSError, match="answered 404"):
        Retriever(limit=100, allow_remote=True)(f"{host}/none.yaml")


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://127.0.0.2:1/x"])
def test_a_redirection_leads_nowhere_else(host: str, target: str) -> None:
    """Neither to a file of this machine, nor to another scheme, nor to a host that was not allowed."""
    with pytest.raises(OSError, match=r"neither http nor https|not allowed|on another host"):
        Retriever(limit=100, home=host)(f"{host}/away?to={target}")


def test_a_host_that_is_not_there_is_told() -> None:
    """A refused connection is an error with a reason, not a traceback."""
    with pytest.raises(OSError, match="cannot be reached"):
        Retriever(limit=100, allow_remote=True)("http://127.0.0.1:9/api.yaml")


@pytest.mark.parametrize("address", ["http://[::1", "http://127.0.0.1:port/", "file://[::1", "pets\0.yaml"])
def test_what_is_no_address_is_told(address: str) -> None:
    """A bracket that does not close or a port of letters is a reason like any other."""
    with pytest.raises(OSError, match=r"no address|cannot be read|cannot be reached"):
        Retriever(limit=100, allow_remote=True)(address)
