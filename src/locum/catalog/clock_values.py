"""Values of rules that depend on the time: `@+1 month %Y-%m` is the month after the present one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

__all__ = ["is_of_clock", "told_at"]

_SHAPE: Final = re.compile(r"@([+-]\d{1,4}) (day|month|year)s? (.*%.*)")
_MONTHS: Final = 12
#: The last day that every month has.
_LAST: Final = 28


def is_of_clock(text: str) -> bool:
    """Tell whether a value depends on the time.

    >>> is_of_clock("@-13 months %Y-%m-%d"), is_of_clock("@nobody")
    (True, False)
    """
    return _SHAPE.fullmatch(text) is not None


def told_at(values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return *values* as they are at *now*.

    >>> told_at({"then": "@+2 months %Y-%m", "eui": "00"}, datetime(2023, 11, 30))
    {'then': '2024-01', 'eui': '00'}
    """
    return {name: _told(text, now) for name, text in values.items()}


def _told(text: str, now: datetime) -> str:
    found = _SHAPE.fullmatch(text)
    if found is None:
        return text
    count, unit, written = int(found[1]), found[2], found[3]
    if unit == "day":
        return (now + timedelta(days=count)).strftime(written)
    months = now.year * _MONTHS + now.month - 1 + count * (_MONTHS if unit == "year" else 1)
    year, month = divmod(months, _MONTHS)
    there = now.replace(year=year, month=month + 1, day=min(now.day, _LAST))
    # `%-m` is not known everywhere.
    return there.strftime(written.replace("%-m", str(there.month)))
