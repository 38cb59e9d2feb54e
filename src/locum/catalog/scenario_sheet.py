"""The format of `scenarios.yaml`; `behaviour/scenarios.py` and `behaviour/faults.py` tell the meaning."""

from __future__ import annotations

from typing import Final, cast

from locum.behaviour.causes import Cause
from locum.behaviour.edits import EditKind
from locum.behaviour.faults import LONGEST_DELAY_MS, Cut, Distribution, Ending, Spoil
from locum.contract.model import JsonObject

__all__ = ["SCENARIOS_SCHEMA"]

_TEXT: Final = {"type": "string"}
_NAME: Final = {"type": "string", "minLength": 1}
_NAMES: Final = {"type": "array", "items": _NAME}
_COUNT: Final = {"type": "integer", "minimum": 0}
_STATUS: Final = {"type": "integer", "minimum": 200, "maximum": 599}
_MILLISECONDS: Final = {"type": "number", "minimum": 0, "maximum": LONGEST_DELAY_MS}
_SECONDS: Final = {"type": "integer"}
_INSTANT: Final = {"type": "string", "format": "date-time"}
_HEADERS: Final = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
_OVERRIDES: Final = {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}
_LISTABLE: Final = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "null", "array"], "items": {"type": "string"}},
}


def _record(*required: str, **properties: object) -> object:
    """Return the schema of a mapping that has these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required],
        "properties": properties,
    }


def _words(kind: type[Cause | Cut | Distribution | EditKind | Ending | Spoil]) -> object:
    return {"enum": [each.value for each in kind]}


_FAULT: Final = _record(
    delay=_record(
        distribution=_words(Distribution),
        median_ms=_MILLISECONDS,
        sigma={"type": "number", "minimum": 0, "maximum": 5},
        lower_ms=_MILLISECONDS,
        upper_ms=_MILLISECONDS,
    ),
    head_bytes_per_s=_COUNT,
    body_bytes_per_s=_COUNT,
    cut=_words(Cut),
    cut_after=_COUNT,
    ending=_words(Ending),
    length_error=_SECONDS,
    chunked={"type": "boolean"},
    last_chunk={"type": "boolean"},
    dated={"type": "object", "additionalProperties": _SECONDS},
    spoils={"type": "array", "items": _words(Spoil)},
)
_EDIT: Final = _record(
    "kind",
    "at",
    kind=_words(EditKind),
    at={"type": "string", "pattern": "^(/.*)?$"},
    value={},
    to=_TEXT,
    pattern=_TEXT,
)
_NATURAL: Final = _record(
    "operation",
    operation=_NAME,
    method=_NAME,
    path={"type": "string", "pattern": "^/"},
    path_values={"type": "object", "additionalProperties": _TEXT},
    query=_LISTABLE,
    headers=_OVERRIDES,
    credential=_TEXT,
    body=_TEXT,
    times={"type": "integer", "minimum": 1, "maximum": 2000},
    pace=_record(
        *("calls", "seconds"),
        calls={"type": "integer", "minimum": 1},
        seconds={"type": "integer", "minimum": 1},
    ),
    clock=_INSTANT,
    settings={"type": "object"},
)
_FORCE: Final = _record(
    cause=_words(Cause),
    parameter=_NAME,
    detail=_TEXT,
    status=_STATUS,
    example=_NAME,
    body={},
    text=_TEXT,
    media_type=_NAME,
    headers=_HEADERS,
    ignored=_NAMES,
    clock=_INSTANT,
    edits={"type": "array", "items": _EDIT},
    fault=_FAULT,
)
_PATTERN: Final = _record(
    times={"type": "integer", "minimum": 1},
    every={"type": "integer", "minimum": 1},
    probability={"type": "number", "minimum": 0, "maximum": 1},
    seed=_TEXT,
    since=_INSTANT,
    until=_INSTANT,
)
_SCENARIO: Final = _record(
    "id",
    "name",
    "title",
    id={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$"},
    name={"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
    title=_NAME,
    operations=_NAMES,
    status={"type": ["integer", "null"], "minimum": 200, "maximum": 599},
    natural={"type": "array", "items": _NATURAL},
    force=_FORCE,
    request=_NATURAL,
    pattern=_PATTERN,
    source=_TEXT,
    confidence=_TEXT,
)
_CALL: Final = _record(
    path_values=_OVERRIDES, query=_LISTABLE, headers=_OVERRIDES, credential=_TEXT, body=_TEXT
)
SCENARIOS_SCHEMA: Final = cast(
    "JsonObject",
    _record(
        calls={"type": "object", "additionalProperties": _CALL},
        scenarios={"type": "array", "items": _SCENARIO},
    ),
)
