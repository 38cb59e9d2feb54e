from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locum.catalog import load

if TYPE_CHECKING:
    from tests.vendors.talkdesk.conftest import Ask, Client

SERVICE_DESK = "5ea75fe7aa224700012eae40"
SALES_FLOOR = "5ea75fe7aa224700012eae41"
PROSPECT = "5ea75fe7aa224700012eae46"

#: V3-03, and the one beside it in the document's examples.
NUMBER = {
    "id": "8f3e643c16671acaf60e8bceddbc1877",
    "account_id": "5ea75fe7aa224700012eae40",
    "product_id": "TD-LIC-APP-RC-101910",
    "aggr_product_id": "TD-USG-TEL-UG-102213",
    "month": "2023-08",
    "type": "NUMBER",
    "description": "SIP Number",
    "currency": "USD",
    "direction": None,
    "resolution": None,
    "unit": "EACH",
    "price": 5,
    "wallet_name": "product_usage",
    "number_of_units": 3,
    "total_amount": 15,
}
CALL = {
    **NUMBER,
    "id": "7a1c0d9e5b2f4c6880f1e2d3c4b5a697",
    "product_id": "TD-USG-TEL-UG-102213",
    "type": "CALL",
    "description": "Inbound call, local",
    "direction": "INBOUND",
    "resolution": "ANSWERED",
    "unit": "MINUTES",
    "price": 0.012,
    "number_of_units": 8420,
    "total_amount": 101.04,
}


def of(account: str, month: str) -> str:
    """Return the filter of one account and month."""
    return f"account_id eq '{account}' and month eq '{month}'"


def test_the_vendors_own_records_are_there(anywhere: Client) -> None:
    """V3-03: the published record, to the digit, under every seed and clock."""
    found = {each["id"]: each for each in anywhere.crawl(filter=of(SERVICE_DESK, "2023-08"))}

    assert found[NUMBER["id"]] == NUMBER
    assert found[CALL["id"]] == CALL
    assert len(found) > 2


