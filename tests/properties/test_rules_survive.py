"""Whatever stands in the place of any part of a document with rules: told or left out, never a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from locum.behaviour.rule_suggestions import suggest_rules
from locum.catalog.document_rules import read_document_rules, requirements_in
from locum.contract import read_contract
from locum.errors import LocumError
from locum.verify.generated.document import write_document

X = {
    "type": "object",
    "properties": {"x": {"$ref": "#/components/schemas/X"}},
    "x-invariants": [{"id": "everywhere", "rule": "true"}],
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/a": {
            "get": {
                "operationId": "g",
                "x-requires": [{"id": "low", "rule": "query.p < 1.0", "kept": [{"query": "p=0"}]}],
                "x-relations": [{"id": "pages", "kind": "pages", "paging": {"items": "/x"}}],
                "parameters": [
                    {
                        "name": "p",
                        "in": "query",
                        "schema": {"type": "integer"},
                        "x-opaque": {"from": {"operation": "g", "at": "/x"}},
                        "x-requires": [{"id": "own", "rule": "self < 1.0"}],
                    }
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": {"properties": {"x": X}}}},
                    }
                },
            }
        }
    },
    "components": {"schemas": {"X": X}},
}
JUNK: list[Any] = [None, True, -1.5, "self <", [], {}, [None], [{}], {"a": 1}, {"$ref": "#/nowhere"}]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 -- JSON
    """Yield the way to every part of *value*."""
    yield path
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, each in members:
        yield from places(each, (*path, name))


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_no_part_of_a_document_can_break_the_reading_of_rules(junk: object) -> None:
    """Rules are read, proposed, and written for other tools, one part of the document replaced at a time."""
    for path in [*places(DOCUMENT)][1:]:
        spoilt = copy.deepcopy(DOCUMENT)
        owner: Any = spoilt
        for step in path[:-1]:
            owner = owner[step]
        owner[path[-1]] = junk
        try:
            contract = read_contract("/a.json", {"/a.json": orjson.dumps(spoilt)}.__getitem__)
        except LocumError:
            continue
        rules = read_document_rules(contract)

        assert all(str(each) for each in rules.diagnostics)
        suggest_rules(contract)
        assert json.dumps(write_document(contract, rules.opaque))
        for route in contract.routes:
            try:
                operation = contract.operation(route)
            except LocumError:
                continue
            requirements_in(operation)
