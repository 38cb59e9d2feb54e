"""What 3.2 adds is taken in any document."""

from collections.abc import Callable
from typing import Any

import pytest

from locum.contract import Contract, HttpMethod, Schema, inspect_contract
from locum.contract.styles import compile_parameters

OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
Read = Callable[..., Contract]


def test_query_and_additional_methods_are_routes(read: Read) -> None:
    """One that no server can read is reported."""
    item = {"query": OK, "additionalOperations": {"COPY": OK, "FROB": OK}}
    contract = read(version="3.2.0", paths={"/": item})

    assert [route.method for route in contract.routes] == [HttpMethod.QUERY, HttpMethod.COPY]
    assert contract.operation(contract.routes[1]).responses[0].status == "200"
    assert [each.code for each in inspect_contract(contract)] == ["contract.method"]


def test_a_querystring_parameter_is_the_whole_query(read: Read) -> None:
    """As a form, its members are sent one by one; as anything else it is reported."""
    form = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}
    content = {"application/x-www-form-urlencoded": {"schema": form}}
    parameters = [
        {"name": "q", "in": "querystring", "content": content},
        {"name": "j", "in": "querystring", "content": {"application/json": {"schema": {}}}},
    ]
    contract = read(version="3.2.0", paths={"/": {"get": OK | {"parameters": parameters}}})
    operation = contract.operation(contract.routes[0])

    assert compile_parameters(operation.parameters).read({}, "a=1&b=x%20y", []).query == {
        "q": {"a": 1, "b": "x y"}
    }
    assert [each.code for each in inspect_contract(contract)] == ["contract.parameter"]


def answer(contract: Contract) -> Schema:
    """Return the schema of the only answer."""
    schema = contract.operation(contract.routes[0]).responses[0].content[0].schema
    assert schema is not None
    return schema


def test_the_schema_of_items_makes_a_sequence(read: Read) -> None:
    """References in it count from where it stands."""
    media = {"application/jsonl": {"itemSchema": {"$ref": "#/components/schemas/Line"}}}
    contract = read(
        version="3.2.0",
        paths={"/": {"get": {"responses": {"200": {"content": media}}}}},
        components={"schemas": {"Line": {"type": "object"}}},
    )

    assert answer(contract).bundle() == {
        "type": "array",
        "items": {"$ref": "#/$defs/Line"},
        "$defs": {"Line": {"type": "object"}},
    }


@pytest.mark.parametrize(
    "reference", ["https://x.example/api.json#/components/schemas/A", "api.json#/components/schemas/A"]
)
def test_a_document_may_name_itself(read: Read, reference: str) -> None:
    """A reference by `$self` stays in the document; nothing is fetched."""
    contract = read(
        version="3.2.0",
        paths={
            "/": {"get": {"responses": {"200": {"content": {"text/plain": {"schema": {"$ref": reference}}}}}}}
        },
        components={"schemas": {"A": {"type": "string"}}},
        **{"$self": "https://x.example/api.json"},
    )

    assert answer(contract).bundle() == {"type": "string"}
