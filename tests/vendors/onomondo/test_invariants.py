from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.onomondo.conftest import Ask, Client

METERS = "036eb4b3-4f6a-4a9a-b10c-6306ac5088a3"
ON_THE_ROAD = "cd613e30-d8f1-4adf-91b7-584a2265b1f5"
SPARE = "1e2feb89-414c-443c-9027-c4d1c386bbc4"
FJORDLIGHT = {
    *("000000001", "000000002", "000000003", "000000004", "000000005", "000000006", "000000007"),
    *("000000010", "000000011", "000000020", "000000021"),
    *("000001000", "000001001", "000002500", "002464999"),
}
TAGGED = {
    METERS: {"000000001", "000000002", "000000006", "000000010"},
    ON_THE_ROAD: {"000000002", "000000003", "000000005"},
    SPARE: set[str](),
}
#: ITU-T E.212.
COUNTRIES = dict(
    pair.split()
    for pair in (
        *("238 dk", "240 se", "242 no", "244 fi", "262 de", "204 nl", "206 be"),
        *("208 fr", "214 es", "260 pl", "234 gb", "235 gb", "310 us"),
    )
)


def seconds(record: dict[str, Any]) -> float:
    """Return the time of *record* in seconds since any moment."""
    return (datetime.fromisoformat(record["time"]) - datetime(2020, 1, 1)).total_seconds()  # noqa: DTZ001 -- as written


def bytes_of(records: list[dict[str, Any]]) -> int:
    """Return the bytes of all *records*."""
    return sum(record["bytes"] for record in records)


def grouping(record: dict[str, Any]) -> tuple[object, ...]:
    """Return what an hourly sum is a sum of."""
    network = record["network"]
    return (
        f"{record['time'][:13]}:00:00",
        record["sim_id"],
        record["country_code"],
        record["network_type"],
        network["mcc"],
        network["mnc"],
    )


@pytest.mark.parametrize("query", ["limit=1", "limit=7", "limit=1000", ""])
@pytest.mark.parametrize("path", ["/usage", "/usage/000002500"])
def test_a_page_holds_at_most_its_limit(path: str, query: str, anywhere: Client) -> None:
    """I1-01: never more records than `limit`, never more than 1000 without it."""
    limit = int(query.partition("=")[2] or 1000)

    assert len(anywhere.get(path, query).usage) <= limit


def test_a_page_without_a_limit_is_a_full_one(client: Client) -> None:
    """I1-01: the default of `limit` is 1000."""
    assert len(client.get("/usage").usage) == 1000


@pytest.mark.parametrize("query", ["", "filter=country_code:se", "group=hours", "filter=sim_id:000000010"])
def test_more_pages_are_announced_by_a_token(query: str, anywhere: Client) -> None:
    """I1-02, I1-04: `has_more` comes with `next_page`, and only the last page is short, or empty."""
    *before, last = anywhere.pages("/usage", query, limit=400)

    assert [page.body["pagination"].keys() for page in before] == [{"has_more", "next_page"}] * len(before)
    assert all(page.body["pagination"]["has_more"] and len(page.usage) == 400 for page in before)
    assert last.body["pagination"] == {"has_more": False}
    assert last.usage or not before


@pytest.mark.parametrize("query", ["", "filter[]=country_code:dk&filter[]=time:2024", "group=hours"])
def test_any_limit_visits_every_record_once(query: str, anywhere: Client) -> None:
    """I1-03: following the tokens gives the same list at every limit, in order and without repetition."""
    records = anywhere.crawl("/usage", query)

    assert anywhere.crawl("/usage", query, limit=197) == records
    keys = [record.get("bill_id") or grouping(record) for record in records]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("limit", [1, 7])
