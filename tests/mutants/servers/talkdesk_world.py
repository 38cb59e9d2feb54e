"""What the accounts of three organisations used: rows made by rule, the same in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random
from typing import NamedTuple

ACCOUNT = "5ea75fe7aa224700012e"
#: Account: organisation, currency, first and last month with usage, rows a month.
ACCOUNTS = {
    f"{ACCOUNT}ae40": ("fjordlight", "USD", "2023-07", "2024-02", 9),
    f"{ACCOUNT}ae41": ("fjordlight", "USD", "2023-07", "2024-02", 24),
    f"{ACCOUNT}ae42": ("fjordlight", "EUR", "2023-09", "2024-02", 7),
    f"{ACCOUNT}ae43": ("fjordlight", "JPY", "2024-01", "2024-02", 5),
    f"{ACCOUNT}ae44": ("fjordlight", "KWD", "2023-10", "2024-02", 6),
    f"{ACCOUNT}ae45": ("fjordlight", "GBP", "2023-06", "2023-10", 4),
    f"{ACCOUNT}ae46": ("fjordlight", "USD", "9999-12", "9999-12", 0),
    f"{ACCOUNT}ae47": ("fjordlight", "USD", "2023-06", "2023-08", 3),
    f"{ACCOUNT}ae48": ("fjordlight", "EUR", "2023-09", "2023-09", 4),
    f"{ACCOUNT}b0c7": ("quarry", "USD", "2023-08", "2024-02", 6),
    f"{ACCOUNT}b0c8": ("quarry", "EUR", "2023-11", "2024-02", 4),
    f"{ACCOUNT}c101": ("harbour", "USD", "2023-12", "2024-02", 4),
}
#: What a dollar buys, and the decimals of the minor unit (ISO 4217).
CURRENCIES = {"USD": ("1", 2), "EUR": ("0.92", 2), "GBP": ("0.79", 2), "JPY": ("148", 0), "KWD": ("0.308", 3)}


class Rate(NamedTuple):
    """What is sold: a product, the one it is counted under, and how it is priced."""

    product: str
    aggregate: str
    kind: str
    description: str
    direction: str | None
    resolution: str | None
    unit: str
    price: str
    wallet: str | None
    most: int


#: Description, then what it is sold as; a line each.
_SOLD = """
Local Number | NUMBER | numbers | - | - | EACH | 2.5 | 80
Inbound call, local | CALL | voice | INBOUND | VOICEMAIL | MINUTES | 0.012 | 9000
Inbound call, toll-free | CALL | voice | INBOUND | ANSWERED | MINUTES | 0.0345 | 9000
Call not taken | CALL | voice | INBOUND | MISSED | PER_USE | 0 | 900
Call recording | CALL_SERVICE | voice | OTHER | - | PER_MINUTE | 0.0025 | 9000
Inbound message | MESSAGE | texts | INBOUND | - | EACH | 0.0079 | 6000
Dialer attempt | DIALER | dialer | OUTBOUND | ANSWERED | PER_CONNECTION | 0.015 | 9000
Machine detection | AMD | machine | OUTBOUND | VOICEMAIL | PER_USE | 0.0075 | 4000
Speech transcription | SPEECH_TRANSCRIPTION | speech | - | - | PER_MINUTE | 0.024 | 9000
API request | API_REQUEST | api | - | - | PER_API_CALL | 0.0004 | 900000
Recording storage | PRODUCT_SERVICE | storage | - | - | PER_GB | 0.06 | 900
Agent seat | PRODUCT_SERVICE | seats | - | - | PER_SEAT | 85 | 120
Credit commit | CREDIT_COMMIT | credit | - | - | CREDITS | 1 | 5000
Wallet recharge | RECHARGE | credit | - | - | CREDITS | 1 | 900
Outbound call, Denmark | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.025 | 9000
Outbound call, Norway | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.056 | 9000
Outbound call, Germany | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.076 | 9000
Outbound call, Spain | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.01 | 9000
Outbound call, Chile | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.009 | 9000
Outbound call, Japan | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.013 | 9000
Outbound call, Kenya | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.083 | 9000
Outbound call, Peru | CALL | voice | OUTBOUND | ANSWERED | MINUTES | 0.09 | 9000
Outbound message, Norway | MESSAGE | texts | OUTBOUND | - | EACH | 0.079 | 4000
Outbound message, Spain | MESSAGE | texts | OUTBOUND | - | EACH | 0.062 | 4000
SIP Number | NUMBER | numbers | - | - | EACH | 5 | 12
Inbound call, answered | CALL | voice | INBOUND | ANSWERED | MINUTES | 0.012 | 9000
"""
#: Product, the one it is counted under, the wallet that pays.
_PRODUCTS = {
    "numbers": ("TD-LIC-APP-RC-101910", "TD-USG-TEL-UG-102213", "product_usage"),
    "voice": ("TD-USG-TEL-UG-102213", "TD-USG-TEL-UG-102213", "product_usage"),
    "texts": ("TD-USG-MSG-UG-102410", "TD-USG-MSG-UG-102410", "product_usage"),
    "dialer": ("TD-USG-DIA-UG-102310", "TD-USG-DIA-UG-102310", "product_usage"),
    "machine": ("TD-USG-DIA-UG-102311", "TD-USG-DIA-UG-102310", "product_usage"),
    "speech": ("TD-USG-TRA-UG-102510", "TD-USG-TRA-UG-102510", "product_usage"),
    "api": ("TD-USG-API-UG-102610", "TD-USG-API-UG-102610", "product_usage"),
    "storage": ("TD-USG-STO-UG-102630", "TD-USG-STO-UG-102630", None),
    "seats": ("TD-LIC-APP-RC-103010", "TD-LIC-APP-RC-103010", "saas_licenses"),
    "credit": ("TD-FIN-CRE-OC-105010", "TD-FIN-CRE-OC-105010", "product_usage"),
}


def _sold() -> Iterator[Rate]:
    for line in _SOLD.strip().splitlines():
        description, kind, product, direction, resolution, unit, price, most = (
            None if part.strip() == "-" else part.strip() for part in line.split("|")
        )
        product_id, aggregate, wallet = _PRODUCTS[product or ""]
        yield Rate(
            product=product_id,
            aggregate=aggregate,
            kind=kind or "",
            description=description or "",
            direction=direction,
            resolution=resolution,
            unit=unit or "",
            price=price or "",
            wallet=wallet,
            most=int(most or 0),
        )


*RATES, SIP, _ANSWERED = _sold()
LOCAL = _ANSWERED._replace(description="Inbound call, local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: what an account used of one product in one month."""

    id: str
    account: str
    month: str
    rate: Rate
    currency: str
    price: Decimal
    units: Decimal

    @property
    def organization(self) -> str:
        """Whose account it is."""
        return ACCOUNTS[self.account][0]

    @property
    def amount(self) -> Decimal:
        """Price times units, to the minor unit of the currency."""
        minor = Decimal(1).scaleb(-CURRENCIES[self.currency][1])
        return (self.price * self.units).quantize(minor, ROUND_HALF_UP)


