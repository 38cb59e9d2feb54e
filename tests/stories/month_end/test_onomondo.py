"""Month end at a company with SIMs: every record, every SIM, every hour and the total of a tag agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import httpx

if TYPE_CHECKING:
    from tests.stories.month_end.conftest import Desk

METERS = "036eb4b3-4f6a-4a9a-b10c-6306ac5088a3"
Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Onomondo:
    """A client of the usage API."""

    http: httpx.Client
    key: str = "api-key-of-fjordlight"

    def records(self, path: str = "/usage", **query: str) -> Iterator[Record]:
        """Yield the records of a list, page by page."""
        token: dict[str, str] = {}
        while True:
            page = self._get(path, {"limit": "500"} | query | token)
            yield from page["usage"]
            if not page["pagination"]["has_more"]:
                return
            token = {"next_page": page["pagination"]["next_page"]}

    def month(self, month: str, path: str = "/usage", **query: str) -> Iterator[Record]:
        """Yield the records of a month, as `2024-01`."""
        return self.records(path, **{"filter[]": f"time:{month}"}, **query)

    def tag_total(self, tag: str) -> int:
        """Return the bytes of all SIMs with a tag."""
        return cast("int", self._get(f"/usage/tag-total/{tag}", {})["usage"])

    def _get(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.http.get(path, params=query, headers=headers).raise_for_status().json()


def bytes_by_sim(records: Iterator[Record]) -> Counter[str]:
    """Add up the bytes of each SIM; one that moved none is left out."""
    sums: Counter[str] = Counter()
    for each in records:
        sums[each["sim_id"]] += each["bytes"]
    return +sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What January came to, reckoned in three ways."""

    by_record: Counter[str]
    by_hour: Counter[str]
    by_sim: Counter[str]


def month_end(onomondo: Onomondo) -> Bill:
    """Bill January 2024."""
    by_record = bytes_by_sim(onomondo.month("2024-01"))
    by_sim: Counter[str] = Counter()
    for sim in by_record:
        by_sim += bytes_by_sim(onomondo.month("2024-01", f"/usage/{sim}"))
    by_hour = bytes_by_sim(onomondo.month("2024-01", group="hours"))
    return Bill(by_record=by_record, by_hour=by_hour, by_sim=by_sim)


def test_records_hours_and_sims_agree(desk: Callable[[str, str], Desk]) -> None:
    """The month of every SIM is the same by its records, by its hours and by its own list."""
    bill = month_end(Onomondo(http=desk("onomondo", "sums").http))

    assert bill.by_hour == bill.by_record
    assert bill.by_sim == bill.by_record
    # The one record of this SIM.
    assert bill.by_record["000000011"] == 52881
    assert bill.by_record.total() > 1_000_000


def test_the_total_of_a_tag_is_the_sum_of_its_sims(desk: Callable[[str, str], Desk]) -> None:
    """The key that is limited to the tag lists what the total of the tag adds up."""
    http = desk("onomondo", "tag").http
    meters = bytes_by_sim(Onomondo(http=http, key="tag-limited-api-key-of-fjordlight").records())
    everything = bytes_by_sim(Onomondo(http=http).records())

    assert Onomondo(http=http).tag_total(METERS) == meters.total()
    assert set(meters) == {"000000001", "000000002", "000000006"}
    assert meters.items() <= everything.items()


def test_the_documented_day_is_its_two_records(desk: Callable[[str, str], Desk]) -> None:
    """On 2020-01-30 one SIM moved 1,424,843 and 1,103 bytes within two hours."""
    onomondo = Onomondo(http=desk("onomondo", "day").http)

    assert [each["bytes"] for each in onomondo.month("2020-01-30")] == [1424843, 1103]
    assert [each["bytes"] for each in onomondo.month("2020-01-30", group="hours")] == [1424843, 1103]


def test_the_bill_is_the_same_twice(desk: Callable[[str, str], Desk]) -> None:
    """Two people in sessions of their own come to the same figures."""
    first, second = (month_end(Onomondo(http=desk("onomondo", name).http)) for name in ("first", "second"))

    assert first == second


def test_a_connection_that_breaks_changes_no_figure(desk: Callable[[str, str], Desk]) -> None:
    """Two pages break off in the middle; asked for again, no record is lost and none comes twice."""
    calm, broken = desk("onomondo", "calm"), desk("onomondo", "broken")
    broken.trouble("half-a-body", times=2)

    assert month_end(Onomondo(http=broken.http)) == month_end(Onomondo(http=calm.http))
    assert (broken.met(), len(broken.waits)) == (2, 2)
