from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from locum.server.wiring import WIRE
from locum.testing.calling import Answer, Ask, BrokenOffError, in_session, play


def called(ask: Ask, content: bytes | None = None, *, reset: bool = False) -> tuple[Scope, Answer]:
    """Return what an application sees of *ask*, and the answer; *content* is written to the wire instead."""
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        wire: Any = scope["extensions"][WIRE]
        if content is not None:
            wire.take()
            wire.write(content)
            (wire.reset if reset else wire.close)()
            return
        message = await receive()
        await send({"type": "http.response.start", "status": 201, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": message["body"]})

    answer = asyncio.run(play(in_session(app, "mine"), ask))
    return seen[0], answer


def test_a_request_arrives_as_from_a_server() -> None:
    """Path and query as they were sent, the host, a length, and the session of the test."""
    scope, answer = called(Ask(method="POST", url="http://a.test/x%2Fy?q=%C3%A9", body=b"hello"))

    assert (scope["raw_path"], scope["path"], scope["query_string"]) == (b"/x%2Fy", "/x/y", b"q=%C3%A9")
    assert scope["headers"] == [
        *((b"host", b"a.test"), (b"content-length", b"5"), (b"locum-session", b"mine"))
    ]
    assert answer == Answer(status=201, headers=((b"a", b"b"),), body=b"hello")


def test_a_session_that_is_named_is_kept() -> None:
    """Code that knows of sessions may use them."""
    scope, _ = called(Ask(method="GET", url="http://a.test/", headers=((b"Locum-Session", b"other"),)))

    assert [text for name, text in scope["headers"] if name == b"locum-session"] == [b"other"]


def test_bytes_on_the_wire_are_read_as_a_client_reads_them() -> None:
    """A spoilt reply that is still one is an answer."""
    _, answer = called(
        Ask(method="GET", url="http://a.test/"), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    )

    assert (answer.status, answer.body) == (200, b"hi")


@pytest.mark.parametrize(
    ("content", "reset", "said"),
    [
        (b"", False, "without an answer"),
        (b"", True, "reset"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", False, "without sending complete"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", True, "reset"),
        (b"nonsense\r\n\r\n", False, "illegal"),
    ],
)
def test_a_connection_that_breaks_off_is_no_answer(content: bytes, reset: bool, said: str) -> None:  # noqa: FBT001 -- a parameter of the test
    """Nothing, half a body, a reset, no HTTP: each is told apart."""
    with pytest.raises(BrokenOffError, match=said):
        called(Ask(method="GET", url="http://a.test/"), content, reset=reset)
