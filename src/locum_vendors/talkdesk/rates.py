"""What things cost: the rate card, made of products, rates, destinations and currencies of the records.

A rate that speaks of a `{destination}` stands for one rate for each. Prices are written in US dollars and
turned into the currency of an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from locum.behaviour import World

__all__ = ["Rate", "read_cards"]

#: Fractions of the minor unit of a currency that a price may have.
_FINER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rate:
    """One line of the card of one currency; *description* and *resolution* tell it from every other line.

    An account uses from *least* to *most* steps of it a month; a step is `10 ** -digits` units.
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
    currency: str
    #: The minor unit of the currency, `0.01` for most (ISO 4217).
    minor_unit: Decimal
    least: int
    most: int
    digits: int
    #: Charged for the whole month on its first day, whatever is used.
    is_flat: bool
    #: One of many that differ by destination alone.
    is_one_of_many: bool

    @property
    def key(self) -> tuple[str, str]:
        """What tells this rate from every other one of its currency."""
        return self.description, self.resolution or ""

    def amount(self, units: Decimal) -> Decimal:
        """Return the price of *units*, rounded to the minor unit, halves up (I3-06)."""
        return (self.price * units).quantize(self.minor_unit, ROUND_HALF_UP)


def read_cards(world: World) -> Mapping[str, tuple[Rate, ...]]:
    """Return the rate card of each currency in the records of *world*."""
    products = {str(each["id"]): each for each in world.all("products")}
    destinations = world.all("destinations")
    dollars = [
        rate
        for each in world.all("rates")
        for rate in _rates(each, products[str(each["product"])], destinations)
    ]
    return {
        str(each["code"]): tuple(_converted(rate, each) for rate in dollars)
        for each in world.all("currencies")
    }


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
        currency="USD",
        minor_unit=Decimal("0.01"),
        least=least,
        most=most,
        digits=record.get("digits", 0),
        is_flat=bool(record.get("flat", False)),
        is_one_of_many="price_of" in record,
    )


def _converted(rate: Rate, currency: Mapping[str, Any]) -> Rate:
    exponent = int(currency["exponent"])
    finest = Decimal(1).scaleb(-exponent - _FINER)
    return replace(
        rate,
        currency=str(currency["code"]),
        minor_unit=Decimal(1).scaleb(-exponent),
        price=(rate.price * Decimal(currency["per_dollar"])).quantize(finest, ROUND_HALF_UP),
    )
