"""Calls an ASGI application as a server would, without a socket; broken connections included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import h11
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from locum.server.wiring import WIRE

__all__ = ["Answer", "Ask", "BrokenOffError", "in_session", "play"]

_SESSION: Final = b"locum-session"
_RESET: Final = "the connection was reset by the server"
_SILENT: Final = "the server closed the connection without an answer"


class BrokenOffError(Exception):
    """The connection ended before the answer was whole; the message says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request as it would go over the wire; *url* is whole."""

    method: str
    url: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


@dataclass(slots=True)
class _MemoryWire:
    """The transport of one request, kept in memory; see `locum.server.wiring.Wire`. Mutable."""

    content: bytearray = field(default_factory=bytearray)
    is_taken: bool = False
    is_reset: bool = False

    def reply(self, status: int, fields: bytes, body: bytes) -> bool:  # noqa: ARG002 -- as the protocol has it
        """Leave replies that are not spoilt to ASGI."""
        return False

    def take(self) -> None:
        self.is_taken = True

    def write(self, content: bytes) -> None:
        self.content += content

    def is_open(self) -> bool:
        return not self.is_reset

    def close(self) -> None:
        """Keep what was written."""

    def reset(self) -> None:
        self.is_reset = True


def in_session(app: ASGIApp, name: str) -> ASGIApp:
    """Return *app* with every request in the session *name* that does not name one itself."""

    async def bound(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not any(key.lower() == _SESSION for key, _ in scope["headers"]):
            scope = {**scope, "headers": [*scope["headers"], (_SESSION, name.encode())]}
        await app(scope, receive, send)

    return bound


async def play(app: ASGIApp, ask: Ask) -> Answer:
    """Return what *app* answers. Raises `BrokenOffError` when the connection ends too early."""
    wire, sent = _MemoryWire(), list[Message]()
    pending = [{"type": "http.request", "body": ask.body, "more_body": False}]

    async def receive() -> Message:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(ask, wire), receive, send)
    if wire.is_taken:
        return _understood(wire, ask)
    if not sent:
        raise BrokenOffError(_SILENT)
    return Answer(
        status=sent[0]["status"],
        headers=tuple(sent[0]["headers"]),
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


def _scope(ask: Ask, wire: _MemoryWire) -> dict[str, Any]:
    parts = urlsplit(ask.url)
    headers = [(name.lower(), text) for name, text in ask.headers]
    if not any(name == b"host" for name, _ in headers):
        headers.insert(0, (b"host", parts.netloc.rpartition("@")[2].encode()))
    if ask.body and not any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers):
        headers.append((b"content-length", b"%d" % len(ask.body)))
    path = parts.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": ask.method,
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode("latin-1", "replace"),
        "query_string": parts.query.encode("latin-1", "replace"),
        "root_path": "",
        "headers": headers,
        "server": (parts.hostname or "localhost", parts.port or 80),
        "client": ("127.0.0.1", 1),
        "extensions": {WIRE: wire},
    }


def _understood(wire: _MemoryWire, ask: Ask) -> Answer:
    """Return the answer that the bytes of a spoilt reply are to a client, as far as they are one."""
    if not wire.content:
        raise BrokenOffError(_RESET if wire.is_reset else _SILENT)
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=ask.method, target="/", headers=[("host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(bytes(wire.content))
    if not wire.is_reset:
        connection.receive_data(b"")
    head: h11.Response | None = None
    body = bytearray()
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError as error:
            raise BrokenOffError(str(error)) from error
        if isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return Answer(status=head.status_code, headers=tuple(head.headers), body=bytes(body))
        elif event is h11.NEED_DATA:
            raise BrokenOffError(_RESET)
        elif isinstance(event, h11.ConnectionClosed):
            raise BrokenOffError(_SILENT)
