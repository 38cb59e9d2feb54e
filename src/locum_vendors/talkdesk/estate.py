"""What the records say: organisations, their accounts, the rate cards, and usage that is set beforehand.

Records become values once; they are the same objects as long as the records are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from locum.behaviour import Request, World
from locum_vendors.talkdesk.rates import Currency, Rate, read_card, read_currencies

__all__ = ["Account", "Caller", "Estate", "Listed", "caller_of", "estate_of"]

_COLLECTIONS: Final = (
    *("organizations", "accounts", "currencies", "products", "rates"),
    *("destinations", "counted_months", "usage"),
)
#: Before and after every month.
_NEVER: Final = "9999-12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Usage that stands in the records as it is; *key* is that of its rate."""

    id: str
    key: tuple[str, str]
    units: Decimal


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Account:
    """An account that uses things from the month *since* to the month *until*.

    A month has from *fewest* to *most* records, or as many as *counted* says; *listed* are among them.
    """

    id: str
    organization: str
    currency: Currency
    since: str
    until: str
    fewest: int
    most: int
    counted: Mapping[str, int]
    listed: Mapping[str, tuple[Listed, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estate:
    """All accounts by id, the organisations that are not entitled, and the rates by key."""

    accounts: Mapping[str, Account]
    not_entitled: frozenset[str]
    card: Mapping[tuple[str, str], Rate]
    #: What it was read from; kept, so that nothing else takes over its identity.
    records: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whom a token speaks for; *accounts* are those it may read, `None` for all of the organisation."""

    organization: str
    accounts: frozenset[str] | None = None

    def may_read(self, account: Account) -> bool:
        """Tell whether the token opens *account* (I3-10)."""
        return account.organization == self.organization and (
            self.accounts is None or account.id in self.accounts
        )


def caller_of(request: Request) -> Caller:
    """Return whom the token of *request* speaks for."""
    attributes: Mapping[str, Any] = next((each.attributes for each in request.identity.credentials), {})
    accounts = attributes.get("accounts")
    return Caller(
        organization=str(attributes.get("organization", "")),
        accounts=None if accounts is None else frozenset(map(str, accounts)),
    )


def estate_of(world: World) -> Estate:
    """Return the estate that the records of *world* describe."""
    records = tuple(world.all(name) for name in _COLLECTIONS)
    return world.once(("talkdesk", "estate", *map(id, records)), lambda: _read_estate(world, records))


def _read_estate(world: World, records: tuple[object, ...]) -> Estate:
    currencies = read_currencies(world)
    return Estate(
        accounts={
            str(each["id"]): _account(each, currencies[str(each["currency"])], world)
            for each in world.all("accounts")
        },
        not_entitled=frozenset(
            str(each["id"]) for each in world.all("organizations") if not each.get("entitled", True)
        ),
        card={rate.key: rate for rate in read_card(world)},
        records=records,
    )


def _account(record: Mapping[str, Any], currency: Currency, world: World) -> Account:
    own = [each for each in world.all("usage") if each["account"] == record["id"]]
    months = {str(each["month"]) for each in own}
    fewest, most = record.get("records", (0, 0))
    return Account(
        id=str(record["id"]),
        organization=str(record["organization"]),
        currency=currency,
        since=str(record.get("since", _NEVER)),
        until=str(record.get("until", _NEVER)),
        fewest=fewest,
        most=most,
        counted={
            str(each["month"]): int(str(each["records"]))
            for each in world.all("counted_months")
            if each["account"] == record["id"]
        },
        listed={
            month: tuple(_listed(each) for each in own if each["month"] == month) for month in sorted(months)
        },
    )


def _listed(record: Mapping[str, Any]) -> Listed:
    return Listed(
        id=str(record["id"]),
        key=(record["description"], record.get("resolution") or ""),
        units=Decimal(str(record["units"])),
    )
