from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from locum_vendors.onomondo.filters import FilterError, Filters, read_filters
from locum_vendors.onomondo.tokens import Position, read_token, write_token

if TYPE_CHECKING:
    from tests.vendors.onomondo.conftest import Ask, Client

METERS = "036eb4b3-4f6a-4a9a-b10c-6306ac5088a3"
ON_THE_ROAD = "cd613e30-d8f1-4adf-91b7-584a2265b1f5"
TRUCKS = "78e51061-7311-48a3-82ce-6f447ed4d57b"
LIMITED = "tag-limited-api-key-of-fjordlight"


def encoded(text: str) -> str:
    """Return *text* as a token is written."""
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("path", "query", "error"),
    [
        ("/usage", "limit=0", "limit_invalid"),
        ("/usage", "limit=1001", "limit_invalid"),
        ("/usage", "limit=", "limit_invalid"),
        ("/usage", "offset=-1", "offset_invalid"),
        ("/usage", "group=days", "group_invalid"),
        ("/usage", "filter=time", "filter_invalid"),
        ("/usage", "filter=colour:red", "filter_invalid"),
        ("/usage", "filter=time:", "filter_invalid"),
        ("/usage", "filter=time:2020-02-30", "filter_invalid"),
        ("/usage", "filter[]=time:2020-13", "filter_invalid"),
        ("/usage", "filter[]=country_code:dk&filter[]=country_code:dnk", "filter_invalid"),
        ("/usage", "filter=time:2020&filter[]=country_code:dk", "filter_invalid"),
        ("/usage/000000001", "filter=sim_id:000000001", "filter_invalid"),
        ("/usage/000000001", "filter=time:2020&filter[]=country_code:dk", "filter_invalid"),
        ("/usage/12345", "", "id_invalid"),
        ("/usage/tag-total", "", "id_invalid"),
        ("/usage/tag-total/7", "", "tag_id_invalid"),
    ],
)
def test_a_request_that_means_nothing_is_refused(path: str, query: str, error: str, client: Client) -> None:
    """E1-03 to E1-06, E1-08, E1-11: 400 and the code of what is wrong."""
    heard = client.get(path, query)

    assert (heard.status, heard.body) == (400, {"error": error})


@pytest.mark.parametrize(
    ("path", "query", "key", "status", "error"),
    [
        ("/usage/000700001", "", "api-key-of-fjordlight", 403, "id_forbidden"),
        ("/usage", "filter=sim_id:000700001", "api-key-of-fjordlight", 403, "id_forbidden"),
        ("/usage/000000001", "", "api-key-of-quarry", 403, "id_forbidden"),
        ("/usage/000000004", "", LIMITED, 403, "id_forbidden"),
        ("/usage", "filter[]=sim_id:000000001&filter[]=sim_id:000000004", LIMITED, 403, "id_forbidden"),
        ("/usage/999999999", "", "api-key-of-fjordlight", 404, "sim_not_found"),
        ("/usage/89457387300000000012", "", "api-key-of-fjordlight", 404, "sim_not_found"),
        (f"/usage/tag-total/{TRUCKS}", "", "api-key-of-fjordlight", 403, "tag_forbidden"),
        (f"/usage/tag-total/{ON_THE_ROAD}", "", LIMITED, 403, "tag_forbidden"),
        (f"/usage/tag-total/{METERS[:-1]}4", "", "api-key-of-fjordlight", 404, "tag_not_found"),
        # A parameter is looked at before ownership, ownership before existence.
        ("/usage/000700001", "limit=0", "api-key-of-fjordlight", 400, "limit_invalid"),
        ("/usage/999999999", "next_page=x", "api-key-of-fjordlight", 400, "next_page_invalid"),
    ],
)
def test_what_others_own_is_refused(  # noqa: PLR0913, PLR0917 -- one row of a table
    path: str, query: str, key: str, status: int, error: str, ask: Ask
) -> None:
    """E1-09 to E1-11: 403 for what belongs to others or lies outside the key's tags, 404 for the unknown."""
    heard = ask(key).get(path, query)

    assert (heard.status, heard.body) == (status, {"error": error})


@pytest.mark.parametrize("path", ["/usage/89457387300000000011", "/usage/8945738730000000001"])
def test_a_sim_is_found_by_its_card(path: str, client: Client) -> None:
    """S1-19, V1-07: an ICCID stands for its SIM, with and without its check digit."""
    assert client.get(path, "limit=50") == client.get("/usage/000000001", "limit=50")


def test_a_card_is_refused_when_the_settings_say_so(ask: Ask) -> None:
    """`resolve_iccid: false` takes SIM ids only."""
    heard = ask(settings={"resolve_iccid": False}).get("/usage/89457387300000000011")

    assert (heard.status, heard.body) == (400, {"error": "id_invalid"})


def test_a_filter_may_be_demanded(ask: Ask) -> None:
    """E1-19: `filter_required: true` refuses a list without one, as the vendor's own document does."""
    client = ask(settings={"filter_required": True})

    assert client.get("/usage").body == {"error": "filter_invalid"}
    assert client.get("/usage", "filter[]=country_code:dk").status == 200


