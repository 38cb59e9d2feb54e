from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.vendors.saas_billing.conftest import Ask, Client

ORDER = "Invalid date range: startDate must be before endDate"
RETENTION = "Invalid date range: usage is retained for 12 months"


@pytest.mark.parametrize(
    "query",
    [
        "startDate=2024-01-31&endDate=2024-01-01",
        "startDate=2024-01-15&endDate=2024-01-15",
        "startDate=2024-01-15T08:00:00Z&endDate=2024-01-15",
        "startDate=2024-01-15T08:00:00Z&endDate=2024-01-15T08:00:00Z",
        "startDate=2024-01-15T08:00:00.1Z&endDate=2024-01-15T08:00:00.9Z",
        "startDate=2024-01-15T09:00:00%2B01:00&endDate=2024-01-15T08:00:00Z",
        # What is not told is that of the current period.
        "endDate=2024-01-31",
        "startDate=2024-03-01",
        # The order is judged before the retention.
        "startDate=2020-02-01&endDate=2020-01-01",
    ],
)
def test_a_range_that_does_not_run_forward_is_refused(query: str, client: Client) -> None:
    """I2-17, R2-04, E2-03: in the words of the documentation."""
    assert client.message(query) == ORDER


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z"),
        ("startDate=2024-02-10", "2024-02-10T00:00:00Z", "2024-02-29T23:59:59Z"),
        ("endDate=2024-02-10", "2024-02-01T00:00:00Z", "2024-02-10T23:59:59Z"),
        ("startDate=2024-01-15&endDate=2024-01-16", "2024-01-15T00:00:00Z", "2024-01-16T23:59:59Z"),
        (
            "startDate=2024-01-15T08:00:00%2B01:00&endDate=2024-01-15T17:30:00.75-05:00",
            "2024-01-15T07:00:00Z",
            "2024-01-15T22:30:00Z",
        ),
        ("endDate=9999-12-31", "2024-02-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("endDate=9999-12-31T23:59:59-23:59", "2024-02-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_the_period_told_is_the_range_asked_for(query: str, start: str, end: str, client: Client) -> None:
    """I2-09, R2-01: in UTC, to the second; a day belongs to a range as a whole."""
    assert client.usage(query)["period"] == {"start": start, "end": end}


def test_one_day_can_be_allowed(ask: Ask) -> None:
    """R2-04: with `equal_dates: one_day` a day is a range; an instant still is none."""
    client = ask(settings={"equal_dates": "one_day"})

    assert client.usage("startDate=2024-01-15&endDate=2024-01-15")["period"] == {
        "start": "2024-01-15T00:00:00Z",
        "end": "2024-01-15T23:59:59Z",
    }
    assert client.message("startDate=2024-01-15T08:00:00Z&endDate=2024-01-15T08:00:00Z") == ORDER
    assert client.message("startDate=2024-01-16&endDate=2024-01-15") == ORDER


@pytest.mark.parametrize(
    ("now", "start", "kept"),
    [
        (datetime(2024, 2, 15, 12, tzinfo=UTC), "2023-02-15T12:00:00Z", True),
        (datetime(2024, 2, 15, 12, tzinfo=UTC), "2023-02-15T11:59:59Z", False),
        (datetime(2024, 2, 15, 12, tzinfo=UTC), "2023-02-16", True),
        (datetime(2024, 2, 15, 12, tzinfo=UTC), "1000-01-01", False),
        # The last day of a shorter month.
        (datetime(2024, 2, 29, tzinfo=UTC), "2023-02-28", True),
        (datetime(2024, 2, 29, tzinfo=UTC), "2023-02-27", False),
    ],
)
def test_usage_is_kept_for_twelve_months(now: datetime, start: str, kept: bool, ask: Ask) -> None:  # noqa: FBT001 -- a row of a table
    """I2-18, R2-06, E2-06: a range that starts earlier is refused, to the second."""
    client, query = ask(now=now), f"startDate={start}&endDate=2024-02-10"

    assert client.get(query)[0] == (200 if kept else 400)
    assert kept or client.message(query) == RETENTION


def test_usage_can_be_kept_longer(ask: Ask) -> None:
    """`retention_months` says how long, and the refusal says so."""
    client = ask(settings={"retention_months": 24})

    assert client.usage("startDate=2022-02-16")["metrics"]["apiCalls"]["used"] > 24 * 40000
    assert client.message("startDate=2022-02-14") == "Invalid date range: usage is retained for 24 months"


@pytest.mark.parametrize(
    ("metrics", "message"),
    [
        ("apiCall", "Unknown metric: apiCall; did you mean apiCalls?"),
        ("api_calls,sorage", "Unknown metric: sorage; did you mean storage?"),
        (
            "x",
            "Unknown metric: x; known are apiCalls, storage, seats, bandwidth, emails, webhooks",
        ),
        (
            "API_CALLS",
            "Unknown metric: API_CALLS; known are apiCalls, storage, seats, bandwidth, emails, webhooks",
        ),
    ],
)
def test_an_unknown_metric_is_named(metrics: str, message: str, client: Client) -> None:
    """R2-07, E2-05: 400, with the nearest one there is."""
    assert client.message(f"metrics={metrics}") == message


def test_unknown_metrics_can_be_ignored(ask: Ask) -> None:
    """R2-07: with `unknown_metric: ignore` the known ones are told."""
    client = ask(settings={"unknown_metric": "ignore"})

    assert client.used("metrics=colour,seats") == {"seats": 7}
    assert client.used("metrics=colour") == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "metrics="),
        ("metrics=api_calls,storage", "metrics=apiCalls,storage"),
        ("metrics=apiCalls,storage", "metrics=apiCalls%2Cstorage"),
        ("metrics=storage,apiCalls,api_calls", "metrics=apiCalls,storage"),
        ("endDate=2024-02-10", "endDate=2024-02-10T23:59:59Z"),
        ("startDate=2024-01-01&endDate=2024-01-31", "endDate=2024-01-31&startDate=2024-01-01T00:00:00Z"),
    ],
)
def test_spelling_makes_no_difference(one: str, other: str, client: Client) -> None:
    """I2-19, R2-02, R2-03: spellings of metrics, encodings of commas, days and their instants."""
    assert client.get(one) == client.get(other)


