"""Sheets of scenarios: what they say, and how faults in them are told."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from locum.behaviour.activations import Pattern
from locum.behaviour.causes import Cause
from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.faults import Cut, Delay, Distribution, Ending, Fault, Spoil
from locum.behaviour.scenarios import Force, Natural, Scenario
from locum.catalog.scenarios import common_scenarios, read_scenarios
from locum.errors import FixtureError

SHEET = b"""
calls:
  list: {credential: one, query: {limit: 10}}
scenarios:
  - id: E-1
    name: busy
    title: The server is busy
    status: 503
    operations: [list]
    natural:
      - {operation: list, query: {limit: null, "filter[]": [a, b]}, headers: {Accept: text/csv}, times: 3}
    force:
      cause: unavailable
      headers: {Retry-After: 5}
      edits: [{kind: convert, at: /total, to: string}]
      fault: {delay: {distribution: uniform, lower_ms: 1, upper_ms: 2}, dated: {date: -60}}
    pattern: {times: 2}
    source: S-1
    confidence: SEED
"""


def test_everything_a_sheet_says_is_read() -> None:
    """Each key has its place in the values."""
    read = read_scenarios(SHEET, file="s.yaml", contract="api", operations=["list"], credentials=["one"])

    assert read.calls == {"list": Natural(operation="list", credential="one", query={"limit": "10"})}
    natural = Natural(
        operation="list",
        query={"limit": None, "filter[]": ("a", "b")},
        headers={"accept": "text/csv"},
        times=3,
    )
    delay = Delay(distribution=Distribution.UNIFORM, lower_ms=1, upper_ms=2)
    force = Force(
        cause=Cause.UNAVAILABLE,
        headers={"Retry-After": "5"},
        edits=(Edit(kind=EditKind.CONVERT, at="/total", to="string"),),
        fault=Fault(delay=delay, dated={"date": -60}),
    )
    assert read.scenarios == (
        Scenario(
            id="E-1",
            name="busy",
            title="The server is busy",
            contract="api",
            operations=frozenset({"list"}),
            status=503,
            naturals=(natural,),
            force=force,
            pattern=Pattern(times=2),
            source="S-1",
            confidence="SEED",
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "hint"),
    [
        (b"cause: unavailable", b"cause: unavailible", "unknown-word", 13, "did you mean `unavailable`?"),
        (b"operations: [list]", b"operations: [lost]", "unknown-operation", 9, "did you mean `list`?"),
        (b"operation: list,", b"operation: lists,", "unknown-operation", 11, "did you mean `list`?"),
        (b"credential: one", b"credential: ones", "unknown-credential", 3, "did you mean `one`?"),
        (b"title:", b"titel:", "unknown-key", 7, "did you mean `title`?"),
        (b"to: string", b"to: text", "unknown-word", 15, "one of: string, number, upper, lower"),
        (b"kind: convert", b"kind: replace, pattern: '('", "wrong-pattern", 15, ""),
        (b"times: 2", b"times: 0", "wrong-value", 17, ""),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_nearest(
    before: bytes, after: bytes, code: str, line: int, hint: str
) -> None:
    """Nothing in a sheet is forgiven."""
    assert before in SHEET
    with pytest.raises(FixtureError) as refused:
        read_scenarios(
            SHEET.replace(before, after, 1),
            file="s.yaml",
            contract="api",
            operations=["list"],
            credentials=["one"],
        )

    found = [(each.code, each.where.line, each.hint) for each in refused.value.diagnostics]
    assert (f"fixtures.{code}", line, hint) in found


def test_two_of_one_name_are_a_fault() -> None:
    """Ids and names are how scenarios are asked for."""
    twice = SHEET + b"  - {id: E-2, name: Busy, title: again}\n".replace(b"Busy", b"busy")
    with pytest.raises(FixtureError) as refused:
        read_scenarios(twice, file="s.yaml", contract="api", operations=["list"], credentials=["one"])

    assert [each.code for each in refused.value.diagnostics] == ["fixtures.duplicate-name"]


def test_what_every_contract_has_can_all_be_forced() -> None:
    """The common catalogue speaks of every operation, and every fault of the list has an id."""
    common = common_scenarios("api")

    assert all(each.force and not each.operations for each in common)
    assert {each.id[:4] for each in common} >= {f"F-{number:02}" for number in range(1, 16)}


def test_the_guide_shows_a_sheet_that_is_read_and_names_every_word() -> None:
    """What `docs/scenarios.md` says is what there is."""
    guide = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    sheet = guide.partition("```yaml\n")[2].partition("```")[0]

    read = read_scenarios(
        sheet.encode(),
        file="s.yaml",
        contract="api",
        operations=["getInvoice"],
        credentials=["some-id-of-contract.yaml"],
    )

    assert [each.name for each in read.scenarios] == ["unknown-invoice"]
    words = [*EditKind, *Spoil, *Cut, *Ending, *Distribution, *(each.name for each in fields(Fault))]
    assert [word for word in words if f"`{word}`" not in guide] == []
