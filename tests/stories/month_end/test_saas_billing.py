"""Month end at a customer of a product: two halves against the month, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

if TYPE_CHECKING:
    from tests.stories.month_end.conftest import Desk

COUNTERS = ("apiCalls", "bandwidth")
LEVELS = ("storage", "seats")
Amounts: TypeAlias = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Usage from a day to another, and its cost."""

    used: Amounts
    overage: Amounts
    base: Decimal
    extra: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """A client of the billing API."""

    http: httpx.Client
    session: str = "session-of-admin-at-fjordlight"

    def usage(self, start: str, end: str) -> Range:
        """Return what was used from the day *start* to the day *end*, both included."""
        response = self.http.get(
            "/api/billing/usage",
            params={"startDate": start, "endDate": end},
            headers={"Authorization": f"Bearer {self.session}"},
        ).raise_for_status()
        told = json.loads(response.content, parse_float=Decimal, parse_int=Decimal)
        return _range(told["data"])


def _range(told: Mapping[str, Any]) -> Range:
    metrics, cost = told["metrics"], told["estimatedCost"]
    return Range(
        used={name: each["used"] for name, each in metrics.items()},
        overage={name: each["overage"] for name, each in metrics.items()},
        base=cost["base"],
        extra=cost["overage"],
        total=cost["total"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """January and its halves."""

    whole: Range
    first: Range
    second: Range


def month_end(billing: Billing) -> Bill:
    """Bill January 2024."""
    return Bill(
        whole=billing.usage("2024-01-01", "2024-01-31"),
        first=billing.usage("2024-01-01", "2024-01-15"),
        second=billing.usage("2024-01-16", "2024-01-31"),
    )


def test_two_halves_are_the_month(desk: Callable[[str, str], Desk]) -> None:
    """Counters of adjoining ranges add up to the digit; a level is what it is at the end."""
    bill = month_end(Billing(http=desk("saas-billing", "halves").http))

    for name in COUNTERS:
        assert bill.first.used[name] + bill.second.used[name] == bill.whole.used[name] > 0
    for name in LEVELS:
        assert bill.second.used[name] == bill.whole.used[name]
    assert bill.whole.used["storage"] == Decimal("67.5")


def test_within_the_plan_only_the_base_is_paid(desk: Callable[[str, str], Desk]) -> None:
    """Nothing went beyond what is included, so that the month costs 29.00."""
    whole = month_end(Billing(http=desk("saas-billing", "base").http)).whole

    assert set(whole.overage.values()) == {0}
    assert [whole.base, whole.extra, whole.total] == [29, 0, 29]


def test_what_goes_beyond_the_plan_is_paid(desk: Callable[[str, str], Desk]) -> None:
    """18,250 calls beyond 100,000 cost 0.0004 each: 7.30 beside the base of 29.00."""
    billing = Billing(http=desk("saas-billing", "beyond").http, session="session-at-118-25-percent")
    whole = billing.usage("2024-01-01", "2024-01-31")

    assert [whole.used["apiCalls"], whole.overage["apiCalls"]] == [118250, 18250]
    assert whole.extra == whole.overage["apiCalls"] * Decimal("0.0004") == Decimal("7.30")
    assert whole.total == whole.base + whole.extra == Decimal("36.30")


def test_the_bill_is_the_same_twice(desk: Callable[[str, str], Desk]) -> None:
    """Two people in sessions of their own come to the same figures."""
    first, second = (month_end(Billing(http=desk("saas-billing", name).http)) for name in ("first", "second"))

    assert first == second


def test_a_limit_on_calls_changes_no_figure(desk: Callable[[str, str], Desk]) -> None:
    """The first call is one too many: after the 30 seconds it is told, the figures are those of others."""
    calm, limited = desk("saas-billing", "calm"), desk("saas-billing", "limited")
    limited.trouble("too-many-seconds", times=1)

    assert month_end(Billing(http=limited.http)) == month_end(Billing(http=calm.http))
    assert (limited.met(), limited.waits) == (1, [30])
