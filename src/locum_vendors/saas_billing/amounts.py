"""Exact amounts: percentages, money, and their way into JSON."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

__all__ = ["LARGEST", "number_of", "percentage", "round_half_up", "round_money", "write_money"]

#: Whole numbers up to here are exact in every JSON (RFC 8259, section 6).
LARGEST: Final = Decimal(2**53 - 1)
_HUNDRED: Final = Decimal(100)
_CENT: Final = Decimal("0.01")
#: Decimals of a currency, where they are not two (ISO 4217, table A.1).
_DECIMALS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg"), 0),
    **dict.fromkeys(("rwf", "ugx", "uyi", "vnd", "vuv", "xaf", "xof", "xpf"), 0),
    **dict.fromkeys(("bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"), 3),
}


def percentage(amount: Decimal, included: Decimal) -> Decimal:
    """Return *amount* as percentage of *included*, two decimals, half up (R2-09, R2-10).

    >>> percentage(Decimal("75.005"), Decimal(100)), percentage(Decimal(3), Decimal(0))
    (Decimal('75.01'), Decimal('100'))
    """
    if not included:
        return _HUNDRED if amount else Decimal(0)
    return round_half_up(amount * _HUNDRED / included, _CENT)


def round_half_up(amount: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of *step* nearest to *amount*; of two, the larger.

    >>> round_half_up(Decimal("2.5"), Decimal(1))
    Decimal('3')
    """
    return (amount / step).to_integral_value(ROUND_HALF_UP) * step


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Return *amount* in whole minor units of *currency*, a code in lower case (I2-07).

    >>> [str(round_money(Decimal("7.3005"), each)) for each in ("usd", "jpy", "kwd")]
    ['7.30', '7', '7.301']
    """
    return amount.quantize(Decimal(1).scaleb(-_DECIMALS.get(currency, 2)), ROUND_HALF_UP)


def number_of(amount: Decimal) -> int | float:
    """Return *amount* as a number for JSON: whole where it is.

    >>> number_of(Decimal("70.0")), number_of(Decimal("67.5"))
    (70, 67.5)
    """
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def write_money(amount: Decimal, currency: str) -> int | float:
    """Return *amount* as a number for JSON: a float where the currency has decimals, but for 0 (S2-19).

    >>> write_money(Decimal(29), "usd"), write_money(Decimal(0), "usd"), write_money(Decimal(3000), "jpy")
    (29.0, 0, 3000)
    """
    return float(amount) if amount and _DECIMALS.get(currency, 2) else int(amount)