def test_a_metric_outside_of_the_plan_can_be_asked_for(client: Client) -> None:
    """I2-11: the keys are those asked for, though the plan does not include one."""
    assert client.usage("metrics=emails")["metrics"] == {
        "emails": {
            "name": "Emails",
            "unit": "emails",
            "included": 0,
            "used": 0,
            "overage": 0,
            "percentage": 0,
        }
    }


@pytest.mark.parametrize(
    ("token", "status", "code", "message"),
    [
        ("expired-session-of-admin-at-fjordlight", 401, "UNAUTHORIZED", "Authentication required"),
        ("garbage", 401, "UNAUTHORIZED", "Authentication required"),
        ("session-of-member-at-fjordlight", 403, "FORBIDDEN", "Billing permission required"),
        ("session-without-subscription", 404, "NOT_FOUND", "No subscription found"),
    ],
)
def test_a_session_may_not_see_billing(token: str, status: int, code: str, message: str, ask: Ask) -> None:
    """I2-20, E2-02, E2-07, E2-08: success is false, and code and status belong together."""
    told = {"success": False, "error": {"code": code, "message": message}}

    assert ask(token).get() == (status, told)


def test_who_calls_is_judged_before_what_is_asked(ask: Ask) -> None:
    """A session that may not see billing is told so, whatever the query."""
    assert ask("garbage").get("startDate=yesterday")[0] == 401
    assert ask("session-of-member-at-fjordlight").get("metrics=apiCall")[0] == 403
    assert ask("session-without-subscription").get("metrics=apiCall")[0] == 400


def test_the_envelope_can_have_empty_members(ask: Ask) -> None:
    """R2-12: in the form of the overview page a success says that there is no error."""
    status, body = ask(settings={"envelope": "overview"}).get()

    assert (status, body) == (200, {**ask().get()[1], "error": None})


@pytest.mark.parametrize("year", [1000, 1969, 9999])
def test_any_clock_will_do(year: int, ask: Ask) -> None:
    """At either end of the calendar there is an answer."""
    told = ask(now=datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)).usage()

    assert told["period"] == {"start": f"{year}-12-01T00:00:00Z", "end": f"{year}-12-31T23:59:59Z"}


def test_an_outlook_beyond_exact_numbers_is_not_told(ask: Ask) -> None:
    """A range that ends in a century has no outlook of what would be more than 2^53, and is answered."""
    told = ask("session-with-huge-numbers").usage("endDate=2100-01-31")

    assert told["metrics"]["apiCalls"]["used"] > 0
    assert told.get("projectedUsage", {}).keys().isdisjoint({"apiCalls", "webhooks"})
