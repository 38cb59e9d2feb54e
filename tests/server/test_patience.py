"""A client that never ends its request is let go; one that is slow is not."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from locum.behaviour import Reply
from locum.server.door import BodyTooLarge, ClientGone, read_body, send_reply, take_in
from locum.server.patience import Patience
from locum.server.wire import wired

POST = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 20000\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Unhurried(selectors.DefaultSelector):
    """Lets the time leap to what is due next once nothing comes, so that a busy machine makes nobody late."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what has come, or leap."""
        found = super().select(0.01 if timeout else timeout)
        if timeout and not found:
            self.now_s += timeout
        return found


def unhurried() -> asyncio.AbstractEventLoop:
    """Return a loop whose clock stands still while anything is done."""
    selector = Unhurried()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now_s  # type: ignore[method-assign]  # the clock is all that differs
    return loop


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length of what was sent, or at once where too much is announced."""
    try:
        body = await read_body(take_in(scope), receive, limit=1_000_000)
    except ClientGone:
        return
    except BodyTooLarge:
        await send_reply(Reply(status=413), scope, send, head=False)
        return
    await send_reply(Reply(status=200, body=b"%d" % len(body)), scope, send, head=False)


@asynccontextmanager
async def connected(patience_s: float) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve the application, and connect to it."""
    config = Config(application, http=wired(patience_s), lifespan="off", log_level="critical")
    config.load()
    state = ServerState()

    def protocol() -> asyncio.Protocol:
        made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn calls it
            config=config, server_state=state, app_state={}
        )
        return made

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    yield reader, writer
    writer.close()
    server.close()


def talked(pieces: Sequence[bytes], *, patience_s: float, pause_s: float = 0.0) -> bytes:
    """Send pieces with pauses between them, and return all that is answered until the connection ends."""

    async def talk() -> bytes:
        async with connected(patience_s) as (reader, writer):
            answer = asyncio.create_task(reader.read())
            for piece in pieces:
                if answer.done():
                    break
                writer.write(piece)
                await asyncio.sleep(pause_s)
            return await answer

    with asyncio.Runner(loop_factory=unhurried) as runner:
        return runner.run(talk())


@pytest.mark.parametrize(
    "pieces",
    [
        (b"GET",),
        (b"GET / HTTP/1.1\r\n", *[b"x"] * 1_000),
        (POST, b"a"),
        (POST, *[b"a"] * 1_000),
        (POST.replace(b"content-length: 20000", b"transfer-encoding: chunked"), *[b"1\r\na\r\n"] * 1_000),
    ],
)
def test_who_never_ends_a_request_is_told_and_let_go(pieces: tuple[bytes, ...]) -> None:
    """Half a head, half a body, or either of them byte for byte."""
    assert talked(pieces, patience_s=0.2, pause_s=0.01) == TOO_SLOW


def test_who_sends_nothing_is_let_go_without_a_word() -> None:
    """A browser connects beforehand; a word would pass for the answer to what it asks at that moment."""
    assert talked((), patience_s=0.05) == b""


def test_a_slow_upload_is_waited_for() -> None:
    """It takes longer than the patience, and is whole in the end."""
    answer = talked(
        (POST.replace(b"host: a", b"host: a\r\nconnection: close"), *[b"a" * 2_000] * 10),
        patience_s=0.2,
        pause_s=0.05,
    )

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"20000")


def test_empty_lines_keep_no_connection_open() -> None:
    """Between requests they may come (RFC 9112, 2.2), and are no request."""
    answer = talked((GET, *[b"\r\n"] * 1_000), patience_s=0.2, pause_s=0.01)

    assert answer.endswith(TOO_SLOW)


def test_a_second_request_has_its_own_time() -> None:
    """Whatever the first one took."""
    last = GET.replace(b"host: a", b"host: a\r\nconnection: close")
    answer = talked((GET, GET, GET[:20], GET[20:], *[GET] * 8, last), patience_s=0.2, pause_s=0.05)

    assert answer.count(b"HTTP/1.1 200 OK") == 12


def test_nobody_waits_for_what_we_hold_up() -> None:
    """The time begins anew where we were the slow ones, and there is none while nothing is waited for."""
    waiting = Patience(30, now=0)
    waiting.took(1_000, now=0)
    seen = [waiting.ends_at]
    waiting.begin_anew(100)
    seen.append(waiting.ends_at)
    waiting.since = None
    seen.append(waiting.ends_at)
    waiting.begin(200)
    waiting.begin(300)
    seen.append(waiting.ends_at)

    assert seen == [32, 130, None, 230]


def test_nobody_is_waited_for_while_we_hold_up_a_whole_request() -> None:
    """What has come as a whole is not waited for, however long we leave it where it is."""
    waiting = Patience(30, now=0)
    waiting.since = None
    waiting.begin_anew(100)

    assert waiting.ends_at is None


def test_who_is_answered_before_his_body_is_whole_is_not_answered_again() -> None:
    """A second answer would pass for that to his next request; the connection is closed."""
    answer = talked((POST.replace(b"20000", b"2000000"),), patience_s=0.2)

    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.count(b"HTTP/1.1") == 1
