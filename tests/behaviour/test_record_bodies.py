"""Bodies of records, YAML, parts and XML as clients write them: what is read, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Play = Callable[..., Any]

ROW = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}, "s": {"type": "string"}}}
ROWS = {"type": "array", "items": ROW}


def _status(play: Play, media: str, schema: object, body: bytes, **more: object) -> int:
    content = {media: {"schema": schema, **more}}
    operation = {"operationId": "op", "requestBody": {"content": content}, "responses": {"204": {}}}
    content_type = f"{media}; boundary=B" if media.startswith("multipart") else media
    outcome = play({"/": {"post": operation}}).send("op", {"content-type": content_type}, body=body)
    return int(outcome.reply.status)


@pytest.mark.parametrize(
    ("media", "schema", "body", "status"),
    [
        ("application/x-ndjson", ROWS, b'{"n":1}\n\n{"n":2}\n', 204),
        ("application/x-ndjson", ROWS, b'{"n":1}\n{"n":"x"}\n', 422),
        ("application/x-ndjson", ROWS, b'{"n":1}\n{"n"\n', 400),
        ("application/jsonl", ROW, b'{"n":1}\n', 204),
        ("application/json-seq", ROWS, b'\x1e{"n":1}\n\x1e{"n":2}\n', 204),
        ("application/json-seq", ROWS, b'\x1e{"s":1}\n', 422),
        ("text/csv", ROWS, b"n,s\r\n1,a\r\n2,\r\n", 204),
        ("text/csv", ROWS, b"n,s\r\nx,a\r\n", 422),
        ("text/csv", ROWS, b"s\r\na\r\n", 422),
        ("text/csv", ROWS, b"n\r\n1,2\r\n", 400),
        (
            "text/csv",
            {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
            b"1,2\n3,4\n",
            204,
        ),
        ("text/csv", {"type": "string"}, b"anything\n", 204),
        ("text/tab-separated-values", ROWS, b"n\ts\n1\ta,b\n", 204),
        ("application/yaml", ROW, b"n: 1\ns: two", 204),
        ("application/yaml", ROW, b"n: one", 422),
        ("application/yaml", ROW, b"n: [", 400),
        ("application/yaml", {"type": "string"}, b"n: [", 204),
        ("application/yaml", {}, b"a: &a [x]\nb: &b [*a, *a]\n" + b"c: [*b, *b]\n", 204),
    ],
)
def test_records_are_read_and_judged(
    media: str, schema: object, body: bytes, status: int, play: Play
) -> None:
    """One after the other, by the schema of the whole; a table has names above its cells."""
    assert _status(play, media, schema, body) == status


FORM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"l": {"type": "array", "items": {"type": "integer"}}},
}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"l=1&l=2", 204),
        (b"l[]=1&l[]=2", 204),
        (b"l%5B0%5D=1&l%5B1%5D=2", 204),
        (b"l[]=x", 422),
        (b"m[]=1", 422),
    ],
)
def test_an_array_of_a_form_may_be_written_in_brackets(body: bytes, status: int, play: Play) -> None:
    """`name[]` and `name[0]` are items of the array `name`, where there is one."""
    assert _status(play, "application/x-www-form-urlencoded", FORM, body) == status


def _part(head: bytes, content: bytes) -> bytes:
    return b"--B\r\n" + head + b"\r\n\r\n" + content + b"\r\n--B--\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"image/png", 204),
        (b"image/jpeg; q=1", 204),
        (b"text/html", 422),
        (b"application/octet-stream", 204),
        (None, 204),
    ],
)
def test_a_part_has_one_of_the_types_its_encoding_allows(sent: bytes | None, status: int, play: Play) -> None:
    """A type that is not listed is refused; a part that says none is taken for the first."""
    schema = {
        "type": "object",
        "required": ["f"],
        "properties": {"f": {"type": "string", "format": "binary"}},
    }
    head = b'Content-Disposition: form-data; name="f"; filename="f"'
    body = _part(head + (b"\r\nContent-Type: " + sent if sent else b""), b"\xff")
    encoding = {"f": {"contentType": "image/png, image/jpeg"}}

    assert _status(play, "multipart/form-data", schema, body, encoding=encoding) == status


def test_a_part_is_read_in_its_own_charset(play: Play) -> None:
    """The charset of a part's type counts (RFC 7578, 4.4)."""
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    head = b'Content-Disposition: form-data; name="n"\r\nContent-Type: text/plain; charset=utf-16'

    assert _status(play, "multipart/form-data", schema, _part(head, "12".encode("utf-16"))) == 204


@pytest.mark.parametrize(("body", "status"), [(b"<pet><n>1</n></pet>", 204), (b"<cat><n>1</n></cat>", 422)])
def test_the_root_of_xml_is_the_element_that_is_declared(body: bytes, status: int, play: Play) -> None:
    """A name the author gave is insisted on."""
    assert _status(play, "application/xml", {**ROW, "xml": {"name": "pet"}}, body) == status
