"""Whether a month can be read yet.

A month is closed once its file has been generated, at the first instant of the next month (V0-07, R0-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from locum.behaviour import World
from locum.contract import JsonValue
from locum_vendors.calendar_months import index_at, index_of, start_of, until_of

__all__ = ["Month", "month_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month that can be read: its number, and from when until when it has been counted.

    *index* counts months from the year 0; *start* and *until* are Unix seconds, *until* not included.
    """

    index: int
    start: int
    until: int


def month_of(year: JsonValue, month: JsonValue, world: World) -> Month | str:
    """Return a month that can be read at the world's time, or why it cannot."""
    if not isinstance(year, int) or not isinstance(month, int):
        return "is no month"
    ahead_s = _offset_s(str(world.settings.get("time_zone", "UTC")))
    now = int(world.now.timestamp())
    index, current = index_of(year, month), index_at(now + ahead_s)
    if index > current:
        return "lies in the future"
    start = start_of(index) - ahead_s
    if index < current:
        return Month(index=index, start=start, until=until_of(index) - ahead_s)
    if world.settings.get("current_month") == "partial":
        return Month(index=index, start=start, until=now)
    return "is not over, so its file has not been generated yet"


def _offset_s(time_zone: str) -> int:
    """Return how far *time_zone*, `UTC` or an offset such as `+01:00`, is ahead of UTC (R0-12)."""
    written = "+00:00" if time_zone == "UTC" else time_zone
    midnight = datetime.fromisoformat(f"2000-01-01T00:00:00{written}")
    return int((datetime(2000, 1, 1, tzinfo=UTC) - midnight).total_seconds())
