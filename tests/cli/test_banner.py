"""What is told of the control API when the server stands."""

from __future__ import annotations

import pytest

from locum.catalog import load
from locum.cli.banner import control_hint
from locum.settings import Settings


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(), "http://here/_locum/api/ui/"),
        (Settings(control_token="t"), "http://here/_locum/api/ui/, with the control token"),
        (Settings(host="0.0.0.0", control_token="t"), "http://here/_locum/api/ui/, with the control token"),  # noqa: S104 -- nothing listens
        (
            Settings(host="0.0.0.0"),  # noqa: S104 -- nothing listens
            "off, since others can reach 0.0.0.0; set LOCUM_CONTROL_TOKEN to have it",
        ),
        (Settings(control=False), "off"),
    ],
)
def test_where_the_control_api_is_or_why_it_is_nowhere(settings: Settings, told: str) -> None:
    """Who cannot find it learns what to set."""
    assert control_hint("http://here", [load("senet")], settings) == told
