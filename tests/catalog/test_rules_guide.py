from __future__ import annotations

import re
from pathlib import Path

from locum.behaviour.expression_functions import FUNCTIONS
from locum.catalog import load
from locum.catalog.rule_schema import MEMBERS
from locum.catalog.rules import load_rules

GUIDE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_sound(tmp_path: Path) -> None:
    """It holds one rule of each kind at least, and nothing is wrong with any."""
    (written,) = re.findall(r"```yaml\n(.*?)```", GUIDE, flags=re.DOTALL)
    path = tmp_path / "stays.yaml"
    path.write_text(written)

    rules = load_rules(load(str(path)))

    assert rules.diagnostics == ()
    assert [each.id for each in rules.invariants] == ["counted", "nights"]
    assert [each.id for each in rules.requirements] == ["forward"]
    assert [each.id for each in rules.relations] == ["pages"]
    assert [each.id for each in rules.opaque] == ["opaque.token"]


def test_the_guide_names_what_there_is() -> None:
    """Every member, and only functions that exist."""
    (listed,) = re.findall(r"beside it: (.*?) and others", GUIDE)

    assert all(f"`{member}`" in GUIDE for member in MEMBERS)
    assert {*re.findall(r"`(\w+)`", listed)} <= FUNCTIONS.keys()
