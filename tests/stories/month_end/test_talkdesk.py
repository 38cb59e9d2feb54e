"""Month end at a company with call centres: every row, by account and by product, to the cent."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

if TYPE_CHECKING:
    from tests.stories.month_end.conftest import Desk

DECIMALS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}
SERVICE_DESK = "5ea75fe7aa224700012eae40"
SALES_FLOOR = "5ea75fe7aa224700012eae41"
Row: TypeAlias = Mapping[str, Any]
#: By account, or by product, and by currency.
Sums: TypeAlias = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talkdesk:
    """A client of Billing Insights."""

    http: httpx.Client
    token: str = "access-token-of-fjordlight"

    def rows(self, condition: str = "") -> Iterator[Row]:
        """Yield the rows that meet a condition, following the links of the pages."""
        chosen = {"filter": condition} if condition else {}
        target: str = str(httpx.URL("/express/usage/month", params={"per_page": "100"} | chosen))
        while target:
            page = self._get(target)
            yield from page["_embedded"]["usage"]
            target = page["_links"].get("next", {}).get("href", "")

    def _get(self, target: str) -> Any:  # noqa: ANN401 -- JSON
        response = self.http.get(target, headers={"Authorization": f"Bearer {self.token}"})
        return json.loads(response.raise_for_status().content, parse_float=Decimal, parse_int=Decimal)


def amounts(rows: Iterable[Row], subject: str) -> Sums:
    """Add up what is to be paid by *subject* and currency."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row[subject], row["currency"]] += row["total_amount"]
    return dict(sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a month came to."""

    rows: int
    by_account: Sums
    by_product: Sums
    #: As they add up from a list for each account.
    by_own_list: Sums
    #: Rows whose amount is not price times units, rounded to what the currency knows.
    wrong: int


def month_end(talkdesk: Talkdesk, month: str = "2023-11") -> Bill:
    """Bill a month."""
    rows = list(talkdesk.rows(f"month eq '{month}'"))
    accounts = sorted({row["account_id"] for row in rows})
    own = [
        row
        for account in accounts
        for row in talkdesk.rows(f"month eq '{month}' and account_id eq '{account}'")
    ]
    return Bill(
        rows=len(rows),
        by_account=amounts(rows, "account_id"),
        by_product=amounts(rows, "product_id"),
        by_own_list=amounts(own, "account_id"),
        wrong=sum(row["total_amount"] != _charged(row) for row in rows),
    )


def _charged(row: Row) -> Decimal:
    unit = Decimal(1).scaleb(-DECIMALS[row["currency"]])
    exact: Decimal = row["price"] * row["number_of_units"]
    return exact.quantize(unit, ROUND_HALF_UP)


def by_currency(sums: Sums) -> Sums:
    """Add up over accounts, or over products."""
    total: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (_, currency), amount in sums.items():
        total["", currency] += amount
    return dict(total)


def test_accounts_and_products_agree(desk: Callable[[str, str], Desk]) -> None:
    """A month is the same by its accounts, by its products, and by a list of each account."""
    bill = month_end(Talkdesk(http=desk("talkdesk", "sums").http))

    assert bill.by_own_list == bill.by_account
    assert by_currency(bill.by_product) == by_currency(bill.by_account)
    assert bill.rows > 251
    assert bill.by_account[SALES_FLOOR, "USD"] > 0


def test_every_amount_is_price_times_units(desk: Callable[[str, str], Desk]) -> None:
    """Rounded half up to the minor unit: two decimals, none for yen and three for dinar."""
    bill = month_end(Talkdesk(http=desk("talkdesk", "amounts").http), "2024-01")

    assert bill.wrong == 0
    assert {currency for _, currency in bill.by_account} == {"USD", "EUR", "JPY", "KWD"}


def test_the_months_are_all_there_is(desk: Callable[[str, str], Desk]) -> None:
    """The rows of each month add up to those of all, and the documented ones are among them."""
    talkdesk = Talkdesk(http=desk("talkdesk", "months").http)
    rows = list(talkdesk.rows())
    months = Counter(row["month"] for row in rows)
    august = list(talkdesk.rows(f"month eq '2023-08' and account_id eq '{SERVICE_DESK}'"))

    assert {month: len(list(talkdesk.rows(f"month eq '{month}'"))) for month in months} == months
    assert len({row["id"] for row in rows}) == len(rows)
    (numbers,) = (row for row in august if row["id"] == "8f3e643c16671acaf60e8bceddbc1877")
    assert (numbers["number_of_units"], numbers["price"], numbers["total_amount"]) == (3, 5, 15)


def test_the_bill_is_the_same_twice(desk: Callable[[str, str], Desk]) -> None:
    """Two people in sessions of their own come to the same figures."""
    first, second = (month_end(Talkdesk(http=desk("talkdesk", name).http)) for name in ("first", "second"))

    assert first == second


def test_a_reset_connection_changes_no_figure(desk: Callable[[str, str], Desk]) -> None:
    """The first connection is reset before it answers; asked again, every row comes once."""
    calm, broken = desk("talkdesk", "calm"), desk("talkdesk", "broken")
    broken.trouble("reset", times=1)

    assert month_end(Talkdesk(http=broken.http)) == month_end(Talkdesk(http=calm.http))
    assert (broken.met(), len(broken.waits)) == (1, 1)
