"""A small API with a correct server of its own, which can be told to break one thing at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

import orjson
from tests.verify.conftest import Asked, Told

ERROR: Final = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}
BOOK: Final = {
    "type": "object",
    "required": ["id", "title", "pages", "owner"],
    "properties": {
        "id": {"type": "string", "pattern": "^b[0-9]+$"},
        "title": {"type": "string"},
        "pages": {"type": "integer", "minimum": 1},
        "owner": {"type": "string"},
    },
}


def _refusals(*statuses: str) -> dict[str, Any]:
    return {
        status: {"description": "refused", "content": {"application/json": {"schema": ERROR}}}
        for status in statuses
    }


DOCUMENT: Final[Mapping[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Shelf", "version": "1"},
    "security": [{"token": []}],
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/books": {
            "get": {
                "operationId": "listBooks",
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 9},
                    },
                    {"name": "kind", "in": "query", "schema": {"enum": ["novel", "atlas"]}},
                    {"name": "since", "in": "query", "schema": {"type": "string", "format": "date"}},
                    {
                        "name": "ids",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string", "pattern": "^b[0-9]+$"}},
                        "example": ["b1", "b2"],
                    },
                ],
                "responses": {
                    "200": {
                        "description": "books",
                        "headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["books"],
                                    "properties": {"books": {"type": "array", "items": BOOK}},
                                }
                            }
                        },
                    },
                    **_refusals("400", "401", "405", "406"),
                },
            }
        },
        "/books/{id}": {
            "get": {
                "operationId": "getBook",
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "pattern": "^b[0-9]+$"},
                        "example": "b1",
                    }
                ],
                "responses": {
                    "200": {"description": "book", "content": {"application/json": {"schema": BOOK}}},
                    **_refusals("400", "401", "404", "405", "406"),
                },
            }
        },
    },
}

TOKENS: Final = {"token-of-ann-12345": "ann", "token-of-bob-67890": "bob"}
BOOKS: Final = [
    {"id": f"b{at}", "title": f"Volume {at}", "pages": 100 + at, "owner": "ann" if at < 5 else "bob"}
    for at in range(1, 9)
]
#: Changes what a correct answer would be; gets the question, and what the correct answer is.
Fault = Callable[[Asked, Told], Told]


def correct(asked: Asked) -> Told:
    """Answer as the contract has it."""
    return _answer(replace(asked, method="GET") if asked.method == "HEAD" else asked)


def broken(fault: Fault) -> Callable[[Asked], Told]:
    """Answer as the contract has it, but for *fault*."""
    return lambda asked: fault(asked, correct(asked))


def refused(status: int, message: str, **headers: str) -> Told:
    """Return a refusal in the contract's own shape."""
    told = {name.replace("_", "-"): text for name, text in headers.items()}
    return Told(status=status, body={"message": message}, headers=told)


def _answer(asked: Asked) -> Told:
    found = re.fullmatch(r"/books(?:/([^/]*))?", asked.path)
    if not found:
        return refused(404, "there is nothing")
    if asked.method != "GET":
        return refused(405, "not here", Allow="GET, HEAD")
    if not _takes_json(asked.headers.get("accept", "*/*")):
        return refused(406, "only JSON")
    owner = TOKENS.get(_token(asked.headers.get("authorization", "")))
    if owner is None:
        return refused(401, "who are you", WWW_Authenticate="Bearer")
    own = [book for book in BOOKS if book["owner"] == owner]
    if found[1] is not None:
        return _one(unquote(found[1], errors="replace"), own)
    return _list(asked.query, own)


def _token(text: str) -> str:
    word, _, token = text.partition(" ")
    return token if word.lower() == "bearer" else ""


def _takes_json(accept: str) -> bool:
    return any(
        each.partition(";")[0].strip() in {"*/*", "application/*", "application/json"}
        for each in accept.split(",")
    )


def _one(name: str, own: list[dict[str, Any]]) -> Told:
    if not re.fullmatch(r"b[0-9]+", name, re.ASCII):
        return refused(400, "no id")
    book = next((each for each in own if each["id"] == name), None)
    return Told(body=book) if book else refused(404, "no such book")


def _list(query: Mapping[str, list[str]], own: list[dict[str, Any]]) -> Told:
    limit = query.get("limit", ["9"])[0]
    if not re.fullmatch(r"[1-9]", limit):
        return refused(400, "limit")
    if query.get("kind", ["novel"])[0] not in {"novel", "atlas"}:
        return refused(400, "kind")
    if not _is_date(query.get("since", ["2024-01-01"])[0]):
        return refused(400, "since")
    if not all(re.fullmatch(r"b[0-9]+", each, re.ASCII) for each in query.get("ids", [])):
        return refused(400, "ids")
    return Told(body={"books": own[: int(limit)]}, headers={"X-Total": str(len(own))})


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) and date.fromisoformat(text))
    except ValueError:
        return False


def body_of(told: Told) -> bytes:
    """Return the bytes of an answer."""
    return told.body if isinstance(told.body, bytes) else orjson.dumps(told.body)
