from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from locum.errors import SettingsError
from locum.testing.terms import read_terms


def test_the_nearest_marker_wins_and_the_others_add(tmp_path: Path) -> None:
    """Keywords of module, class and function are taken together; contracts of the nearest that names some."""
    terms = read_terms(
        [((), {"seed": 2}), (("a", "b"), {"seed": 1, "check": False, "scenario": "busy"}), (("c",), {})],
        contracts=("d",),
    )

    assert terms.served.contracts == ("a", "b")
    assert (terms.seed, terms.checks, terms.scenarios) == ("2", False, ("busy",))


def test_documents_are_found_beside_the_test(tmp_path: Path) -> None:
    """A path is looked for in each folder in order; a name stays one."""
    (tmp_path / "api.yaml").touch()
    terms = read_terms([], contracts=("senet", "api.yaml", "none.yaml"), folders=(tmp_path / "x", tmp_path))

    assert terms.served.contracts == ("senet", str(tmp_path / "api.yaml"), "none.yaml")


def test_an_instant_may_be_a_datetime() -> None:
    """It needs a time zone, as every instant does."""
    assert read_terms([((), {"now": datetime(2024, 1, 2, tzinfo=UTC)})]).now == "2024-01-02T00:00:00+00:00"
    with pytest.raises(SettingsError):
        read_terms([((), {"now": datetime(2024, 1, 2)})])  # noqa: DTZ001 -- that is the case


def test_every_fault_of_the_markers_is_told_at_once() -> None:
    """Whoever mends one sees the others too."""
    with pytest.raises(SettingsError) as caught:
        read_terms([((1,), {"chek": True, "dynamic": "yes"})])

    assert [each.hint for each in caught.value.diagnostics] == ["did you mean `check`?", "", ""]
