from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.vendors.talkdesk.conftest import Ask, Client

SERVICE_DESK = "5ea75fe7aa224700012eae40"
SALES_FLOOR = "5ea75fe7aa224700012eae41"
FJORDLIGHT = {f"5ea75fe7aa224700012eae{number}" for number in range(40, 49)}
QUARRY = {"5ea75fe7aa224700012eb0c7", "5ea75fe7aa224700012eb0c8"}
#: ISO 4217: digits behind the point.
EXPONENTS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}
DIRECTED = {"CALL", "CALL_SERVICE", "DIALER", "MESSAGE", "AMD", "VOICEMAIL_TRANSCRIPTION"}
PLAIN = {"NUMBER", "API_REQUEST", "CREDIT_COMMIT", "RECHARGE"}
DIMENSIONS = (
    *("account_id", "month", "product_id", "type", "description", "direction", "resolution"),
    *("unit", "price", "currency", "wallet_name"),
)
KEYS = {*DIMENSIONS, "id", "aggr_product_id", "number_of_units", "total_amount"}
#: Filters of one account, of one month, of both, of neither, and one that nothing passes.
FILTERS = (
    f"account_id eq '{SALES_FLOOR}'",
    "month eq '2023-08'",
    f"month eq '2023-11' and account_id eq '{SALES_FLOOR}'",
    "not contains(month,'2023')",
    "month eq '1999-01'",
)


def ids(records: list[dict[str, Any]]) -> list[str]:
    """Return the ids of *records*, in their order."""
    return [record["id"] for record in records]


@pytest.mark.parametrize("per_page", [50, 250])
def test_a_crawl_visits_every_record_once_in_order(anywhere: Client, per_page: int) -> None:
    """I3-01, I3-15: following `next` ends, and gives the whole list, highest id first, at any page size."""
    crawled = ids(anywhere.crawl(per_page=per_page))

    assert crawled == ids(anywhere.whole())
    assert crawled == sorted(set(crawled), reverse=True)
    assert len(crawled) > 1000


def test_a_crawl_may_go_one_by_one(client: Client) -> None:
    """I3-01: a thousand pages of one record are the whole list as well."""
    assert client.crawl(per_page=1) == client.whole()


