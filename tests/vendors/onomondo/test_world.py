from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from locum_vendors.onomondo.estate import luhn_digit

if TYPE_CHECKING:
    from tests.vendors.onomondo.conftest import Ask, Client

SESSION = "e8b0613a-58c3-34ba-91bb-473aa93be165"
FIRST_PAGE = {
    "pagination": {
        "has_more": True,
        "next_page": "MjAyMC0wMS0zMFQwODowNDoxNC4wMDBaQDAwMDAwMDAwMQ==",
    },
    "usage": [
        {
            "time": "2020-01-30 07:49:13",
            "bill_id": "6671f7dc-180c-3efb-8b03-eb5b6116fb3b",
            "sim_id": "000000001",
            "iccid": "89457387300000000011",
            "session_id": SESSION,
            "bytes": 1424843,
            "country_code": "dk",
            "network_type": "4G",
            "network": {"mcc": "238", "mnc": "20"},
        },
        {
            "time": "2020-01-30 08:04:14",
            "bill_id": "a978fc29-0eea-3903-980c-a58f99902c4d",
            "sim_id": "000000001",
            "iccid": "89457387300000000011",
            "session_id": SESSION,
            "bytes": 1103,
            "country_code": "dk",
            "network_type": "4G",
            "network": {"mcc": "238", "mnc": "20"},
        },
    ],
}


@pytest.mark.parametrize("seed", ["0", "7"])
@pytest.mark.parametrize("path", ["/usage", "/usage/000000001"])
def test_the_page_of_the_facts_is_answered_to_the_letter(path: str, seed: str, ask: Ask) -> None:
    """The first two records of all stand where the captured ones did, token included, under any seed."""
    assert ask(seed=seed).get(path, "limit=2").body == FIRST_PAGE


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/usage", "filter[]=time:2020-01-30&filter[]=sim_id:000000001&filter[]=country_code:dk"),
        ("/usage/000000001", "filter[]=time:2020-01-30&filter[]=country_code:dk"),
    ],
)
def test_the_documented_requests_find_both_records(path: str, query: str, anywhere: Client) -> None:
    """S1-15, S1-21: that day has exactly the captured records, under any seed and clock since."""
    assert anywhere.get(path, query).body == {
        "pagination": {"has_more": False},
        "usage": FIRST_PAGE["usage"],
    }


def test_the_documented_token_stands_at_the_start(client: Client) -> None:
    """S1-05: the vendor's example names a SIM and no time; the list begins with its first record."""
    assert client.get("/usage", "limit=2&next_page=MDAyNDY0OTk5").body == FIRST_PAGE


@pytest.mark.parametrize(
    ("sim_id", "pages"),
    [
        ("000002500", [1000, 1000, 500]),
        ("000001001", [1000, 1]),
        ("000001000", [1000]),
        ("000000011", [1]),
        ("000000010", [0]),
    ],
)
def test_there_are_sims_of_every_size(sim_id: str, pages: list[int], anywhere: Client, ask: Ask) -> None:
    """Three pages, one page and a record, exactly one page, one record, none: under any seed."""
    client = ask(seed=anywhere.seed)

    assert [len(page.usage) for page in client.pages(f"/usage/{sim_id}")] == pages


def test_there_are_zeros_and_large_numbers(client: Client) -> None:
    """A SIM that used nothing, and one that used more than fits 32 bits."""
    assert [record["bytes"] for record in client.get("/usage/000000020").usage] == [0, 0]
    assert [record["bytes"] for record in client.get("/usage/000000021").usage] == [4398046511104, 4294967296]


def test_sessions_cross_the_turn_of_the_year(client: Client) -> None:
    """Some session has records in both years."""
    sessions = [
        {record["session_id"] for record in client.crawl("/usage", f"filter=time:{day}")}
        for day in ("2023-12-31", "2024-01-01")
    ]

    assert sessions[0] & sessions[1]


