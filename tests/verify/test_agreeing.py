"""Which members of two descriptions of one thing are held against each other."""

from __future__ import annotations

import pytest

from locum.contract.coercion import shape_of
from locum.verify.things.agreeing import differences


@pytest.mark.parametrize(
    ("name", "is_told"), [("title", True), ("lastUpdate", False), ("modified_at", False), ("editedAt", False)]
)
def test_what_changes_with_every_change_is_not_compared(name: str, *, is_told: bool) -> None:
    """A server that notes when it was changed has changed nothing else."""
    shape = shape_of({"type": "object", "properties": {name: {"type": "string"}}})

    found = [each.location for each in differences({name: "a"}, {name: "b"}, shape)]

    assert found == ([name] if is_told else [])
