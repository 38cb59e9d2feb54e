"""Reads bodies made of records one after the other, and YAML; the way back from `generation/lines.py`.

Sources: RFC 7464 (JSON text sequences), RFC 4180 (CSV), YAML 1.2.2.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from locum.behaviour.body_errors import malformed
from locum.contract.coercion import Shape, coercer
from locum.contract.limits import Limits
from locum.contract.model import JsonValue
from locum.contract.source import read_source
from locum.errors import ContractError

__all__ = ["RECORD_KINDS", "compile_records", "kind_of_records", "read_yaml"]

_Read = Callable[[str], JsonValue]
_SEPARATOR: Final = "\x1e"
#: Kinds of bodies by media type.
RECORD_KINDS: Final[Mapping[str, str]] = {
    "application/x-ndjson": "lines",
    "application/ndjson": "lines",
    "application/jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/json-lines": "lines",
    "application/stream+json": "lines",
    "text/x-ndjson": "lines",
    "application/json-seq": "sequence",
    "application/geo+json-seq": "sequence",
    "text/csv": "commas",
    "application/csv": "commas",
    "text/tab-separated-values": "tabs",
}


def kind_of_records(name: str) -> str:
    """Return the kind of records that bodies of a media type hold, `yaml` for YAML, `""` for neither."""
    if name.endswith(("+yaml", "/yaml", "/x-yaml")):
        return "yaml"
    return RECORD_KINDS.get(name, "")


def compile_records(kind: str, shape: Shape) -> _Read:
    """Compile the way to read records of *kind* into what *shape* describes: a list, or the one there is.

    Text is what is asked for where the shape is text alone. Raises `BodyError` while reading.
    """
    if shape.types <= {"string"}:
        return lambda text: text
    split = _SPLIT[kind]
    wants_list = "array" in shape.types or "object" not in shape.types
    item = shape.item() if "array" in shape.types else shape

    def read(text: str) -> JsonValue:
        records = split(text, item)
        return records if wants_list or len(records) != 1 else records[0]

    return read


def read_yaml(text: str) -> JsonValue:
    """Read YAML, bounded as documents are; raises `BodyError`."""
    try:
        return read_source(text.encode(), "the body", Limits()).value
    except ContractError as error:
        raise malformed("YAML", error.diagnostics[0].message[:120]) from error


def _lines(text: str, _: Shape) -> list[JsonValue]:
    return [_json(line, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _sequence(text: str, _: Shape) -> list[JsonValue]:
    parts = [part for part in text.split(_SEPARATOR) if part.strip()]
    return [_json(part, number) for number, part in enumerate(parts, 1)]


def _json(text: str, number: int) -> JsonValue:
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise malformed("a sequence of JSON texts", f"record {number}: {error.msg}") from error
    return value


def _table(delimiter: str) -> Callable[[str, Shape], list[JsonValue]]:
    def split(text: str, item: Shape) -> list[JsonValue]:
        try:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if row]
        except csv.Error as error:
            raise malformed("CSV", str(error)) from error
        if "object" not in item.types:
            return [[coercer(item.item(at))(cell) for at, cell in enumerate(row)] for row in rows]
        names = rows[0] if rows else []
        return [_record(names, row, item) for row in rows[1:]]

    return split


def _record(names: list[str], row: list[str], item: Shape) -> JsonValue:
    if len(row) > len(names):
        raise malformed("CSV", f"a row has {len(row)} cells under {len(names)} names")
    cells = zip(names, row, strict=False)
    # An empty cell is how a table leaves a member out.
    return {
        name: coercer(item.member(name))(cell)
        for name, cell in cells
        if cell or "string" in item.member(name).types
    }


_SPLIT: Final[Mapping[str, Callable[[str, Shape], list[JsonValue]]]] = {
    "lines": _lines,
    "sequence": _sequence,
    "commas": _table(","),
    "tabs": _table("\t"),
}
