"""Small servers over real sockets, each a few lines of answers, and contracts written for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import yaml

from locum.catalog import Entry, load
from locum.verify.target import Target


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a small server is asked."""

    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, list[str]]:
        """Return the query by name, every text of it."""
        return parse_qs(self.raw_query, keep_blank_values=True)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a small server says; a *body* that is no bytes is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Asked], Told]
Serve = Callable[[Answer], str]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve what *answer* says on a free port of this machine, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        #: Head and body leave apart; waiting for the first to be acknowledged would cost 40 ms each time.
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            told_length = self.headers.get("Content-Length", "0")
            if not told_length.isdigit():
                self.close_connection = True
                return
            length = int(told_length)
            told = answer(
                Asked(
                    method=self.command,
                    path=parts.path,
                    raw_query=parts.query,
                    headers={name.lower(): text for name, text in self.headers.items()},
                    body=self.rfile.read(length) if length else b"",
                )
            )
            self._say(told)

        def _say(self, told: Told) -> None:
            content = told.body if isinstance(told.body, bytes) else orjson.dumps(told.body)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
            headers |= dict(told.headers)
            self.send_response_only(told.status)
            headers.setdefault("Date", self.date_time_string())
            for name, text in headers.items():
                if text:
                    self.send_header(name, text)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves answers until the test is over."""
    with ExitStack() as held:
        yield lambda answer: held.enter_context(serving(answer))


@pytest.fixture
def aim() -> Iterator[Callable[..., Target]]:
    """Return a function that makes targets, which are closed when the test is over."""
    with ExitStack() as held:
        yield lambda url, **more: held.enter_context(Target(url, **more))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Mapping[str, Any]], Entry]:
    """Return a function that makes a contract of a document."""

    def write(document: Mapping[str, Any]) -> Entry:
        path = tmp_path / "api.yaml"
        path.write_text(yaml.safe_dump(dict(document), sort_keys=False))
        return load(str(path))

    return write
