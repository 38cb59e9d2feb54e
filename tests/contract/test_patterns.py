import pytest

from locum.contract.patterns import translate_pattern


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (r"^[a-z]{2}$", r"^[a-z]{2}$"),
        (r"^[\w-.]+$", r"^[\w\-.]+$"),
        (r"[+-\s]", r"[+\-\s]"),
        (r"^a\Z", r"^a$"),
        ("a{,3}", "a{0,3}"),
        ("^{id}$", r"^\{id\}$"),
        ("/^a$/", "^a$"),
        ("/^a$/i", "(?i)^a$"),
        ("^(?<year>[0-9]+)$", "^(?P<year>[0-9]+)$"),
        ("[^]", r"[\s\S]"),
        (r"\é", "é"),
        (r"\Qa.b\E", r"a\.b"),
        (r"(?>a)b", "(?:a)b"),
        ("/api/v1", "/api/v1"),
        ("^.{1,2097152}$", "^.{1,}$"),
        ("^.{50000}$", "^.{1000,}$"),
        ("^.{,70000}$", "^.{0,}$"),
        (r"(\()(?<q>['\"]).*\k<q>", r"(\()(?P<q>['\"]).*\2"),
        (r"[(](?P<q>a)(?P=q)", r"[(](?P<q>a)\1"),
    ],
)
def test_a_pattern_is_respelled_where_it_must_be(written: str, expected: str) -> None:
    """Spellings of other languages become the one that the validator and Python share."""
    assert translate_pattern(written) == expected


@pytest.mark.parametrize("written", ["(a", "*a", "a{2,1}", "\\", "[a-z", r"\G", r"\K"])
def test_a_pattern_without_meaning_has_no_translation(written: str) -> None:
    """What cannot be compiled in any spelling is given up."""
    assert translate_pattern(written) is None