@pytest.mark.parametrize("query", ["", "group=hours"])
def test_small_pages_visit_every_record_once(limit: int, query: str, ask: Ask) -> None:
    """I1-03: pages of one and of seven records are walked to the end as a page of a thousand is."""
    client = ask(now=datetime.fromisoformat("2023-10-12T03:00:00Z"))
    records = client.crawl("/usage", query)

    assert len(records) > 200
    assert client.crawl("/usage", query, limit=limit) == records


def test_the_whole_list_is_walked_by_sevens(client: Client) -> None:
    """I1-03: some thousand pages are some thousand records and none twice."""
    assert client.crawl(limit=7) == client.whole()


@pytest.mark.parametrize("path", ["/usage", "/usage/000001001"])
@pytest.mark.parametrize("query", ["", "&filter=country_code:fi", "&group=hours"])
def test_an_offset_skips_from_the_start(path: str, query: str, client: Client) -> None:
    """I1-05: `offset=n` leaves out the first n; past the end the list is empty."""
    whole = client.crawl(path, query.strip("&"))

    for offset in (0, 1, 10, 999, len(whole) - 1):
        assert client.get(path, f"limit=3&offset={offset}{query}").usage == whole[offset : offset + 3]
    for offset in (len(whole), len(whole) + 1, 10**30):
        assert client.get(path, f"offset={offset}{query}").body == {
            "pagination": {"has_more": False},
            "usage": [],
        }


def test_an_offset_is_ignored_beside_a_token(client: Client) -> None:
    """R1-03: the token says where the page begins."""
    token = client.get("/usage", "limit=10").next_page

    assert client.get("/usage", f"limit=10&offset=5&next_page={token}") == client.get(
        "/usage", f"limit=10&next_page={token}"
    )


@pytest.mark.parametrize("query", ["limit=1000", "limit=1000&group=hours", "limit=300&filter=time:2024-01"])
def test_records_come_by_time_and_sim(query: str, anywhere: Client) -> None:
    """I1-06: sorted by time, then by SIM, and the same at every call."""
    page = anywhere.get("/usage", query)
    order = [(record["time"], record["sim_id"]) for record in page.usage]

    assert order == sorted(order)
    assert anywhere.get("/usage", query) == page


def test_the_whole_list_is_sorted(anywhere: Client) -> None:
    """I1-06: sorted across its pages too."""
    order = [(record["time"], record["sim_id"]) for record in anywhere.whole()]

    assert order == sorted(order)


def test_months_are_the_sum_of_their_days_and_years_of_their_months(anywhere: Client) -> None:
    """I1-07: a filter by time keeps what starts inside; days add up to months, months to years."""
    year = [f"2024-{month:02d}" for month in range(1, 13)]
    february = [f"2024-02-{day:02d}" for day in range(1, 30)]
    for whole, parts in (("2024", year), ("2024-02", february)):
        records = anywhere.crawl("/usage", f"filter=time:{whole}")
        divided = [anywhere.crawl("/usage", f"filter=time:{part}") for part in parts]

        assert all(record["time"].startswith(whole) for record in records)
        assert [record for part in divided for record in part] == records


def test_a_day_is_half_open(client: Client) -> None:
    """I1-07: the last second of a day belongs to it, the first of the next does not; all in UTC."""
    query = "filter[]=sim_id:000000020&filter[]=time:"

    assert [record["time"] for record in client.get("/usage", f"{query}2023-12-31").usage] == [
        "2023-12-31 23:59:59"
    ]
    assert [record["time"] for record in client.get("/usage", f"{query}2024-01-01").usage] == [
        "2024-01-01 00:14:59"
    ]


@pytest.mark.parametrize("rest", ["", "&filter[]=time:2024-01", "&group=hours", "&limit=5"])
@pytest.mark.parametrize("sim_id", ["000000001", "000000003", "000002500", "000000010"])
def test_a_filter_by_sim_is_the_list_of_that_sim(sim_id: str, rest: str, anywhere: Client) -> None:
    """I1-08, I1-13: only that SIM, and what its own path answers."""
    filtered = anywhere.get("/usage", f"filter[]=sim_id:{sim_id}{rest}")

    assert {record["sim_id"] for record in filtered.usage} <= {sim_id}
    assert anywhere.get(f"/usage/{sim_id}", rest.strip("&")) == filtered


