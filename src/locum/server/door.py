"""The door between ASGI and the values of `behaviour`: a scope comes in, a `Reply` goes out.

Nothing is decided here. Source: ASGI 3.0, HTTP connection scope.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from starlette.types import Message, Receive, Scope, Send

from locum.behaviour import RawRequest, Reply
from locum.behaviour.relays import Relay, RelayBroken
from locum.server.wiring import wire_of

__all__ = [
    "BodyTooLarge",
    "ClientGone",
    "has_body",
    "head_of",
    "raw_path",
    "read_body",
    "send_relay",
    "send_reply",
    "take_in",
]

_log = logging.getLogger("locum.requests")
#: RFC 9110, 6.4.1 and 8.6: below this status, and with these, there is neither body nor length.
_FIRST_WITH_BODY: Final = 200
_BODILESS: Final = frozenset({204, 304})
#: What says where a reply ends, and whether another may follow (RFC 9112, 6 and 9).
_FRAMING: Final = frozenset({b"connection", b"content-length", b"transfer-encoding"})
#: What goes without saying since HTTP/1.1 (RFC 9112, 9.3), and says nothing new of the framing.
_KEPT: Final = (b"connection", b"keep-alive")
_ANNOUNCING: Final = frozenset({"content-length", "transfer-encoding"})
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class BodyTooLarge(Exception):  # noqa: N818 -- a signal inside the shell, not an error of ours
    """The client sent more than is taken in."""


class ClientGone(Exception):  # noqa: N818 -- a signal inside the shell, not an error of ours
    """The client closed the connection before its request was complete."""


def raw_path(scope: Scope) -> str:
    """Return the path as it was sent, percent-encoded, without the query."""
    raw: bytes | None = scope.get("raw_path")
    if raw is None:
        return quote(scope["path"], safe="/:@!$&'()*+,;=~-._%")
    return raw.partition(b"?")[0].decode("latin-1")


def take_in(scope: Scope) -> RawRequest:
    """Return the head of a request, its path whole; what lies behind it is added when it is known."""
    headers: list[tuple[str, str]] = []
    host = ""
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        headers.append((name.decode("latin-1"), text))
        if name == b"host":
            host = host or text
    return RawRequest(
        method=scope["method"],
        path=raw_path(scope),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple(headers),
        base_url=f"{scope['scheme']}://{host}" if host else "",
    )


async def read_body(request: RawRequest, receive: Receive, *, limit: int) -> bytes:
    """Return the whole body, `b""` when none was announced.

    Raises `BodyTooLarge` beyond *limit* bytes, `ClientGone` when the client leaves midway.
    """
    for name, _ in request.headers:
        if name in _ANNOUNCING:
            break
    else:
        return b""
    announced = request.header("content-length")
    if announced is not None and announced.isdigit() and int(announced[:20]) > limit:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def send_reply(
    reply: Reply, scope: Scope, send: Send, *, head: bool, extra: tuple[tuple[str, str], ...] = ()
) -> None:
    """Send *reply*; for a `HEAD` request the head alone, `Content-Length` as for `GET` (RFC 9110, 9.3.2).

    It goes to the wire whole if there is one, else in the two messages of ASGI.
    """
    with_body = has_body(reply.status)
    body = reply.body if with_body and not head else b""
    wire = wire_of(scope)
    fields = _fields(reply.headers, extra, reply.media_type) if wire else None
    if wire is not None and fields is not None and reply.status >= _FIRST_WITH_BODY:
        framed = b"%bcontent-length: %d\r\n" % (fields, len(reply.body)) if with_body else fields
        if wire.reply(reply.status, framed, body):
            return
    headers = head_of(reply, extra)
    if with_body:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_relay(
    relay: Relay, send: Send, *, head: bool, extra: tuple[tuple[str, str], ...] = ()
) -> None:
    """Send what the real API answered, and the rest of it as the client takes it.

    Of *extra* headers the answer's own are kept. A rest that breaks off ends the connection.
    """
    reply = relay.outcome.reply
    own = {name.lower() for name, _ in reply.headers}
    headers = head_of(reply, tuple(pair for pair in extra if pair[0] not in own))
    length = len(reply.body) if relay.rest is None and not head else relay.length
    if length is not None and has_body(reply.status):
        headers.append((b"content-length", b"%d" % length))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    with_body = has_body(reply.status) and not head
    if relay.rest is None or not with_body:
        await send({"type": "http.response.body", "body": reply.body if with_body else b""})
        return
    await send({"type": "http.response.body", "body": reply.body, "more_body": True})
    try:
        async for piece in relay.rest:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except RelayBroken as error:
        _log.warning("%s", error)
        return
    await send({"type": "http.response.body", "body": b""})


def head_of(reply: Reply, extra: tuple[tuple[str, str], ...] = ()) -> list[tuple[bytes, bytes]]:
    """Return the headers of *reply* as they are sent, all but those of the framing."""
    return [*_headers(reply.headers), *_headers(extra), *_content_type(reply.media_type)]


def has_body(status: int) -> bool:
    """Tell whether a reply of *status* has a body, be it empty."""
    return status >= _FIRST_WITH_BODY and status not in _BODILESS


@lru_cache(maxsize=256)
def _fields(
    headers: tuple[tuple[str, str], ...], extra: tuple[tuple[str, str], ...], media_type: str
) -> bytes | None:
    """Return the lines of a head as they are sent, `None` where one of them has a say in the framing."""
    pairs = (*_headers(headers), *_headers(extra), *_content_type(media_type))
    if any(pair[0] in _FRAMING and pair != _KEPT for pair in pairs):
        return None
    return b"".join(b"%b: %b\r\n" % pair for pair in pairs)


# Most replies wear the same few headers, and all those of an operation often the same together.
@lru_cache(maxsize=64)
def _headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(made for name, value in headers for made in _header(name, value))


@lru_cache(maxsize=64)
def _content_type(media_type: str) -> tuple[tuple[bytes, bytes], ...]:
    return _header("content-type", media_type) if media_type else ()


@lru_cache(maxsize=512)
def _header(name: str, value: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return the header as bytes, nothing for a name that no header can have (RFC 9110, 5.1)."""
    if not _NAME.fullmatch(name):
        return ()
    return ((name.lower().encode("ascii"), _header_bytes(value)),)


def _header_bytes(value: str) -> bytes:
    # RFC 9110, 5.5: control characters would end the head early or be refused by the server below us.
    clean = (
        value if value.isprintable() else "".join(c if c.isprintable() or c == "\t" else " " for c in value)
    )
    return clean.encode("latin-1", "replace")
