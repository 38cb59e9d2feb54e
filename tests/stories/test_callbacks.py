"""A stand-in calls back: over real sockets, to this machine alone, without holding its answer up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running, Serve

DOCUMENT = """
openapi: 3.1.0
info: {title: Streams, version: "1"}
paths:
  /streams:
    post:
      operationId: subscribe
      parameters:
        - {name: callbackUrl, in: query, required: true, schema: {type: string, format: uri}}
      responses: {"201": {description: subscribed}}
      callbacks:
        onData:
          "{$request.query.callbackUrl}/data":
            post:
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [at]
                      properties: {at: {type: string, format: date-time}}
              responses: {"202": {description: taken}}
webhooks:
  newPet:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}}}
      responses: {"200": {description: taken}}
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """One request that reached the listener."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Listener:
    """A server that takes what it is sent."""

    url: str
    heard: Queue[Heard]


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Return a server that answers 202 to everything."""
    heard: Queue[Heard] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            heard.put(Heard("POST", self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Listener(f"http://127.0.0.1:{server.server_port}", heard)
        server.shutdown()


@pytest.fixture(scope="module")
def streams(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Running:
    """Return the stand-in for the streams."""
    document = tmp_path_factory.mktemp("streams") / "streams.yaml"
    document.write_text(DOCUMENT)
    return serve(str(Path(document)), "--callbacks")


def test_a_callback_reaches_its_listener(streams: Running, listener: Listener) -> None:
    """It is sent by the method, to the URL and with a body that the document declares."""
    status, _ = _call(streams, "POST", f"/streams?callbackUrl={listener.url}/in")

    heard = listener.heard.get(timeout=20)
    assert status == 201
    assert (heard.method, heard.path) == ("POST", "/in/data")
    assert heard.headers["content-type"] == "application/json"
    assert "at" in json.loads(heard.body)


def test_nothing_is_sent_to_a_stranger(streams: Running) -> None:
    """A URL of another machine gets the answer, and no callback; the journal says so."""
    status, _ = _call(streams, "POST", "/streams?callbackUrl=http://192.0.2.1/in", session="stranger")

    assert status == 201
    assert any("192.0.2.1 is neither this machine" in each for each in _reasons(streams, "stranger"))


def test_a_callback_to_nobody_is_told_in_the_journal(streams: Running) -> None:
    """A connection that is refused costs the caller nothing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        port = closed.server_port
    status, _ = _call(streams, "POST", f"/streams?callbackUrl=http://127.0.0.1:{port}", session="nobody")

    assert status == 201
    assert any("was not answered" in each for each in _reasons(streams, "nobody"))


def test_a_webhook_is_sent_when_a_tester_wants_it(streams: Running, listener: Listener) -> None:
    """The control API lists webhooks, sends one to this machine, and judges how it was taken."""
    contract = "/_locum/api/contracts/streams/webhooks"
    listed = _call(streams, "GET", contract)[1]
    status, told = _call(streams, "POST", f"{contract}/newPet", {"url": f"{listener.url}/pets"})

    heard = listener.heard.get(timeout=20)
    assert listed == {"webhooks": [{"webhook": "newPet", "method": "POST", "summary": ""}]}
    assert status == 200
    assert told["status"] == 202
    assert told["violations"] == ["response.status: 202 is not declared; declared: 200"]
    assert heard.path == "/pets"
    assert "name" in json.loads(heard.body)


def test_a_webhook_to_a_stranger_is_refused(streams: Running) -> None:
    """The control API says that only this machine, or a host given at the start, is called."""
    status, told = _call(
        streams, "POST", "/_locum/api/contracts/streams/webhooks/newPet", {"url": "http://192.0.2.1/"}
    )

    assert status == 409
    assert "--callback-host" in told["detail"]


def _reasons(running: Running, session: str) -> list[str]:
    """Return why each request of *session* became what it did, once there are two."""
    for _ in range(200):
        entries = _call(running, "GET", f"/_locum/api/journal?session={session}")[1]["interactions"]
        if len(entries) > 1:
            return [reason for each in entries for reason in each["because"]]
    pytest.fail("the callback was not written down")


def _call(
    running: Running, method: str, target: str, body: object = None, *, session: str = "default"
) -> tuple[int, Any]:
    connection = HTTPConnection(*running.address, timeout=20)
    headers = {"Locum-Session": session} | ({"Content-Type": "application/json"} if body else {})
    try:
        connection.request(method, target, body=json.dumps(body) if body else None, headers=headers)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else None
    finally:
        connection.close()