def test_another_seed_makes_other_usage(ask: Ask) -> None:
    """Usage and ids follow the seed; the same seed repeats them."""
    path = "/usage/000000003"

    assert ask(seed="7").crawl(path) == ask(seed="7").crawl(path)
    assert ask(seed="7").crawl(path) != ask(seed="8").crawl(path)


def test_a_later_clock_only_adds(ask: Ask) -> None:
    """History stays what it was; the record of this very second exists, that of the next does not."""
    now = datetime.fromisoformat("2024-01-17T21:00:05Z")
    late, path = ask(now=datetime.fromisoformat("2024-03-01T00:00:00Z")).whole(), "/usage/000000011"

    for at in (now - timedelta(days=100), now):
        early = ask(now=at).whole()
        assert early == late[: len(early)]
    assert len(ask(now=now).crawl(path)) == 1
    assert ask(now=now - timedelta(seconds=1)).crawl(path) == []


@pytest.mark.parametrize("year", [1970, 2100, 9999])
def test_any_clock_is_answered(year: int, ask: Ask) -> None:
    """Before the first record there is nothing; long after the last there is no more."""
    client = ask(now=datetime.fromisoformat(f"{year}-12-31T23:59:59Z"))
    total = client.get("/usage/tag-total/cd613e30-d8f1-4adf-91b7-584a2265b1f5").body["usage"]

    assert (total > 0) is (year > 2020)
    assert len(client.get("/usage/000000001").usage) == (0 if year < 2020 else 1000)


@pytest.mark.parametrize(
    ("digits", "digit"),
    [("8945738730000002273", "4"), ("8945738730000002418", "5"), ("8945730000000000001", "1")],
)
def test_the_check_digits_of_captured_cards(digits: str, digit: str) -> None:
    """V1-13: the check digit is Luhn's."""
    assert luhn_digit(digits) == digit


def twins(count: int) -> tuple[dict[str, Any], ...]:
    """Return records of one time and SIM."""
    return tuple(
        {
            "time": "2024-02-01 10:00:00",
            "sim_id": "000000010",
            "network": "dk-telia",
            "bytes": number,
            "bill_id": f"6671f7dc-180c-3efb-8b03-eb5b6116fb{number:02x}",
        }
        for number in range(count)
    )


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("path", ["/usage/000000010", "/usage"])
def test_records_of_one_time_and_sim_are_not_lost(path: str, limit: int, ask: Ask) -> None:
    """I1-03: a token tells twins apart wherever a page ends among them."""
    client = ask(records={"usage": twins(9)})
    query = "filter=time:2024-02-01" if path == "/usage" else ""

    found = client.crawl(path, query, limit=limit)

    assert [each["bytes"] for each in found if each["sim_id"] == "000000010"] == list(range(9))
    assert found == client.crawl(path, query)


@pytest.mark.parametrize("limit", [1, 2])
def test_sums_of_one_hour_and_sim_are_not_lost(limit: int, ask: Ask) -> None:
    """I1-03: a SIM that changes its network has several sums in one hour."""
    networks = ("dk-telia", "dk-three", "se-telia")
    records = [{**twin, "network": name} for twin, name in zip(twins(3), networks, strict=True)]
    client = ask(records={"usage": tuple(records)})

    found = client.crawl("/usage/000000010", "group=hours", limit=limit)

    assert sorted((each["country_code"], each["network"]["mnc"]) for each in found) == [
        ("dk", "06"),
        ("dk", "20"),
        ("se", "01"),
    ]


def test_records_written_in_a_session_stay_there(ask: Ask) -> None:
    """What one session adds is in its lists and totals at once, and in no other session's."""
    meters = "/usage/tag-total/036eb4b3-4f6a-4a9a-b10c-6306ac5088a3"
    before = ask().get(meters).body["usage"]
    kept = ask().caller.entry.fixtures.records["usage"]
    writing = ask(records={"usage": (*kept, *twins(3))})

    assert writing.get(meters).body["usage"] == before + 0 + 1 + 2
    assert ask().get(meters).body["usage"] == before
