from __future__ import annotations

from datetime import UTC, datetime

import pytest

from locum.behaviour.exchanges import Call, Exchange, Judgement, Verdict
from locum.behaviour.expressions import compile_expression
from locum.behaviour.invariants import SCOPE, Invariant, judge
from locum.contract.model import JsonValue
from locum.errors import FixtureError

BODY: JsonValue = {
    "total": 3,
    "rows": [{"id": "b", "size": 1}, {"id": "a", "size": 2.0}],
    "at": "2024-02-29 12:00:00",
    "none": None,
}


def promise(expression: str, when: str = "") -> Invariant:
    """Return an invariant of the answers 200 to `list`."""
    return Invariant(
        id="I-1",
        promise="It is so",
        operations=frozenset({"list"}),
        statuses=frozenset({200}),
        expression=compile_expression(expression, SCOPE),
        when=compile_expression(when, SCOPE) if when else None,
    )


def exchange(*, status: int = 200, body: JsonValue = BODY, is_valid: bool = True) -> Exchange:
    """Return an answer to `list`."""
    return Exchange(
        call=Call(operation="list", path={"id": "7"}, query="limit=2&tag[]=x"),
        status=status,
        body=body,
        headers={"x-left": "9"},
        now=datetime(2024, 2, 29, 12, tzinfo=UTC),
        is_valid=is_valid,
    )


@pytest.mark.parametrize(
    "expression",
    [
        "body.total == total(body.rows.map(r, r.size))",
        "body.total / 2.0 == 1.5",
        "near(body.total, 3.0004, 0.001) && !near(body.total, 3.1, 0.01)",
        "count(body.rows) == number(query.limit) && query['tag[]'] == ['x']",
        "path.id == '7' && number(headers['x-left']) > 8.5 && status == 200.0",
        "seconds(body.at) == now && seconds('2024-02-29T13:00:00+01:00') == now",
        "sorted(body.rows.map(r, r.id)) == ['a', 'b'] && reversed(['a', 'b']) == ['b', 'a']",
        "size(distinct([1.0, 1.0, 2.0])) == 2 && size(distinct(body.rows)) == 2",
        "luhn('89457387300000000011') && !luhn('89457387300000000012')",
        "pairs([1.0, 2.0, 3.0]) == [[1.0, 2.0], [2.0, 3.0]]",
        "grouped(body.rows, 'id').all(g, size(g) == 1)",
        "decimals(29.0) == 0.0 && decimals(1.125) == 3.0 && decimals(1e21) == 0.0",
        "queryOf('https://host.test/x?a=1%202&b=3', 'a') == '1 2' && queryOf('/x', 'a') == ''",
        "floor(1.5) == 1.0 && ceil(1.5) == 2.0 && abs(-1.5) == 1.5",
        "lower('Dk') == 'dk' && upper('Dk') == 'DK' && split('a:b', ':')[1] == 'b'",
        "values({'a': 1.0}) == [1.0] && body.none == null && !has(body.other)",
    ],
)
def test_what_is_so_holds(expression: str) -> None:
    """All numbers are doubles, and everything in scope and every helper can be read."""
    assert judge(promise(expression), exchange()) == Verdict(judgement=Judgement.HELD)


def test_what_is_not_so_is_broken_in_words() -> None:
    """The verdict says what was promised and which call broke it."""
    assert judge(promise("body.total == 4.0"), exchange()) == Verdict(
        judgement=Judgement.BROKEN, message="It is so: not so at list id=7 ?limit=2&tag[]=x"
    )


@pytest.mark.parametrize(
    "expression", ["seconds('noon') > 0.0", "number(body.rows[0].id) > 0.0", "body.total"]
)
def test_what_is_nothing_is_broken_on_a_valid_answer(expression: str) -> None:
    """An expression that fails at a value that is there, or is no truth, breaks the promise."""
    assert judge(promise(expression), exchange()).judgement is Judgement.BROKEN


@pytest.mark.parametrize(
    "expression",
    [
        "body.missing == 1.0",
        "body.missing.deeper == 1.0",
        "body.total == 1.0 / body.none",
        "body.none > 1.0",
        "body.none.matches('^a$')",
        "ceil(body.none) == 1.0",
        "body.none.all(r, r > 1.0)",
        "pick(body.rows, ['missing']) == []",
        "number(headers['x-none']) >= 0.0",
    ],
)
def test_what_a_valid_answer_leaves_out_is_not_held_against_it(expression: str) -> None:
    """A member that the schema lets be absent, or null, makes no promise broken; the verdict says why."""
    verdict = judge(promise(expression), exchange())

    assert verdict.judgement is Judgement.NOT_EVALUATED
    assert "cannot be evaluated at list" in verdict.message


def test_what_is_nothing_is_not_evaluated_on_an_invalid_answer() -> None:
    """An answer that its schema refuses is another fault, and is told as such."""
    verdict = judge(promise("body.missing == 1.0"), exchange(is_valid=False))

    assert verdict.judgement is Judgement.NOT_EVALUATED
    assert verdict.message.startswith("the answer is not what its schema says: ")


@pytest.mark.parametrize(
    ("invariant", "answer"),
    [
        (promise("false"), exchange(status=404)),
        (promise("false", when="body.total > 3.0"), exchange()),
    ],
)
def test_what_is_not_spoken_of_is_not_applicable(invariant: Invariant, answer: Exchange) -> None:
    """Other operations and statuses, and answers that `when` leaves out, are passed over."""
    assert judge(invariant, answer) == Verdict(judgement=Judgement.NOT_APPLICABLE)


def test_long_lists_are_not_evaluated() -> None:
    """An evaluation cannot be interrupted, so that more than 2,000 items are left alone."""
    assert judge(promise("true"), exchange(body={"rows": [0] * 2000})).judgement is Judgement.HELD
    assert judge(promise("true"), exchange(body={"rows": [[0] * 2001]})) == Verdict(
        judgement=Judgement.NOT_EVALUATED, message="a list has more than 2,000 items"
    )


@pytest.mark.parametrize(
    ("expression", "code", "hint"),
    [
        ("body.total ==", "fixtures.wrong-expression", ""),
        ("bodi.total == 1.0", "fixtures.unknown-variable", "did you mean `body`?"),
        ("nearr(1.0, 1.0, 0.0)", "fixtures.unknown-function", "did you mean `near`?"),
    ],
)
def test_a_wrong_expression_is_refused(expression: str, code: str, hint: str) -> None:
    """What cannot be parsed, read or called is known before anything is judged."""
    with pytest.raises(FixtureError) as caught:
        compile_expression(expression, SCOPE)
    (told,) = caught.value.diagnostics

    assert (told.code, told.hint) == (code, hint)
