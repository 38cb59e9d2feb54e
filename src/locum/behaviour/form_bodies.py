"""Reads form bodies into objects: name and value pairs, and multipart.

Sources: OpenAPI 3.1.1, 4.8.15; RFC 7578; the URL Standard, 5.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from locum.behaviour.body_errors import BodyError, malformed, unbounded, wrong_part
from locum.behaviour.media_ranges import MediaRange, parse_media
from locum.behaviour.model import Cause
from locum.contract.coercion import Shape, coercer, shape_of
from locum.contract.delimiting import DELIMITERS, StyleError, decode
from locum.contract.model import Encoding, JsonObject, JsonValue, Violation
from locum.contract.styles import compile_fields, read_pairs
from locum.generation.forms import field_parameter
from locum.generation.media import is_json

__all__ = ["compile_form", "compile_multipart"]

_BRACKETED: Final = re.compile(r"([^\[\]]+)\[\d*\]")
#: What clients say of a file they know nothing about.
_UNKNOWN: Final = "application/octet-stream"
_Read = Callable[[bytes, MediaRange], "JsonValue | bytes"]


def compile_form(bundle: JsonObject, encoding: Mapping[str, Encoding]) -> _Read:
    """Compile the way to read `application/x-www-form-urlencoded`; raises `BodyError` while reading."""
    shape = shape_of(bundle)
    fields = [
        (field_parameter(name, encoding.get(name), shape.member(name)), name) for name in shape.properties
    ]
    reader = compile_fields(
        [(parameter, shape.member(name)) for parameter, name in fields], below=("request", "body")
    )

    def read(body: bytes, _: MediaRange) -> JsonValue:
        wrong: list[Violation] = []
        rest: list[tuple[str, str]] = []
        values = reader.read(read_pairs(body.decode("latin-1")), wrong, rest)
        texts = _decode_rest(rest, wrong, shape)
        if wrong:
            cause = (
                Cause.MALFORMED_BODY if any("UTF-8" in each.message for each in wrong) else Cause.INVALID_BODY
            )
            raise BodyError(cause, wrong)
        written = {name: _unwrapped(value, shape.member(name)) for name, value in values.items()}
        return written | {name: _collect(found, shape.member(name)) for name, found in texts.items()}

    return read


def _decode_rest(pairs: list[tuple[str, str]], wrong: list[Violation], shape: Shape) -> dict[str, list[str]]:
    """Return the texts of fields that are not declared."""
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        try:
            found.setdefault(_array_name(decode(name), shape), []).append(decode(text))
        except StyleError as error:
            location = ("request", "body", name[:40])
            wrong.append(Violation(location=location, keyword="style", message=str(error)))
    return found


def _array_name(name: str, shape: Shape) -> str:
    """Return the array that `name[]` or `name[0]` is an item of, as clients write it; else *name*."""
    found = _BRACKETED.fullmatch(name)
    if found is None or name in shape.properties or found[1] not in shape.properties:
        return name
    return found[1] if "array" in shape.member(found[1]).types else name


def _collect(texts: list[str], shape: Shape) -> JsonValue:
    """Make one value of the texts sent under one name, an array where they are several or should be."""
    is_array = "array" in shape.types and shape.types <= {"array", "null"}
    if len(texts) == 1:
        whole = _unwrapped(texts[0], shape)
        if not isinstance(whole, str) or not is_array:
            return coercer(shape)(whole) if isinstance(whole, str) else whole
    return [coercer(shape.item(index))(text) for index, text in enumerate(texts)]


def _unwrapped(value: JsonValue, shape: Shape) -> JsonValue:
    """Read text that stands for an object or an array as JSON, as people write nested fields."""
    if not isinstance(value, str) or "string" in shape.types or not value.startswith(("{", "[")):
        return value
    try:
        found: JsonValue = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return found


@dataclass(slots=True)
class _Part:
    """One part while it is being read."""

    headers: dict[str, str] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    content: bytearray = field(default_factory=bytearray)

    def keep_header(self) -> None:
        self.headers[self.name.decode("latin-1").lower()] = self.value.decode("latin-1")
        self.name.clear()
        self.value.clear()


def compile_multipart(bundle: JsonObject, encoding: Mapping[str, Encoding]) -> _Read:
    """Compile the way to read `multipart/form-data`; a file comes out as bytes; raises `BodyError`."""
    shape = shape_of(bundle)

    def read(body: bytes, sent: MediaRange) -> JsonValue:
        found: dict[str, list[Any]] = {}
        for part in _parts(body, sent):
            _, options = parse_options_header(part.headers.get("content-disposition"))
            name = options.get(b"name", b"").decode("utf-8", "replace")
            member = shape.member(name)
            is_file = b"filename" in options
            name = _array_name(name, shape)
            found.setdefault(name, []).append(
                _part_value(name, part, member, encoding.get(name), is_file=is_file)
            )
        return {
            name: _joined(values, shape.member(name), encoding.get(name)) for name, values in found.items()
        }

    return read


def _joined(values: list[Any], shape: Shape, encoding: Encoding | None) -> Any:  # noqa: ANN401 -- bytes beside JSON
    is_array = "array" in shape.types and "string" not in shape.types
    if is_array and _delimiter(encoding):
        return [item for each in values for item in (each if isinstance(each, list) else [each])]
    if len(values) > 1 or (is_array and not isinstance(values[0], list)):
        return values
    return values[0]


def _part_value(
    name: str, part: _Part, member: Shape, encoding: Encoding | None, *, is_file: bool
) -> JsonValue | bytes:
    content = bytes(part.content)
    declared = encoding.content_type if encoding else None
    sent = part.headers.get("content-type") or declared or ""
    if declared and "content-type" in part.headers and not _is_among(sent, declared):
        raise wrong_part(name, sent, declared)
    if is_json(sent.partition(",")[0]):
        try:
            found: JsonValue = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise malformed("JSON in a part", f"{error.msg}, line {error.lineno}") from error
        return found
    inner = member.item() if "array" in member.types and "string" not in member.types else member
    if is_file or inner.find("format") == "binary" or not sent.startswith(("", "text/")):
        return content
    try:
        text = content.decode(parse_media(sent).parameter("charset") or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return content
    delimiter = _delimiter(encoding)
    if delimiter and inner is not member:
        return [coercer(inner)(each) for each in text.split(delimiter)] if text else []
    whole = _unwrapped(text, member)
    return coercer(inner)(whole) if isinstance(whole, str) else whole


def _is_among(sent: str, declared: str) -> bool:
    """Tell whether a media type is one of those that a list of ranges allows (3.1.1, 4.8.15.1.1).

    Bytes of no type in particular may be of any.
    """
    return parse_media(sent).name == _UNKNOWN or any(
        parse_media(each).includes(parse_media(sent)) for each in declared.split(",")
    )


def _delimiter(encoding: Encoding | None) -> str | None:
    """Return what stands between the items that one part holds, if it may hold several."""
    return DELIMITERS.get(encoding.style) if encoding and encoding.style else None


def _parts(body: bytes, sent: MediaRange) -> list[_Part]:
    boundary = sent.parameter("boundary")
    if not boundary:
        raise unbounded(sent.name)
    parts: list[_Part] = []
    ended: list[bool] = []
    parser = MultipartParser(boundary.encode("latin-1", "replace"), _callbacks(parts, ended))
    try:
        parser.write(body)
        parser.finalize()
    except MultipartParseError as error:
        raise malformed("multipart", str(error)[:120]) from error
    if not ended:
        raise malformed("multipart", "the closing boundary is missing")
    return parts


def _callbacks(parts: list[_Part], ended: list[bool]) -> Any:  # noqa: ANN401 -- a TypedDict of theirs
    return {
        "on_part_begin": lambda: parts.append(_Part()),
        "on_header_field": lambda data, start, end: parts[-1].name.extend(data[start:end]),
        "on_header_value": lambda data, start, end: parts[-1].value.extend(data[start:end]),
        "on_header_end": lambda: parts[-1].keep_header(),  # noqa: PLW0108 -- the part is another each time
        "on_part_data": lambda data, start, end: parts[-1].content.extend(data[start:end]),
        "on_end": lambda: ended.append(True),
    }