def test_several_sims_are_alternatives(client: Client) -> None:
    """S1-15: the same key given again widens, in the order of the list."""
    sims = {"000000001", "000000004"}
    query = "&".join(f"filter[]=sim_id:{sim_id}" for sim_id in sorted(sims))
    whole = client.whole()

    assert client.crawl("/usage", query) == [record for record in whole if record["sim_id"] in sims]


@pytest.mark.parametrize("country", ["dk", "se", "us", "zz"])
def test_a_filter_by_country_keeps_that_country(country: str, anywhere: Client) -> None:
    """I1-09: in either case of the letters, nothing else passes and nothing is lost."""
    records = anywhere.crawl("/usage", f"filter=country_code:{country}")

    assert records == [record for record in anywhere.whole() if record["country_code"] == country]
    assert anywhere.crawl("/usage", f"filter=country_code:{country.upper()}") == records


def test_filters_only_remove(anywhere: Client) -> None:
    """I1-10: what is filtered is part of the whole; different keys hold together, in any order."""
    whole = anywhere.whole()
    one, other = "filter[]=time:2024-01", "filter[]=country_code:dk"
    both = anywhere.crawl("/usage", f"{one}&{other}")

    assert both == [
        record for record in whole if record["time"].startswith("2024-01") and record["country_code"] == "dk"
    ]
    assert anywhere.crawl("/usage", f"{other}&{one}") == both


@pytest.mark.parametrize("value", ["time:2024-02-01", "sim_id:000000001", "country_code:dk"])
def test_every_spelling_of_a_filter_is_the_same(value: str, client: Client) -> None:
    """I1-10, I1-11: `filter` and `filter[]`, raw and percent-encoded brackets and colons."""
    encoded = value.replace(":", "%3A")
    spelled = [
        client.get("/usage", f"{name}={text}")
        for name in ("filter", "filter[]", "filter%5B%5D", "filter%5b%5d")
        for text in (value, encoded, encoded.lower())
    ]

    assert spelled[0].usage
    assert spelled == [spelled[0]] * 12


def test_only_own_sims_are_listed(ask: Ask, anywhere: Client) -> None:
    """I1-12: the SIMs of the key's organisation, of a limited key those that carry its tag."""
    limited = ask("tag-limited-api-key-of-fjordlight", seed=anywhere.seed, now=anywhere.now)
    foreign = ask("api-key-of-quarry", seed=anywhere.seed, now=anywhere.now)

    assert {record["sim_id"] for record in anywhere.whole()} <= FJORDLIGHT
    assert {record["sim_id"] for record in limited.whole()} <= TAGGED[METERS]
    assert {record["sim_id"] for record in foreign.whole()} <= {"000700001", "000700002"}
    assert limited.whole() == [each for each in anywhere.whole() if each["sim_id"] in TAGGED[METERS]]


@pytest.mark.parametrize("tag_id", TAGGED)
def test_the_total_of_a_tag_is_the_sum_of_its_sims(tag_id: str, anywhere: Client) -> None:
    """I1-14: over all time; a SIM with two tags counts in both, a tag without SIMs totals zero."""
    records = [record for sim_id in sorted(TAGGED[tag_id]) for record in anywhere.crawl(f"/usage/{sim_id}")]
    heard = anywhere.get(f"/usage/tag-total/{tag_id}")

    assert (heard.status, heard.body) == (200, {"tag_id": tag_id, "usage": bytes_of(records)})


