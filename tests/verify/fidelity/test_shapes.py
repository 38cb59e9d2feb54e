from __future__ import annotations

from locum.contract.model import JsonValue
from locum.verify.fidelity.differences import structural
from locum.verify.fidelity.shapes import shapes_of


def between(mock: list[JsonValue], real: list[JsonValue]) -> list[tuple[str, str, str, str]]:
    """Return where bodies are not built alike."""
    return list(structural(shapes_of(mock), shapes_of(real)))


def test_equal_bodies_have_no_differences() -> None:
    """Other values of the same kind are alike, whatever their order."""
    assert between([{"a": 1, "b": ["x"]}], [{"b": ["y", "z"], "a": 3}]) == []


def test_members_of_one_side_alone() -> None:
    """A member that only one has is told once, without what lies below it."""
    assert between([{"a": {"b": {"c": 1}}}], [{"d": [{"e": 1}]}]) == [
        ("member", "a", "object", "no such member"),
        ("member", "d", "no such member", "array"),
    ]


def test_an_empty_list_says_nothing_about_its_entries() -> None:
    """Where one side lists nothing, entries cannot be compared."""
    assert between([{"a": []}], [{"a": [{"b": 1}]}]) == []


def test_types_and_null() -> None:
    """A type and the freedom to be null are told apart; a whole number is a number."""
    assert between([[1, 2.5]], [[1]]) == []
    assert between([{"a": 1}], [{"a": "1"}]) == [("type", "a", "integer", "string")]
    assert between([{"a": 1}, {"a": 2}], [{"a": None}, {"a": 2}]) == [("null", "a", "never null", "null")]


def test_what_may_be_missing() -> None:
    """A member that some entries do without is told."""
    assert between([[{"a": 1}, {"a": 1}]], [[{"a": 1}, {}]]) == [
        ("optional", "*/a", "always there", "at times missing")
    ]


def test_forms_words_and_ranges() -> None:
    """Dates that become texts, words nobody knew, and numbers of another size."""
    many: list[JsonValue] = [{"w": "on"}, {"w": "off"}, {"w": "on"}, {"w": "off"}]

    assert between([{"a": "2024-01-31"}], [{"a": "31.1.2024"}]) == [("format", "a", "date", "text")]
    assert between(many, [*many, {"w": "broken"}, {"w": "broken"}]) == [
        ("words", "w", "off, on", "also broken")
    ]
    assert between([{"a": 10}, {"a": 20}], [{"a": 10_000}, {"a": 90_000}]) == [
        ("range", "a", "10 to 20", "10000 to 90000")
    ]


def test_deep_bodies_are_walked_through() -> None:
    """A server may nest as deep as it likes."""
    deep: JsonValue = 1
    for _ in range(5000):
        deep = [deep]

    assert len(shapes_of([deep])) == 5001
