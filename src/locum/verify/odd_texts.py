"""Texts that many servers stumble over, by name: whether they are right is for a schema to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["DATES", "ODD"]

#: Dates and instants that are ones, in every way that RFC 3339 allows.
DATES: Final[Mapping[str, Mapping[str, str]]] = {
    "date": {"leap-day": "2024-02-29", "last-day": "2024-12-31"},
    "date-time": {
        "instant": "2024-01-31T08:30:00Z",
        "instant-with-offset": "2024-01-31T08:30:00+02:00",
        "instant-with-fraction": "2024-01-31T08:30:00.125Z",
        "instant-with-negative-offset": "2024-01-31T08:30:00.5-11:30",
    },
}

#: Texts that only a pattern, a format or an enumeration refuses.
ODD: Final[Mapping[str, str]] = {
    "impossible-date": "2024-02-30",
    "impossible-month": "2024-13-01",
    "impossible-instant": "2024-02-30T00:00:00Z",
    "impossible-hour": "2024-01-01T25:00:00Z",
    "american-date": "01/02/2024",
    "short-date": "2024-1-1",
    "words": "yesterday",
    "symbols": "!*'();",
    "zero": "0",
    "negative": "-1",
    "fraction": "10.5",
    "beyond": "1000000000",
    "non-ascii-word": "naïve",
}