@pytest.mark.parametrize("rest", ["", "&filter=time:2024-01", "&filter=country_code:se"])
def test_hours_add_up(rest: str, anywhere: Client) -> None:
    """I1-15, R1-04: one sum for each hour, SIM, country and network, and no byte is lost."""
    records = anywhere.crawl("/usage", rest.strip("&"))
    hours = anywhere.crawl("/usage", f"group=hours{rest}")
    sums: dict[object, int] = defaultdict(int)
    for record in records:
        sums[grouping(record)] += record["bytes"]

    assert {grouping(hour): hour["bytes"] for hour in hours} == sums
    assert len(hours) == len(sums)
    assert all(hour["time"].endswith(":00:00") for hour in hours)
    assert not any({"bill_id", "session_id"} & hour.keys() for hour in hours)


def test_numbers_are_what_they_seem(anywhere: Client) -> None:
    """I1-16, I1-18, I1-20: bytes count, a network is in its country, codes are text with their zeros."""
    for record in anywhere.whole():
        network = record["network"]

        assert 0 <= record["bytes"] < 2**53
        assert COUNTRIES[network["mcc"]] == record["country_code"]
        assert re.fullmatch("[0-9]{2,3}", network["mnc"])
        assert re.fullmatch("[0-9]{9}", record["sim_id"])


def test_one_card_for_one_sim(ask: Ask) -> None:
    """I1-17: an ICCID has a prefix, the SIM id and a check digit by Luhn; it belongs to one SIM."""
    records = [*ask().whole(), *ask("api-key-of-quarry").whole()]
    cards = {(record["sim_id"], record["iccid"]) for record in records}

    assert len(cards) == len({sim_id for sim_id, _ in cards}) == len({iccid for _, iccid in cards}) == 16
    for sim_id, iccid in cards:
        assert re.fullmatch(f"89[0-9]{{8}}{sim_id}[0-9]", iccid)
        doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(iccid))]
        assert sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def test_sessions_are_billed_every_quarter_of_an_hour(anywhere: Client) -> None:
    """I1-19: no bill twice; a session has one SIM and network, and no gap of more than 15 min and 5 s."""
    records = anywhere.whole()
    sessions = defaultdict(list)
    for record in records:
        sessions[record["session_id"]].append(record)

    assert max(Counter(record["bill_id"] for record in records).values()) == 1
    for session in sessions.values():
        assert len({(record["sim_id"], record["network"]["mnc"]) for record in session}) == 1
        gaps = [seconds(after) - seconds(before) for before, after in pairwise(session)]
        assert all(0 < gap <= 905 for gap in gaps)


def test_sessions_of_a_sim_do_not_overlap(client: Client) -> None:
    """A SIM has one session at a time: its records lie session by session."""
    for sim_id in sorted(FJORDLIGHT):
        sessions = [record["session_id"] for record in client.crawl(f"/usage/{sim_id}")]
        begins = [now for before, now in pairwise(["", *sessions]) if before != now]

        assert len(begins) == len(set(begins))


def test_an_unknown_sim_has_no_usage_and_no_path(anywhere: Client) -> None:
    """I1-21: as a filter it leaves nothing, as a path it is not found."""
    assert anywhere.get("/usage", "filter=sim_id:999999999").usage == []
    heard = anywhere.get("/usage/999999999")

    assert (heard.status, heard.body) == (404, {"error": "sim_not_found"})


@pytest.mark.parametrize("path", ["/usage", "/usage/000000001", f"/usage/tag-total/{METERS}"])
def test_the_rate_is_told(path: str, anywhere: Client) -> None:
    """I1-22: calls left of those allowed, and a reset at most a minute away on the session's clock."""
    headers = anywhere.get(path).headers
    ahead = int(headers["x-ratelimit-reset"]) - anywhere.now.timestamp()

    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("600", "600")
    assert 0 < ahead <= timedelta(minutes=1).total_seconds()


def test_nothing_lies_in_the_future(anywhere: Client) -> None:
    """A record later than the session's clock does not exist; setting the clock on only adds some."""
    now = f"{anywhere.now:%Y-%m-%d %H:%M:%S}"

    assert all(record["time"] <= now for record in anywhere.whole())
