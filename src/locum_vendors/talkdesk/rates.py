"""What things cost: the rate card, made of products, rates and destinations of the records, and currencies.

A rate that speaks of a `{destination}` stands for one rate for each. Rates are in US dollars; the currency of
an account says what they are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from locum.behaviour import World

__all__ = ["Currency", "Rate", "read_card", "read_currencies"]

#: How fine a price may be, in minor units of its currency.
_FINEST: Final = Decimal("0.00001")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rate:
    """One line of the card; *description* and *resolution* tell it from every other line.

    *price* is that of one unit, in US dollars. An account uses from *least* to *most* steps of it a month;
    a step is `10 ** -digits` units.
    """

    product_id: str
    aggr_product_id: str
    type: str
    description: str
    direction: str | None
    resolution: str | None
    unit: str
    wallet_name: str | None
    price: Decimal
    least: int
    most: int
    digits: int
    #: Charged for the whole month on its first day, whatever is used.
    is_flat: bool
    #: One of many that differ by destination alone.
    is_one_of_many: bool

    @property
    def key(self) -> tuple[str, str]:
        """What tells this rate from every other one."""
        return self.description, self.resolution or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency by its ISO 4217 code; *minor_unit* is `0.01` for most."""

    code: str
    minor_unit: Decimal
    per_dollar: Decimal

    def price(self, rate: Rate) -> Decimal:
        """Return the price of one unit, in the currency; rates are far finer than what is paid in."""
        return (rate.price * self.per_dollar).quantize(self.minor_unit * _FINEST, ROUND_HALF_UP)

    def amount(self, rate: Rate, units: Decimal) -> Decimal:
        """Return the price of *units*, rounded to the minor unit, halves up (I3-06)."""
        return (self.price(rate) * units).quantize(self.minor_unit, ROUND_HALF_UP)


def read_currencies(world: World) -> Mapping[str, Currency]:
    """Return the currencies in the records of *world* by code."""
    return {
        str(each["code"]): Currency(
            code=str(each["code"]),
            minor_unit=Decimal(1).scaleb(-int(str(each["exponent"]))),
            per_dollar=Decimal(str(each["per_dollar"])),
        )
        for each in world.all("currencies")
    }


def read_card(world: World) -> tuple[Rate, ...]:
    """Return the rate card in the records of *world*."""
    products = {str(each["id"]): each for each in world.all("products")}
    destinations = world.all("destinations")
    return tuple(
        rate
        for each in world.all("rates")
        for rate in _rates(each, products[str(each["product"])], destinations)
    )


def _rates(
    record: Mapping[str, Any], product: Mapping[str, Any], destinations: tuple[Mapping[str, Any], ...]
) -> Iterator[Rate]:
    rate = _rate(record, product)
    if "price_of" not in record:
        yield rate
        return
    for each in destinations:
        description = rate.description.replace("{destination}", each["name"])
        yield replace(rate, description=description, price=Decimal(each[record["price_of"]]))


def _rate(record: Mapping[str, Any], product: Mapping[str, Any]) -> Rate:
    least, most = record["units"]
    return Rate(
        product_id=str(product["id"]),
        aggr_product_id=str(product["aggr"]),
        type=record["type"],
        description=record["description"],
        direction=record.get("direction"),
        resolution=record.get("resolution"),
        unit=product["unit"],
        wallet_name=product.get("wallet"),
        price=Decimal(record.get("price", 0)),
        least=least,
        most=most,
        digits=record.get("digits", 0),
        is_flat=bool(record.get("flat", False)),
        is_one_of_many="price_of" in record,
    )
