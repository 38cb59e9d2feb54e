"""Reads filters: `key:value`, split at the first colon.

Different keys hold together; several values of one key are alternatives.
Source: facts S1-09 to S1-15, R1-05, R1-06.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime
from typing import Final

from locum_vendors.onomondo.estate import Usage

__all__ = ["FilterError", "Filters", "read_filters"]

_TIME: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_SIM_ID: Final = re.compile(r"[0-9]{9}", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}", re.ASCII)
_DAY_S: Final = 86_400
_DECEMBER: Final = 12
#: After the last second that `datetime` knows.
_FOREVER: Final = 1 << 40


class FilterError(ValueError):
    """A filter that means nothing; the message continues the name of its parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for; nothing under a key lets everything pass.

    *times* are half-open intervals in Unix seconds (S1-12).
    """

    times: frozenset[tuple[int, int]] = frozenset()
    sim_ids: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def passes(self, usage: Usage) -> bool:
        """Tell whether time and country of *usage* are asked for; its SIM was chosen before."""
        return (not self.countries or usage.network.country_code in self.countries) and (
            not self.times or any(start <= usage.at < end for start, end in self.times)
        )

    @property
    def needs_check(self) -> bool:
        """Whether a record from `start` to `end` may still not pass."""
        return bool(self.countries) or len(self.times) > 1

    @property
    def start(self) -> int:
        """The first second that can pass."""
        return min((start for start, _ in self.times), default=0)

    @property
    def end(self) -> int:
        """The first second after all that can pass."""
        return max((end for _, end in self.times), default=_FOREVER)


def read_filters(texts: Iterable[str]) -> Filters:
    """Return what all of *texts* ask for together; raises `FilterError` for one that means nothing."""
    found = Filters()
    for text in texts:
        key, colon, value = text.partition(":")
        if key not in _READERS or not colon:
            raise FilterError(f"must be {_FORMS}, not {text!r}")
        found = _READERS[key](found, value)
    return found


def _time(filters: Filters, value: str) -> Filters:
    matched = _TIME.fullmatch(value)
    try:
        interval = _interval(*(int(each) if each else None for each in matched.groups())) if matched else None
    except ValueError:
        interval = None
    if interval is None:
        raise FilterError(f"must name a day, a month or a year that exists, not {value!r}")
    return replace(filters, times=filters.times | {interval})


def _interval(year: int | None, month: int | None, day: int | None) -> tuple[int, int]:
    """Return a day, a month or a year in UTC; raises `ValueError` when there is none such."""
    start = datetime(year or 0, 1 if month is None else month, 1 if day is None else day, tzinfo=UTC)
    if day is not None:
        return int(start.timestamp()), int(start.timestamp()) + _DAY_S
    years, last = divmod(start.month if month is not None else _DECEMBER, _DECEMBER)
    if start.year + years > MAXYEAR:
        return int(start.timestamp()), _FOREVER
    return int(start.timestamp()), int(start.replace(year=start.year + years, month=last + 1).timestamp())


def _sim_id(filters: Filters, value: str) -> Filters:
    if not _SIM_ID.fullmatch(value):
        raise FilterError(f"must name a SIM by nine digits, not {value!r}")
    return replace(filters, sim_ids=filters.sim_ids | {value})


def _country(filters: Filters, value: str) -> Filters:
    if not _COUNTRY.fullmatch(value):
        raise FilterError(f"must name a country by two letters, not {value!r}")
    return replace(filters, countries=filters.countries | {value.lower()})


_READERS: Final[Mapping[str, Callable[[Filters, str], Filters]]] = {
    "time": _time,
    "sim_id": _sim_id,
    "country_code": _country,
}
_FORMS: Final = "`time:`, `sim_id:` or `country_code:` with a value"
