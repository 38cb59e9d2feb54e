"""Whatever a document looks like, reading it ends in a contract or in a `ContractError`."""

import contextlib
import copy
import random
from collections.abc import Iterator
from typing import Any

import hypothesis
import orjson
from hypothesis import strategies as st
from tests.properties.effort import tries

from locum.behaviour import Fixtures, Options, Outcome, RawRequest, StandIn
from locum.behaviour.calls import compose
from locum.behaviour.scenarios import Natural
from locum.contract import Contract, JsonValue, Route, Schema, inspect_contract, read_contract
from locum.errors import ContractError
from locum.generation import Generator

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://{env}.example.com", "variables": {"env": {"default": "live"}}}],
    "security": [{"key": []}],
    "paths": {
        "/orders/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getOrder",
                "tags": ["orders"],
                "parameters": [
                    {
                        "name": "fields",
                        "in": "query",
                        "style": "form",
                        "schema": {"type": "array", "items": {}},
                    }
                ],
                "responses": {
                    "200": {
                        "headers": {"X-Rate": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Order"},
                                "examples": {"one": {"value": {"id": 1}}},
                            }
                        },
                        "links": {
                            "self": {"operationId": "getOrder", "parameters": {"id": "$response.body#/id"}}
                        },
                    },
                    "default": {"$ref": "#/components/responses/Problem"},
                },
            },
            "put": {
                "security": [],
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"file": {"type": "string"}}},
                            "encoding": {"file": {"contentType": "image/png"}},
                        }
                    },
                },
                "responses": {"204": {"description": "done"}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}},
        "responses": {"Problem": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "schemas": {
            "Order": {
                "type": "object",
                "required": ["id", "lines"],
                "properties": {
                    "id": {"type": "integer", "format": "int64", "readOnly": True},
                    "note": {"type": ["string", "null"], "pattern": "^[\\w-.]+$"},
                    "parent": {"$ref": "#/components/schemas/Order"},
                    "lines": {"type": "array", "minItems": 1, "items": {"oneOf": [{"type": "string"}, {}]}},
                },
                "allOf": [{"$ref": "#/components/schemas/Base"}],
            },
            "Base": {"discriminator": {"propertyName": "kind"}, "anyOf": [{"minProperties": 1}, True]},
        },
    },
}
#: The same in the words of 2.0, and what only 2.0 has.
EARLIER_DOCUMENT: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Shop", "version": "1"},
    "host": "example.com",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json", "text/csv"],
    "security": [{"key": []}, {"flow": ["read"]}],
    "paths": {
        "/orders/{id}": {
            "parameters": [{"$ref": "#/parameters/Id"}],
            "get": {
                "parameters": [
                    {
                        "name": "fields",
                        "in": "query",
                        "type": "array",
                        "collectionFormat": "pipes",
                        "items": {"type": "string", "pattern": "^[a-z]+$"},
                    },
                    {"name": "X-Trace", "in": "header", "type": "string", "x-example": "a"},
                ],
                "responses": {
                    "200": {
                        "schema": {"$ref": "#/definitions/Order"},
                        "headers": {"X-Tags": {"type": "array", "items": {"type": "string"}}},
                        "examples": {"application/json": {"id": 1}},
                    },
                    "default": {"$ref": "#/responses/Problem"},
                },
            },
            "put": {
                "parameters": [{"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Order"}}],
                "responses": {"204": {"description": "done"}},
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "schemes": ["http"],
                "parameters": [
                    {"name": "file", "in": "formData", "type": "file", "required": True},
                    {"name": "sizes", "in": "formData", "type": "array", "items": {"type": "integer"}},
                    {"name": "count", "in": "formData", "type": "integer", "allowEmptyValue": True},
                ],
                "responses": {"200": {"schema": {"type": "file"}}},
            },
        }
    },
    "parameters": {"Id": {"name": "id", "in": "path", "required": True, "type": "integer"}},
    "responses": {"Problem": {"description": "d", "schema": {"type": "object"}}},
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "basic": {"type": "basic"},
        "flow": {"type": "oauth2", "flow": "accessCode", "tokenUrl": "https://t", "scopes": {"read": "r"}},
    },
    "definitions": {
        "Order": {
            "type": "object",
            "discriminator": "kind",
            "required": ["id"],
            "properties": {
                "id": {"type": "integer", "readOnly": True},
                "kind": {"type": "string", "x-nullable": True},
                "parent": {"$ref": "#/definitions/Order"},
            },
        }
    },
}
GENERATOR = Generator()
DOCUMENTS = [DOCUMENT | {"openapi": "3.0.3"}, DOCUMENT, EARLIER_DOCUMENT]


def nested(depth: int) -> JsonValue:
    """Return a schema with *depth* schemas around nothing."""
    value: JsonValue = {}
    for _ in range(depth):
        value = {"not": value}
    return value