@pytest.mark.parametrize(
    ("query", "per_page"),
    [
        ({}, 250),
        *(({"filter": each}, 50) for each in FILTERS),
        ({"filter": FILTERS[2]}, 7),
        ({"filter": FILTERS[1], "order_by": "id:asc"}, 9),
    ],
)
def test_pages_add_up_and_lead_on(anywhere: Client, query: dict[str, str], per_page: int) -> None:
    """I3-02, I3-04: `next` and `prev` lead on and back; counts add up; only the last page is short."""
    pages = list(anywhere.pages(per_page=per_page, **query))
    total, total_pages = pages[0].body["total"], pages[0].body["total_pages"]

    assert total_pages == -(-total // per_page)
    assert len(pages) == max(total_pages, 1)
    assert sum(page.body["count"] for page in pages) == total
    assert [page.body["page"] for page in pages] == list(range(1, len(pages) + 1))
    assert {page.body["count"] for page in pages[:-1]} <= {per_page}
    for page in pages:
        assert page.body["count"] == len(page.usage) <= per_page == page.body["per_page"]
        assert (page.body["total"], page.body["total_pages"]) == (total, total_pages)
    for before, after in pairwise(pages):
        assert (before.href("next"), after.href("prev")) == (after.href("self"), before.href("self"))
    assert (pages[0].href("prev"), pages[-1].href("next")) == (None, None)
    assert (pages[-1].href("first"), pages[0].href("last")) == (pages[0].href("self"), pages[-1].href("self"))


@pytest.mark.parametrize("order", ["id:asc", "id:desc"])
@pytest.mark.parametrize("condition", [*FILTERS, "not ( month eq '& = # +%27é' )"])
def test_links_are_absolute_and_keep_the_query(client: Client, condition: str, order: str) -> None:
    """I3-03: every link is absolute, on the host that was called, and keeps filter, page size and order."""
    page = client.get(filter=condition, per_page=3, order_by=order, page=2)
    links = {name: link["href"] for name, link in page.body["_links"].items()}

    assert {"first", "last", "self", "prev"} <= links.keys()
    for address in links.values():
        assert address.startswith("https://billing.example.test/talkdesk/express/usage/month?")
        assert re.fullmatch(r"[\x21-\x7e]+", address)
        kept = parse_qs(urlsplit(address).query, strict_parsing=True)
        assert {name: kept[name] for name in ("filter", "per_page", "order_by")} == {
            "filter": [condition],
            "per_page": ["3"],
            "order_by": [order],
        }


def test_what_was_not_asked_for_stands_in_no_link(client: Client) -> None:
    """I3-03: without filter and order, links have page and page size, as the vendor's do."""
    page = client.send("")

    assert page.href("next") == (
        "https://billing.example.test/talkdesk/express/usage/month?page=2&per_page=50"
    )


def test_no_two_records_say_the_same(anywhere: Client) -> None:
    """I3-05: one record for each combination of its other members, each with an id of its own."""
    records = anywhere.whole()

    assert len({tuple(record[name] for name in DIMENSIONS) for record in records}) == len(records)
    assert len(set(ids(records))) == len(records)


def test_amounts_are_price_times_units(anywhere: Client) -> None:
    """I3-06, I3-16: amounts keep within half a minor unit of price times units; nothing is negative."""
    for record in anywhere.whole():
        price, units, amount = (
            Decimal(str(record[name])) for name in ("price", "number_of_units", "total_amount")
        )
        minor = Decimal(1).scaleb(-EXPONENTS[record["currency"]])

        assert abs(price * units - amount) <= minor / 2
        assert amount % minor == 0
        assert price >= 0
        assert units > 0


def test_an_account_has_one_currency_a_month(anywhere: Client) -> None:
    """I3-07, I3-18: one active ISO 4217 code for each account and month."""
    currencies = defaultdict(set)
    for record in anywhere.whole():
        currencies[record["account_id"], record["month"]].add(record["currency"])

    assert {len(found) for found in currencies.values()} == {1}
    assert set.union(*currencies.values()) <= EXPONENTS.keys()


def test_no_month_is_in_the_future(anywhere: Client) -> None:
    """I3-08: months run up to that of the clock."""
    months = {record["month"] for record in anywhere.whole()}

    assert all(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) for month in months)
    assert max(months) == f"{anywhere.now:%Y-%m}"
    assert min(months) < "2024-01"


def test_a_filter_only_removes(anywhere: Client) -> None:
    """I3-09: a filtered list is what of the whole list passes, in the same order."""
    whole = anywhere.whole()

    assert anywhere.crawl(filter=FILTERS[0]) == [each for each in whole if each["account_id"] == SALES_FLOOR]
    assert anywhere.crawl(filter=FILTERS[1]) == [each for each in whole if each["month"] == "2023-08"]
    assert anywhere.crawl(filter=FILTERS[3]) == [each for each in whole if "2023" not in each["month"]]


def test_words_join_filters_as_sets(anywhere: Client) -> None:
    """I3-09: `or` is union, `and` is intersection, `not` is what is left of the organisation."""
    left, right = f"account_id eq '{SERVICE_DESK}'", "contains(month,'2023-1')"
    one, other, whole = (
        set(ids(each))
        for each in (anywhere.crawl(filter=left), anywhere.crawl(filter=right), anywhere.whole())
    )

    assert set(ids(anywhere.crawl(filter=f"{left} or {right}"))) == one | other
    assert set(ids(anywhere.crawl(filter=f"{left} and {right}"))) == one & other
    assert set(ids(anywhere.crawl(filter=f"not {left}"))) == whole - one


@pytest.mark.parametrize(
    ("token", "accounts"),
    [
        ("access-token-of-fjordlight", FJORDLIGHT),
        ("access-token-of-one-account-of-fjordlight", {SERVICE_DESK}),
        ("access-token-of-quarry", QUARRY),
    ],
)
def test_a_token_opens_the_accounts_of_its_organization(ask: Ask, token: str, accounts: set[str]) -> None:
    """I3-10: nothing of another organisation is ever listed."""
    found = {record["account_id"] for record in ask(token).whole()}

    # The plan for next year is a prospect.
    assert found == accounts - {"5ea75fe7aa224700012eae46"}


