"""Decodes request bodies: content coding, charset, and the reader of the media type.

`compile_body` looks at what an operation declares; `read` gives the value or raises `BodyError`.
Next: `form_bodies.py`, `xml_bodies.py`. Sources: RFC 9110, 8.3, 8.4; RFC 8259.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from locum.behaviour.body_errors import malformed, too_large, unsupported
from locum.behaviour.form_bodies import compile_form, compile_multipart
from locum.behaviour.media_ranges import MediaRange, parse_media
from locum.behaviour.model import RawRequest, Reply
from locum.behaviour.record_bodies import compile_records, kind_of_records, read_yaml
from locum.behaviour.xml_bodies import compile_xml
from locum.contract.coercion import coercer, shape_of
from locum.contract.depth import MOST_NESTED, nests_deeper
from locum.contract.model import JsonObject, JsonValue, MediaType, RequestBody
from locum.generation.media import is_json

__all__ = [
    "CODINGS",
    "LARGEST_BODY",
    "NOTHING_TAKEN",
    "BodyReader",
    "Decoded",
    "coding_of",
    "codings_in",
    "compile_body",
    "unpack",
]

#: A body may be this large when it is unpacked: no larger than one that comes plain.
LARGEST_BODY: Final = 16 * 1024 * 1024
_WBITS: Final[Mapping[str, int]] = {"gzip": 31, "x-gzip": 31, "deflate": 15}
#: Content codings that are undone here, the one that does nothing included.
CODINGS: Final = frozenset({"identity", *_WBITS})
#: Character encodings taken in; others do not occur or are dangerous to guess.
_CHARSETS: Final = ("utf", "ascii", "iso8859", "cp125", "koi8", "gb", "big5", "shift_jis", "euc", "mac-roman")
#: One of these opens each value inside of another, in JSON, YAML and percent-encoded forms alike.
_OPENING: Final = (b"[", b"{", b"%", b"-", b":")
_BYTE_ORDER_MARK: Final = codecs.BOM_UTF8

_Read = Callable[[bytes, MediaRange], "JsonValue | bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A body that was understood: the declared media type it was matched with, and the value."""

    media: MediaType
    value: JsonValue | bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyReader:
    """Reads the bodies of one operation; made by `compile_body`.

    *entries* go from the narrowest media range to the widest. *takes_akin* types of the same syntax, too.
    """

    entries: tuple[tuple[MediaRange, MediaType, _Read], ...]
    takes_akin: bool = False

    def read(self, raw: RawRequest) -> Decoded:
        """Decode the body of *raw*; raises `BodyError`."""
        declared, media, read = self._match(raw)
        sent = parse_media(raw.header("content-type") or "")
        sent = sent if sent.subtype else declared
        body = unpack(raw.body, raw.header("content-encoding"))
        value = read(body, sent)
        if sum(map(body.count, _OPENING)) > MOST_NESTED and nests_deeper(value, MOST_NESTED):
            raise malformed(sent.name, f"values nest deeper than {MOST_NESTED}")
        return Decoded(media=media, value=value, media_type=sent.name)

    def _match(self, raw: RawRequest) -> tuple[MediaRange, MediaType, _Read]:
        text = raw.header("content-type")
        if not text and len(self.entries) == 1:
            return self.entries[0]
        sent = parse_media(text or "")
        for entry in self.entries:
            if entry[0].includes(sent):
                return entry
        for entry in self.entries if self.takes_akin else ():
            if entry[0].is_akin(sent):
                return entry
        names = [media.name for _, media, _ in self.entries]
        raise unsupported(text or "none", names)


#: Refuses every body.
NOTHING_TAKEN: Final = BodyReader(entries=())


def compile_body(declared: RequestBody, *, takes_akin: bool = False) -> BodyReader:
    """Compile what an operation declares to take; raises as `Schema.bundle`."""
    entries = [(parse_media(media.name), media, _reader(media)) for media in declared.content]
    entries.sort(key=lambda entry: -entry[0].specificity)
    return BodyReader(entries=tuple(entries), takes_akin=takes_akin)


def _reader(media: MediaType) -> _Read:
    declared = parse_media(media.name)
    if declared.is_concrete:
        return _reader_of(declared.name, media)
    readers: dict[str, _Read] = {}

    def read(body: bytes, sent: MediaRange) -> JsonValue | bytes:
        kind = _kind(sent.name)
        if kind not in readers:
            readers[kind] = _reader_of(sent.name, media)
        return readers[kind](body, sent)

    return read


