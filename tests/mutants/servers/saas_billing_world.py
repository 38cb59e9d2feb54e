"""What the accounts of the billing API have bought and used.

Counters move once an hour, at a quarter past and a little, by whole steps. What a range shows is the
difference between two readings, so that adjoining ranges add up. Levels stay as they are.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

#: When in an hour what was used in it is counted.
COUNTED_AT = timedelta(minutes=17, seconds=23)
EXPONENTS = {"usd": 2, "jpy": 0, "kwd": 3}
COUNTERS = frozenset({"apiCalls", "bandwidth", "emails", "webhooks"})
UNITS = {
    "apiCalls": ("API Calls", "requests"),
    "storage": ("Storage", "GB"),
    "seats": ("Team Seats", "users"),
    "bandwidth": ("Bandwidth", "GB"),
    "emails": ("Emails", "emails"),
    "webhooks": ("Webhooks", "events"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What a metric includes and what a unit beyond costs, and how much of it is used.

    A counter reaches *used* steps after *hours* hours of a month, none standing for the first hour of it.
    """

    included: Decimal
    price: Decimal
    used: int = 0
    step: Decimal = Decimal(1)
    hours: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A plan and what was used of it."""

    base: Decimal
    rates: dict[str, Rate]
    currency: str = "usd"
    since: str = "2000-01-01T00:00:00+00:00"
    #: Counters with an outlook; none stands for all.
    projected: frozenset[str] = field(default_factory=frozenset)


def _rate(included: float, price: str, used: int = 0, step: str = "1", hours: int = 1) -> Rate:
    return Rate(
        included=Decimal(str(included)), price=Decimal(price), used=used, step=Decimal(step), hours=hours
    )


#: Of a metric that a plan does not name.
NOTHING = _rate(0, "0")


def _round_plan(permyriad: int, base: str = "49", currency: str = "usd") -> Account:
    """Return an account that has used so many ten-thousandths of everything, in the first hour of a month."""
    return Account(
        base=Decimal(base),
        currency=currency,
        rates={
            "apiCalls": _rate(10_000, "0.002", permyriad),
            "storage": _rate(100, "0.25", permyriad, "0.01"),
            "seats": _rate(10_000, "0.5", permyriad),
            "bandwidth": _rate(1000, "0.05", permyriad, "0.1"),
            "emails": _rate(10_000, "0.001", permyriad),
            "webhooks": _rate(20_000, "0.0005", permyriad * 2),
        },
    )


#: 45230 calls and 234.8 GB after 647 hours of January 2024, as the documentation shows them.
TEAM = Account(
    base=Decimal("29.00"),
    rates={
        "apiCalls": _rate(100_000, "0.0004", 45_230, hours=647),
        "storage": _rate(100, "0.25", 675, "0.1"),
        "seats": _rate(10, "9", 7),
        "bandwidth": _rate(1000, "0.05", 2348, "0.1", hours=647),
    },
    projected=frozenset({"apiCalls"}),
)
ACCOUNTS = {
    "fjordlight": TEAM,
    "aspen": _round_plan(7500),
    "birch": _round_plan(7501),
    "cedar": _round_plan(9000),
    "drift": _round_plan(9001),
    "ember": _round_plan(10_000),
    "glade": _round_plan(0),
    "fern": Account(
        base=Decimal("29.00"),
        rates={"apiCalls": _rate(100_000, "0.0004", 118_250), "emails": _rate(0, "0.001")},
    ),
    "hazel": Account(
        base=Decimal(0),
        rates={
            "apiCalls": _rate(0, "0.0004", 30_000, hours=720),
            "storage": _rate(0, "0.25", 125, "0.1"),
            "seats": _rate(0, "9", 3),
            "emails": _rate(0, "0.001"),
            "webhooks": _rate(0, "0.01", 150),
        },
    ),
    "iris": Account(
        base=Decimal("49.00"),
        rates={
            "storage": _rate(100, "0.25", 33_333, "0.001"),
            "seats": _rate(10_000, "0.5", 12),
            "bandwidth": _rate(1000, "0.05", 123_457, "0.001", hours=720),
        },
    ),
    "juniper": Account(
        base=Decimal("99999.99"),
        rates={
            "apiCalls": _rate(9_007_199_254_740_991, "0", 600_000_000_000_001, hours=720),
            "seats": _rate(2_147_483_648, "0.01", 4_294_967_295),
        },
    ),
    "kaede": _round_plan(10_170, base="7300", currency="jpy"),
    "lulu": _round_plan(10_170, base="14.975", currency="kwd"),
    "maple": Account(
        base=Decimal("49.00"),
        since="2024-02-09T10:30:00+00:00",
        rates={
            "apiCalls": _rate(10_000, "0.002", 6000, hours=720),
            "storage": _rate(100, "0.25", 42, "0.1"),
            "seats": _rate(10_000, "0.5", 2),
            "emails": _rate(10_000, "0.001", 900, hours=720),
        },
    ),
}


def used_between(account: Account, metric: str, start: datetime, end: datetime) -> Decimal:
    """Return how much of *metric* was used from *start* to just before *end*; a level is what it is now."""
    rate = account.rates[metric]
    if metric not in COUNTERS:
        return rate.used * rate.step
    since = max(start, datetime.fromisoformat(account.since))
    steps = _reading(rate, end, since.year) - _reading(rate, since, since.year) if end > since else 0
    return steps * rate.step


def _reading(rate: Rate, at: datetime, year: int) -> int:
    """Return what a counter that never starts anew would show, counted from the first day of *year*."""
    months = (at.year - year) * 12 + at.month - 1
    lengths = (calendar.monthrange(year + month // 12, month % 12 + 1)[1] * 24 for month in range(months))
    hours = (
        at - COUNTED_AT - at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ).total_seconds() // 3600 + 1
    return sum(_in_month(rate, length) for length in lengths) + _in_month(rate, max(0, int(hours)))


def _in_month(rate: Rate, hours: int) -> int:
    if rate.hours == 1:
        return rate.used if hours else 0
    return rate.used * hours // rate.hours
