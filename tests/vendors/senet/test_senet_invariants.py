from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.senet.conftest import Ask, Client

#: Of the own company: with devices, managed, silent, very large, new, with empty months, single, shelved.
PERSONAS = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "0A")
SEEDS = ("0", "7", "a seed in words")
CLOCKS = (
    datetime(2024, 2, 15, 12, tzinfo=UTC),
    # The first second of a month, and the last one of a leap day.
    datetime(2024, 3, 1, 0, 0, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
)
LARGEST = 2**53 - 1
CUMULATIVE = ("totalRegistrations", "totalActivations", "totalDeactivations")


@pytest.fixture(params=CLOCKS, ids=str)
def clock(request: pytest.FixtureRequest) -> datetime:
    """Return each of the clocks."""
    now: datetime = request.param
    return now


@pytest.fixture(params=SEEDS)
def anywhere(request: pytest.FixtureRequest, clock: datetime, ask: Ask) -> Client:
    """Return a client under each seed and clock, for which the running month can be read too."""
    return ask(seed=request.param, now=clock, settings={"current_month": "partial"})


@pytest.fixture(params=PERSONAS)
def history(request: pytest.FixtureRequest, anywhere: Client) -> list[dict[str, int]]:
    """Return all summaries of an Application, the running month last."""
    now = anywhere.now
    months = [(year, month) for year in range(2021, now.year + 1) for month in range(1, 13)]
    heard = [anywhere.month(request.param, *each) for each in months if each <= (now.year, now.month)]
    return [body for status, body in heard if status == 200]


def test_the_counters_of_a_month_agree(history: list[dict[str, int]]) -> None:
    """I0-01 to I0-07, in every month of every Application; at least one month is there."""
    assert history
    for month in history:
        devices, active = month["numberOfDevices"], month["numberOfActiveDevices"]
        reporting, up = month["numberOfReportingDevices"], month["totalUpPackets"]

        assert len(month) == 12
        assert all(type(count) is int and 0 <= count <= LARGEST for count in month.values())  # I0-01
        assert reporting <= active <= devices  # I0-02
        assert reporting <= month["numberOfDevicesEvaluated"]  # I0-03
        assert (reporting == 0) == (up == 0)  # I0-04
        assert up >= reporting  # I0-05
        assert up == month["totalLocalUpMsg"] + month["totalForeignUpMsg"]  # I0-06
        assert active == month["totalActivations"] - month["totalDeactivations"]  # I0-07
        assert month["totalActivations"] <= month["totalRegistrations"]  # I0-07


def test_what_runs_since_the_start_never_falls(history: list[dict[str, int]]) -> None:
    """I0-08: registrations, activations and deactivations only grow from month to month."""
    for earlier, later in pairwise(history):
        assert all(earlier[name] <= later[name] for name in CUMULATIVE)


@pytest.mark.parametrize("eui", PERSONAS)
def test_a_running_month_only_grows(eui: str, ask: Ask) -> None:
    """With `current_month: partial` no counter of traffic falls, and the closed month is the last reading."""
    traffic = ("totalUpPackets", "totalDownPackets", "totalSecuritySession", "totalRegistrations")
    clocks = [datetime(2024, 1, day, hour, tzinfo=UTC) for day in range(1, 32) for hour in (0, 12)]
    running = [
        ask(now=now, settings={"current_month": "partial"}).month(eui, 2024, 1)
        for now in (*clocks, datetime(2024, 2, 1, tzinfo=UTC))
    ]
    read = [body for status, body in running if status == 200]

    assert running[-1] == ask().month(eui, 2024, 1)
    for earlier, later in pairwise(read):
        assert all(earlier[name] <= later[name] for name in traffic)


@pytest.mark.parametrize("eui", PERSONAS[:8])
def test_a_closed_month_stays_what_it_was(eui: str, ask: Ask) -> None:
    """I0-10: the same request at any later time gets the same body."""
    told = [ask(now=now).month(eui, 2024, 1) for now in CLOCKS]

    assert told[0][0] == 200
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(
    "query", ["eui=00005eef10000001&year=2024&month=1", "month=01&year=02024&eui=00005EEf10000001"]
)
def test_spelling_makes_no_difference(query: str, client: Client) -> None:
    """I0-11: case of the EUI and leading zeros mean nothing, nor does the order."""
    assert client.get(query) == client.month("01", 2024, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_another_seed_is_another_world(seed: str, ask: Ask) -> None:
    """The counters hang on the seed, and on nothing else: a client made anew gets the same."""
    told = [ask(seed=each).month("01", 2024, 1) for each in SEEDS]

    assert ask(seed=seed).month("01", 2024, 1) in told
    assert len({str(each) for each in told}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_persona_is_what_it_says(seed: str, ask: Ask) -> None:
    """Zero used, very large, an empty month between others, a single device, none activated."""

    def january(eui: str) -> Any:  # noqa: ANN401 -- JSON
        status, body = ask(seed=seed).month(eui, 2024, 1)
        assert status == 200
        return body

    _, before = ask(seed=seed).month("07", 2023, 12)

    assert january("01")["numberOfReportingDevices"] > 50
    assert january("04")["numberOfActiveDevices"] > 0
    assert january("04")["totalUpPackets"] == 0
    assert january("05")["totalUpPackets"] > 2**52
    assert january("07")["totalUpPackets"] == 0 < before["totalUpPackets"]
    assert january("08")["numberOfDevices"] == 1
    assert january("0A")["numberOfDevices"] > 0 == january("0A")["numberOfActiveDevices"]