@cache
def rows() -> tuple[Row, ...]:
    """Return every row of every organisation, by id from the highest down."""
    return tuple(sorted(_rows(), key=lambda row: row.id, reverse=True))


def _rows() -> Iterator[Row]:
    yield _row(f"{ACCOUNT}ae40", "2023-08", SIP, Decimal(3), "8f3e643c16671acaf60e8bceddbc1877")
    yield _row(f"{ACCOUNT}ae40", "2023-08", LOCAL, Decimal(8420), "7a1c0d9e5b2f4c6880f1e2d3c4b5a697")
    for account, (_, _, first, last, size) in ACCOUNTS.items():
        for month in _months(first, last):
            chance = Random(account + month)  # noqa: S311 - data of a test
            for rate in chance.sample(RATES, size):
                digits = Decimal("0.1") if rate.unit == "MINUTES" else Decimal(1)
                yield _row(account, month, rate, chance.randrange(1, rate.most) * digits, "")


def _row(account: str, month: str, rate: Rate, units: Decimal, row_id: str) -> Row:
    currency = ACCOUNTS[account][1]
    name = "/".join((account, month, rate.description, str(rate.resolution)))
    return Row(
        id=row_id or hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        account=account,
        month=month,
        rate=rate,
        currency=currency,
        price=Decimal(rate.price) * Decimal(CURRENCIES[currency][0]),
        units=units,
    )


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (written := f"{year:04}-{month:02}") <= last and year < 9999:
        yield written
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
