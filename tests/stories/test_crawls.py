"""Whatever the size of a page, a crawl over a kept connection visits every record once and in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running

Json: TypeAlias = Any


@pytest.fixture
def line(stand_in: Running) -> Iterator[HTTPConnection]:
    """Return the one connection of a test; httpx takes twice as long for seven thousand pages."""
    with closing(HTTPConnection(*stand_in.address, timeout=20)) as connection:
        connection.connect()
        # A connection that the server closes is an error, and not silently opened again.
        connection.auto_open = 0
        yield connection


def usage(line: HTTPConnection, limit: int) -> list[Json]:
    """Follow the tokens of Onomondo."""
    start = target = f"/onomondo/usage?limit={limit}"
    records: list[Json] = []
    while target:
        page = _ask(line, target, "api-key-of-fjordlight")
        pagination = page["pagination"]
        # Only the last page is short.
        assert len(page["usage"]) == limit or not pagination["has_more"]
        records += page["usage"]
        target = f"{start}&next_page={quote(pagination['next_page'])}" if pagination["has_more"] else ""
    return records


def months(line: HTTPConnection, per_page: int) -> list[Json]:
    """Follow the links of Talkdesk."""
    target = f"/talkdesk/express/usage/month?per_page={per_page}"
    rows: list[Json] = []
    while target:
        page = _ask(line, target, "access-token-of-fjordlight")
        told = page["_embedded"]["usage"]
        assert len(told) == per_page or "next" not in page["_links"]
        rows += told
        target = page["_links"].get("next", {}).get("href", "").removeprefix(_origin(line))
    assert len(rows) == page["total"]
    return rows


def _origin(line: HTTPConnection) -> str:
    return f"http://{line.host}:{line.port}"


def _ask(line: HTTPConnection, target: str, token: str) -> Json:
    line.request("GET", target, headers={"Authorization": f"Bearer {token}", "Locum-Session": "crawls"})
    response = line.getresponse()
    told = response.read()
    assert response.status == 200, told
    return json.loads(told)


def test_every_usage_record_is_visited_once(line: HTTPConnection) -> None:
    """Records come by time and then by SIM, no bill twice, and the same ones by 1000, by 7 and one by one."""
    by_thousand = usage(line, 1000)

    assert len(by_thousand) > 7000
    assert len({each["bill_id"] for each in by_thousand}) == len(by_thousand)
    places = [(each["time"], each["sim_id"]) for each in by_thousand]
    assert places == sorted(places)
    assert usage(line, 7) == by_thousand
    assert usage(line, 1) == by_thousand


def test_every_monthly_row_is_visited_once(line: HTTPConnection) -> None:
    """Rows come with the highest id first, none twice, and the same ones by 250, by 50 and one by one."""
    by_most = months(line, 250)
    ids = [each["id"] for each in by_most]

    assert len(ids) > 1000
    assert ids == sorted(set(ids), reverse=True)
    assert months(line, 50) == by_most
    assert months(line, 1) == by_most
