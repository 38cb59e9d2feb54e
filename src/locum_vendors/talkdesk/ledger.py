"""Who used how much of what in which month: rows made from the seed, the account and the month alone.

A closed month never changes. Of the current one, what is charged by use grows day by day, so that a total
never shrinks as the clock goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from locum.behaviour import World
from locum.contract import JsonObject
from locum_vendors.talkdesk.estate import Account, Caller, Estate
from locum_vendors.talkdesk.months import elapsed, month_of, months_between, shift
from locum_vendors.talkdesk.rates import Rate

__all__ = ["Row", "list_rows", "write_row"]

#: The last month the contract's pattern takes.
_LAST: Final = "2099-12"
#: A rate of its own is this many times as likely to be used as one of the many destinations.
_FAVOUR: Final = 6


class Row(NamedTuple):
    """What an account used of one rate in one month."""

    id: str
    account: Account
    month: str
    rate: Rate
    units: Decimal


#: Tells whether a list takes an account and month, given as `account_id` and `month`.
Passes = Callable[[Mapping[str, str]], bool]
_BY_ID: Final = attrgetter("id")


def list_rows(caller: Caller, estate: Estate, world: World, passes: Passes | None = None) -> Sequence[Row]:
    """Return what *caller* may read, the highest id first; with *passes*, of the months it takes.

    What is older than the setting `kept_months` is forgotten, so that no clock asks for an endless history.
    """
    kept = int(str(world.settings.get("kept_months", 60)))

    def build() -> tuple[Row, ...]:
        months = _months(caller, estate, world.now.date(), kept)
        found = (
            _rows(account, month, estate, world)
            for account, month in months
            if passes is None or passes({"account_id": account.id, "month": month})
        )
        return tuple(sorted(chain.from_iterable(found), key=_BY_ID, reverse=True))

    if passes is not None:
        return build()
    key = ("talkdesk", "whole", id(estate), caller, world.now.date(), kept)
    # The estate is kept beside the rows, so that nothing else can take over its identity.
    rows, _ = world.once(key, lambda: (build(), estate))
    return rows


def write_row(row: Row) -> JsonObject:
    """Return *row* as the API words it (V3-03)."""
    rate, account = row.rate, row.account
    return {
        "id": row.id,
        "account_id": account.id,
        "product_id": rate.product_id,
        "aggr_product_id": rate.aggr_product_id,
        "month": row.month,
        "type": rate.type,
        "description": rate.description,
        "currency": account.currency.code,
        "direction": rate.direction,
        "resolution": rate.resolution,
        "unit": rate.unit,
        "price": _number(account.currency.price(rate)),
        "wallet_name": rate.wallet_name,
        "number_of_units": _number(row.units),
        "total_amount": _number(account.currency.amount(rate, row.units)),
    }


def _months(caller: Caller, estate: Estate, today: date, kept: int) -> Iterator[tuple[Account, str]]:
    """Yield each account that *caller* may read with each month it has used things in."""
    current = month_of(today)
    for account in estate.accounts.values():
        if caller.may_read(account):
            first, last = max(account.since, shift(current, 1 - kept)), min(current, account.until, _LAST)
            yield from ((account, month) for month in months_between(first, last))


def _rows(account: Account, month: str, estate: Estate, world: World) -> tuple[Row, ...]:
    """Return the rows of a month, kept; of the current month, those of today."""
    today = world.now.date()
    day = today.day if month == month_of(today) else 0
    key = ("talkdesk", "month", id(estate), account.id, month, day)
    rows, _ = world.once(key, lambda: (_made(account, month, estate, world), estate))
    return rows


def _made(account: Account, month: str, estate: Estate, world: World) -> tuple[Row, ...]:
    listed = account.listed.get(month, ())
    taken = {each.key for each in listed}
    free = [rate for rate in _by_liking(account, estate, world) if rate.key not in taken]
    wanted = max(0, _count(account, month, world) - len(listed))
    found = [Row(each.id, account, month, estate.card[each.key], each.units) for each in listed]
    found += [_row(rate, account, month, world) for rate in free[:wanted]]
    # Sorted already here, since joining runs in order is quick.
    return tuple(sorted((row for row in found if row.units), key=_BY_ID, reverse=True))


def _count(account: Account, month: str, world: World) -> int:
    if month in account.counted:
        return account.counted[month]
    number = world.number("usage", account.id, month, "records")
    return account.fewest + number % (account.most - account.fewest + 1)


def _by_liking(account: Account, estate: Estate, world: World) -> tuple[Rate, ...]:
    """Return the rates in the order in which an account takes to them, the same every month."""

    def rank(rate: Rate) -> int:
        number = world.number("usage", account.id, *rate.key)
        return number if rate.is_one_of_many else number // _FAVOUR

    def build() -> tuple[tuple[Rate, ...], Estate]:
        return tuple(sorted(estate.card.values(), key=rank)), estate

    liked, _ = world.once(("talkdesk", "liking", id(estate), account.id), build)
    return liked


def _row(rate: Rate, account: Account, month: str, world: World) -> Row:
    number = world.number("usage", account.id, month, *rate.key)
    steps = rate.least + number % (rate.most - rate.least + 1)
    name = f"{number:016x}{world.number('usage id', account.id, month, *rate.key):016x}"
    units = Decimal(_so_far(steps, rate, month, world.now.date())).scaleb(-rate.digits)
    return Row(name, account, month, rate, units)


def _so_far(steps: int, rate: Rate, month: str, today: date) -> int:
    return steps if rate.is_flat else int(steps * elapsed(month, today))


def _number(value: Decimal) -> int | float:
    """Return *value* as JSON writes it best; a float prints the digits a decimal of that size has."""
    number = float(value)
    return int(number) if number.is_integer() else number
