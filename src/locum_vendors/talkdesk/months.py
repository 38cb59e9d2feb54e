"""Months as text, `2023-08`, which sorts as time does."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

__all__ = ["elapsed", "month_of", "months_between", "shift"]


def month_of(day: date) -> str:
    """Return the month of *day*."""
    return f"{day.year:04d}-{day.month:02d}"


def shift(month: str, by: int) -> str:
    """Return the month *by* months after *month*.

    >>> shift("2024-01", -1), shift("2023-12", 2)
    ('2023-12', '2024-02')
    """
    year, index = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{index + 1:02d}"


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield every month from *first* to *last*, both included."""
    while first <= last:
        yield first
        first = shift(first, 1)


def elapsed(month: str, today: date) -> Fraction:
    """Return how much of *month* is over on *today*, in whole days.

    >>> elapsed("2024-02", date(2024, 2, 15)), elapsed("2024-01", date(2024, 2, 15))
    (Fraction(14, 29), Fraction(1, 1))
    """
    if month != month_of(today):
        return Fraction(int(month < month_of(today)))
    return Fraction(today.day - 1, calendar.monthrange(today.year, today.month)[1])
