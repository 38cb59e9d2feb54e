"""Texts from regular expressions, and the private parse tree they are made from."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from re import _parser  # type: ignore[attr-defined, unused-ignore]  # what `patterns.py` stands on

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.generation.dialect import to_python
from locum.generation.patterns import texts_from

Values = Callable[..., list[JsonValue]]


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[A-Z]{3}$",
        r"^\d{4}-\d{2}$",
        r"^([0-9A-F]{2}:){7}[0-9A-F]{2}$",
        r"^(a|bb|ccc)\1$",
        r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\da-zA-Z]).{8,15}$",
        r"^(?!-)[a-z0-9-]{1,63}(?<!-)$",
        r"^\p{Lu}\p{Ll}+$",
        r"^[\u4e00-\u9fa5]{2,4}$",
        r"^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$",
        r"^\+?[1-9]\d{1,14}$",
        r"^[^\s@]+@[^\s@]+$",
        r"\bword\b",
        r"^(?i:abc)$",
        r"^$",
        "",
        r"^.*$",
        r"^\\[a-z]$",
        r"^a{300}$",
        r"^[^a-zA-Z0-9]$",
        r"x|y|",
    ],
)
def test_every_text_matches_its_pattern(values: Values, pattern: str) -> None:
    """Classes, groups, references, repetitions, lookarounds and Unicode properties are met."""
    values({"type": "string", "pattern": pattern})


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "^[a-z]+$", "minLength": 50, "maxLength": 52},
        {"pattern": "abc", "minLength": 20},
        {"pattern": "[A-Z]{3}$", "minLength": 8, "maxLength": 9},
        {"pattern": r"^\S+\s\S+$", "maxLength": 9},
        {"pattern": "^x{0,5}y$", "minLength": 6},
        {"allOf": [{"pattern": "^[a-z0-9]+$"}, {"pattern": "[0-9]$"}, {"maxLength": 4}]},
    ],
)
def test_pattern_and_length_hold_together(values: Values, schema: JsonObject) -> None:
    """Repetitions are steered by the length that is asked for."""
    values({"type": "string", **schema})


@pytest.mark.parametrize(
    ("written", "python"),
    [
        (r"^(?<year>\d{4})\k<year>$", r"^(?P<year>\d{4})(?P=year)\Z"),
        (r"/^abc$/i", r"^abc\Z"),
        (r"/a/b/", r"/a/b/"),
        (r"[^]", r"[\s\S]"),
        (r"\p{L}[\p{N}]", "[A-Za-zÀ-ÖØ-öø-ÿ][0-9]"),
        (r"\cJ\u{1F600}", "\\\n😀"),
        (r"\/\-\"", r"/\-" + '"'),
        (r"[[a]", r"[\[a]"),
        (r"(?<!a)b", r"(?<!a)b"),
    ],
)
def test_dialect_of_the_web_is_translated(written: str, python: str) -> None:
    """ECMA-262 spellings become Python's."""
    assert to_python(written) == python
    assert re.compile(to_python(written))


def test_nonsense_yields_nothing() -> None:
    """A pattern that cannot be parsed has no candidates, and no traceback."""
    assert list(texts_from("(", 0, None)) == []
    assert list(texts_from("a{99999999999}", 0, None)) == []


def test_candidates_are_the_same_in_every_process() -> None:
    """Nothing is drawn at random."""
    assert list(islice(texts_from("^[a-z]{4}$", 0, None), 3)) == ["keau", "suka", "djhv"]


def test_parse_tree_of_python_is_what_the_walk_expects() -> None:
    """`re._parser` is private: this notices when its tree changes."""
    tree = _parser.parse(r"^(a|b)[^c-e\d]{2,}?(?=x)\1")

    assert [str(code) for code, _ in tree] == ["AT", "SUBPATTERN", "MIN_REPEAT", "ASSERT", "GROUPREF"]
    assert str(tree[1][1][3]) == "[(IN, [(LITERAL, 97), (LITERAL, 98)])]"
    assert str(tree[2][1][2]) == "[(IN, [(NEGATE, None), (RANGE, (99, 101)), (CATEGORY, CATEGORY_DIGIT)])]"
    assert _parser.parse("a{2,5}").getwidth() == (2, 5)