def test_the_bare_key_may_be_refused(ask: Ask) -> None:
    """R1-01: a key without its scheme is taken by default, and 401 with `accept_raw_key: false`."""
    strict = ask(settings={"accept_raw_key": False})
    path = f"/usage/tag-total/{METERS}"
    heard = replace(strict.caller, authorization="api-key-of-fjordlight").get(path)

    assert replace(ask().caller, authorization="api-key-of-fjordlight").get(path).status == 200
    assert strict.get(path).status == 200
    assert (heard.status, heard.body) == (401, {"error": "unauthorized"})
    assert heard.headers["www-authenticate"] == 'Bearer realm="onomondo", error="invalid_token"'


def test_the_rate_follows_the_settings(ask: Ask) -> None:
    """`rate_limit_per_minute` is what the headers tell."""
    assert ask(settings={"rate_limit_per_minute": 5}).get("/usage").headers["x-ratelimit-limit"] == "5"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "MjAyMC0wMS0zMFQwODowNDoxNC4wMDBaQDAwMDAwMDAwMQ",
        "MjAyMC0wMS0zMFQwODowNDoxNC4wMDBaQDAwMDAwMDAwMR==",
        encoded("2020-01-30T08:04:15.000Z@000000001"),
        encoded("2020-01-30T08:04:14.000Z@000000002"),
        encoded("2020-01-30T08:04:14.000Z@000000001#1"),
        encoded("2020-01-30T08:04:14.000Z@000700001"),
        encoded("2020-01-30T09:00:00.000Z@000000001"),
        encoded("2020-02-30T08:04:14.000Z@000000001"),
        encoded("2020-01-30T08:04:14.001Z@000000001"),
        encoded("2020-01-30 08:04:14@000000001"),
        encoded("999999999"),
        encoded("000700001"),
    ],
)
def test_a_token_that_was_not_given_is_refused(token: str, client: Client) -> None:
    """E1-07: tampered, truncated, of another API, of another organisation."""
    heard = client.get("/usage", f"next_page={token}")

    assert (heard.status, heard.body) == (400, {"error": "next_page_invalid"})


def test_no_character_of_a_token_can_be_changed(client: Client) -> None:
    """E1-07: whatever single character is replaced or cut off, the token is refused."""
    token = client.get("/usage/000000001", "limit=2").next_page
    assert token is not None
    changed = [
        f"{token[:place]}{letter}{token[place + 1 :]}"
        for place in range(len(token))
        for letter in ("A", "z")
        if letter != token[place]
    ]
    cut = [token[:length] for length in range(1, len(token))]

    refused = [client.get("/usage/000000001", f"next_page={each}").status for each in (*changed, *cut)]

    assert set(refused) == {400}


def test_a_token_belongs_to_its_sim(client: Client) -> None:
    """E1-07: a token of one SIM's list is good in the list of all, and foreign to another SIM."""
    token = client.get("/usage/000000001", "limit=2").next_page

    assert client.get("/usage", f"next_page={token}").status == 200
    assert client.get("/usage/000000002", f"next_page={token}").status == 400


def test_a_token_is_a_place_to_go_on_from(client: Client) -> None:
    """Under other filters and grouped otherwise, a list goes on behind the record the token names."""
    token = client.get("/usage/000000001", "limit=1").next_page
    hour = client.get("/usage/000000001", "limit=1&group=hours").next_page

    for query, first in (
        (f"next_page={token}&group=hours", "2020-01-30 08:00:00"),
        (f"next_page={hour}", "2020-01-30 07:49:13"),
        (f"next_page={token}&filter=time:2020-02", "2020-02-"),
    ):
        assert client.get("/usage/000000001", f"limit=1&{query}").usage[0]["time"].startswith(first)


@pytest.mark.parametrize("position", [Position(0, "000000001"), Position(1580371454, "999999999", 12)])
def test_a_token_reads_as_it_was_written(position: Position) -> None:
    """Reading gives back what was written."""
    assert read_token(write_token(position)) == position


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("time:2024-02", (1706745600, 1709251200)),
        ("time:2020-01-30", (1580342400, 1580428800)),
        ("time:2023-12", (1701388800, 1704067200)),
        ("time:2020", (1577836800, 1609459200)),
    ],
)
def test_a_time_is_a_half_open_interval(text: str, interval: tuple[int, int]) -> None:
    """S1-12: day, month or year in UTC, in Unix seconds."""
    assert read_filters([text]) == Filters(times=frozenset({interval}))


@pytest.mark.parametrize("text", ["time:9999", "time:9999-12", "time:9999-12-31", "time:0001"])
def test_the_ends_of_the_calendar_are_no_error(text: str) -> None:
    """The last day, month and year that can be named are as good as any."""
    ((start, end),) = read_filters([text]).times

    assert start < end


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "time", "time:", "time:2020-", "time:0000", "time:2020-00", "time:2020-1", "time: 2020"),
        *(
            "time:2023-02-29",
            "time:2020-01-30T00",
            "time:\u0662\u0660\u0662\u0660",
            "sim_id:1",
            "sim_id:" + "\u0660" * 9,
        ),
        *("sim_id:000000001\n", "country_code:d", "country_code:dnk", "country_code:d1", "colour:red"),
    ],
)
def test_a_filter_that_means_nothing_is_told(text: str) -> None:
    """R1-05: unknown key, no colon, no value, or a value of no such kind."""
    with pytest.raises(FilterError):
        read_filters([text])
