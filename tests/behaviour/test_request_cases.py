from __future__ import annotations

from typing import Any

import orjson
import pytest

from locum.behaviour.calls import Call
from locum.behaviour.request_cases import make_cases
from locum.catalog.document_rules import requirements_in
from locum.contract import read_contract
from locum.generation import Generator

NUMBER = {"type": "integer", "minimum": 1, "maximum": 9}


def operation_of(rule: dict[str, Any], **members: Any) -> Any:  # noqa: ANN401 -- any member
    """Return an operation with two numbers and a rule."""
    parameters = [{"name": name, "in": "query", "schema": NUMBER} for name in ("low", "high")]
    operation = {
        "operationId": "op",
        "x-requires": [rule],
        "parameters": parameters,
        "responses": {},
        **members,
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/op": {"post": operation}},
    }
    contract = read_contract("/api.json", {"/api.json": orjson.dumps(document)}.__getitem__)
    return contract.operation(contract.routes[0])


@pytest.mark.parametrize(
    "rule",
    [
        {"id": "order", "when": "has(query.low) && has(query.high)", "rule": "query.low < query.high"},
        {"id": "both", "rule": "has(query.low) == has(query.high)"},
        {"id": "one", "rule": "!(has(query.low) && has(query.high))"},
        {"id": "some", "rule": "'low' in query || 'high' in query"},
        {"id": "same", "when": "has(query.low)", "rule": "has(query.high) && query.high == query.low"},
    ],
)
def test_requests_that_keep_and_break_a_rule_are_found(rule: dict[str, Any]) -> None:
    """Out of documented and generated values, values left out, and each other's."""
    operation = operation_of(rule)
    (requirement,) = requirements_in(operation)

    cases = make_cases(requirement, operation, Call(method="POST", path="/op"), generator=Generator())

    assert cases.kept is not None
    assert cases.broken is not None
    assert cases.kept.query != cases.broken.query


def test_bodies_that_keep_and_break_a_rule_are_found() -> None:
    """A rule in the schema of a body is shown by bodies."""
    schema = {
        "type": "object",
        "required": ["start", "end"],
        "properties": {"start": NUMBER, "end": NUMBER},
        "x-requires": [{"id": "forward", "rule": "self.start < self.end"}],
    }
    body = {"content": {"application/json": {"schema": schema}}}
    operation = operation_of({"id": "any", "rule": "true"}, requestBody=body)
    requirement = next(each for each in requirements_in(operation) if each.id == "forward")

    cases = make_cases(requirement, operation, Call(method="POST", path="/op"), generator=Generator())

    assert cases.kept is not None
    assert cases.broken is not None
    kept, broken = orjson.loads(cases.kept.body), orjson.loads(cases.broken.body)
    assert kept["start"] < kept["end"]
    assert broken["start"] >= broken["end"]


def test_a_rule_that_nothing_breaks_has_no_case() -> None:
    """What was not found is not there."""
    operation = operation_of({"id": "always", "rule": "has(query.low) || true"})
    (requirement,) = requirements_in(operation)

    cases = make_cases(requirement, operation, Call(method="POST", path="/op"), generator=Generator())

    assert (cases.kept is not None, cases.broken) == (True, None)