JUNK: list[JsonValue] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**19,
    "",
    "x",
    "(",
    [],
    [None],
    {},
    {"a": {"b": 1}},
    [[[]]],
    nested(50),
    nested(110),
    {"$ref": "#"},
    {"$ref": ""},
    {"$ref": 5},
    {"$ref": "#/components/schemas"},
    {"$ref": "#/parameters/Id"},
    {"$ref": "#/definitions/Order"},
    {"type": "array", "items": {"type": "array"}},
    {"$ref": "../../x.yaml"},
    {"$ref": "http://a.b/c#/d"},
    {"allOf": [{"$ref": "#/components/schemas/Order"}] * 3},
    {"$id": "http://x/y", "$ref": "#"},
]
INSTANCES: list[JsonValue] = [1, {}, [], None, {"id": "x"}]
KEYS = [
    "$ref",
    "type",
    "required",
    "properties",
    "allOf",
    "enum",
    "$id",
    "$anchor",
    "parameters",
    "schema",
    "pattern",
    "in",
    "items",
    "collectionFormat",
    "examples",
    "produces",
]


def damage(document: dict[str, Any], source: random.Random) -> None:
    """Drop, swap or add something somewhere."""
    places: list[tuple[Any, Any]] = []
    todo: list[Any] = [document]
    while todo:
        value = todo.pop()
        members = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, member in members:
            places.append((value, key))
            todo.append(member)
    if not places:
        return
    holder, key = source.choice(places)
    action = source.randrange(4)
    if action == 0:
        del holder[key]
    elif action == 1 and isinstance(holder, dict):
        holder[source.choice(KEYS)] = copy.deepcopy(source.choice(JUNK))
    else:
        holder[key] = copy.deepcopy(source.choice(JUNK))


@st.composite
def damaged_documents(draw: st.DrawFn) -> bytes:
    """Draw one of the documents with a few damages."""
    document = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    source = draw(st.randoms(use_true_random=False))
    for _ in range(draw(st.integers(1, 8))):
        damage(document, source)
    return orjson.dumps(document)


def schemas_of(contract: Contract) -> list[Schema]:
    """Return every schema of the operations that can be read."""
    described: list[Any] = []
    for route in contract.routes:
        with contextlib.suppress(ContractError):
            operation = contract.operation(route)
            described.extend(operation.parameters)
            described.extend(operation.request_body.content if operation.request_body else ())
            for response in operation.responses:
                described.extend((*response.content, *response.headers))
    return [each.schema for each in described if each.schema is not None]


@hypothesis.settings(max_examples=tries(300), deadline=None, derandomize=True)
@hypothesis.given(content=damaged_documents())
def test_a_damaged_document_raises_nothing_but_contract_errors(content: bytes) -> None:
    """Every operation and schema either works or says why not, and inspection never fails."""
    with contextlib.suppress(ContractError):
        contract = read_contract("/a.json", lambda _: content)
        inspect_contract(contract)
        for schema in schemas_of(contract):
            with contextlib.suppress(ContractError):
                for value in INSTANCES:
                    assert bool(schema.violations(value)) is not schema.is_valid(value)


def calls_of(contract: Contract, generator: Generator) -> Iterator[tuple[Route, RawRequest]]:
    """Yield for each operation a bare call, a well-formed one, and one for every declared status."""
    for route in contract.routes:
        method = route.method.value
        yield route, RawRequest(method=method, path=route.path)
        with contextlib.suppress(ContractError):
            operation = contract.operation(route)
            natural = Natural(operation=route.operation_id)
            call = compose(natural, operation, contract=contract, fixtures=Fixtures(), generator=generator)
            if call is None:
                continue
            head = tuple((name.lower(), text) for name, text in call.headers)
            codes = [
                each.status.replace("XX", "00").replace("default", "500") for each in operation.responses
            ]
            for more in ((), *((("prefer", f"code={code}"),) for code in codes), (("accept", "text/csv"),)):
                raw = RawRequest(method=method, path=call.path, headers=head + more, body=call.body)
                yield route, raw


@hypothesis.settings(max_examples=tries(200), deadline=None, derandomize=True)
@hypothesis.given(content=damaged_documents())
def test_a_damaged_document_is_played_without_a_traceback(content: bytes) -> None:
    """Whatever can be read is answered: by what is declared, a refusal, or 501 with the reason."""
    with contextlib.suppress(ContractError):
        contract = read_contract("/a.json", lambda _: content)
        stand_in = StandIn(contract=contract, generator=GENERATOR, options=Options(callbacks=True))
        for route, raw in calls_of(contract, GENERATOR):
            outcome = stand_in.respond(route, raw)
            assert isinstance(outcome, Outcome)
            # Without a refusal the document itself declares nothing better.
            is_meant = outcome.refusal is None or raw.header("prefer") is not None
            assert is_meant or outcome.reply.status in {*range(400, 500), 501}


@hypothesis.settings(max_examples=tries(200), deadline=None, derandomize=True)
@hypothesis.given(
    content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_arbitrary_bytes_raise_nothing_but_contract_errors(content: bytes) -> None:
    """A file that is no document at all is refused."""
    with contextlib.suppress(ContractError):
        read_contract("/a.yaml", lambda _: content)
