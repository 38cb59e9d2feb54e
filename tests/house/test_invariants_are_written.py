"""Each numbered invariant of a built-in API stands in its sheet, as data or with the reason why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
STATEMENTS: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "facts" / "statements.yaml").read_text()
)

each_api = pytest.mark.parametrize("name", sorted(STATEMENTS))


def sheet_of(name: str) -> Any:  # noqa: ANN401 -- a sheet is walked as plain JSON
    """Return the sheet of *name* as plain values."""
    return yaml.safe_load((ROOT / "fixtures" / name / "invariants.yaml").read_text())


def number_of(promise: str) -> str:
    """Return the number with which the id of a promise begins."""
    return promise[:5]


@each_api
def test_every_invariant_is_written_down(name: str) -> None:
    """From 01 to the last, and nothing beyond."""
    known, sheet = STATEMENTS[name], sheet_of(name)
    listed = [each["id"] for each in (*sheet["invariants"], *sheet["relations"], *sheet["requires"])]

    assert {number_of(each) for each in (*listed, *sheet["unchecked"])} == {
        f"I{known['digit']}-{number:02d}" for number in range(1, known["invariants"] + 1)
    }


@each_api
def test_what_states_a_freedom_is_not_checked(name: str) -> None:
    """An invariant without a promise stands among the reasons alone."""
    sheet = sheet_of(name)
    listed = {number_of(each["id"]) for each in (*sheet["invariants"], *sheet["relations"])}

    assert set(STATEMENTS[name].get("unchecked", ())) <= sheet["unchecked"].keys()
    assert not listed & set(STATEMENTS[name].get("unchecked", ()))


@each_api
def test_every_source_is_a_fact(name: str) -> None:
    """What a promise follows from is numbered among the statements about its API."""
    sheet, facts = sheet_of(name), STATEMENTS[name]["statements"].keys()
    cited = {
        number
        for part in ("invariants", "requires", "opaque", "relations")
        for each in sheet.get(part, ())
        for number in re.findall(r"\b[SRV][0-9]-[0-9]{2}\b", each["source"])
    }

    assert cited <= facts
