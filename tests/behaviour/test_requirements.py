from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from locum.behaviour.exchanges import Judgement
from locum.behaviour.expressions import compile_expression
from locum.behaviour.requirements import Asked, Requirement, broken_by, judge_request, unmet
from locum.behaviour.scopes import REQUEST_SCOPE
from locum.contract.model import Location


def required(expression: str, when: str = "", **told: Any) -> Requirement:  # noqa: ANN401 -- any member
    """Return a requirement of `list`."""
    return Requirement(
        id="R",
        promise="It fits",
        operations=frozenset({"list"}),
        expression=compile_expression(expression, REQUEST_SCOPE),
        when=compile_expression(when, REQUEST_SCOPE) if when else None,
        **told,
    )


def judged(requirement: Requirement, **sent: Any) -> Judgement:  # noqa: ANN401 -- any member
    """Return what a request makes of *requirement*."""
    asked = Asked(**{"operation": "list", **sent})
    ((_, verdict),) = judge_request([requirement], asked)
    return verdict.judgement


@pytest.mark.parametrize(
    ("query", "judgement"),
    [
        ({"low": 2, "high": 10}, Judgement.HELD),
        ({"low": 10, "high": 2}, Judgement.BROKEN),
        ({"low": 10}, Judgement.NOT_APPLICABLE),
        ({"low": "ten", "high": 2}, Judgement.NOT_EVALUATED),
    ],
)
def test_a_dependency_is_judged_on_typed_values(query: dict[str, Any], judgement: Judgement) -> None:
    """Numbers are compared as numbers; what cannot be compared says nothing."""
    assert judged(required("query.low <= query.high", "has(query.low) && has(query.high)"), query=query) is (
        judgement
    )


def test_a_requirement_speaks_of_its_operations_alone() -> None:
    """A request to another operation neither keeps nor breaks it."""
    assert judged(required("false"), operation="get") is Judgement.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("expression", "sent"),
    [
        ("path.id == query.id", {"path": {"id": "a"}, "query": {"id": "b"}}),
        ("headers['x-from'] != ''", {"headers": {"x-from": ""}}),
        ("cookies.side == 'left'", {"cookies": {"side": "right"}}),
        ("body.start < body.end", {"body": {"start": 2, "end": 1}}),
        (
            "seconds(query.from) <= now",
            {"query": {"from": "2030-01-01"}, "now": datetime(2026, 1, 1, tzinfo=UTC)},
        ),
        ("settings.mode != 'strict'", {"settings": {"mode": "strict"}}),
    ],
)
def test_every_part_of_a_request_can_be_read(expression: str, sent: dict[str, Any]) -> None:
    """Query, path, headers, cookies, body, the time, and the switches of the contract."""
    assert judged(required(expression), **sent) is Judgement.BROKEN


def test_what_is_broken_is_told_where_it_belongs() -> None:
    """The violation names the parameter, the promise and the expression."""
    requirement = required("query.a == query.b", location=Location.QUERY, name="a")

    (broken,) = broken_by([requirement], Asked(operation="list", query={"a": 1, "b": 2}))
    violation = unmet(broken)

    assert violation.location == ("request", "query", "a")
    assert (violation.keyword, violation.message) == ("requires", "breaks a rule: It fits")
    assert violation.expected == "query.a == query.b"
