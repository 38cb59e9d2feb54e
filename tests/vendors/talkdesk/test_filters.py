from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locum_vendors.talkdesk.filters import FilterError, read_filter

if TYPE_CHECKING:
    from collections.abc import Callable

    Record: TypeAlias = dict[str, str]
    Written: TypeAlias = tuple[str, Callable[[Record], bool]]

ACCOUNT = "account_id eq '5ea75fe7aa224700012eae40'"
RECORDS = tuple(
    {"account_id": account, "month": month}
    for account in ("", "a", "ab", "b", "not", "(")
    for month in ("2023-08", "2023-09", "2024-01", "'"[:0])
)


def passing(text: str) -> list[Record]:
    """Return the records that pass the filter *text*."""
    return [record for record in RECORDS if read_filter(text).accepts(record)]


def fault(text: str) -> str:
    """Return what is said of a filter that cannot be read."""
    with pytest.raises(FilterError) as refused:
        read_filter(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("month eq '1' or month eq '2' and month eq '3'", "month eq '1' or (month eq '2' and month eq '3')"),
        ("month eq '1' and month eq '2' or month eq '3'", "(month eq '1' and month eq '2') or month eq '3'"),
        ("not month eq '1' and month eq '2'", "(not month eq '1') and month eq '2'"),
        ("not not month eq '1'", "not (not month eq '1')"),
        ("not (month eq '1') or month eq '2'", "(not month eq '1') or month eq '2'"),
        ("  ( ( month eq '1' ) )  ", "month eq '1'"),
        ("not(month eq '1')and contains( month , '2' )", "not month eq '1' and contains(month,'2')"),
    ],
)
def test_not_binds_tighter_than_and_than_or(text: str, same: str) -> None:
    """Facts 4.3: precedence needs no parentheses, spaces mean nothing between words."""
    assert read_filter(text) == read_filter(same)


@pytest.mark.parametrize("text", ["' or '", "(", "and", "é 😀", "", "a,b)"])
def test_text_may_hold_anything_but_a_quote(text: str) -> None:
    """Words and marks inside of quotes are text."""
    (comparison,) = read_filter(f"month eq '{text}'" if "'" not in text else "month eq ' or '").comparisons

    assert comparison.text == (text if "'" not in text else " or ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must compare a field at the end; known are account_id and month"),
        ("account eq 'x'", "has an unknown field account at position 1; known are account_id and month"),
        ("not(MONTH eq 'x')", "has an unknown field MONTH at position 5; known are account_id and month"),
        (
            "contains(wallet,'x')",
            "has an unknown field wallet at position 10; known are account_id and month",
        ),
        ("month eq 2023-08", "must have a text in single quotes at position 10"),
        ('month eq "2023-08"', "must have a text in single quotes at position 10"),
        ("month eq '2023-08", "has a quote at position 10 that nothing closes"),
        ("month eq 'a''b'", "must go on with 'and' or 'or' at position 13"),
        ("month = '2023-08'", "must have 'eq' at position 7"),
        ("month", "must have 'eq' at the end"),
        ("month eq", "must have a text in single quotes at the end"),
        ("month eq 'x' and", "must compare a field at the end; known are account_id and month"),
        ("month eq 'x' month eq 'y'", "must go on with 'and' or 'or' at position 14"),
        ("month eq 'x' not month eq 'y'", "must go on with 'and' or 'or' at position 14"),
        ("and month eq 'x'", "must compare a field at position 1; known are account_id and month"),
        ("()", "must compare a field at position 2; known are account_id and month"),
        ("(month eq 'x'", "has a parenthesis at position 1 that nothing closes"),
        ("((month eq 'x')", "has a parenthesis at position 1 that nothing closes"),
        ("month eq 'x')", "has a closing parenthesis at position 13 that nothing opened"),
        ("contains month", "must have '(' at position 10"),
        ("contains(month 'x')", "must have ',' at position 16"),
        ("contains(month,'x'", "must have ')' at the end"),
        ("'x' eq month", "must compare a field at position 1; known are account_id and month"),
        ("month\teq 'x'", "must have 'eq' at position 6"),
        (f"{ACCOUNT} " * 40, "must have at most 1600 characters, not 1640"),
    ],
)
def test_a_fault_is_told_with_its_position(text: str, message: str) -> None:
    """E3-08: what is wrong first, and where, counted from 1."""
    assert fault(text) == message


def test_a_filter_has_at_most_1600_characters() -> None:
    """E3-08: 36 accounts fit, 37 do not."""
    assert len(read_filter(" or ".join([ACCOUNT] * 36)).comparisons) == 36
    assert fault(" or ".join([ACCOUNT] * 37)) == "must have at most 1600 characters, not 1624"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("(" * 790 + "month eq ''" + ")" * 790, 6),
        ("not " * 397 + "month eq ''", 18),
        ("not(" * 310 + "month eq ''" + ")" * 310, 6),
    ],
)
def test_no_nesting_is_too_deep(text: str, count: int) -> None:
    """A filter that fits is read, however deep it nests."""
    assert len(passing(text)) == count


@given(
    st.lists(st.sampled_from([*"()',' ", "'x'", "month", "eq", " and ", " or ", " not ", "contains", "\x00"]))
)
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    """No text makes the parser fail in any other way."""
    with suppress(FilterError):
        assert read_filter("".join(words)).comparisons


def _comparisons() -> st.SearchStrategy[Written]:
    def write(field: str, operator: str, text: str) -> Written:
        if operator == "eq":
            return f"{field} eq '{text}'", lambda record: record[field] == text
        return f"contains({field},'{text}')", lambda record: text in record[field]

    texts = st.sampled_from(["", "a", "b", "ab", "2023", "2023-08", "-0", "2024-01", "not", "("])
    return st.builds(
        write, st.sampled_from(["account_id", "month"]), st.sampled_from(["eq", "contains"]), texts
    )


def _joined(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    def both(left: Written, right: Written) -> Written:
        return f"({left[0]} and {right[0]})", lambda record: left[1](record) and right[1](record)

    def either(left: Written, right: Written) -> Written:
        return f"({left[0]} or {right[0]})", lambda record: left[1](record) or right[1](record)

    def negated(one: Written) -> Written:
        return f"not {one[0]}", lambda record: not one[1](record)

    return st.one_of(
        st.builds(both, inner, inner), st.builds(either, inner, inner), st.builds(negated, inner)
    )


def expressions() -> st.SearchStrategy[Written]:
    """Make filters that fit, each with a function that judges as it should."""
    made: st.SearchStrategy[Any] = st.recursive(_comparisons(), _joined, max_leaves=12)
    return made.filter(lambda each: len(each[0]) <= 700)


@given(expressions())
def test_a_filter_passes_what_an_independent_reading_passes(written: Written) -> None:
    """I3-09: comparisons, `and`, `or`, `not` and parentheses mean what they say."""
    text, judge = written

    assert passing(text) == [record for record in RECORDS if judge(record)]


@given(expressions(), expressions())
def test_words_are_union_intersection_and_complement(left: Written, right: Written) -> None:
    """I3-09: without parentheses of their own around the whole, since `not` and groups bind tightest."""
    one, other = passing(left[0]), passing(right[0])

    assert passing(f"{left[0]} or {right[0]}") == [each for each in RECORDS if each in one or each in other]
    assert passing(f"{left[0]} and {right[0]}") == [each for each in one if each in other]
    assert passing(f"not {left[0]}") == [each for each in RECORDS if each not in one]
    assert passing(f"not ({left[0]} or {right[0]})") == passing(f"not {left[0]} and not {right[0]}")
