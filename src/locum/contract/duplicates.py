"""Keys that stand twice in one object of a JSON file; finding them costs a second reading."""

from __future__ import annotations

import json

from locum.contract.events import read_events
from locum.contract.limits import Limits
from locum.contract.positions import JSON_START, readable
from locum.contract.source import Source
from locum.errors import ContractError, Diagnostic

__all__ = ["find_duplicate_keys"]

CODE = "contract.duplicate-key"


def find_duplicate_keys(source: Source, limits: Limits) -> tuple[Diagnostic, ...]:
    """Return a warning for each; the careful reader, which is slow, is asked only if there is any."""
    if not JSON_START.match(source.text) or not has_duplicates(source.text):
        return ()
    try:
        _, found = read_events(readable(source.text), source.uri, limits)
    except ContractError:
        return ()
    return tuple(each for each in found if each.code == CODE)


def has_duplicates(text: str) -> bool:
    """Tell whether any object of a JSON text has a key twice; YAML has been looked at already."""
    found: list[None] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        if len(dict(pairs)) < len(pairs):
            found.append(None)

    try:
        json.loads(text, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return False
    return bool(found)
