from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.vendors.senet.conftest import Ask, Client

OWN, HARBOUR, QUARRY = "usage-key-of-fjordlight", "usage-key-of-harbour", "usage-key-of-quarry"
FORBIDDEN = (403, {"message": "Authorization failure"})
NO_APPLICATION = (404, {"message": "Application not found"})
NO_FILE = (404, {"message": "File not found"})


@pytest.mark.parametrize(
    ("key", "opened"),
    [
        (OWN, {"01", "02", "03", "04", "05", "06", "07", "08", "0A"}),
        (HARBOUR, {"01", "03", "04", "05", "06", "11"}),
        (QUARRY, {"10", "11"}),
    ],
)
def test_a_key_opens_what_its_company_owns_or_manages(key: str, opened: set[str], ask: Ask) -> None:
    """I0-15: own and managed Applications answer 200 with one key, foreign ones 403."""
    every = ("01", "02", "03", "04", "05", "06", "07", "08", "0A", "10", "11")
    told = {eui: ask(key).month(eui, 2024, 1) for eui in every}

    assert {eui for eui, (status, _) in told.items() if status == 200} == opened
    assert all(told[eui] == FORBIDDEN for eui in every if eui not in opened)


@pytest.mark.parametrize(
    "key", ["onboarding-key-of-fjordlight", "revoked-usage-key-of-fjordlight", "", f"Bearer {OWN}"]
)
@pytest.mark.parametrize(
    "query", ["eui=00005EEF10000001&year=2024&month=1", "eui=x", "eui=00005EEF100000FF&year=2024&month=1"]
)
def test_a_key_is_judged_first(key: str, query: str, ask: Ask) -> None:
    """R0-14, I0-14: whatever else is wrong, and with nothing else wrong, a key that does not open is 403."""
    assert ask(key).get(query) == FORBIDDEN


@pytest.mark.parametrize("eui", ["00005EEF100000FF", "0025000000000000", "ffffffffffffffff"])
def test_an_unknown_application_is_404(eui: str, client: Client) -> None:
    """I0-12, E0-07: an EUI that nobody has."""
    assert client.month(eui, 2024, 1) == NO_APPLICATION


@pytest.mark.parametrize(
    ("eui", "year", "month"),
    [
        ("01", 2024, 3),
        ("01", 2024, 2),
        ("01", 2022, 6),
        ("01", 24, 1),
        ("01", 1, 1),
        ("01", 9999, 12),
        ("01", 10**40, 1),
        ("06", 2023, 12),
        ("09", 2024, 1),
        ("09", 2024, 2),
    ],
)
def test_a_month_without_a_file_is_404(eui: str, year: int, month: int, client: Client) -> None:
    """I0-12, E0-08: in the future, still running, before the Application, written with two digits."""
    assert client.month(eui, year, month) == NO_FILE


def test_the_first_month_has_a_file(client: Client) -> None:
    """An Application can be read from the month it was created in."""
    assert client.month("01", 2022, 7)[0] == 200
    assert client.month("06", 2024, 1)[0] == 200


def test_an_application_is_judged_before_its_months(client: Client) -> None:
    """R0-14: a foreign Application is 403 for a month that has no file, an unknown one is not found."""
    assert client.month("10", 2030, 1) == FORBIDDEN
    assert client.month("FF", 2030, 1) == NO_APPLICATION


@pytest.mark.parametrize("name", ["eui", "year", "month"])
def test_a_parameter_is_missing_or_stands_twice(name: str, client: Client) -> None:
    """I0-13, R0-10: each of the three is asked for, once."""
    sent = {"eui": "00005EEF10000001", "year": "2024", "month": "1"}
    without = "&".join(f"{key}={value}" for key, value in sent.items() if key != name)

    assert client.get(without) == (400, {"message": f"Missing parameter: {name}"})
    assert client.get(f"{without}&{name}={sent[name]}&{name}={sent[name]}") == (
        400,
        {"message": f"Malformed parameter: {name}"},
    )


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC), 404),
        (datetime(2024, 2, 1, tzinfo=UTC), 200),
    ],
)
def test_a_month_is_closed_with_its_last_second(now: datetime, status: int, ask: Ask) -> None:
    """R0-11, V0-07: the file of a month is there from the first of the next one on."""
    assert ask(now=now).month("01", 2024, 1)[0] == status


def test_the_running_month_can_be_read_in_part(ask: Ask) -> None:
    """R0-11: with `current_month: partial` the running month counts up to now; the next is still 404."""
    partial = ask(settings={"current_month": "partial"})

    assert partial.month("09", 2024, 2)[0] == 200
    assert partial.month("01", 2024, 3) == NO_FILE


def test_months_can_begin_elsewhere(ask: Ask) -> None:
    """R0-12: an hour east of Greenwich a month is closed an hour earlier."""
    now = datetime(2024, 1, 31, 23, tzinfo=UTC)

    assert ask(now=now, settings={"time_zone": "+01:00"}).month("01", 2024, 1)[0] == 200
    assert ask(now=now, settings={"time_zone": "-05:00"}).month("01", 2024, 1) == NO_FILE


def test_an_application_can_be_written(ask: Ask) -> None:
    """What a session writes is read back, and what is not told of it has a default."""
    record = {"eui": "00005eef100000aa", "owner": "fjordlight", "created_month": "2023-12"}
    status, body = ask(records={"applications": (record,)}).month("AA", 2024, 1)

    assert (status, body["numberOfDevices"]) == (200, 1)
    assert ask(records={"applications": (record,)}).month("01", 2024, 1) == NO_APPLICATION


@pytest.mark.parametrize("year", [1, 9999])
def test_any_clock_will_do(year: int, ask: Ask) -> None:
    """At either end of the calendar there is an answer."""
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert {
        ask(now=now, settings={"current_month": "partial"}).month("01", year, 12)[0] for now in (first, last)
    } <= {200, 404}
