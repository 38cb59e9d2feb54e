from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.saas_billing.conftest import Ask, Client

COUNTERS = {"apiCalls", "bandwidth", "emails", "webhooks"}
UNITS = {
    "apiCalls": "requests",
    "storage": "GB",
    "seats": "users",
    "bandwidth": "GB",
    "emails": "emails",
    "webhooks": "events",
}
DECIMALS = {"usd": 2, "jpy": 0, "kwd": 3}
LARGEST = 2**53 - 1
QUERIES = (
    "",
    "startDate=2024-01-01&endDate=2024-01-31",
    "startDate=2024-01-10T07:30:00Z",
    "metrics=emails,api_calls",
)


def exact(number: float) -> Decimal:
    """Return a number of JSON as it was written."""
    return Decimal(repr(number))


def moment(text: str) -> datetime:
    """Return a date with time."""
    return datetime.fromisoformat(text)


def answers(client: Client) -> list[tuple[str, Any]]:
    """Return the usage of every query that the retention allows, with its query."""
    told = [(query, *client.get(query)) for query in QUERIES]
    return [(query, body["data"]) for query, status, body in told if status == 200]


def test_each_metric_agrees_with_itself(anybody: Client) -> None:
    """I2-01 to I2-04, I2-12: overage, percentage, no null, known names and units."""
    for _, usage in answers(anybody):
        assert usage["metrics"].keys() <= UNITS.keys()
        for name, metric in usage["metrics"].items():
            used, included = exact(metric["used"]), exact(metric["included"])

            assert metric["unit"] == UNITS[name]
            assert 0 <= used <= LARGEST
            assert 0 <= included <= LARGEST
            assert exact(metric["overage"]) == max(0, used - included)
            if included:
                assert abs(exact(metric["percentage"]) - used / included * 100) <= Decimal("0.005")
            else:
                assert metric["percentage"] == (100 if used else 0)


def test_the_cost_adds_up(anybody: Client) -> None:
    """I2-05 to I2-07: the total is the sum, to the decimals of the currency, and overage costs."""
    for query, usage in answers(anybody):
        cost = usage["estimatedCost"]
        base, overage, total = (exact(cost[name]) for name in ("base", "overage", "total"))
        too_much = any(metric["overage"] for metric in usage["metrics"].values())

        assert total == base + overage
        assert all(amount == round(amount, DECIMALS[cost["currency"]]) for amount in (base, overage, total))
        if "metrics" not in query:
            assert (overage > 0) == too_much


def test_the_period_is_a_stretch_of_time(anybody: Client) -> None:
    """I2-08 to I2-10: start before end, as asked for, and around the clock if nothing is asked for."""
    for query, usage in answers(anybody):
        start, end = moment(usage["period"]["start"]), moment(usage["period"]["end"])
        assert start < end
        if "startDate" not in query:
            assert start <= anybody.now <= end
        if "startDate=2024-01-01&" in query:
            assert (start, end) == (
                datetime(2024, 1, 1, tzinfo=UTC),
                datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC),
            )


def test_a_choice_of_metrics_changes_nothing_else(anybody: Client) -> None:
    """I2-11, R2-08: the keys are those asked for, in either spelling, and the values stay."""
    whole = anybody.usage()
    for asked in ("api_calls", "apiCalls,storage", "seats,emails,bandwidth", ",".join(UNITS)):
        names = {"apiCalls" if each == "api_calls" else each for each in asked.split(",")}
        some = anybody.usage(f"metrics={asked}")

        assert some["metrics"].keys() == names
        assert {name: some["metrics"][name] for name in names & whole["metrics"].keys()} == {
            name: metric for name, metric in whole["metrics"].items() if name in names
        }
        assert some.get("projectedUsage", {}).keys() <= names
        assert (some["period"], some["estimatedCost"]) == (whole["period"], whole["estimatedCost"])


def test_the_outlook_follows_the_rate(anybody: Client) -> None:
    """I2-13, R2-05: used, by the length over the time gone by; counters of open periods only."""
    for _, usage in answers(anybody):
        start = moment(usage["period"]["start"])
        length = moment(usage["period"]["end"]) - start
        elapsed = anybody.now - start
        projected = usage.get("projectedUsage", {})
        assert projected.keys() <= COUNTERS & usage["metrics"].keys()
        assert not projected or elapsed <= length
        for name, outlook in projected.items():
            metric = usage["metrics"][name]
            expected = metric["used"] * (length / elapsed) if elapsed else 0

            assert metric["used"] <= outlook["projected"] <= LARGEST
            # Whole units are told, so a small number differs by up to half of one.
            assert outlook["projected"] == pytest.approx(expected, rel=0.01, abs=0.5)
            if metric["included"]:
                share = exact(outlook["projected"]) / exact(metric["included"]) * 100
                assert abs(exact(outlook["percentage"]) - share) <= Decimal("0.005")


