"""Bodies made of records one after the other: JSON lines, JSON sequences, CSV, events.

Sources: RFC 7464 (json-seq), RFC 4180 (CSV), HTML Living Standard 9.2 (events).
"""

from __future__ import annotations

import csv
import io
from typing import Final

from locum.contract.model import JsonValue
from locum.contract.writing import to_json, write_text

__all__ = ["to_csv", "to_event_stream", "to_json_lines", "to_json_sequence", "to_tsv"]

#: The fields of an event (HTML Living Standard, 9.2.6).
_FIELDS: Final = frozenset({"data", "event", "id", "retry"})


def to_json_lines(value: JsonValue) -> bytes:
    """Write one JSON text per line; text that is none already is taken as it is."""
    if isinstance(value, str):
        return value.encode()
    return b"".join(to_json(record) + b"\n" for record in _records(value))


def to_json_sequence(value: JsonValue) -> bytes:
    """Write a JSON text sequence (RFC 7464, 2.2)."""
    return b"".join(b"\x1e" + to_json(record) + b"\n" for record in _records(value))


def to_event_stream(value: JsonValue) -> bytes:
    """Write one event per record; text is one event, unless it is written as events already."""
    if isinstance(value, str) and value.startswith(("data:", "event:", "id:", ":")):
        return value.rstrip("\n").encode() + b"\n\n"
    return "".join(_event(record) for record in _records(value)).encode()


def to_csv(value: JsonValue) -> bytes:
    """Write objects as a header and rows, arrays as rows, anything else as one cell; text as it is."""
    return _table(value, ",")


def to_tsv(value: JsonValue) -> bytes:
    """Write the same with tabs between cells."""
    return _table(value, "\t")


def _table(value: JsonValue, delimiter: str) -> bytes:
    if isinstance(value, str):
        return value.encode()
    records = _records(value)
    names = list(dict.fromkeys(name for record in records if isinstance(record, dict) for name in record))
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=delimiter)
    if names:
        rows.writerow(names)
    for record in records:
        rows.writerow(_row(record, names))
    return out.getvalue().encode()


def _records(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _row(record: JsonValue, names: list[str]) -> list[str]:
    if isinstance(record, dict):
        return [_cell(record.get(name)) for name in names]
    return [_cell(each) for each in _records(record)]


def _cell(value: JsonValue) -> str:
    return "" if value is None else write_text(value)


def _event(record: JsonValue) -> str:
    """Write one event; an object made of an event's own fields is one (3.2.0, 4.14.4)."""
    fields = record if isinstance(record, dict) and record.keys() <= _FIELDS and record else {"data": record}
    lines = [
        f"{name}: {line}\n" for name, part in fields.items() for line in write_text(part).splitlines() or [""]
    ]
    return "".join(lines) + "\n"
