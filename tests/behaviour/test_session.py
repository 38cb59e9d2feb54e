"""Promises of clocks and durations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from locum.behaviour.durations import parse_duration
from locum.behaviour.session import Clock, ClockMode, is_session_name

NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


def test_a_frozen_clock_stands_still() -> None:
    """Whatever real time does, the session's time stays."""
    assert Clock().now(0.0) == Clock().now(1e9) == NOON


def test_a_running_clock_goes_on_from_its_instant() -> None:
    """It passes as real time passes."""
    clock = Clock().switched(ClockMode.RUNNING, 1000.0)

    assert clock.now(1090.0) == datetime(2024, 2, 15, 12, 1, 30, tzinfo=UTC)


def test_the_real_clock_is_the_real_time() -> None:
    """Nothing of the session is in it."""
    assert Clock(mode=ClockMode.REAL).now(0.0) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_real_clock_that_is_set_runs_on_from_there() -> None:
    """Setting a time ends being real, and not the passing of time."""
    clock = Clock(mode=ClockMode.REAL).set_to(NOON, 500.0)

    assert (clock.mode, clock.now(501.0)) == (ClockMode.RUNNING, NOON.replace(second=1))


def test_freezing_keeps_what_the_clock_showed() -> None:
    """A running clock stops where it is."""
    clock = Clock().switched(ClockMode.RUNNING, 0.0).switched(ClockMode.FROZEN, 60.0)

    assert clock.now(9999.0) == NOON.replace(minute=1)


def test_time_ends_with_the_year_9999() -> None:
    """A clock that ran out of calendar shows its last moment, and raises nothing."""
    late = Clock(mode=ClockMode.RUNNING, instant=datetime(9999, 12, 31, 23, tzinfo=UTC), running_since=0.0)

    assert late.now(1e6).year == 9999


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1D", "2024-02-16T12:00:00+00:00"),
        ("PT15M", "2024-02-15T12:15:00+00:00"),
        ("-P1M", "2024-01-15T12:00:00+00:00"),
        ("P1Y2M3DT4H5M6.5S", "2025-04-18T16:05:06.500000+00:00"),
        ("P2W", "2024-02-29T12:00:00+00:00"),
    ],
)
def test_durations_move_an_instant(text: str, expected: str) -> None:
    """Durations are those of ISO 8601, months those of the calendar."""
    assert parse_duration(text).after(NOON).isoformat() == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1D", "P1H", "P1DT", "P1D2Y", "P-1D", "P\uff11D"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P9999Y", "-P9999Y", "P9999999D", "-P25000M"])
def test_a_duration_out_of_the_calendar_overflows(text: str) -> None:
    """There is one error for it, and the caller knows it."""
    with pytest.raises(OverflowError):
        parse_duration(text).after(NOON)


@pytest.mark.parametrize("name", ["default", "ci-4711", "a", "0", "me@host:8080", "x" * 100])
def test_names_of_sessions(name: str) -> None:
    """What people and build servers call things will do."""
    assert is_session_name(name)


@pytest.mark.parametrize("name", ["", " ", ".", "..", "-a", "a b", "a/b", "a,b", "é", "x" * 101, "a\n"])
def test_what_no_session_can_be_called(name: str) -> None:
    """What does not fit a header or a path as it is, or has no end, is no name."""
    assert not is_session_name(name)
