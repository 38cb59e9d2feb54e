"""Declared edits of a body."""

from __future__ import annotations

from typing import Any

import pytest

from locum.behaviour.edits import Edit, EditKind, edit

FIRST = {"id": 1, "name": "a", "cost": 1.5}
SECOND = {"id": 2, "name": "b", "cost": 2.5}
BODY: dict[str, Any] = {"rows": [FIRST, SECOND], "more": False}
SET, REMOVE, COPY, RENAME = EditKind.SET, EditKind.REMOVE, EditKind.COPY, EditKind.RENAME
CONVERT, REPLACE, MULTIPLY, ADD = EditKind.CONVERT, EditKind.REPLACE, EditKind.MULTIPLY, EditKind.ADD


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Edit(kind=SET, at="/more", value=True), {"more": True}),
        (Edit(kind=SET, at="/new", value=[1]), {"new": [1]}),
        (Edit(kind=REMOVE, at="/rows/0"), {"rows": [SECOND]}),
        (Edit(kind=REMOVE, at="/rows/*/cost"), {"rows": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}),
        (Edit(kind=COPY, at="/rows/-", to="/rows/0"), {"rows": [FIRST, FIRST]}),
        (Edit(kind=RENAME, at="/rows/1/id", to="ID"), {"rows": [FIRST, {"ID": 2, "name": "b", "cost": 2.5}]}),
        (
            Edit(kind=CONVERT, at="/rows/1/*", to="string"),
            {"rows": [FIRST, {**SECOND, "id": "2", "cost": "2.5"}]},
        ),
        (Edit(kind=CONVERT, at="/rows/1/name", to="upper"), {"rows": [FIRST, {**SECOND, "name": "B"}]}),
        (
            Edit(kind=REPLACE, at="/rows/1/name", pattern="(b)", to=r"\1\1"),
            {"rows": [FIRST, {**SECOND, "name": "bb"}]},
        ),
        (Edit(kind=MULTIPLY, at="/rows/1/cost", value=100), {"rows": [FIRST, {**SECOND, "cost": 250.0}]}),
        (Edit(kind=ADD, at="/rows/1/id", value=4), {"rows": [FIRST, {**SECOND, "id": 6}]}),
        (Edit(kind=ADD, at="/rows", value=[7]), {"rows": [FIRST, SECOND, 7]}),
    ],
    ids=lambda value: f"{value.kind} {value.at}" if isinstance(value, Edit) else "",
)
def test_an_edit_changes_its_place_and_nothing_else(change: Edit, expected: Any) -> None:  # noqa: ANN401 -- JSON
    """Each kind of edit does what its name says, at every place its pointer leads to."""
    assert edit(BODY, [change]) == {**BODY, **expected}


@pytest.mark.parametrize("kind", [each for each in EditKind if each is not EditKind.SET])
@pytest.mark.parametrize("at", ["/nowhere/0/id", "/rows/9", "/more/x"])
def test_an_edit_of_a_place_that_is_not_there_changes_nothing(kind: EditKind, at: str) -> None:
    """A pointer that leads nowhere leaves the body as it is."""
    to = "string" if kind is EditKind.CONVERT else "/nowhere"

    assert edit(BODY, [Edit(kind=kind, at=at, to=to, value=1, pattern="x")]) == BODY
