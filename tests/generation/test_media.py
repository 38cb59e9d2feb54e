from __future__ import annotations

import bz2
import csv
import gzip
import io
import tarfile
import wave
import zipfile
import zlib
from email import message_from_bytes
from xml.etree import ElementTree as ET

import orjson
import pytest
import yaml

from locum.contract.model import Encoding, JsonObject, JsonValue, Style
from locum.generation import complete_type, encode, is_json


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/hal+json", True),
        ("text/json", True),
        ("application/x-ndjson", False),
        ("application/json-seq", False),
        ("*/*", False),
    ],
)
def test_json_is_told_from_what_looks_like_it(*, media_type: str, expected: bool) -> None:
    """JSON and `+json` are one JSON text; lines and sequences are not."""
    assert is_json(media_type) is expected


@pytest.mark.parametrize(
    ("media_type", "value", "body"),
    [
        ("application/json", {"a": "é"}, '{"a":"é"}'),
        ("application/problem+json", [1, None], "[1,null]"),
        ("text/plain", "as it is", "as it is"),
        ("text/plain", {"a": 1}, '{"a":1}'),
        ("text/plain", 1.5, "1.5"),
        ("application/x-unheard-of", [1], "[1]"),
        ("application/octet-stream", "bytes", "bytes"),
        (
            "application/x-www-form-urlencoded",
            {"a b": "c&d", "e": [1, 2], "f": True},
            "a%20b=c%26d&e=1&e=2&f=true",
        ),
        ("application/x-www-form-urlencoded", "plain", "plain"),
        ("application/x-ndjson", [{"a": 1}, 2], '{"a":1}\n2\n'),
        ("application/jsonl", {"a": 1}, '{"a":1}\n'),
        ("application/json-seq", [1, 2], "\x1e1\n\x1e2\n"),
        ("text/event-stream", [{"a": 1}, "two\nlines"], 'data: {"a":1}\n\ndata: two\ndata: lines\n\n'),
        ("text/event-stream", "event: x\ndata: y", "event: x\ndata: y\n\n"),
        (
            "text/event-stream",
            [{"event": "tick", "data": "a\nb", "id": 1}, {"id": 1, "more": 2}],
            'event: tick\ndata: a\ndata: b\nid: 1\n\ndata: {"id":1,"more":2}\n\n',
        ),
        ("text/tab-separated-values", [{"a": 1, "b": "x,y"}], "a\tb\r\n1\tx,y\r\n"),
        ("text/csv", [{"a": 1, "b": "x,y"}, {"b": None, "c": True}], 'a,b,c\r\n1,"x,y",\r\n,,true\r\n'),
        ("text/csv", [[1, 2], [3]], "1,2\r\n3\r\n"),
        ("text/csv", "a,b", "a,b"),
        ("text/html", "<p>as it is</p>", "<p>as it is</p>"),
        ("application/yaml", {"a": [1, "x"]}, "a:\n- 1\n- x\n"),
    ],
)
def test_a_value_is_written_in_its_media_type(media_type: str, value: JsonValue, body: str) -> None:
    """Each media type has its own way to write the same values."""
    assert encode(value, media_type).decode() == body


def test_text_in_a_page_is_escaped() -> None:
    """Text that is no HTML becomes a small page of it."""
    assert b"<p>a &amp; b</p>" in encode("a & b", "text/html")


@pytest.mark.parametrize("value", [10**30, {"a": -(10**25)}, "\ud800"])
def test_json_is_written_of_every_value(value: JsonValue) -> None:
    """Numbers beyond 64 bits and lone surrogates are written too."""
    assert encode(value, "application/json").isascii()


def test_yaml_and_csv_are_read_back() -> None:
    """Independent readers understand what is written."""
    rows: JsonValue = [{"a": 'quo"te', "b": "line\nbreak"}]

    assert yaml.safe_load(encode(rows, "application/yaml")) == rows
    assert list(csv.DictReader(io.StringIO(encode(rows, "text/csv").decode(), newline=""))) == rows


def test_a_form_is_written_by_its_encoding() -> None:
    """Style and explode of a field are kept; an object goes in brackets where no style is given."""
    bundle: JsonObject = {
        "type": "object",
        "properties": {"tags": {"type": "array"}, "home": {"type": "object", "properties": {"room": {}}}},
    }
    value: JsonValue = {"tags": ["a", "b"], "home": {"room": 1}}

    body = encode(
        value,
        "application/x-www-form-urlencoded",
        bundle,
        {"tags": Encoding(style=Style.PIPE_DELIMITED, explode=False)},
    )

    assert body == b"tags=a%7Cb&home%5Broom%5D=1"


