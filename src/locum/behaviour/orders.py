"""Tells which of two values comes after the other: numbers, days, instants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from locum.contract.model import JsonValue

__all__ = ["is_after", "moment_of"]

_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}.{0,32}")


def is_after(one: JsonValue, other: JsonValue) -> bool:
    """Tell whether *one* is the greater number, or the later time; of what is not alike nothing is told.

    >>> is_after("2024-05-01T01:00:00+02:00", "2024-05-01T00:00:00Z"), is_after(3, 2), is_after("b", "a")
    (False, True, False)
    """
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return first > second
    early, late = moment_of(one), moment_of(other)
    if isinstance(early, datetime) and isinstance(late, datetime):
        return _on_one_scale(early, late) and early > late
    if early is None or late is None or isinstance(early, datetime) or isinstance(late, datetime):
        return False
    return early > late


def moment_of(value: JsonValue) -> date | datetime | None:
    """Return the day or the instant that a text names (RFC 3339), the first day of a month, or `None`.

    >>> moment_of("2024-05-01"), moment_of("soon")
    (datetime.date(2024, 5, 1), None)
    """
    if not isinstance(value, str):
        return None
    try:
        if _MONTH.fullmatch(value):
            return date.fromisoformat(f"{value}-01")
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
        if _INSTANT.fullmatch(value):
            found = datetime.fromisoformat(value.upper())
            return found.astimezone(UTC) if found.tzinfo is not None else found
    except (ValueError, OverflowError):
        return None
    return None


def _on_one_scale(one: datetime, other: datetime) -> bool:
    return (one.tzinfo is None) == (other.tzinfo is None)


def _number(value: JsonValue) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
