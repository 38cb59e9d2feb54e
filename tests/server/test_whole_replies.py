"""Replies written in one piece: what uvicorn would have written, and nothing kept of the request."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from locum.behaviour import Reply
from locum.server.door import read_body, send_reply, take_in
from locum.server.wire import WiredProtocol

DATE = (b"date", b"Thu, 26 Nov 2026 18:00:00 GMT")
GET = b"GET /rows HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /rows HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
HEADS = [
    GET,
    GET.replace(b"GET", b"HEAD"),
    GET.replace(b"1.1", b"1.0"),
    GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
]


class Recording(asyncio.Transport):
    """A transport that keeps what it is given, each call apart."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep *data*."""
        self.written.append(bytes(data))

    def close(self) -> None:
        """Keep that it was closed."""
        self.is_closed = True

    def pause_reading(self) -> None:
        """Go on: whoever plays the client sends what it likes."""

    def resume_reading(self) -> None:
        """Go on."""

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self.is_closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Answers every request with *reply*, once its body is there."""

    reply: Reply
    extra: tuple[tuple[str, str], ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await read_body(take_in(scope), receive, limit=1_000_000)
        await send_reply(self.reply, scope, send, head=scope["method"] == "HEAD", extra=self.extra)


def connected(app: Application, kind: type[HttpToolsProtocol]) -> tuple[HttpToolsProtocol, Recording]:
    """Return a protocol in front of *app*, and what it writes to."""
    config = uvicorn.Config(app, ws="none", log_config=None, access_log=False)
    config.load()
    # What stands around the application is uvicorn's own business.
    config.loaded_app = app
    state = ServerState()
    state.default_headers = [DATE]
    protocol, transport = kind(config, state, {}), Recording()
    protocol.connection_made(transport)
    return protocol, transport


def played(
    app: Application, sent: Sequence[bytes], kind: type[HttpToolsProtocol] = WiredProtocol
) -> Recording:
    """Return what was written when all of *sent* had been taken in, piece by piece."""

    async def play() -> Recording:
        protocol, transport = connected(app, kind)
        for piece in sent:
            protocol.data_received(piece)
            await settled()
        return transport

    return asyncio.run(play())


async def settled() -> None:
    """Wait until everything that can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["x-total", "Link", "date", "vary", "not a name", "content-length", "Connection"])
        | st.text(max_size=5),
        st.sampled_from(["1", "close", "keep-alive", "a, b", ""]) | st.text(max_size=10),
    ),
    max_size=4,
).map(tuple)
#: The framing that a reply brings along has to be one: uvicorn says so, and breaks off.
REPLIES = st.builds(
    Reply,
    status=st.sampled_from([200, 201, 204, 304, 404, 500, 599]),
    body=st.binary(max_size=50) | st.just(b"x" * 70_000),
    media_type=st.sampled_from(["", "application/json", "text/plain; charset=utf-8"]),
    headers=HEADERS.map(lambda pairs: tuple(each for each in pairs if each[0] != "content-length")),
)


@given(reply=REPLIES, extra=HEADERS, head=st.sampled_from(HEADS))
def test_every_byte_is_as_the_server_would_write_it(
    reply: Reply, extra: tuple[tuple[str, str], ...], head: bytes
) -> None:
    """Whatever is answered to whatever method and version, and whether the connection goes on after it."""
    extra = tuple(each for each in extra if each[0] != "content-length")
    app = Application(reply=reply, extra=extra)
    ours, plain = (played(app, [head], kind) for kind in (WiredProtocol, HttpToolsProtocol))

    assert b"".join(ours.written) == b"".join(plain.written)
    assert ours.is_closed is plain.is_closed


@pytest.mark.parametrize("extra", [(), (("connection", "keep-alive"),)], ids=["plain", "kept aloud"])
def test_a_reply_is_written_at_once(extra: tuple[tuple[str, str], ...]) -> None:
    """Head and body, which ASGI hands over apart, cost one call of the kernel and one packet."""
    app = Application(reply=Reply(status=200, body=b"rows"), extra=extra)

    assert [each[-4:] for each in played(app, [GET]).written] == [b"rows"]


def test_a_large_body_is_written_whole() -> None:
    """Beyond what is copied behind its head, it follows as it is."""
    transport = played(Application(reply=Reply(status=200, body=b"x" * 100_000)), [GET])

    assert b"".join(transport.written).endswith(b"x" * 100_000)


def test_a_client_that_asks_whether_to_go_on_is_told_so() -> None:
    """`100 Continue` comes before the body is sent, the reply after it (RFC 9110, 10.1.1)."""
    head = POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
    first, second = played(Application(reply=Reply(status=200)), [head, b"body"]).written

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert second.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("sent", [[GET * 3], [GET[:20], GET[20:] + GET + GET[:5], GET[5:]]])
def test_requests_that_follow_at_once_are_answered_in_turn(sent: list[bytes]) -> None:
    """Sent before the answer to the one before is there, whole or in pieces (RFC 9112, 9.3.2)."""
    transport = played(Application(reply=Reply(status=200, body=b"rows")), sent)

    assert len(transport.written) == 3
    assert not transport.is_closed


@pytest.mark.parametrize("pieces", [[b"body"], [b"bo", b"dy"]], ids=["at once", "in two pieces"])
def test_a_body_is_taken_in_before_the_answer(pieces: list[bytes]) -> None:
    """It may come with its head, or later, and with the next request behind it."""
    sent = [POST + pieces[0], *pieces[1:], GET]

    assert len(played(Application(reply=Reply(status=200)), sent).written) == 2


def test_a_client_that_does_not_read_is_waited_for() -> None:
    """Nothing is written while the transport has enough, and all of it afterwards."""

    async def play() -> tuple[int, int]:
        protocol, transport = connected(Application(reply=Reply(status=200, body=b"rows")), WiredProtocol)
        protocol.pause_writing()
        protocol.data_received(GET)
        await settled()
        before = len(transport.written)
        protocol.resume_writing()
        await settled()
        protocol.connection_lost(None)
        return before, len(b"".join(transport.written).partition(b"\r\n\r\n")[2])

    assert asyncio.run(play()) == (0, 4)


def test_a_client_that_has_left_is_written_nothing() -> None:
    """Whatever was being made for it."""

    async def play() -> list[bytes]:
        protocol, transport = connected(Application(reply=Reply(status=200)), WiredProtocol)
        protocol.data_received(GET)
        protocol.connection_lost(None)
        await settled()
        return transport.written

    assert asyncio.run(play()) == []


def test_a_request_is_let_go_with_its_reply() -> None:
    """Without a collection of garbage, which would cost the requests after it a tenth of their time."""

    async def play() -> list[object]:
        protocol, _ = connected(Application(reply=Reply(status=200)), WiredProtocol)
        known: list[weakref.ref[object]] = []
        for _ in range(3):
            protocol.data_received(GET)
            known.append(weakref.ref(protocol.cycle))
            await settled()
        protocol.connection_lost(None)
        return [each() for each in known[:-1]]

    gc.disable()
    try:
        assert asyncio.run(play()) == [None, None]
    finally:
        gc.enable()