@pytest.mark.parametrize(
    ("month", "records"),
    [("2023-06", 0), ("2023-07", 1), ("2023-08", 50), ("2023-09", 51), ("2023-10", 250), ("2023-11", 251)],
)
def test_there_is_a_month_of_each_interesting_size(anywhere: Client, month: str, records: int) -> None:
    """Nothing, a single record, one page and one record more, at the default and at the largest page size."""
    heard = anywhere.get(filter=of(SALES_FLOOR, month))

    assert (heard.body["total"], heard.body["total_pages"]) == (records, -(-records // 50))
    assert anywhere.get(filter=of(SALES_FLOOR, month), per_page=250).body["total_pages"] == -(-records // 250)


def test_prices_are_as_fine_as_the_rate_card_says(client: Client) -> None:
    """A rate far below the minor unit is not rounded away, in whatever currency."""
    prices = {
        each["currency"]: each["price"] for each in client.whole() if each["description"] == "API request"
    }

    assert prices["USD"] == 0.0004
    assert all(0 < price < 0.1 for price in prices.values())


def test_an_account_may_use_nothing(client: Client) -> None:
    """R3-07: an own account without usage is an empty list, on page 1 of none."""
    heard = client.get(filter=f"account_id eq '{PROSPECT}'")

    assert heard.usage == []
    assert [heard.body[name] for name in ("count", "page", "total", "total_pages")] == [0, 1, 0, 0]
    assert heard.body["_links"].keys() == {"first", "last", "self"}
    assert heard.href("first") == heard.href("last") == heard.href("self")


def test_a_page_past_the_end_leads_back(client: Client) -> None:
    """R3-06: empty, nothing follows, and `prev` is the last page; without any page it is the first."""
    total_pages = client.get().body["total_pages"]
    behind = client.get(page=total_pages + 1)
    far = client.get(page=10**30)
    of_nothing = client.get(filter="month eq '1999-01'", page=3)

    assert (behind.usage, far.usage, of_nothing.usage) == ([], [], [])
    assert behind.body["total_pages"] == total_pages
    assert behind.href("next") is far.href("next") is of_nothing.href("next") is None
    assert (
        behind.href("prev")
        == far.href("prev")
        == behind.href("last")
        == client.get(page=total_pages).href("self")
    )
    assert of_nothing.href("prev") == of_nothing.href("first")


def test_links_at_the_top_can_be_left_out(ask: Ask) -> None:
    """R3-01: the setting `hal_only` keeps the links of HAL and no others."""
    body = ask(settings={"hal_only": True}).get(page=2).body

    assert body.keys() == {"count", "page", "per_page", "total", "total_pages", "_embedded", "_links"}
    assert body["_links"].keys() == {"first", "last", "next", "prev", "self"}


@pytest.mark.parametrize(
    ("now", "status"),
    [(datetime(2024, 1, 30, 23, 59, 59, tzinfo=UTC), 404), (datetime(2024, 1, 31, tzinfo=UTC), 200)],
)
def test_the_api_begins_on_a_day(ask: Ask, now: datetime, status: int) -> None:
    """S3-33: a clock before 31 January 2024 finds nothing at the address."""
    heard = ask(now=now).get()

    assert heard.status == status
    assert status == 200 or heard.body == {"code": "not_found", "message": "Resource not found"}


def test_the_first_day_is_a_setting(ask: Ask) -> None:
    """S3-33: `available_from` moves it."""
    early = datetime(2023, 9, 1, tzinfo=UTC)

    assert ask(now=early, settings={"available_from": "2023-08-31"}).get().status == 200


def test_a_closed_month_never_changes(ask: Ask, client: Client) -> None:
    """A clock that goes on adds months and leaves those that are over as they were."""
    closed = "not month eq '2024-02' and not month eq '2024-03'"
    later = ask(now=datetime(2024, 3, 9, tzinfo=UTC))

    assert later.crawl(filter=closed) == client.crawl(filter=closed)
    assert len(later.whole()) > len(client.whole())


def test_the_current_month_grows_and_never_shrinks(ask: Ask) -> None:
    """Units of a record only grow from day to day, and end where the closed month stands."""
    day = datetime(2024, 2, 1, tzinfo=UTC)
    before: dict[str, float] = {}
    for number in range(30):
        usage = ask(now=day + timedelta(days=number)).crawl(filter="month eq '2024-02'")
        units = {each["id"]: each["number_of_units"] for each in usage}
        assert before.keys() <= units.keys()
        assert all(units[name] >= earlier for name, earlier in before.items())
        before = units

    assert len(before) > 20


def test_another_seed_is_another_world(ask: Ask) -> None:
    """Seeds change what is used, and neither accounts nor the published records."""
    one, other = ask(seed="1").whole(), ask(seed="2").whole()

    assert {each["account_id"] for each in one} == {each["account_id"] for each in other}
    assert {each["id"] for each in one} & {each["id"] for each in other} == {NUMBER["id"], CALL["id"]}


def test_no_clock_asks_for_an_endless_history(ask: Ask) -> None:
    """`kept_months` bounds the past; after 2099 the contract has no months, and the list is empty."""
    far = ask(now=datetime(2099, 12, 31, tzinfo=UTC)).whole()

    assert (min(each["month"] for each in far), max(each["month"] for each in far)) == ("2095-01", "2099-12")
    assert ask(now=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)).whole() == []
    assert {each["month"] for each in ask(settings={"kept_months": 1}).crawl()} == {"2024-02"}


def test_records_of_a_session_are_its_own(ask: Ask, client: Client) -> None:
    """Usage written in a session is listed there, priced by its rate, and nowhere else."""
    (listed,) = (each for each in load("talkdesk").fixtures.records["usage"] if each["id"] == NUMBER["id"])
    written = ({**listed, "id": "f" * 32, "month": "2023-07", "units": "4.5"},)
    before = client.crawl(filter=of(SERVICE_DESK, "2023-07"))
    session = ask(records={"usage": written})
    own = session.crawl(filter=of(SERVICE_DESK, "2023-07"))

    assert {**NUMBER, "id": "f" * 32, "month": "2023-07", "number_of_units": 4.5, "total_amount": 22.5} in own
    assert client.crawl(filter=of(SERVICE_DESK, "2023-07")) == before
    assert "f" * 32 not in {each["id"] for each in before}


def test_an_organization_can_lose_its_entitlement(ask: Ask) -> None:
    """S3-05: what the records of a session say of an organisation counts."""
    organizations = ({"id": "fjordlight", "entitled": False},)
    heard = ask(records={"organizations": organizations}).get()

    assert (heard.status, heard.body["code"]) == (403, "not_entitled")


def test_an_account_moved_away_is_foreign(ask: Ask) -> None:
    """I3-10, I3-11: ownership is read from the records."""
    accounts: tuple[dict[str, Any], ...] = tuple(
        {**each, "organization": "quarry"} if each["id"] == SALES_FLOOR else each
        for each in load("talkdesk").fixtures.records["accounts"]
    )
    session = ask(records={"accounts": accounts})

    assert SALES_FLOOR not in {each["account_id"] for each in session.crawl()}
    assert session.get(filter=f"account_id eq '{SALES_FLOOR}'").status == 403


def test_rates_are_told_apart_by_description_and_resolution(client: Client) -> None:
    """Two rates of one currency that shared both would make two rows of the same dimensions."""
    counted = Counter(
        (each["account_id"], each["month"], each["description"], each["resolution"])
        for each in client.whole()
    )

    assert set(counted.values()) == {1}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    left=st.sampled_from(
        [f"account_id eq '{SERVICE_DESK}'", "contains(account_id,'ae4')", "month eq '2023-09'"]
    ),
    right=st.sampled_from(["contains(month,'2023-1')", "not month eq '2024-01'", "contains(month,'x')"]),
    per_page=st.integers(40, 250),
)
def test_filter_algebra_holds_over_the_wire(client: Client, left: str, right: str, per_page: int) -> None:
    """I3-09: union, intersection and complement, page by page, at any page size."""

    def found(text: str) -> set[str]:
        return {each["id"] for each in client.crawl(filter=text, per_page=per_page)}

    whole = {each["id"] for each in client.whole()}

    assert found(f"{left} or {right}") == found(left) | found(right)
    assert found(f"{left} and {right}") == found(left) & found(right)
    assert found(f"not ({left})") == whole - found(left)
