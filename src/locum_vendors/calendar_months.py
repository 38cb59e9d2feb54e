"""Calendar months as numbers, for APIs that count by the month; all instants are Unix seconds in UTC.

What must not live here: what one API makes of a month.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

__all__ = ["DAY_S", "index_at", "index_of", "start_of", "until_of"]

DAY_S: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONTHS: Final = 12


def index_of(year: int, month: int) -> int:
    """Return the number of a month, counted from the year 0.

    >>> index_of(2024, 2) - index_of(2023, 12)
    2
    """
    return year * _MONTHS + month - 1


def index_at(instant: int) -> int:
    """Return the number of the month that *instant* lies in; no calendar goes beyond the year 9999.

    >>> index_at(start_of(index_of(2024, 2)) - 1) == index_of(2024, 1)
    True
    """
    day = date.fromordinal(min(max(instant // DAY_S + _EPOCH, 1), date.max.toordinal()))
    return index_of(day.year, day.month)


def start_of(index: int) -> int:
    """Return the first instant of a month.

    >>> start_of(index_of(1970, 2)) == 31 * DAY_S
    True
    """
    return (date(index // _MONTHS, index % _MONTHS + 1, 1).toordinal() - _EPOCH) * DAY_S


def until_of(index: int) -> int:
    """Return the end of a month, the first instant that is not of it."""
    # Not the start of the next month: no calendar has a year 10000.
    return start_of(index) + monthrange(index // _MONTHS, index % _MONTHS + 1)[1] * DAY_S
