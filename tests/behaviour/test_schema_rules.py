from __future__ import annotations

from typing import Any

import pytest

from locum.behaviour.schema_rules import rules_in, subjects_of

RULE = {"id": "R", "rule": "self.a < self.b"}
NODE = {"type": "object", "x-invariants": [RULE], "properties": {"next": {"$ref": "#/$defs/Node"}}}


@pytest.mark.parametrize(
    ("schema", "value", "pointers"),
    [
        ({"x-invariants": [RULE]}, {"a": 1}, [""]),
        ({"properties": {"p": {"x-invariants": [RULE]}}}, {"p": 1, "q": 2}, ["/p"]),
        ({"items": {"x-invariants": [RULE]}}, [1, 2], ["/0", "/1"]),
        ({"prefixItems": [True, {"x-invariants": [RULE]}]}, [1, 2, 3], ["/1"]),
        ({"additionalProperties": {"x-invariants": [RULE]}}, {"a/b": 1}, ["/a~1b"]),
        ({"allOf": [{"x-invariants": [RULE]}, {"x-invariants": [RULE]}]}, 1, [""]),
        ({"oneOf": [{"type": "string"}, {"type": "integer", "x-invariants": [RULE]}]}, "text", []),
        ({"oneOf": [{"type": "string"}, {"type": "integer", "x-invariants": [RULE]}]}, 7, [""]),
        ({"if": {"type": "object"}, "then": {"x-invariants": [RULE]}}, {}, [""]),
        (
            {"$ref": "#/$defs/Node", "$defs": {"Node": NODE}},
            {"next": {"next": {}}},
            ["", "/next", "/next/next"],
        ),
        ({"x-invariants": [{"id": "other"}]}, 1, []),
    ],
)
def test_a_rule_in_a_schema_finds_what_it_describes(
    schema: dict[str, Any],
    value: Any,  # noqa: ANN401 -- JSON
    pointers: list[str],
) -> None:
    """Every part of a value the schema describes, once; of alternatives, those that the value satisfies."""
    assert [pointer for pointer, _ in subjects_of(schema, "x-invariants", "R")(value)] == pointers


def test_rules_in_examples_are_data() -> None:
    """What stands in an example, a default or an extension is no rule; a property may have any name."""
    inner: Any = {"x-invariants": [RULE]}

    assert rules_in({"example": inner, "default": inner, "x-more": inner}, "x-invariants") == []
    assert rules_in({"properties": {"example": inner}}, "x-invariants") == [RULE]
