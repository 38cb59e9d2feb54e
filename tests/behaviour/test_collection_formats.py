"""What collection formats of OpenAPI 2.0 say of forms and headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from locum.behaviour import Request

Play: TypeAlias = Callable[..., Any]


def sent_in_parts(play: Play, collection_format: str, *texts: str) -> object:
    """Return the value of the field `n`, sent as parts of these *texts*."""
    field = {
        "name": "n",
        "in": "formData",
        "type": "array",
        "items": {"type": "integer"},
        "collectionFormat": collection_format,
    }
    operation = {
        "operationId": "send",
        "consumes": ["multipart/form-data"],
        "parameters": [field],
        "responses": {"200": {"description": "OK"}},
    }
    stage = play({"/": {"post": operation}}, openapi="2.0")
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n{text}\r\n' for text in texts)
    raw = stage.raw(
        "send", {"content-type": "multipart/form-data; boundary=b"}, body=f"{parts}--b--\r\n".encode()
    )
    found = stage.plan("send").checker.check(raw)
    assert isinstance(found, Request), found
    return found.body


@pytest.mark.parametrize(
    ("collection_format", "texts"),
    [
        ("csv", ["1,2,3"]),
        ("csv", ["1,2", "3"]),
        ("csv", ["1", "2", "3"]),
        ("pipes", ["1|2|3"]),
        ("tsv", ["1\t2\t3"]),
        ("multi", ["1", "2", "3"]),
    ],
)
def test_a_part_is_cut_into_items(play: Play, collection_format: str, texts: list[str]) -> None:
    """One part may hold them all; parts that follow add to them."""
    assert sent_in_parts(play, collection_format, *texts) == {"n": [1, 2, 3]}


def test_a_header_joins_its_items_by_the_format(play: Play) -> None:
    """The delimiter is the declared one."""
    header = {
        "type": "array",
        "items": {"type": "string"},
        "collectionFormat": "pipes",
        "x-example": ["a", "b"],
    }
    operation = {
        "operationId": "get",
        "responses": {"200": {"description": "OK", "headers": {"X-Tags": header}}},
    }

    reply = play({"/": {"get": operation}}, openapi="2.0").send("get").reply

    assert ("X-Tags", "a|b") in reply.headers
