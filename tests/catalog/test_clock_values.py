from __future__ import annotations

from datetime import UTC, datetime

import pytest

from locum.catalog.clock_values import is_of_clock, told_at

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("@+1 month %Y-%m", "2024-02"),
        ("@-13 months %Y-%m-%d", "2022-12-28"),
        ("@-1 day %d", "30"),
        ("@+10 years %Y", "2034"),
        ("@nobody", "@nobody"),
        ("2024-01", "2024-01"),
    ],
)
def test_a_value_is_told_at_an_instant(written: str, told: str) -> None:
    """Months are counted by the calendar; what has another shape is a text as any other."""
    assert told_at({"it": written}, NOON) == {"it": told}
    assert is_of_clock(written) == (written != told)
