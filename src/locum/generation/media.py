"""Writes JSON values as bodies of a media type.

`encoder` looks at the media type and schema once; every kind of type is one row of the table at the end.
Types nobody knows are written as text where the value is text, else as JSON. Next: `xml.py`, `forms.py`,
`lines.py`, `files.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import yaml

from locum.contract.model import Encoding, JsonObject, JsonValue
from locum.contract.writing import to_json, write_text
from locum.generation.binary import to_cbor, to_msgpack
from locum.generation.files import sample_file
from locum.generation.forms import BOUNDARY, form_encoder, multipart_encoder
from locum.generation.lines import to_csv, to_event_stream, to_json_lines, to_json_sequence, to_tsv
from locum.generation.xml import xml_encoder

__all__ = ["Encode", "as_text", "complete_type", "encode", "encoder", "is_json"]

#: Writes one value as a body.
Encode = Callable[[JsonValue], bytes]
_Make = Callable[[JsonObject, Mapping[str, Encoding]], Encode]

_NO_ENCODING: Final[Mapping[str, Encoding]] = {}


def is_json(media_type: str) -> bool:
    """Tell whether bodies of *media_type* are one JSON text (RFC 8259; RFC 6839, 3.1).

    >>> is_json("application/problem+json; charset=utf-8"), is_json("application/x-ndjson")
    (True, False)
    """
    name = _name(media_type)
    return name.endswith(("+json", "/json"))


def encode(
    value: JsonValue,
    media_type: str,
    schema_bundle: JsonObject | None = None,
    encoding: Mapping[str, Encoding] = _NO_ENCODING,
) -> bytes:
    """Write *value* as a body of *media_type*; the schema names XML elements and form parts."""
    return encoder(media_type, schema_bundle, encoding)(value)


def encoder(
    media_type: str,
    schema_bundle: JsonObject | None = None,
    encoding: Mapping[str, Encoding] = _NO_ENCODING,
    *,
    name: str = "",
) -> Encode:
    """Compile the way to write values as bodies of *media_type*.

    *name* is what the schema is called, for the root of XML that names none.
    """
    if is_json(media_type):
        return to_json
    kind = _name(media_type)
    if kind.endswith(("+xml", "/xml")) and sample_file(kind) is None:
        return xml_encoder(schema_bundle or {}, name=name)
    for matches, make in _TABLE:
        if matches(kind):
            return make(schema_bundle or {}, encoding)
    sample = sample_file(kind)
    return as_text if sample is None else lambda _: sample


def complete_type(media_type: str) -> str:
    """Return *media_type* with what its bodies need to be read again: the boundary of multipart."""
    if _name(media_type).startswith("multipart/") and "boundary=" not in media_type:
        return f"{media_type}; boundary={BOUNDARY}"
    return media_type


def _name(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def as_text(value: JsonValue) -> bytes:
    """Write *value* for a media type of which nothing is known: a text as it is, anything else as JSON."""
    return write_text(value).encode("utf-8", "replace")


def _html(value: JsonValue) -> bytes:
    text = write_text(value)
    if "<" in text:
        return text.encode()
    safe = text.replace("&", "&amp;").replace(">", "&gt;")
    return (
        f'<!doctype html>\n<html lang="en"><title>Answer</title><body><p>{safe}</p></body></html>\n'.encode()
    )


def _yaml(value: JsonValue) -> bytes:
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return text.encode()


def _plain(write: Encode) -> _Make:
    return lambda _bundle, _encoding: write


def _named(*names: str) -> Callable[[str], bool]:
    return frozenset(names).__contains__


_TABLE: Final[tuple[tuple[Callable[[str], bool], _Make], ...]] = (
    (_named("application/x-www-form-urlencoded"), form_encoder),
    (lambda name: name.startswith("multipart/"), multipart_encoder),
    (
        _named("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
               "application/json-lines", "text/x-ndjson", "application/stream+json"),
        _plain(to_json_lines),
    ),
    (_named("application/json-seq", "application/geo+json-seq"), _plain(to_json_sequence)),
    (_named("text/csv", "application/csv"), _plain(to_csv)),
    (_named("text/tab-separated-values"), _plain(to_tsv)),
    (_named("text/event-stream"), _plain(to_event_stream)),
    (lambda name: name.endswith(("/cbor", "+cbor")), _plain(to_cbor)),
    (
        lambda name: name.endswith(("/msgpack", "/x-msgpack", "/vnd.msgpack", "+msgpack")),
        _plain(to_msgpack),
    ),
    (_named("text/html", "application/xhtml+xml"), _plain(_html)),
    (lambda name: name.endswith(("+yaml", "/yaml", "/x-yaml")), _plain(_yaml)),
)  # fmt: skip
