"""A real API of our own making, on a real socket."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

PACKED = gzip.compress(b'{"name":"Ada"}', mtime=0)
#: Status, headers and body by path.
ANSWERS: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {
    "/people/1": (200, [("Content-Type", "application/json")], b'{ "name":  "Ada" }'),
    "/people/2": (200, [("Content-Type", "application/json")], b'{"nome":"Ada"}'),
    "/people/3": (200, [("Content-Type", "application/json"), ("Content-Encoding", "gzip")], PACKED),
    "/people/4": (200, [("Content-Type", "text/plain")], b"Ada"),
    "/people/5": (418, [("Content-Type", "application/json")], b"{}"),
    "/people/6": (202, [("Content-Type", "application/json")], b'{"name":"Ada"}'),
    "/people/7": (200, [("Content-Type", "application/json")], b"{broken"),
    "/people/8": (302, [("Location", "/people/1")], b""),
    "/people/9": (501, [("Content-Type", "text/plain")], b"not yet"),
    "/nowhere/9": (501, [], b""),
    "/headers": (
        200,
        [
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("Keep-Alive", "timeout=5"),
            ("X-Count", "many"),
            ("Connection", "X-Secret-Hop"),
            ("X-Secret-Hop", "1"),
        ],
        b"",
    ),
    "/picture": (200, [("Content-Type", "image/png")], bytes(range(256))),
    "/long": (200, [("Content-Type", "application/json")], b'"' + b"a" * 300_000 + b'"'),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the real API saw it."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, whatever its case."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), None)


@dataclass(slots=True)
class RealApi:
    """The real API; *go_on* lets a stream end, *answers* are what it says by path."""

    url: str = ""
    answers: dict[str, tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=ANSWERS.copy)
    seen: list[Seen] = field(default_factory=list)
    go_on: Event = field(default_factory=Event)


@pytest.fixture
def real() -> Iterator[RealApi]:
    """Run the real API for one test."""
    with running() as api:
        yield api


@pytest.fixture(scope="module")
def lasting() -> Iterator[RealApi]:
    """Run the real API for all tests of a module."""
    with running() as api:
        yield api


@contextmanager
def running() -> Iterator[RealApi]:
    """Run the real API for a while."""
    api = RealApi()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, api))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield api
    api.go_on.set()
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, api: RealApi, *given: Any) -> None:  # noqa: ANN401 -- the signature is the library's
        self.api = api
        super().__init__(*given)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer any method."""
        self.api.seen.append(Seen(self.requestline, self.headers.items(), self._body()))
        path = self.path.partition("?")[0].removeprefix("/v1")
        if path in _ODD:
            _ODD[path](self)
            return
        status, headers, body = self.api.answers.get(path, (404, [], b""))
        length = ("Content-Length", str(len(body)))
        self.answer(status, [*headers, length], b"" if self.command == "HEAD" else body)

    do_POST = do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 -- the names are the library's

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send one answer, or the beginning of one."""
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def stream(self) -> None:
        """Send one event, and the other when the test says so."""
        self.answer(200, [("Content-Type", "text/event-stream"), ("Connection", "close")], b"data: 1\n\n")
        self.api.go_on.wait(20)
        self.wfile.write(b"data: 2\n\n")
        self.close_connection = True

    def hang_up(self) -> None:
        """Say nothing, and go."""
        self.close_connection = True

    def misname(self) -> None:
        """Answer with a status that HTTP does not know."""
        self.wfile.write(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n")
        self.close_connection = True

    def stop_midway(self) -> None:
        """Announce more than is sent."""
        self.answer(200, [("Content-Type", "image/png"), ("Content-Length", "9000000")], b"half" * 10)
        self.close_connection = True

    def hesitate(self) -> None:
        """Say nothing until the test says so."""
        self.api.go_on.wait(20)
        self.close_connection = True


_ODD: dict[str, Callable[[_Handler], None]] = {
    "/stream": _Handler.stream,
    "/gone": _Handler.hang_up,
    "/half": _Handler.stop_midway,
    "/odd": _Handler.misname,
    "/slow": _Handler.hesitate,
}
