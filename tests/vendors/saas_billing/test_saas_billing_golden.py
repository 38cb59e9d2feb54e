"""What the documentation shows comes out to the digit, under the clock that it was taken at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.vendors.saas_billing.conftest import Ask

PRESET = datetime(2024, 1, 27, 23, 8, 12, tzinfo=UTC)
PERIOD = {"start": "2024-01-01T00:00:00Z", "end": "2024-01-31T23:59:59Z"}


def metric(name: str, unit: str, **amounts: float) -> dict[str, object]:
    """Return a metric as the API tells it; without *overage* there is none."""
    return {"name": name, "unit": unit, "overage": 0, **amounts}


#: S2-16: as printed.
METRICS = {
    "apiCalls": metric("API Calls", "requests", included=100000, used=45230, percentage=45.23),
    "storage": metric("Storage", "GB", included=100, used=67.5, percentage=67.5),
    "seats": metric("Team Seats", "users", included=10, used=7, percentage=70),
    "bandwidth": metric("Bandwidth", "GB", included=1000, used=234.8, percentage=23.48),
}
#: S2-15, S2-19, S2-20.
DATA = {
    "period": PERIOD,
    "metrics": METRICS,
    "estimatedCost": {"base": 29.00, "overage": 0, "total": 29.00, "currency": "usd"},
    "projectedUsage": {"apiCalls": {"projected": 52000, "percentage": 52}},
}
#: An account that used too much.
OVER = {
    "period": PERIOD,
    "metrics": {
        "apiCalls": metric(
            "API Calls", "requests", included=100000, used=118250, overage=18250, percentage=118.25
        ),
        "emails": metric("Emails", "emails", included=0, used=0, percentage=0),
    },
    "estimatedCost": {"base": 29.00, "overage": 7.30, "total": 36.30, "currency": "usd"},
    # 118250 by 2678399 seconds over 2329692.
    "projectedUsage": {"apiCalls": {"projected": 135950, "percentage": 135.95}},
}


@pytest.mark.parametrize("query", ["", "startDate=2024-01-01&endDate=2024-01-31", "metrics="])
def test_the_example_of_the_documentation_comes_out(query: str, seed: str, ask: Ask) -> None:
    """S2-08, S2-09: whatever the seed, without parameters and for the range of the whole period."""
    assert ask(seed=seed, now=PRESET).get(query) == (200, {"success": True, "data": DATA})


@pytest.mark.parametrize("second", [(7, 50), (8, 12), (8, 34)])
def test_it_comes_out_for_a_while(second: tuple[int, int], ask: Ask) -> None:
    """R2-05: any instant from 23:07:50 to 23:08:34 gives the same."""
    assert ask(now=PRESET.replace(minute=second[0], second=second[1])).get() == (
        200,
        {"success": True, "data": DATA},
    )


def test_the_example_of_two_metrics_comes_out(seed: str, ask: Ask) -> None:
    """S2-10: two metrics, and the outlook of the one that is a counter."""
    told = ask(seed=seed, now=PRESET).usage("metrics=api_calls,storage")

    assert told == {**DATA, "metrics": {name: METRICS[name] for name in ("apiCalls", "storage")}}


def test_an_account_that_used_too_much_pays(seed: str, ask: Ask) -> None:
    """S2-31: 18250 calls at 0.0004 cost 7.30."""
    assert ask("session-at-118-25-percent", seed=seed, now=PRESET).get() == (
        200,
        {"success": True, "data": OVER},
    )


@pytest.mark.parametrize(
    ("token", "percentage"),
    [
        ("session-at-75-percent", 75),
        ("session-at-75-01-percent", 75.01),
        ("session-at-90-percent", 90),
        ("session-at-90-01-percent", 90.01),
        ("session-at-100-percent", 100),
    ],
)
@pytest.mark.parametrize("hour", [1, 700])
def test_an_edge_stands_at_any_clock(token: str, percentage: float, hour: int, seed: str, ask: Ask) -> None:
    """S2-25: every metric is at the edge from the first hour of a period to its last."""
    day, of_day = divmod(hour, 24)
    told = ask(token, seed=seed, now=datetime(2024, 5, day + 1, of_day, tzinfo=UTC)).usage()

    assert {metric["percentage"] for metric in told["metrics"].values()} == {percentage}
    assert told["estimatedCost"] == {"base": 49.0, "overage": 0, "total": 49.0, "currency": "usd"}


def test_each_persona_is_what_it_says(seed: str, ask: Ask) -> None:
    """Zero used, nothing included, fractions, huge, new, and other currencies."""
    zero = ask("session-without-usage", seed=seed).usage()
    nothing = ask("session-with-nothing-included", seed=seed).usage()
    fractions = ask("session-with-fractions", seed=seed).usage()
    huge = ask("session-with-huge-numbers", seed=seed).usage()
    new = ask("session-of-a-newcomer", seed=seed)
    yen = ask("session-in-yen", seed=seed).usage()
    dinar = ask("session-in-dinar", seed=seed).usage()

    assert {metric["used"] for metric in zero["metrics"].values()} == {0}
    assert {metric["included"] for metric in nothing["metrics"].values()} == {0}
    assert {metric["percentage"] for metric in nothing["metrics"].values()} == {0, 100}
    assert (fractions["metrics"]["storage"]["used"], fractions["metrics"]["storage"]["percentage"]) == (
        33.333,
        33.33,
    )
    assert huge["metrics"]["storage"]["used"] == 2**52 + 1
    assert huge["metrics"]["storage"]["overage"] == 1
    assert sum(new.used("endDate=2024-02-09T10:30:00Z").values()) == 6.2  # the levels alone: 4.2 and 2
    assert new.used("startDate=2024-02-01&endDate=2024-02-09T10:29:59Z")["storage"] == 0
    assert new.used()["apiCalls"] > 0
    assert yen["estimatedCost"] == {"base": 7300, "overage": 65, "total": 7365, "currency": "jpy"}
    assert dinar["estimatedCost"] == {"base": 14.975, "overage": 0.128, "total": 15.103, "currency": "kwd"}
