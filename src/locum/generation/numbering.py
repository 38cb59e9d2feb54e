"""Numbers with rules of their own: SIM cards, subscribers, devices, payment cards.

The country codes, MCC and MNC come from one row of `countries.py`, so that siblings given one stream agree.
"""

from __future__ import annotations

from collections.abc import Callable

from locum.generation.countries import COUNTRIES, country_at
from locum.generation.streams import mix

__all__ = ["card", "digits", "iccid", "imei", "imsi", "luhn", "msisdn"]

#: What digits count for, and what in every other place: doubled, and its figures added.
_COUNTED = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_ICCID_STARTS = tuple(f"89{country.calling}{country.mnc}" for country in COUNTRIES)
_IMSI_STARTS = tuple(country.mcc + country.mnc for country in COUNTRIES)


def digits(stream: int, count: int) -> str:
    """Return *count* digits."""
    made = f"{stream % 10**18:018d}"
    while len(made) < count:
        stream = mix(stream, count)
        made += f"{stream % 10**18:018d}"
    return made[:count]


def luhn(number: str) -> str:
    """Return *number* with its check digit (ISO/IEC 7812-1, annex B).

    >>> luhn("7992739871")
    '79927398713'
    """
    figures = number.encode()
    total = sum(figures[-2::-2].translate(_COUNTED)) + sum(figures[-1::-2].translate(_DOUBLED))
    return f"{number}{-total % 10}"


def iccid(length: int) -> Callable[[int], str]:
    """Return the maker of SIM card numbers (ITU-T E.118): 89, country, issuer, account, check digit."""

    def draw(stream: int) -> str:
        start = _ICCID_STARTS[stream % len(_ICCID_STARTS)]
        return luhn(start + digits(stream, length - 1 - len(start)))

    return draw


def imsi(stream: int) -> str:
    """Return a subscriber identity (ITU-T E.212) of 15 digits."""
    start = _IMSI_STARTS[stream % len(_IMSI_STARTS)]
    return start + digits(stream, 15 - len(start))


def msisdn(stream: int) -> str:
    """Return a telephone number (ITU-T E.164) of 11 digits without a plus sign."""
    calling = country_at(stream).calling
    return f"{calling}7{digits(stream, 10 - len(calling))}"


def imei(stream: int) -> str:
    """Return a device identity (3GPP TS 23.003, 6.2.1)."""
    return luhn("35" + digits(stream, 12))


def card(stream: int) -> str:
    """Return a payment card number."""
    return luhn("4" + digits(stream, 14))
