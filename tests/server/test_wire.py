"""Faults on a real socket: every byte and the end of the connection are looked at."""

from __future__ import annotations

import inspect
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pytest
import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from locum.behaviour.calls import Call
from locum.catalog import load
from locum.server import build_app
from locum.server.wire import WiredProtocol
from locum.settings import Settings
from locum.verify.wire import Ended, Observed, exchange

DOCUMENT = """
openapi: 3.1.0
info: {title: Rows, version: "1"}
paths:
  /rows:
    get:
      operationId: list
      responses:
        "200":
          description: rows
          content:
            application/json: {example: {total: 12, name: a name that is long enough to be cut in its middle}}
"""
BODY = b'{"total":12,"name":"a name that is long enough to be cut in its middle"}'
Ask = Callable[..., Observed]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Serve the rows, and return how to ask for them under a scenario."""
    document: Path = tmp_path_factory.mktemp("wire") / "rows.yaml"
    document.write_text(DOCUMENT)
    app = build_app([load(str(document))], Settings())
    config = uvicorn.Config(
        app, http=WiredProtocol, ws="none", log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()

        def asked(scenario: str, *, method: str = "GET", enough_s: float = 0.0) -> Observed:
            headers = (("Prefer", f"scenario={scenario}"),) if scenario else ()
            call = Call(method=method, path="/rows", headers=headers)
            return exchange(url, call, timeout_s=10, enough_s=enough_s)

        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield asked
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


def test_without_a_scenario_nothing_is_wrong(ask: Ask) -> None:
    """The protocol of our own answers as uvicorn's does."""
    observed = ask("")

    assert (observed.status, observed.body, observed.ended) == (200, BODY, Ended.CLOSED)


def test_to_head_a_head_is_sent(ask: Ask) -> None:
    """It has no body, and tells the length of the one that GET would have."""
    observed = ask("", method="HEAD")

    assert (observed.status, observed.body) == (200, b"")
    assert observed.headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize(
    ("scenario", "ended", "received"),
    [
        ("no-answer", Ended.CLOSED, b""),
        ("reset", Ended.RESET, b""),
        ("no-body", Ended.CLOSED, b""),
        ("half-a-body", Ended.CLOSED, BODY[: len(BODY) // 2]),
        ("reset-in-body", Ended.RESET, BODY[: len(BODY) // 2]),
    ],
)
def test_a_connection_ends_where_and_how_it_is_said(
    ask: Ask, scenario: str, ended: Ended, received: bytes
) -> None:
    """Before the status line nothing comes at all; later the head promises the whole body."""
    observed = ask(scenario)

    assert (observed.ended, observed.raw_body) == (ended, received)
    if scenario in {"no-answer", "reset"}:
        assert observed.content == b""
    else:
        assert observed.headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize(
    ("scenario", "announced"), [("truncated", len(BODY) + 10), ("length-too-small", len(BODY) - 2)]
)
def test_a_length_is_wrong(ask: Ask, scenario: str, announced: int) -> None:
    """`Content-Length` says more, or less, than is sent."""
    observed = ask(scenario)

    assert (observed.headers["content-length"], observed.raw_body) == (str(announced), BODY)
    assert observed.ended is Ended.CLOSED


def test_chunks_never_end(ask: Ask) -> None:
    """The last chunk is missing, and there is no length."""
    observed = ask("endless-chunks")

    assert observed.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in observed.headers
    assert observed.raw_body == b"%x\r\n%b\r\n" % (len(BODY), BODY)


def test_bytes_drip(ask: Ask) -> None:
    """At 200 bytes a second no more than that comes; the head drips as well."""
    body, head = ask("slow-body", enough_s=0.15), ask("slow-head-drip", enough_s=0.25)

    assert 0 < len(body.raw_body) < len(BODY)
    assert 0 < len(head.content) < 60
    assert head.head == b""


def test_a_reply_is_late(ask: Ask) -> None:
    """A drawn delay lies between its limits."""
    assert 0.1 <= ask("jitter").first_s < 3


def test_the_clock_is_wrong(ask: Ask) -> None:
    """There is one `Date`, and it is three hours old."""
    head = ask("wrong-clock").head.lower()

    assert head.count(b"\r\ndate:") == 1


@pytest.mark.parametrize(
    ("scenario", "body"),
    [("trailing-comma", BODY[:-1] + b",}"), ("nan", BODY.replace(b"12", b"NaN")), ("empty-body", b"")],
)
def test_a_body_is_garbled_and_its_length_is_true(ask: Ask, scenario: str, body: bytes) -> None:
    """What only concerns the body needs no wire, and the connection goes on."""
    observed = ask(scenario)

    assert (observed.status, observed.body) == (200, body)
    assert observed.headers["content-length"] == str(len(body))


def test_a_large_body_comes_whole(ask: Ask) -> None:
    """Four megabytes, still JSON."""
    body = ask("oversized").body

    assert len(body) == 4 * 1024 * 1024
    assert orjson.loads(body) == orjson.loads(BODY)


def test_a_head_request_gets_no_body(ask: Ask) -> None:
    """A fault of the body leaves `HEAD` without one."""
    observed = ask("endless-chunks", method="HEAD")

    assert (observed.status, observed.raw_body) == (200, b"")


def test_the_server_goes_on_after_every_fault(ask: Ask) -> None:
    """A cut connection is nobody else's."""
    ask("reset-in-body")

    assert ask("").body == BODY


def test_what_we_touch_of_uvicorn_is_still_there() -> None:
    """Private names may change with any release; this is where one notices."""
    assert list(inspect.signature(HttpToolsProtocol._start_asgi_task).parameters) == ["self", "cycle", "app"]  # noqa: SLF001
    source = inspect.getsource(RequestResponseCycle)
    assert "self.read_paused" in inspect.getsource(FlowControl)
    calls = "connection_made connection_lost data_received on_message_begin on_headers_complete on_body"
    assert all(hasattr(HttpToolsProtocol, name) for name in f"{calls} on_message_complete".split())
    assert all(
        f"self.{name}" in inspect.getsource(HttpToolsProtocol) for name in ("pipeline", "loop", "cycle")
    )
    touched = "response_started response_complete transport disconnected flow keep_alive default_headers"
    touched += " waiting_for_100_continue message_event on_response more_body"
    assert all(f"self.{name}" in source for name in touched.split())


def test_statuses_are_called_alike_on_every_version_of_python() -> None:
    """Scripts compare the whole line; one that nobody has named has a phrase as well."""
    lines = {status: STATUS_LINE[status].decode() for status in (200, 299, 413, 422)}

    assert lines == {
        200: "HTTP/1.1 200 OK\r\n",
        299: "HTTP/1.1 299 unknown\r\n",
        413: "HTTP/1.1 413 Payload Too Large\r\n",
        422: "HTTP/1.1 422 Unprocessable Entity\r\n",
    }
