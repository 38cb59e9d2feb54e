from __future__ import annotations

from pathlib import Path

import pytest

from locum.behaviour.crawling import Paging
from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.exchanges import Call
from locum.behaviour.relation_kinds import Kind
from locum.catalog import find_document
from locum.catalog.invariants import Promises, load_promises, read_promises
from locum.errors import FixtureError, UnreachableError, Where

SHEET = """\
values: {day: "2024-01-17"}
operation: list
paging: {tokens: {items: /rows, token: /next, cursor: from}}
calls:
  - {query: "day={day}"}
  - {operation: get, path: {id: "{day}"}, credential: ""}
invariants:
  - id: I-1
    promise: A total is told
    expression: body.total >= 0.0
    breaks: [{at: /total, value: -1}]
    confidence: SEED
    source: S-1
relations:
  - {id: R-1, kind: pages, paging: tokens, sizes: [9, 1], key: [/id], calls: [{}],
     confidence: CALC, promise: Each record comes once}
unchecked: {I-2: Nobody can ask for it}
"""


def read(text: str, **values: str) -> Promises:
    """Return what a sheet beside a document with two operations says."""
    return read_promises(text.encode(), file="invariants.yaml", operations=["list", "get"], values=values)


def test_a_sheet_is_read_whole() -> None:
    """Calls, invariants and relations become values; what is not said has its default."""
    promises = read(SHEET)
    (invariant,), (relation,) = promises.invariants, promises.relations

    assert promises.calls == (
        Call(operation="list", query="day=2024-01-17"),
        Call(operation="get", path={"id": "2024-01-17"}, credential=""),
    )
    assert (invariant.operations, invariant.statuses) == (frozenset({"list"}), frozenset({200}))
    assert (invariant.expression.text, invariant.when) == ("body.total >= 0.0", None)
    assert invariant.breaks == (Edit(kind=EditKind.SET, at="/total", value=-1),)
    assert invariant.where == Where(file="invariants.yaml", line=8, column=5, pointer="/invariants/0")
    assert (relation.kind, relation.calls, relation.sizes) == (Kind.PAGES, (Call(operation="list"),), (9, 1))
    assert relation.paging == Paging(items="/rows", token="/next", cursor="from")
    assert promises.unchecked == {"I-2": "Nobody can ask for it"}


def test_values_can_be_replaced() -> None:
    """Another server is asked for what it has."""
    assert read(SHEET, day="2026-11-21").calls[0].query == "day=2026-11-21"


@pytest.mark.parametrize(
    ("written", "wrong", "told"),
    [
        ("total >= 0.0", "total >=", "invariants.yaml:10:5 /invariants/0/expression: error: `body.total >="),
        ("body.total", "bdy.total", "an expression has no variable `bdy` [fixtures.unknown-variable]\n"),
        ("operation: list", "operation: lst", "there is no operation `lst` [fixtures.unknown-operation]"),
        ("day={day}", "day={dy}", "/calls/0: error: there is no value `dy`"),
        ("paging: tokens", "paging: token", "hint: did you mean `tokens`?"),
        ("id: R-1", "id: I-1", "another promise is called `I-1` [fixtures.duplicate-id]"),
        ("kind: pages", "kind: page", "hint: did you mean `pages`?"),
        ("source: S-1", "sources: S-1", "hint: did you mean `source`?"),
        ("confidence: SEED", "confidence: SEDE", "hint: did you mean `SEED`?"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(written: str, wrong: str, told: str) -> None:
    """A sheet is refused with file, line and the nearest valid choice."""
    with pytest.raises(FixtureError) as caught:
        read(SHEET.replace(written, wrong, 1))

    assert told in str(caught.value)
    assert str(caught.value).startswith("invariants.yaml:")


def test_without_a_sheet_nothing_is_promised(tmp_path: Path) -> None:
    """A contract needs no promises; a sheet that cannot be read is told."""
    assert load_promises(tmp_path, ["list"]) == Promises(unchecked={})

    (tmp_path / "invariants.yaml").mkdir()
    with pytest.raises(UnreachableError, match="cannot be read"):
        load_promises(tmp_path, ["list"])


def test_a_sheet_beside_a_document_is_no_document(tmp_path: Path) -> None:
    """A folder is still named for the one document in it."""
    for name in ("pets.yaml", "invariants.yaml", "scenarios.yaml"):
        (tmp_path / name).write_text("{}")

    assert find_document(str(tmp_path)).document == str(tmp_path / "pets.yaml")
