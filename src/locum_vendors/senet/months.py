"""Calendar months as numbers, and whether one can be read yet.

A month is closed once its file has been generated, at the first instant of the next month (V0-07, R0-11).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from locum.behaviour import World
from locum.contract import JsonValue

__all__ = ["Month", "index_of", "month_of", "start_of"]

_DAY_S: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month that can be read: its number, and from when until when it has been counted.

    *index* counts months from the year 0; *start* and *end* are Unix seconds, *end* not included.
    """

    index: int
    start: int
    end: int


def month_of(year: JsonValue, month: JsonValue, world: World) -> Month | str:
    """Return a month that can be read at the world's time, or why it cannot."""
    if not isinstance(year, int) or not isinstance(month, int):
        return "is no month"
    offset_s = _offset_s(str(world.settings.get("time_zone", "UTC")))
    now = int(world.now.timestamp())
    index, current = index_of(year, month), _index_at(now + offset_s)
    if index > current:
        return "lies in the future"
    start, end = (each - offset_s for each in (start_of(index), _end_of(index)))
    if index < current:
        return Month(index=index, start=start, end=end)
    if world.settings.get("current_month") == "partial":
        return Month(index=index, start=start, end=now)
    return "is not over, so its file has not been generated yet"


def index_of(year: int, month: int) -> int:
    """Return the number of a month, counted from the year 0.

    >>> index_of(2024, 2) - index_of(2023, 12)
    2
    """
    return year * _MONTHS + month - 1


def start_of(index: int) -> int:
    """Return the first instant of a month in UTC, in Unix seconds."""
    return (date(index // _MONTHS, index % _MONTHS + 1, 1).toordinal() - _EPOCH) * _DAY_S


def _end_of(index: int) -> int:
    # Not the start of the next month: no calendar has a year 10000.
    return start_of(index) + monthrange(index // _MONTHS, index % _MONTHS + 1)[1] * _DAY_S


def _index_at(local_s: int) -> int:
    day = date.fromordinal(min(local_s // _DAY_S + _EPOCH, date.max.toordinal()))
    return index_of(day.year, day.month)


def _offset_s(time_zone: str) -> int:
    """Return how far *time_zone*, `UTC` or an offset such as `+01:00`, is ahead of UTC (R0-12)."""
    written = "+00:00" if time_zone == "UTC" else time_zone
    offset = datetime.fromisoformat(f"2000-01-01T00:00:00{written}").astimezone(UTC)
    return int((datetime(2000, 1, 1, tzinfo=UTC) - offset).total_seconds())
