"""A document in, an application out, called without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson
import pytest
from starlette.types import ASGIApp, Message

from locum.catalog import Entry
from locum.contract import read_contract
from locum.server import build_app
from locum.settings import Settings

PETS = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: https://pets.example.com/v2}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
      responses:
        "200":
          description: some
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}
    post:
      operationId: addPet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
      responses:
        "201":
          description: added
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: one
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
        "404":
          description: none
          content:
            application/json:
              schema: {type: object, required: [message], properties: {message: {type: string}}}
  /impossible:
    get:
      operationId: impossible
      responses:
        "200":
          description: nothing can be this
          content: {application/json: {schema: {type: string, minLength: 5, maxLength: 2}}}
components:
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string, minLength: 1}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came back; *headers* keeps the last of equal names, *names* lists all of them."""

    status: int
    headers: dict[str, str]
    names: list[str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 -- any JSON value
        """Return the body, read as JSON."""
        return orjson.loads(self.body)


Call = Callable[..., Sent]


def calling(*entries: Entry, settings: Settings = Settings()) -> Call:
    """Return a function that calls the application of *entries* as a server would."""
    app = build_app(entries, settings)

    def call(method: str, target: str, *, body: bytes = b"", host: str = "localhost", **headers: str) -> Sent:
        return asyncio.run(_called(app, method, target, body, {"host": host, **headers}))

    return call


async def asking(app: ASGIApp, method: str, target: str, body: bytes = b"", **headers: str) -> Sent:
    """Call *app* within a loop that runs already."""
    return await _called(app, method, target, body, {"host": "localhost", **headers})


async def _called(app: ASGIApp, method: str, target: str, body: bytes, headers: dict[str, str]) -> Sent:
    path, _, query = target.partition("?")
    sent: list[Message] = []
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    if body:
        names.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "headers": [(name.encode(), text.encode("latin-1")) for name, text in names.items()],
        "root_path": "",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return Sent(
        status=sent[0]["status"],
        headers={name.decode(): text.decode("latin-1") for name, text in sent[0]["headers"]},
        names=[name.decode() for name, _ in sent[0]["headers"]],
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


def entry_of(text: str, *, name: str = "pets", **more: Any) -> Entry:  # noqa: ANN401 -- members of Entry
    """Return the entry of a document given as text."""
    contract = read_contract(f"{name}.yaml", {f"{name}.yaml": text.encode()}.__getitem__, name=name)
    return Entry(name=name, origin=f"{name}.yaml", contract=contract, **more)


@pytest.fixture
def serving() -> Callable[..., Call]:
    """Return a function that serves documents, given as text by name, and returns how to call them."""

    def serve(settings: Settings = Settings(), more: dict[str, Any] | None = None, **documents: str) -> Call:
        entries = [entry_of(text, name=name, **(more or {})) for name, text in documents.items()]
        return calling(*entries, settings=settings)

    return serve


@pytest.fixture
def pets(serving: Callable[..., Call]) -> Call:
    """Serve the pets alone."""
    return serving(pets=PETS)


@pytest.fixture
def pets_document() -> str:
    """Return the document of the pets."""
    return PETS
