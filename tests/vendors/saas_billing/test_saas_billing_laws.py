"""Laws over any dates: ranges add up, and a valid query is accepted, but for what no document can say.

Schemathesis asks for the latter too, and counts every 400 to a valid query as one finding, which is known;
here each single 400 is foretold.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.vendors.saas_billing.conftest import Ask

NOW = datetime(2024, 2, 15, 12, tzinfo=UTC)
COUNTERS = ("apiCalls", "bandwidth", "emails", "webhooks")
TOKENS = (
    *("session-of-admin-at-fjordlight", "session-at-75-01-percent", "session-with-fractions"),
    *("session-with-huge-numbers", "session-in-yen", "session-of-a-newcomer"),
)
KNOWN = ("api_calls", "apiCalls", "storage", "seats", "bandwidth", "emails", "webhooks")
EASY = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

#: Seconds after the earliest instant that is kept; some lie in the future.
OFFSETS = st.integers(0, 420 * 86400)
EARLIEST = datetime(2023, 2, 15, 12, tzinfo=UTC)


def written(instant: datetime) -> str:
    """Return an instant as a query tells it."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}Z"


def counted(ask: Ask, token: str, seed: str, start: datetime, end: datetime) -> dict[str, Decimal]:
    """Return what counters say was used from *start* to *end*."""
    used = ask(token, seed=seed, now=NOW).used(f"startDate={written(start)}&endDate={written(end)}")
    return {name: Decimal(repr(used[name])) for name in COUNTERS if name in used}


@EASY
@given(
    token=st.sampled_from(TOKENS),
    seed=st.sampled_from(["0", "7", "a seed in words"]),
    offsets=st.lists(OFFSETS, min_size=3, max_size=3, unique=True).map(sorted),
)
def test_ranges_that_adjoin_add_up(token: str, seed: str, offsets: list[int], ask: Ask) -> None:
    """I2-16: two ranges, the second starting in the second after the first, are what both are together."""
    start, middle, end = (EARLIEST + timedelta(seconds=each) for each in offsets)
    if middle - start < timedelta(seconds=2) or end - middle < timedelta(seconds=2):
        return
    first = counted(ask, token, seed, start, middle)
    second = counted(ask, token, seed, middle + timedelta(seconds=1), end)
    both = counted(ask, token, seed, start, end)

    assert {name: first[name] + second[name] for name in first} == both


@EASY
@given(token=st.sampled_from(TOKENS), day=st.integers(1, 364))
def test_days_add_up_to_the_year(token: str, day: int, ask: Ask) -> None:
    """I2-16: a range of days is the sum of the ranges before and after any midnight."""
    client, midnight = ask(token), datetime(2023, 2, 17, tzinfo=UTC) + timedelta(days=day)
    before = client.used(f"startDate=2023-02-16&endDate={midnight - timedelta(days=1):%Y-%m-%d}")
    after = client.used(f"startDate={midnight:%Y-%m-%d}&endDate=2024-02-29")
    whole = client.used("startDate=2023-02-16&endDate=2024-02-29")

    for name in COUNTERS:
        if name in whole:
            assert before[name] + after[name] == pytest.approx(whole[name], rel=1e-12)


@EASY
@given(token=st.sampled_from(TOKENS), clocks=st.tuples(OFFSETS, OFFSETS).map(sorted))
def test_a_range_never_shrinks(token: str, clocks: list[int], ask: Ask) -> None:
    """I2-14: asked for later, the same range has counted as much or more."""
    query = "startDate=2024-01-01&endDate=2024-01-31"
    earlier, later = (ask(token, now=EARLIEST + timedelta(seconds=each)).used(query) for each in clocks)

    assert all(earlier[name] <= later[name] for name in COUNTERS if name in later)


@EASY
@given(hours=st.integers(0, 28 * 24), token=st.sampled_from(TOKENS))
def test_a_month_ends_at_its_total(hours: int, token: str, ask: Ask) -> None:
    """What the current period shows at its end is what the closed month says from then on."""
    last = ask(token, now=datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)).used()
    closed = ask(token, now=datetime(2024, 2, 1, tzinfo=UTC) + timedelta(hours=hours)).used(
        "startDate=2024-01-01&endDate=2024-01-31"
    )

    # Five anywhen of the month may not have been counted at its end.
    assert all(last[name] <= closed[name] <= last[name] * 1.002 + 1 for name in COUNTERS if name in closed)


#: Far and near, in each of the notations; years have four digits.
anywhen = st.builds(
    lambda days, seconds: datetime(1000, 1, 2, tzinfo=UTC) + timedelta(days, seconds),
    st.integers(0, 3_286_000),
    st.integers(0, 86399),
)
around = OFFSETS.map(lambda offset: EARLIEST - timedelta(days=30) + timedelta(seconds=offset))
moments = st.one_of(
    around.map(lambda at: f"{at:%Y-%m-%d}"),
    around.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.75%2B05:30"),
    anywhen.map(written),
)
choices = st.lists(st.sampled_from((*KNOWN, "a", "API", "api_call", "_")), max_size=4).map(",".join)


def instant_of(text: str) -> datetime:
    """Return the instant that *text* tells, to the second; a day is its midnight."""
    at = datetime.fromisoformat(text.replace("%2B", "+"))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


@EASY
@given(start=st.none() | moments, end=st.none() | moments, metrics=st.none() | choices)
def test_each_refusal_is_foretold(start: str | None, end: str | None, metrics: str | None, ask: Ask) -> None:
    """A valid query is refused for order, retention or an unknown metric, and for nothing else."""
    sent = {"startDate": start, "endDate": end, "metrics": metrics}
    query = "&".join(f"{name}={text}" for name, text in sent.items() if text is not None)
    first = instant_of(start) if start else datetime(2024, 2, 1, tzinfo=UTC)
    last = instant_of(end) if end else datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
    is_refused = (
        first >= last
        or (start is not None and first < EARLIEST)
        or any(each not in KNOWN for each in (metrics or "").split(",") if metrics)
    )

    status, _ = ask(now=NOW).get(query)

    assert status == (400 if is_refused else 200)
