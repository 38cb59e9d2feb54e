"""Whatever the size of a page, a crawl over a kept connection visits every record once and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running

Json: TypeAlias = Any
Crawl: TypeAlias = Callable[[int], list[Json]]


@pytest.fixture(scope="module")
def line(stand_in: Running) -> Iterator[httpx.Client]:
    """Return a client that keeps its connection, in a session of its own."""
    with httpx.Client(base_url=stand_in.url, headers={"Locum-Session": "crawls"}, timeout=20) as client:
        yield client


def usage(line: httpx.Client, limit: int) -> list[Json]:
    """Follow the tokens of Onomondo."""
    headers = {"Authorization": "Bearer api-key-of-fjordlight"}
    records, query = [], {"limit": str(limit)}
    while True:
        page = line.get("/onomondo/usage", params=query, headers=headers).raise_for_status().json()
        assert len(page["usage"]) <= limit
        records += page["usage"]
        if not page["pagination"]["has_more"]:
            return records
        query["next_page"] = page["pagination"]["next_page"]


def months(line: httpx.Client, per_page: int) -> list[Json]:
    """Follow the links of Talkdesk."""
    headers = {"Authorization": "Bearer access-token-of-fjordlight"}
    rows, target = [], f"/talkdesk/express/usage/month?per_page={per_page}"
    while target:
        page = line.get(target, headers=headers).raise_for_status().json()
        assert len(page["_embedded"]["usage"]) <= per_page
        rows += page["_embedded"]["usage"]
        target = page["_links"].get("next", {}).get("href", "")
    assert len(rows) == page["total"]
    return rows


def test_every_usage_record_is_visited_once(line: httpx.Client) -> None:
    """Records come by time and then by SIM, no bill twice, and the same ones one by one, by 7 and by 1000."""
    by_thousand = usage(line, 1000)

    assert len(by_thousand) > 7000
    assert len({each["bill_id"] for each in by_thousand}) == len(by_thousand)
    places = [(each["time"], each["sim_id"]) for each in by_thousand]
    assert places == sorted(places)
    assert usage(line, 7) == by_thousand
    assert usage(line, 1) == by_thousand


def test_every_monthly_row_is_visited_once(line: httpx.Client) -> None:
    """Rows come with the highest id first, none twice, and the same ones by 1, by 50 and by 250."""
    by_most = months(line, 250)
    ids = [each["id"] for each in by_most]

    assert len(ids) > 1000
    assert ids == sorted(set(ids), reverse=True)
    assert months(line, 50) == by_most
    assert months(line, 1) == by_most
