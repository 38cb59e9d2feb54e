"""Sums of money in the ways they are written: a number, a decimal text, an object with its currency."""

from __future__ import annotations

import re
from typing import Final

from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonValue

__all__ = ["amount_of", "is_money", "with_amount"]

_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(?:\.([0-9]{1,8}))?")
#: Beyond so many digits no float tells every unit, and what is made of two such numbers may be none at all.
_MOST: Final = 10**15
#: The member of an object that is the sum, beside its currency.
_AMOUNTS: Final = ("amount", "value")
_KINDS: Final = frozenset({"string", "integer", "number"})


def is_money(shape: Shape) -> bool:
    """Tell whether values may be sums of money, and no plain numbers: texts, or objects with a currency."""
    if shape.properties:
        has_currency = any(name.lower().startswith("currency") for name in shape.properties)
        return has_currency and any(shape.member(each).types <= _KINDS for each in _amounts(shape))
    return "string" in shape.types < ANYTHING and shape.types <= {"string", "null"} and not shape.has("enum")


def _amounts(shape: Shape) -> list[str]:
    return [each for each in _AMOUNTS if each in shape.properties]


def amount_of(value: JsonValue) -> float | int | None:
    """Return the sum that *value* is, of 15 digits at most, `None` where it is none.

    >>> amount_of("12.50"), amount_of({"amount": 5, "currency": "EUR"}), amount_of("many"), amount_of(1e300)
    (12.5, 5, None, None)
    """
    if isinstance(value, dict):
        return next((amount_of(value[each]) for each in _AMOUNTS if each in value), None)
    if isinstance(value, str):
        return float(value) if _DECIMAL.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if -_MOST < value < _MOST else None


def with_amount(like: JsonValue, amount: float) -> JsonValue:
    """Return *amount* written as *like* is, which stays as it is where it is no sum.

    >>> with_amount("0.000", 12.5), with_amount({"value": 1, "currency": "EUR"}, 7)
    ('12.500', {'value': 7, 'currency': 'EUR'})
    """
    if isinstance(like, dict):
        name = next((each for each in _AMOUNTS if each in like), None)
        return {**like, name: with_amount(like[name], amount)} if name else like
    if isinstance(like, str):
        found = _DECIMAL.fullmatch(like)
        return f"{amount:.{len(found[1] or '')}f}" if found else like
    if isinstance(like, int) and not isinstance(like, bool) and amount == int(amount):
        return int(amount)
    return amount
