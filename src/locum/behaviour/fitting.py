"""Mends values that authors wrote in the wrong type: numbers as text, times without a zone, JSON within text.

What is meant is kept; what cannot be understood stays as it is, for others to drop or to replace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from locum.contract.coercion import ANYTHING, Shape, coercer
from locum.contract.model import JsonValue
from locum.contract.writing import write_text

__all__ = ["fitted"]

#: Levels into which a value is looked.
_DEEPEST: Final = 32
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ]+(\d\d:\d\d)(:\d\d(?:[.,]\d+)?)?)? ?([Zz]|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?"
)
_TIME: Final = re.compile(r"(\d\d:\d\d)(:\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")


def fitted(value: JsonValue, shape: Shape, depth: int = 0) -> JsonValue:
    """Return *value* in the types that *shape* allows, as far as they say the same.

    >>> from locum.contract.coercion import shape_of
    >>> fitted({"n": "5", "at": "2024-01-02 03:04"}, shape_of({"properties": {
    ...     "n": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}}}))
    {'n': 5, 'at': '2024-01-02T03:04:00Z'}
    """
    if depth > _DEEPEST:
        return value
    if isinstance(value, str):
        value = _from_text(value, shape)
    elif isinstance(value, bool | int | float) and shape.types <= {"string", "null"}:
        value = write_text(value)
    if isinstance(value, dict):
        if _wants_only("array", shape):
            return [fitted(value, shape.item(), depth + 1)]
        return {
            name: fitted(part, shape.member(name), depth + 1)
            for name, part in value.items()
            if not _is_void(part, shape.member(name))
        }
    if isinstance(value, list):
        return [fitted(part, shape.item(index), depth + 1) for index, part in enumerate(value)]
    return value


def _from_text(text: str, shape: Shape) -> JsonValue:
    if shape.types >= ANYTHING:
        return text
    if "string" not in shape.types:
        return _from_json(text, shape)
    choices = shape.find("enum")
    if isinstance(choices, list) and text not in choices:
        folded = text.strip().casefold()
        meant = (each for each in choices if isinstance(each, str) and each.casefold() == folded)
        return next(meant, text)
    mend = _FORMATS.get(str(shape.find("format")))
    return mend(text) if mend else text


def _from_json(text: str, shape: Shape) -> JsonValue:
    """Read JSON where no text is wanted, else what a form would say."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            found: JsonValue = orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
        return found
    return coercer(shape)(text.strip())


def _instant(text: str) -> str:
    """Write an instant as RFC 3339 asks; midnight and UTC where nothing is said."""
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        return text
    day, minute, seconds, zone = found.groups()
    return f"{day}T{minute or '00:00'}{(seconds or ':00').replace(',', '.')}{_zone(zone or 'Z')}"


def _zone(written: str) -> str:
    if written.upper() in {"Z", "UTC", "GMT"}:
        return "Z"
    digits = written[1:].replace(":", "")
    return f"{written[0]}{digits[:2]}:{digits[2:] or '00'}"


def _day(text: str) -> str:
    found = _INSTANT.fullmatch(text.strip())
    return found[1] if found else text


def _time(text: str) -> str:
    found = _TIME.fullmatch(text.strip())
    return f"{found[1]}{found[2] or ':00'}{found[3] or 'Z'}" if found else text


_FORMATS: Final[Mapping[str, Callable[[str], str]]] = {"date-time": _instant, "date": _day, "time": _time}


def _is_void(part: JsonValue, shape: Shape) -> bool:
    """Tell whether a member says nothing, where nothing cannot be said."""
    return part is None and "null" not in shape.types


def _wants_only(kind: str, shape: Shape) -> bool:
    return shape.types - {"null"} == {kind}