def _reader_of(name: str, media: MediaType) -> _Read:
    kind = _kind(name)
    bundle = media.schema.bundle() if media.schema else {}
    if kind == "form":
        return compile_form(bundle, media.encoding)
    if kind == "multipart":
        return compile_multipart(bundle, media.encoding)
    if kind == "xml":
        return compile_xml(bundle)
    if kind in {"json", "bytes"}:
        return _json if kind == "json" else _bytes
    read = _reader_of_text(kind, bundle)
    return lambda body, sent: read(to_text(body, sent))


def _reader_of_text(kind: str, bundle: JsonObject) -> Callable[[str], JsonValue]:
    shape = shape_of(bundle)
    if kind == "yaml":
        return read_yaml if shape.types - {"string"} else str
    return coercer(shape) if kind == "text" else compile_records(kind, shape)


def _kind(name: str) -> str:
    """Return the way bodies of the type *name* are read."""
    records = kind_of_records(name)
    if records:
        return records
    if is_json(name):
        return "json"
    if name.endswith(("+xml", "/xml")):
        return "xml"
    whole = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
    return whole.get(name) or ("text" if name.startswith("text/") else "bytes")


def _bytes(body: bytes, _: MediaRange) -> bytes:
    return body


def _json(body: bytes, sent: MediaRange) -> JsonValue:
    charset = sent.parameter("charset") if sent.parameters else None
    is_utf8 = charset is None or charset.lower() in {"utf-8", "utf8"}
    text = body.removeprefix(_BYTE_ORDER_MARK) if is_utf8 else to_text(body, sent)
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        message = f"{error.msg}, line {error.lineno} column {error.colno}"
        raise malformed("JSON", message) from error
    return value


def to_text(body: bytes, sent: MediaRange) -> str:
    """Decode *body* by the charset of *sent*, UTF-8 where none is named; raises `BodyError`."""
    charset = sent.parameter("charset") or "utf-8"
    try:
        codec = codecs.lookup(charset)
    except (LookupError, ValueError):
        codec = None
    if codec is None or not codec.name.startswith(_CHARSETS):
        raise unsupported(f"charset {charset[:40]}", ["charset=utf-8"])
    try:
        return codec.decode(body)[0].removeprefix("\ufeff")
    except UnicodeError as error:
        raise malformed(f"{charset} text", str(error)[:120]) from error


def coding_of(reply: Reply) -> str:
    """Return the content codings of *reply*, whichever headers they stand in (RFC 9110, 5.3)."""
    return ",".join(text for name, text in reply.headers if name.lower() == "content-encoding")


def codings_in(text: str) -> tuple[str, ...]:
    """Return the codings that a `Content-Encoding` names, in lower case, without those that do nothing.

    >>> codings_in(" GZIP , identity,, br")
    ('gzip', 'br')
    """
    names = (name.strip() for name in text.lower().split(","))
    return tuple(name for name in names if name not in {"", "identity"})


def unpack(body: bytes, coding: str | None, most: int = LARGEST_BODY) -> bytes:
    """Undo the codings of `Content-Encoding`, the last applied first (RFC 9110, 8.4).

    Raises `BodyError`, also where all of them together yield more than *most* bytes.
    """
    room = most
    for name in reversed(codings_in(coding or "")):
        if name not in _WBITS:
            raise unsupported(f"content coding {name[:40]}", ["gzip", "deflate"], header="accept-encoding")
        body = _inflate(body, _WBITS[name], room, most)
        room -= len(body)
    return body


def _inflate(body: bytes, window_bits: int, room: int, most: int) -> bytes:
    try:
        unpacker = zlib.decompressobj(window_bits)
        found = unpacker.decompress(body, room + 1)
    except zlib.error as error:
        if window_bits == _WBITS["deflate"]:
            # Many senders mean a raw stream by `deflate` (RFC 9110, 8.4.1.2, note).
            return _inflate(body, -15, room, most)
        raise malformed("compressed data", str(error)) from error
    if len(found) > room:
        raise too_large(most)
    if not unpacker.eof:
        raise malformed("compressed data", "it ends too early")
    return found
