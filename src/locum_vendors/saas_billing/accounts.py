"""Accounts, their plans, and the habits their usage is made by, as the records list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from locum.behaviour import Identity, World

__all__ = ["Account", "Habit", "Mark", "Plan", "find_account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is paid for: *included* amounts for a period and prices for each unit beyond, by metric."""

    base: Decimal
    currency: str
    included: Mapping[str, Decimal]
    prices: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a counter shows at an instant, in Unix seconds, or a level showed before it."""

    at: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How one metric of an account is used; *amount* is a level, or what a counter reaches in a month.

    A month's amount varies by *variation_percent* either way. *profile* tells when it is used: in `office`
    hours, `steady`, or as a `batch` in the first hour of the month. *step* is the smallest amount.
    """

    amount: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    profile: str = "office"
    variation_percent: int = 0
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who pays; nothing was used before *created*, in Unix seconds.

    *projected* names the counters with an outlook, `None` all of them.
    """

    id: str
    plan: Plan
    created: int
    projected: frozenset[str] | None
    habits: Mapping[str, Habit] = field(default_factory=dict)


def find_account(identity: Identity, world: World) -> Account | None:
    """Return the account of the caller's organisation; without any credentials, the first one."""
    named = [str(each.attributes.get("organization")) for each in identity.credentials]
    accounts = world.all("accounts")
    record = next((each for each in accounts if not named or each["organization"] in named), None)
    plan = record and world.find("plans", id=record["plan"])
    if record is None or plan is None:
        return None
    # What is kept holds the records too, so that nothing else can take over their identities.
    key = ("saas-billing", "account", id(record), id(plan))
    account, *_ = world.once(key, lambda: (_account(record, plan), record, plan))
    return account


def _account(record: Mapping[str, Any], plan: Mapping[str, Any]) -> Account:
    projected = record.get("projected")
    return Account(
        id=str(record["id"]),
        plan=_plan(plan),
        created=_seconds(record.get("created", "1970-01-01")),
        projected=None if projected is None else frozenset(map(str, projected)),
        habits={metric: _habit(habit) for metric, habit in record.get("usage", {}).items()},
    )


def _plan(record: Mapping[str, Any]) -> Plan:
    metrics: Mapping[str, Mapping[str, Any]] = record["metrics"]
    return Plan(
        base=_decimal(record["base"]),
        currency=str(record["currency"]).lower(),
        included={name: _decimal(terms.get("included", 0)) for name, terms in metrics.items()},
        prices={name: _decimal(terms.get("price", 0)) for name, terms in metrics.items()},
    )


def _habit(record: Mapping[str, Any]) -> Habit:
    marks = (
        Mark(at=_seconds(each["at"]), amount=_decimal(each["amount"])) for each in record.get("marks", ())
    )
    return Habit(
        amount=_decimal(record.get("amount", 0)),
        step=_decimal(record.get("step", 1)),
        profile=str(record.get("profile", "office")),
        variation_percent=int(record.get("variation_percent", 0)),
        marks=tuple(sorted(marks, key=lambda mark: mark.at)),
    )


def _decimal(number: object) -> Decimal:
    return Decimal(str(number))


def _seconds(text: object) -> int:
    written = str(text)
    moment = datetime.fromisoformat(written if "T" in written else f"{written}T00:00:00Z")
    return int(moment.timestamp())
