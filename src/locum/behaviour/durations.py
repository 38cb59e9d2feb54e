"""Durations as ISO 8601 writes them, added to an instant as a calendar does."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Final

__all__ = ["Duration", "parse_duration"]

_FORM: Final = re.compile(
    r"(?P<sign>-?)P(?=.)"
    r"(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,11}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_MONTHS_PER_YEAR: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Months, and a length that does not depend on the calendar; both of one sign."""

    months: int = 0
    rest: timedelta = timedelta()

    def after(self, instant: datetime) -> datetime:
        """Return *instant* moved by this duration, months first; the 31st falls back to a month's last day.

        Raises `OverflowError` outside of the years 1 to 9999.

        >>> parse_duration("P1M").after(datetime(2024, 1, 31)).isoformat()
        '2024-02-29T00:00:00'
        """
        years, month = divmod(instant.year * _MONTHS_PER_YEAR + instant.month - 1 + self.months, 12)
        if not MINYEAR <= years <= MAXYEAR:
            raise OverflowError(f"there is no year {years} here")
        day = min(instant.day, monthrange(years, month + 1)[1])
        return instant.replace(year=years, month=month + 1, day=day) + self.rest


def parse_duration(text: str) -> Duration:
    """Return the duration *text* says, such as `P1M`, `-PT15M` or `P1DT12H` (ISO 8601-1, 5.5.2.2).

    A minus sign goes back in time (ISO 8601-2, 4.4.1.9). Raises `ValueError`.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is not a duration such as P1D, PT15M or P1Y2M3DT4H5M6S")
    numbers = {name: float(part or 0) for name, part in found.groupdict().items() if name != "sign"}
    sign = -1 if found["sign"] else 1
    months = int(numbers.pop("years") * _MONTHS_PER_YEAR + numbers.pop("months"))
    return Duration(months=sign * months, rest=sign * timedelta(**numbers))
