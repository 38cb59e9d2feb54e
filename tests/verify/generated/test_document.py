from __future__ import annotations

from typing import Any

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from locum.behaviour.requirements import Opaque
from locum.catalog import built_in, load
from locum.contract import read_contract
from locum.contract.model import Location
from locum.verify.generated.document import write_document

NODE = {"type": "object", "properties": {"id": {"type": "integer"}, "next": {"$ref": "#/definitions/Node"}}}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "1"},
    "definitions": {"Node": NODE},
    "paths": {
        "/nodes/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "string"},
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}},
                ],
                "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/Node"}}},
            },
            "put": {
                "operationId": "putNode",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "string"},
                    {"name": "node", "in": "body", "schema": {"$ref": "#/definitions/Node"}},
                ],
                "responses": {"204": {"description": ""}},
            },
        }
    },
}


def written(document: dict[str, Any], *opaque: Opaque) -> Any:  # noqa: ANN401 -- JSON
    """Return what is handed to Schemathesis of *document*."""
    contract = read_contract("/api.json", {"/api.json": orjson.dumps(document)}.__getitem__)
    return write_document(contract, opaque)


def faults(document: dict[str, Any]) -> list[str]:
    """Return what an independent reader has against *document*."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


@pytest.mark.parametrize("name", sorted(built_in()))
def test_built_in_contracts_are_written_as_valid_documents(name: str) -> None:
    """One self-contained file of version 3.1."""
    contract = load(name).contract

    assert faults(write_document(contract)) == []


def test_version_2_0_is_written_as_3_1_with_its_circles() -> None:
    """Schemas refer to each other by name, each direction apart; lists keep their commas."""
    document = written(SWAGGER)

    assert faults(document) == []
    assert document["openapi"] == "3.1.0"
    get = document["paths"]["/nodes/{id}"]["get"]
    assert get["operationId"] == "GET /nodes/{id}"
    tags = next(each for each in get["parameters"] if each["name"] == "tags")
    assert (tags["style"], tags["explode"]) == ("form", False)
    assert set(document["components"]["schemas"]) == {"Node", "Node.request"}
    assert document["components"]["schemas"]["Node"]["properties"]["next"] == {
        "$ref": "#/components/schemas/Node"
    }


def test_an_operation_that_cannot_be_used_is_left_out() -> None:
    """The others are written."""
    broken = {"parameters": [], "responses": {"200": {"$ref": "#/nowhere"}}}
    document = {**SWAGGER, "paths": {**SWAGGER["paths"], "/broken": {"get": {"$ref": "#/nowhere"}}}}

    assert list(written(document)["paths"]) == ["/nodes/{id}"]
    assert broken


def test_where_values_come_from_is_written_as_a_link() -> None:
    """So that sequences of calls follow it."""
    opaque = Opaque(
        name="id",
        location=Location.PATH,
        operations=frozenset({"putNode"}),
        giver="GET /nodes/{id}",
        at="/next/id",
    )

    response = written(SWAGGER, opaque)["paths"]["/nodes/{id}"]["get"]["responses"]["200"]

    assert response["links"] == {
        "id-of-putNode": {"operationId": "putNode", "parameters": {"path.id": "$response.body#/next/id"}}
    }
