"""Which time a query asks for (R2-01): whole seconds, from the first to the last one told.

The end that is told belongs to the range. So the period of an answer, asked for again, is the same range,
and two ranges adjoin where one starts in the second after the other's last.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from locum.behaviour import World
from locum.contract import JsonValue
from locum_vendors.calendar_months import DAY_S, index_at, start_of, until_of
from locum_vendors.saas_billing.problems import Problem

__all__ = ["Range", "read_range", "write_instant"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_DATE_LENGTH: Final = len("2024-01-31")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From *start* to before *until*, in Unix seconds."""

    start: int
    until: int

    def is_open(self, now: int) -> bool:
        """Tell whether the range has begun and is not over."""
        return self.start <= now < self.until


def read_range(query: Mapping[str, JsonValue], world: World) -> Range | Problem:
    """Return the range of *query*; what is not told is taken from the current period."""
    now = int(world.now.timestamp())
    index = index_at(now)
    start, end = start_of(index), until_of(index) - 1
    until = end + 1
    if "startDate" in query:
        start = _seconds(str(query["startDate"]))
    if "endDate" in query:
        end, until = _read_end(str(query["endDate"]), world)
    if start >= end:
        return Problem(
            keyword="range",
            detail="Invalid date range: startDate must be before endDate",
            message="must have startDate before endDate",
        )
    if "startDate" in query:
        return _retained(Range(start=start, until=until), world)
    return Range(start=start, until=until)


def write_instant(seconds: int) -> str:
    """Return *seconds* as a date with time in UTC.

    >>> write_instant(1706745599)
    '2024-01-31T23:59:59Z'
    """
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}Z".rjust(len("2024-01-31T23:59:59Z"), "0")


def _read_end(text: str, world: World) -> tuple[int, int]:
    """Return the end as it is compared with a start, and where the range is over.

    A day belongs to the range as a whole, and is compared by its midnight, unless a range of one day is
    allowed (R2-04).
    """
    written = _seconds(text)
    if len(text) > _DATE_LENGTH:
        return written, written + 1
    until = written + DAY_S
    return (until - 1 if world.settings.get("equal_dates") == "one_day" else written), until


def _seconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # An offset can lead out of the calendar.
    return min(moment - _EPOCH, _LAST - _EPOCH) // timedelta(seconds=1)


def _retained(asked: Range, world: World) -> Range | Problem:
    """Return the range, unless it starts before what is kept (S2-32, R2-06)."""
    kept = world.settings.get("retention_months", _MONTHS)
    months = kept if isinstance(kept, int) else _MONTHS
    if asked.start >= _months_before(world.now, months):
        return asked
    return Problem(
        keyword="retention",
        detail=f"Invalid date range: usage is retained for {months} months",
        message=f"must not start more than {months} months ago",
    )


def _months_before(now: datetime, months: int) -> float:
    """Return the instant so many months before *now*, on the last day of shorter months, in Unix seconds."""
    year, month = divmod(now.year * _MONTHS + now.month - 1 - months, _MONTHS)
    if year < 1:
        return float("-inf")
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day).timestamp()
