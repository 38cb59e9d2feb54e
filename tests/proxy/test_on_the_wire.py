"""`locum proxy` as a process: what only a socket shows."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.proxy.conftest import RealApi

DOCUMENT = """
swagger: "2.0"
info: {title: All, version: "1"}
paths:
  /people/{id}:
    get:
      parameters: [{name: id, in: path, required: true, type: integer}]
      produces: [application/json]
      responses: {200: {description: one, schema: {type: object, required: [name]}}}
    post:
      parameters: [{name: id, in: path, required: true, type: integer}]
      responses: {200: {description: done}}
"""


@pytest.fixture(scope="module")
def proxy(lasting: RealApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Run a proxy before the real API, and return its address; it leaves when it is told to."""
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "all.yaml").write_text(DOCUMENT)
    words = ["proxy", "all.yaml", lasting.url, "-p", "0", "-m", "--errors=false", "-v", "debug"]
    said_there = folder / "said.txt"
    with (
        said_there.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [sys.executable, "-m", "locum", *words],
            cwd=folder,
            env={name: text for name, text in os.environ.items() if not name.startswith("LOCUM_")},
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            said = [process.stdout.readline() for _ in range(2)]
            found = re.search(r"Prism is listening on http://127\.0\.0\.1:(\d+)", said[1])
            assert found, said_there.read_text(encoding="utf-8")
            yield "127.0.0.1", int(found[1])
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert "Traceback" not in said_there.read_text(encoding="utf-8")


@pytest.fixture
def connection(proxy: tuple[str, int]) -> Iterator[HTTPConnection]:
    """Connect to the proxy."""
    connected = HTTPConnection(*proxy, timeout=20)
    yield connected
    connected.close()


def test_head_tells_the_length_of_what_get_would_have(connection: HTTPConnection) -> None:
    """The length that the real API announces arrives without a body."""
    connection.request("HEAD", "/people/1")
    answer = connection.getresponse()

    assert (answer.status, answer.getheader("content-length"), answer.read()) == (200, "18", b"")


def test_a_body_in_chunks_arrives_whole(connection: HTTPConnection, lasting: RealApi) -> None:
    """What was sent in pieces is sent on with its length."""
    connection.request("POST", "/people/1", iter([b"one ", b"two"]), {"Content-Type": "text/plain"})
    connection.getresponse().read()

    assert lasting.seen[-1].body == b"one two"
    assert lasting.seen[-1].header("content-length") == "7"


def test_a_client_that_waits_for_leave_is_told_to_go_on(proxy: tuple[str, int], lasting: RealApi) -> None:
    """`Expect: 100-continue` is answered here, and not sent on."""
    head = b"POST /people/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection(proxy, timeout=20) as client:
        client.sendall(head)
        first = client.recv(100)
        client.sendall(b"abc")
        second = client.recv(1000)

    assert first.startswith(b"HTTP/1.1 100 Continue")
    assert second.startswith(b"HTTP/1.1 200 OK")
    assert (lasting.seen[-1].body, lasting.seen[-1].header("expect")) == (b"abc", None)


def test_events_arrive_when_they_are_sent(connection: HTTPConnection, lasting: RealApi) -> None:
    """A stream of events is not held back until its end."""
    connection.request("GET", "/stream")
    answer = connection.getresponse()
    first = answer.read1(100)
    lasting.go_on.set()

    assert first == b"data: 1\n\n"
    assert answer.read() == b"data: 2\n\n"


def test_an_answer_that_breaks_off_is_told(connection: HTTPConnection) -> None:
    """Half an answer is a problem where nothing was sent yet."""
    connection.request("GET", "/half")
    answer = connection.getresponse()

    assert answer.status == 500
    assert json.loads(answer.read())["title"].endswith("socket hang up")


def test_a_status_that_http_does_not_know_is_told(connection: HTTPConnection) -> None:
    """What no server may send on is a problem, and not a connection that ends without a word."""
    connection.request("GET", "/odd")
    answer = connection.getresponse()

    assert answer.status == 500
    assert json.loads(answer.read())["title"].endswith("illegal status 999")


def test_calls_stand_in_the_journal(connection: HTTPConnection) -> None:
    """What went through can be looked up, with what is wrong with it."""
    connection.request("GET", "/people/2", headers={"Locum-Session": "anna"})
    connection.getresponse().read()
    connection.request("GET", "/_locum/api/journal?session=anna")
    told = json.loads(connection.getresponse().read())

    assert [each["because"] for each in told["interactions"]] == [["the upstream answered 200"]]
    assert told["interactions"][0]["violations"] == 1


def test_a_page_of_another_origin_may_call(connection: HTTPConnection, lasting: RealApi) -> None:
    """A preflight is answered here; the real API never hears of it."""
    before = len(lasting.seen)
    connection.request(
        "OPTIONS", "/people/1", headers={"Origin": "http://a.test", "Access-Control-Request-Method": "GET"}
    )
    answer = connection.getresponse()
    answer.read()

    assert (answer.status, answer.getheader("access-control-allow-origin")) == (204, "http://a.test")
    assert len(lasting.seen) == before
