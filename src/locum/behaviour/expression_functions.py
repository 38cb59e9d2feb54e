"""The functions that expressions may call beside those of CEL; all pure, numbers are doubles.

A function that cannot answer raises, and the expression that called it is then broken.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import reduce
from itertools import pairwise
from operator import getitem
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson

__all__ = ["FUNCTIONS"]


def _near(left: float, right: float, tolerance: float) -> bool:
    """Tell whether two numbers differ by *tolerance* at most."""
    return abs(left - right) <= tolerance


def _total(numbers: Sequence[float]) -> float:
    """Return the sum, rounded once."""
    return math.fsum(numbers)


def _distinct(items: Sequence[Any]) -> list[Any]:
    """Return the items without repetitions, each where it stands first."""
    return list({orjson.dumps(item, option=orjson.OPT_SORT_KEYS): item for item in items}.values())


def _sorted(items: Sequence[Any]) -> list[Any]:
    """Return texts, numbers, or lists of them in ascending order."""
    return sorted(items)


def _reversed(items: Sequence[Any]) -> list[Any]:
    """Return the items from the last to the first."""
    return list(reversed(items))


def _pairs(items: Sequence[Any]) -> list[list[Any]]:
    """Return each item with the one that follows it."""
    return [[*pair] for pair in pairwise(items)]


def _grouped(items: Sequence[Mapping[str, Any]], name: str) -> list[list[Any]]:
    """Return the objects as lists in which the member *name* is the same."""
    groups: dict[bytes, list[Any]] = {}
    for item in items:
        groups.setdefault(orjson.dumps(item[name]), []).append(item)
    return list(groups.values())


def _pick(items: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[list[Any]]:
    """Return of each object the members named, in this order; `a.b` is the member of a member.

    `items.map(each, [each.a, each.b])` says the same, in a time that grows with the square of the items.

    >>> _pick([{"a": 1, "b": {"c": 2}}], ["a", "b.c"])
    [[1, 2]]
    """
    ways = [name.split(".") for name in names]
    return [[reduce(getitem, way, item) for way in ways] for item in items]


def _luhn(text: str) -> bool:
    """Tell whether the last digit of *text* is its check digit (ISO/IEC 7812-1 annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _seconds(text: str) -> float:
    """Return an instant as seconds since 1970: RFC 3339, or with a space, or of HTTP; UTC if it does not say.

    >>> _seconds("1970-01-02 00:00:00"), _seconds("Fri, 02 Jan 1970 00:00:01 GMT")
    (86400.0, 86401.0)
    """
    instant = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _decimals(number: float) -> float:
    """Return how many digits stand behind the point in the shortest writing of *number*.

    >>> _decimals(29.0), _decimals(36.125)
    (0.0, 3.0)
    """
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return float(max(0, -exponent)) if isinstance(exponent, int) else math.inf


def _months_before(instant: float, months: float) -> float:
    """Return the same time of day so many months before, in UTC; in shorter months, on their last day.

    >>> _months_before(1709208000.0, 12.0)  # a year before 29 February 2024
    1677585600.0
    """
    moment = datetime.fromtimestamp(instant, UTC)
    year, month = divmod(moment.year * 12 + moment.month - 1 - int(months), 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day).timestamp()


def _start_of_month(instant: float) -> float:
    """Return the first second of the month of an instant, in UTC."""
    moment = datetime.fromtimestamp(instant, UTC)
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def _month_of(instant: float) -> float:
    """Return the months since the year 0, so that months are told apart and compared.

    >>> _month_of(0.0) == 1970 * 12 + 1
    True
    """
    moment = datetime.fromtimestamp(instant, UTC)
    return float(moment.year * 12 + moment.month)


def _query(address: str, name: str) -> str:
    """Return the parameter *name* of an address, decoded, or `""`."""
    return dict(parse_qsl(urlsplit(address).query)).get(name, "")


#: By the name that expressions call.
FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "abs": abs,
    "ceil": lambda number: float(math.ceil(number)),
    "count": lambda items: float(len(items)),
    "decimals": _decimals,
    "distinct": _distinct,
    "floor": lambda number: float(math.floor(number)),
    "grouped": _grouped,
    "lower": lambda text: text.lower(),
    "luhn": _luhn,
    "monthOf": _month_of,
    "monthsBefore": _months_before,
    "near": _near,
    "number": float,
    "pairs": _pairs,
    "pick": _pick,
    "queryOf": _query,
    "reversed": _reversed,
    "seconds": _seconds,
    "sorted": _sorted,
    "split": lambda text, mark: text.split(mark),
    "startOfMonth": _start_of_month,
    "total": _total,
    "upper": lambda text: text.upper(),
    "values": lambda mapping: list(mapping.values()),
}
