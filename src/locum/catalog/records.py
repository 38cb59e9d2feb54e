"""Reads `records.yaml`, which says beside a document what is there from the start: records by collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from locum.catalog.sheet import read_sheet
from locum.contract.model import JsonObject

__all__ = ["read_records"]

#: Collections by name; what a record looks like is known to the handlers that read it.
_SCHEMA: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "object"}},
}


def read_records(content: bytes, *, file: str) -> Mapping[str, tuple[JsonObject, ...]]:
    """Return the records that *content* of *file* lists, by collection and in order.

    Raises `FixtureError` with every fault found, each with its line.
    """
    collections = read_sheet(content, file=file, schema=_SCHEMA).value
    return {name: tuple(records) for name, records in collections.items()}