@pytest.mark.parametrize("stranger", ["5ea75fe7aa224700012eb0c7", "0" * 24, "", "x", SERVICE_DESK.upper()])
@pytest.mark.parametrize(
    "condition",
    [
        "account_id eq '{}'",
        "not account_id eq '{}'",
        f"account_id eq '{SERVICE_DESK}' or account_id eq '{{}}'",
        "month eq '1999-01' and (account_id eq '{}' or contains(month,'2'))",
    ],
)
def test_a_filter_that_names_a_stranger_is_refused(anywhere: Client, stranger: str, condition: str) -> None:
    """I3-11: a foreign or unknown account anywhere in the filter is 403, and both are told in one way."""
    heard = anywhere.get(filter=condition.format(stranger))

    assert heard.status == 403
    assert heard.body == {
        "code": "accounts_not_under_organization",
        "message": "The accounts specified are not under the organization of the access token",
    }


def test_direction_and_resolution_stand_where_they_mean_something(anywhere: Client) -> None:
    """I3-12, I3-13, I3-14: null where they mean nothing, as JSON null, and never missing."""
    for record in anywhere.whole():
        assert record.keys() == KEYS
        assert "NULL" not in record.values()
        assert record["direction"] is None or record["type"] in DIRECTED
        assert record["resolution"] is None or record["direction"] is not None
        if record["type"] in PLAIN:
            assert (record["direction"], record["resolution"]) == (None, None)


def test_every_type_direction_and_resolution_occurs(client: Client) -> None:
    """V3-03, R3-03, V3-06: a client meets each value there is, null included."""
    seen = {
        name: {record[name] for record in client.whole()}
        for name in ("type", "direction", "resolution", "wallet_name", "currency")
    }

    assert seen["type"] == DIRECTED | PLAIN | {"PRODUCT_SERVICE", "SPEECH_TRANSCRIPTION", "OTHER"}
    assert seen["direction"] == {"INBOUND", "OUTBOUND", "OTHER", None}
    assert seen["resolution"] == {"ANSWERED", "MISSED", "VOICEMAIL", "ABANDONED", None}
    assert seen["wallet_name"] == {"product_usage", "saas_licenses", "guardian", "ai_premium_batch", None}
    assert seen["currency"] == EXPONENTS.keys()


def test_ascending_is_the_exact_reverse(anywhere: Client) -> None:
    """I3-15: `id:asc` is the default order, backwards."""
    ascending = anywhere.crawl(order_by="id:asc")

    assert ascending == anywhere.whole()[::-1]
    assert anywhere.crawl(order_by="id:desc") == anywhere.whole()


@pytest.mark.parametrize("page", [1, 2, 3, 99])
def test_links_at_the_top_repeat_those_of_hal(anywhere: Client, page: int) -> None:
    """I3-17: each link stands at the top level too, and `show` is `self`."""
    body = anywhere.get(filter="month eq '2023-08'", page=page).body

    for name in ("first", "last", "next", "prev", "self"):
        assert body.get(name) == body["_links"].get(name)
    assert body["show"] == body["self"]


def test_a_product_keeps_what_it_is_counted_under(anywhere: Client) -> None:
    """I3-19: product ids have the vendor's form, and each has one aggregated id."""
    pairs = {(record["product_id"], record["aggr_product_id"]) for record in anywhere.whole()}

    assert len(dict(pairs)) == len(pairs)
    for pair in pairs:
        for name in pair:
            assert re.fullmatch(r"TD-[A-Z]{3}-[A-Z]{3}-[A-Z]{2}-\d{6}", name)


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("access-token-without-scope-of-fjordlight", 403, "insufficient_scope"),
        ("access-token-of-harbour", 403, "not_entitled"),
        ("expired-access-token-of-fjordlight", 401, "unauthorized"),
        (None, 401, "unauthorized"),
    ],
)
def test_a_token_that_opens_nothing_is_refused(ask: Ask, token: str | None, status: int, code: str) -> None:
    """I3-20: scope, entitlement and age of a token come before everything it asks for."""
    heard = ask(token).get(filter="nonsense", page=0)

    assert (heard.status, heard.body["code"]) == (status, code)


def test_the_same_request_is_answered_the_same(anywhere: Client) -> None:
    """One seed and clock give one body, whoever asked for what before."""
    assert anywhere.get(page=2).body == anywhere.get(page=2).body
