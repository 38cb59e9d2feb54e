import pytest

from locum.contract.limits import Limits
from locum.contract.source import read_source
from locum.errors import ContractError

LIMITS = Limits(nodes=10_000)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}),
        ("a: 2020-01-01\nb: yes\nc: 12:30", {"a": "2020-01-01", "b": "yes", "c": "12:30"}),
        ("200: x\n1.50: y\ntrue: z\nnull: n", {"200": "x", "1.50": "y", "true": "z", "null": "n"}),
        ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
        ("a: .nan\nb: 1e400", {"a": ".nan", "b": "1e400"}),
        ("a: 18446744073709551616", {"a": 18446744073709551616.0}),
        ("a: !!str 5\nb: !!int '7'", {"a": "5", "b": 7}),
        ('{"a": 1,}', {"a": 1}),
        ('["\\ud83d\\ude00"]', ["😀"]),
        ("# nothing", None),
    ],
)
def test_text_becomes_json_values_only(text: str, expected: object) -> None:
    """Keys are text, dates stay text, merge keys are applied and no number is infinite."""
    assert read_source(text.encode(), "f", LIMITS).value == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_yaml_is_read(encoding: str) -> None:
    """UTF-8 and UTF-16 are recognised with or without a mark, UTF-32 with one."""
    assert read_source("a: é".encode(encoding), "f", LIMITS).value == {"a": "é"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"a: 1\nb: 2\na: 3",
            "f:3:1 /a: warning: the key 'a' appears twice in one mapping [contract.duplicate-key]",
        ),
        (b"a: !money 5", "f:1:4 /a: warning: the tag '!money' means nothing here and is ignored"),
        (b"a: 1\n---\nb: 2", "f:2:1: warning: the file holds several YAML documents; only the first is read"),
        (b"a: 1\nb: \xe9", "f:2:4: warning: byte 0xe9 is not valid UTF-8 [contract.encoding]"),
    ],
)
def test_odd_text_is_read_and_reported(content: bytes, told: str) -> None:
    """What can be read is read, with a warning that names the line."""
    source = read_source(content, "f", LIMITS)

    assert str(source.diagnostics[0]).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n\tb: [", "f:2:1: error: this is not YAML: found character that cannot start any token"),
        ('{"a" 1}', "f:1:6: error: this is not JSON: unexpected character, expected ':' after key"),
        ("a: [1, 2\nb: 3", "f:2:2: error: this is not YAML: did not find expected ',' or ']'"),
        ("a: *x", "f:1:4 /a: error: the alias *x has no anchor before it"),
        ("a: &a [*a]", "f:1:8 /a/0: error: the alias *a stands inside itself"),
        ("[1]: x\n? [2]\n: y", "f:1:"),
        ("? [a]\n: b", "f:1:3: error: a mapping or a list cannot be a key"),
        ("a: \x01", "f: error: this is not YAML: unacceptable character"),
    ],
)
def test_unreadable_text_is_refused_with_its_place(text: str, told: str) -> None:
    """A syntax error names line and column."""
    with pytest.raises(ContractError) as caught:
        read_source(text.encode(), "f", LIMITS)

    assert str(caught.value).startswith(told)


def test_tabs_are_explained() -> None:
    """The commonest mistake in YAML gets a hint where it cannot be mended."""
    with pytest.raises(ContractError) as caught:
        read_source(b"a:\n\tb: [", "f", LIMITS)

    assert caught.value.diagnostics[0].hint == "indent with spaces, not with tabs"


@pytest.mark.parametrize(
    "text", ["a:\n\tb:\n\t\tc: 1\n\td: 2", "a:\n  b:\n\tc: 1\n  d: 2", "a:\n    b:\n\tc: 1\n    d: 2"]
)
def test_tabs_that_indent_are_taken_for_spaces(text: str) -> None:
    """As many as make sense of the file; the first line is told."""
    source = read_source(text.encode(), "f", LIMITS)

    assert source.value == {"a": {"b": {"c": 1}, "d": 2}}
    assert [each.code for each in source.diagnostics] == ["contract.tabs"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "contract.too-deep"),
        ("[" * 100_000 + "]" * 100_000, "contract.too-deep"),
        ("a: " + "[" * 200_000, "contract.too-deep"),
        ("{a: " * 200_000, "contract.syntax"),
        ('{"a":' * 500 + "1" + "}" * 500, "contract.too-deep"),
        ("\n".join("  " * depth + "a:" for depth in range(500)), "contract.too-deep"),
        ("a0: &a0 []\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i}]\n" for i in range(300)), "contract.too-deep"),
        (BOMB, "contract.too-many-values"),
        ("[" + "1," * 20_000 + "1]", "contract.too-many-values"),
        ("x" * 2_000, "contract.too-large"),
    ],
)
def test_what_exceeds_a_limit_is_refused(text: str, code: str) -> None:
    """Deep nesting, alias bombs and sheer size are diagnostics, not crashes."""
    size = 1_000 if code == "contract.too-large" else 2**20

    with pytest.raises(ContractError) as caught:
        read_source(text.encode(), "f", Limits(nodes=10_000, file_bytes=size))

    assert [each.code for each in caught.value.diagnostics] == [code]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: ok: really", "put a text that holds a colon and a space into quotes"),
        ("a: &a [*a]", "what holds itself needs a name: put it below components, and refer to that by $ref"),
    ],
)
def test_a_usual_slip_of_yaml_is_told_with_its_cure(text: str, hint: str) -> None:
    """What the parser says of these does not say what to do."""
    with pytest.raises(ContractError) as caught:
        read_source(text.encode(), "f", LIMITS)

    assert caught.value.diagnostics[0].hint == hint