def test_multipart_is_read_back_part_by_part() -> None:
    """An independent reader finds every part with its name and type; equal values give equal bytes."""
    bundle: JsonObject = {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}, "meta": {"type": "object"}},
    }
    value: JsonValue = {"name": "Ré", "file": "abc", "meta": {"a": 1}, "tags": ["x", "y"]}
    body = encode(value, "multipart/form-data", bundle, {"name": Encoding(content_type="text/x-name")})
    message = message_from_bytes(
        f"Content-Type: {complete_type('multipart/form-data')}\r\n\r\n".encode() + body
    )

    found = [
        (
            part.get_param("name", header="content-disposition"),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in message.walk()
        if not part.is_multipart()
    ]

    assert found == [
        ("name", "text/x-name", "Ré".encode()),
        ("file", "application/octet-stream", b"abc"),
        ("meta", "application/json", b'{"a":1}'),
        ("tags", "text/plain", b"x"),
        ("tags", "text/plain", b"y"),
    ]
    assert body == encode(
        value, "multipart/form-data", bundle, {"name": Encoding(content_type="text/x-name")}
    )


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=b"])
def test_a_complete_media_type_stays_as_it_is(media_type: str) -> None:
    """Only multipart without a boundary is completed."""
    assert complete_type(media_type) == media_type


def chunks_of_png(body: bytes) -> list[bytes]:
    """Return the names of the chunks of a PNG whose checksums are right."""
    names, at = [], 8
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "big")
        inside = body[at + 4 : at + 8 + length]
        if zlib.crc32(inside) == int.from_bytes(body[at + 8 + length : at + 12 + length], "big"):
            names.append(inside[:4])
        at += 12 + length
    return names


def test_files_are_real_files_of_their_type() -> None:
    """Images, archives, sounds and documents can be opened by what opens such files."""
    assert chunks_of_png(encode("", "image/png")) == [b"IHDR", b"IDAT", b"IEND"]
    assert encode("", "image/gif").startswith(b"GIF89a")
    assert encode("", "image/jpeg").startswith(b"\xff\xd8\xff")
    assert encode("", "image/webp")[8:12] == b"WEBP"
    assert encode("", "image/svg+xml").startswith(b"<svg")
    assert gzip.decompress(encode("", "application/gzip")) == b""
    with zipfile.ZipFile(io.BytesIO(encode("", "application/zip"))) as archive:
        assert archive.namelist() == ["answer.txt"]
        assert archive.testzip() is None
    assert bz2.decompress(encode("", "application/x-bzip2")) == b""
    assert encode("", "image/bmp")[:2] == b"BM"
    assert encode("", "video/mp4")[4:8] == b"ftyp"
    with tarfile.open(fileobj=io.BytesIO(encode("", "application/x-tar"))) as tape:
        assert tape.getnames() == []
    with wave.open(io.BytesIO(encode("", "audio/wav"))) as sound:
        assert sound.getnframes() == 0


@pytest.mark.parametrize(
    ("name", "part"),
    [("spreadsheetml.sheet", "xl/workbook.xml"), ("wordprocessingml.document", "word/document.xml")],
)
def test_office_documents_are_packages(name: str, part: str) -> None:
    """Their parts are well-formed, and the package says which one is the document."""
    body = encode("", f"application/vnd.openxmlformats-officedocument.{name}")

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        roots = {each: ET.fromstring(archive.read(each)) for each in archive.namelist()}  # noqa: S314
    (relation,) = roots["_rels/.rels"]

    assert relation.get("Target") == part
    assert part in roots


def test_the_places_in_a_pdf_are_right() -> None:
    """Each object stands where the cross-reference table says."""
    body = encode("", "application/pdf")
    table = body[body.index(b"xref") :].splitlines()
    places = [int(line.split()[0]) for line in table[3:6]]

    assert [body[place : place + 7] for place in places] == [b"1 0 obj", b"2 0 obj", b"3 0 obj"]
    assert body[int(body.split(b"startxref\n")[1].split()[0]) :].startswith(b"xref")


def test_a_generated_value_is_never_lost_between_writers() -> None:
    """JSON written by us is JSON to others."""
    value: JsonValue = {"a": [1, 2.5, None, True, "é\u2028"]}

    assert orjson.loads(encode(value, "application/json")) == value