def test_an_open_period_has_an_outlook(ask: Ask) -> None:
    """R2-05: the current period, and any range that is not over; closed and future ranges have none."""
    client = ask()

    assert client.usage()["projectedUsage"].keys() == {"apiCalls"}
    assert "projectedUsage" in client.usage("startDate=2024-02-10&endDate=2024-03-31")
    assert "projectedUsage" not in client.usage("endDate=2024-02-14")
    assert "projectedUsage" not in client.usage("startDate=2024-02-16")
    assert "projectedUsage" not in client.usage("metrics=storage,seats")


@pytest.mark.parametrize(
    "token", ["session-of-admin-at-fjordlight", "session-at-75-percent", "session-in-yen"]
)
def test_counters_start_anew_with_a_period(token: str, seed: str, ask: Ask) -> None:
    """I2-15, S2-33: in the first second counters are 0, levels are what they were; the outlook is 0 too."""
    last = ask(token, seed=seed, now=datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)).used()
    usage = ask(token, seed=seed, now=datetime(2024, 3, 1, tzinfo=UTC)).usage()
    first = {name: metric["used"] for name, metric in usage["metrics"].items()}

    assert last["apiCalls"] > 0
    assert {first[name] for name in COUNTERS & first.keys()} == {0}
    assert {name: first[name] for name in ("storage", "seats")} == {
        name: last[name] for name in ("storage", "seats")
    }
    assert {outlook["projected"] for outlook in usage["projectedUsage"].values()} == {0}


def test_counters_never_fall_within_a_period(seed: str, ask: Ask) -> None:
    """I2-14: hour by hour through a month that has a mark in it, they only grow."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    told = [ask(seed=seed, now=start + timedelta(hours=hour)).used() for hour in range(0, 744, 3)]

    for earlier, later in pairwise(told):
        assert all(earlier[name] <= later[name] for name in ("apiCalls", "bandwidth"))
    assert told[-1]["apiCalls"] > 45230


def test_an_event_is_counted_within_five_minutes(seed: str, ask: Ask) -> None:
    """I2-14: what is used by an instant is told, at the latest, by the clock five minutes on."""
    instant = datetime(2024, 2, 14, 14, 2, 17, tzinfo=UTC)
    known = ask(seed=seed, now=instant + timedelta(days=9)).used(
        f"endDate={instant:%Y-%m-%dT%H:%M:%S}Z&startDate=2024-02-01"
    )

    seen = ask(seed=seed, now=instant + timedelta(minutes=5)).used()

    assert seen["apiCalls"] >= known["apiCalls"] > 0
    assert seen["bandwidth"] >= known["bandwidth"] > 0


def test_a_range_in_the_future_is_unused(anybody: Client) -> None:
    """R2-13: counters are 0, levels what they are now, and the base is charged."""
    later = f"{anybody.now.year + 1}"
    usage = anybody.usage(f"startDate={later}-03-05&endDate={later}-03-20")

    assert {usage["metrics"][name]["used"] for name in COUNTERS & usage["metrics"].keys()} <= {0}
    assert usage["metrics"].get("storage") == anybody.usage()["metrics"].get("storage")


def test_a_closed_month_stays_what_it_was(ask: Ask) -> None:
    """The same range asked for later gives the same, but for nothing."""
    query = "startDate=2023-12-01&endDate=2023-12-31"
    told = [ask(now=datetime(2024, month, 7, tzinfo=UTC)).get(query) for month in range(1, 12)]

    assert told[0][0] == 200
    assert all(each == told[0] for each in told)


def test_levels_have_a_history(ask: Ask) -> None:
    """A closed range tells the level at its end."""
    client = ask()

    assert client.used("startDate=2023-04-01&endDate=2023-04-30")["storage"] == 41.2
    assert client.used("startDate=2023-05-01&endDate=2023-10-11")["storage"] == 58.9
    assert client.used("startDate=2023-05-01&endDate=2023-10-12")["storage"] == 67.5
    assert client.used("startDate=2023-05-01&endDate=2023-05-31")["seats"] == 5
