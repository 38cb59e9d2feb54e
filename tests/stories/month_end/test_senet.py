"""Month end at a company with LoRaWAN Applications: each month against the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

import httpx

if TYPE_CHECKING:
    from tests.stories.month_end.conftest import Desk

APPLICATIONS = ("00005EEF10000001", "00005EEF10000003", "00005EEF10000006", "00005EEF10000007")
Summary: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Senet:
    """A client of the Usage API."""

    http: httpx.Client
    key: str

    def summary(self, eui: str, year: int, month: int) -> Summary | None:
        """Return the counters of an Application in a month, `None` where there is no file."""
        response = self.http.get(
            "/rest/integration/usage/summary",
            params={"eui": eui, "year": year, "month": month},
            headers={"Authorization": self.key},
        )
        if response.status_code == 404 and response.json()["message"] == "File not found":
            return None
        return cast("Summary", response.raise_for_status().json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What January came to."""

    uplinks: Mapping[str, int]
    #: As they add up from where they were heard.
    heard: Mapping[str, int]
    new_devices: Mapping[str, int]
    devices: int


def month_end(senet: Senet) -> Bill:
    """Bill January 2024, with what was added since December."""
    january = {eui: senet.summary(eui, 2024, 1) or {} for eui in APPLICATIONS}
    december = {eui: senet.summary(eui, 2023, 12) or {} for eui in APPLICATIONS}
    return Bill(
        uplinks={eui: each["totalUpPackets"] for eui, each in january.items()},
        heard={eui: each["totalLocalUpMsg"] + each["totalForeignUpMsg"] for eui, each in january.items()},
        new_devices={
            eui: each["totalRegistrations"] - december[eui].get("totalRegistrations", 0)
            for eui, each in january.items()
        },
        devices=sum(each["numberOfDevices"] for each in january.values()),
    )


def owner(desk: Desk) -> Senet:
    """Return the client of the company that owns the Applications."""
    return Senet(http=desk.http, key="usage-key-of-fjordlight")


def test_uplinks_are_what_was_heard(desk: Callable[[str, str], Desk]) -> None:
    """Uplinks add up from both kinds of base stations; nothing was heard of the quiet Application."""
    bill = month_end(owner(desk("senet", "sums")))

    assert bill.uplinks == bill.heard
    assert bill.uplinks["00005EEF10000001"] > 0
    assert bill.uplinks["00005EEF10000007"] == 0
    assert all(count >= 0 for count in bill.new_devices.values())
    # Thirty noise sensors at most came with January; the month before has no file.
    assert 0 < bill.new_devices["00005EEF10000006"] <= 30


def test_a_month_that_runs_has_no_summary_yet(desk: Callable[[str, str], Desk]) -> None:
    """February is not closed at the default clock, so that it is missing from every bill."""
    senet = owner(desk("senet", "open"))

    assert [senet.summary(eui, 2024, 2) for eui in APPLICATIONS] == [None] * 4


def test_the_managing_company_reads_the_same(desk: Callable[[str, str], Desk]) -> None:
    """Whoever may read an Application reads the same counters."""
    at = desk("senet", "manager")
    manager = Senet(http=at.http, key="usage-key-of-harbour")

    assert manager.summary("00005EEF10000001", 2024, 1) == owner(at).summary("00005EEF10000001", 2024, 1)


def test_the_bill_is_the_same_twice(desk: Callable[[str, str], Desk]) -> None:
    """Two people in sessions of their own come to the same figures."""
    first, second = (month_end(owner(desk("senet", name))) for name in ("first", "second"))

    assert first == second


def test_a_busy_server_changes_no_figure(desk: Callable[[str, str], Desk]) -> None:
    """The first three calls find the server busy; asked again, it says what it says elsewhere."""
    calm, busy = desk("senet", "calm"), desk("senet", "busy")
    busy.trouble("flaky-start", times=3)

    assert month_end(owner(busy)) == month_end(owner(calm))
    assert (busy.met(), len(busy.waits)) == (3, 3)
    assert calm.waits == []
