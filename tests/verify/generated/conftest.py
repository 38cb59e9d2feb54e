"""A small contract, and a server that keeps it or not, as a test asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from locum.catalog import load
from locum.catalog.rules import load_rules
from locum.verify.bench import Options, Profile, SuiteEntry
from locum.verify.engine import Subject, run
from locum.verify.generated.suite import generated
from locum.verify.identities import identities_of
from locum.verify.judges.conformance import conformance
from locum.verify.judges.invariants import invariants
from locum.verify.model import Report
from locum.verify.target import Target

DOCUMENT = """\
openapi: 3.0.3
info: {title: Rooms, version: '1'}
paths:
  /rooms:
    get:
      operationId: listRooms
      x-invariants:
      - {id: counted, message: The count is true, rule: body.count == count(body.rooms)}
      x-requires:
      - id: forward
        message: A stay ends after it starts
        parameter: start
        when: has(query.start) && has(query.end)
        rule: query.start < query.end
        statuses: [400]
      parameters:
      - {name: start, in: query, schema: {type: integer, minimum: 0, maximum: 366}}
      - {name: end, in: query, schema: {type: integer, minimum: 0, maximum: 366}}
      - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 10}}
      - name: token
        in: query
        schema: {type: string, pattern: '^[a-z]{8}$'}
        x-opaque: {from: {operation: listRooms, at: /next}, statuses: [400]}
      responses:
        '200':
          description: Rooms
          content: {application/json: {schema: {$ref: '#/components/schemas/Rooms'}}}
        '400':
          description: Refused
          content: {application/json: {schema: {type: object}}}
  /cellars:
    get:
      operationId: listCellars
      responses:
        '400': {description: There is none}
components:
  schemas:
    Rooms:
      type: object
      required: [rooms, count, next]
      properties:
        count: {type: integer}
        next: {type: string}
        rooms: {type: array, items: {type: object, properties: {floor: {type: integer}}}}
"""
GIVEN = "abcdefgh"


def answer(query: dict[str, list[str]], faults: frozenset[str]) -> tuple[int, Any]:  # noqa: PLR0911 -- a reason each
    """Return status and body of the list of rooms, with *faults* built in."""
    try:
        numbers = {name: _whole(texts) for name, texts in query.items() if name in {"start", "end", "size"}}
    except ValueError:
        return 400, {}
    size = numbers.get("size", 2)
    if size < 1 or (size > 10 and "large-size" not in faults):
        return 400, {}
    bounds = [numbers[name] for name in ("start", "end") if name in numbers]
    if any(not 0 <= each <= 366 for each in bounds):
        return 400, {}
    if len(bounds) == 2 and bounds[0] >= bounds[1] and "backwards" not in faults:
        return 400, {}
    token = query.get("token", [GIVEN])
    if token != [GIVEN] and not ("any-token" in faults and len(token) == 1 and _is_token(token[0])):
        return 400, {}
    if size == 10 and "crash" in faults:
        return 500, {}
    rooms = [{"floor": "two" if "text-floor" in faults else 2}] * min(size, 3)
    count = len(rooms) + ("wrong-count" in faults and len(rooms) > 1)
    return 200, {"rooms": rooms, "count": count, "next": GIVEN}


def _whole(texts: list[str]) -> int:
    (text,) = texts
    if not text.lstrip("-").isdecimal() or not text.isascii():
        raise ValueError(text)
    return int(text)


def _is_token(text: str) -> bool:
    return len(text) == 8 and text.isascii() and text.isalpha() and text.islower()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return the path of a document with rules."""
    path = tmp_path / "rooms.yaml"
    path.write_text(DOCUMENT)
    assert yaml.safe_load(DOCUMENT)
    return path


Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what starts a server with faults, and gives its address."""
    running: list[ThreadingHTTPServer] = []

    def start(*faults: str) -> str:
        class Rooms(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            #: Head and body in one packet.
            wbufsize = -1

            def _say(self, status: int, value: object, *headers: tuple[str, str]) -> None:
                content = json.dumps(value).encode()
                self.send_response(status)
                for name, text in (("Content-Type", "application/json"), *headers):
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = parse_qs(parts.query, keep_blank_values=True)
                self._say(*((400, {}) if parts.path == "/cellars" else answer(query, frozenset(faults))))

            def _refuse(self) -> None:
                status = 200 if "any-method" in faults else 405
                self._say(status, {}, ("Allow", "GET"))

            do_TRACE = do_OPTIONS = do_POST = do_PUT = do_DELETE = do_PATCH = do_QUERY = _refuse  # noqa: N815 -- http.server's names

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Rooms)
        server.daemon_threads = True
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


Verify = Callable[..., Report]


@pytest.fixture
def verify(document: Path) -> Verify:
    """Return what has the generated suite played against an address."""

    def verified(url: str, *, profile: Profile = Profile.QUICK, seed: str = "1", **options: Any) -> Report:  # noqa: ANN401 -- any option
        entry = load(str(document))
        subject = Subject(
            entry=entry,
            promises=load_rules(entry),
            identities=identities_of(entry.fixtures),
            operations=tuple(entry.contract.operation(each) for each in entry.contract.routes),
            target=Target(url),
            options=Options(profile=profile, seed=seed, **options),
        )
        return run(subject, [SuiteEntry(name="generated", play=generated)], [conformance, invariants])

    return verified
