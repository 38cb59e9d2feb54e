"""Scenarios that a document alone tells of."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import pytest

from locum.behaviour import Fixtures, Outcome, RawRequest
from locum.behaviour.calls import compose
from locum.behaviour.derived import derived_scenarios

#: Of the conftest, which is no module to import from.
Stage: TypeAlias = Any

BODY = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
PATHS: dict[str, Any] = {
    "/rows/{row}": {
        "post": {
            "operationId": "put",
            "security": [{"key": []}],
            "parameters": [
                {"name": "row", "in": "path", "required": True, "schema": {"type": "integer"}},
                {
                    "name": "limit",
                    "in": "query",
                    "required": True,
                    "schema": {"type": "integer", "minimum": 1, "maximum": 9},
                },
                {"name": "free", "in": "query", "schema": {"type": "string"}},
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": BODY}}},
            "responses": {
                "200": {"description": "well", "content": {"application/json": {"schema": BODY}}},
                "4XX": {"description": "not well"},
                "default": {"description": "whatever"},
            },
        }
    }
}


@pytest.fixture
def stage(play: Stage) -> Stage:
    """Return a contract in which much can be wrong."""
    components = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}}
    return play(PATHS, components=components)


def test_every_status_and_every_way_to_be_wrong_is_found(stage: Stage) -> None:
    """Each comes with the status in which the contract tells it."""
    found = derived_scenarios(stage.plan("put"), contract=stage.contract, fixtures=Fixtures())

    assert {each.id.partition(".")[2]: each.status for each in found} == {
        "200": 200,
        "4XX": 400,
        "default": 500,
        "no-credential": 401,
        "wrong-type-row": 422,
        "no-limit": 422,
        "too-small-limit": 422,
        "too-large-limit": 422,
        "wrong-type-limit": 422,
        "no-body": 422,
        "other-media-type": 415,
        "malformed-body": 400,
        "invalid-body": 422,
        "unknown-path": 404,
        "other-method": 405,
        "not-acceptable": 406,
    }


def test_what_is_derived_leads_there(stage: Stage) -> None:
    """Each natural request to the operation is refused with the status that is told."""
    stand_in, plan = stage.stand_in, stage.plan("put")
    for scenario in derived_scenarios(plan, contract=stage.contract, fixtures=Fixtures()):
        for natural in scenario.naturals:
            call = compose(
                natural,
                plan.operation,
                contract=stage.contract,
                fixtures=Fixtures(),
                generator=stand_in.generator,
            )
            assert call is not None
            if call.method != "POST" or natural.path:
                continue
            raw = RawRequest(
                method=call.method,
                path=call.path,
                path_values={"row": call.path.rpartition("/")[2]},
                query=call.target.partition("?")[2],
                headers=tuple((name.lower(), text) for name, text in call.headers),
                body=call.body,
            )
            outcome = cast("Outcome", stand_in.respond(stage.route("put"), raw))
            assert (scenario.id, outcome.reply.status) == (scenario.id, scenario.status)
