"""`$dynamicRef` and `$id`, held to the official suite and to a validator that knows dynamic scopes itself."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from locum.contract import Contract, Schema, read_contract
from locum.generation import Generator, mix

SUITE = Path(__file__).parents[1] / "generation" / "suite" / "draft2020-12.json"
CONTENT = {"application/json": {"schema": {"$ref": "schema.json"}}}
#: Formats are judged in a place of their own; a document has 64 bits for a number, knows no network, and
#: keeps its schemas below words that JSON Schema does not know.
ELSEWHERE = ("optional/bignum", "optional/unknownKeyword")
META = "https://json-schema.org/draft/2020-12/schema"
MAIN = {"openapi": "3.1.0", "paths": {"/": {"get": {"responses": {"200": {"content": CONTENT}}}}}}


def only_schema(contract: Contract) -> Schema:
    """Return the schema of the only answer of *contract*."""
    schema = contract.operation(contract.routes[0]).responses[0].content[0].schema
    assert schema is not None
    return schema


def cases() -> Iterator[Any]:
    """Yield each schema of the suite that has a place in a document, and the instances of its chapter."""
    for chapter, rows in json.loads(SUITE.read_text()).items():
        instances = [row["valid"] for row in rows]
        for row in rows if "format" not in chapter and chapter not in ELSEWHERE else ():
            if row["schema"].get("$ref") != META:
                yield pytest.param(row["schema"], instances, id=f"{chapter}: {row['description']}")


@pytest.mark.parametrize(("schema", "instances"), list(cases()))
def test_a_schema_of_the_suite_means_in_a_document_what_it_means_alone(
    schema: dict[str, Any], instances: list[Any]
) -> None:
    """Reading a schema out of a file of a document changes no verdict."""
    content = {"/main.json": orjson.dumps(MAIN), "/schema.json": orjson.dumps(schema)}
    ours = only_schema(read_contract("/main.json", content.__getitem__))
    theirs = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)

    assert [ours.is_valid(each) for each in instances] == [theirs.is_valid(each) for each in instances]


def page_of(item: str, **identifier: str) -> dict[str, Any]:
    """Return a page whose items are *item*, in the words of those who write generic schemas."""
    return identifier | {
        "$ref": "#/components/schemas/Page",
        "$defs": {"entry": {"$dynamicAnchor": "entry", "$ref": f"#/components/schemas/{item}"}},
    }


@pytest.mark.parametrize("prefix", ["https://example.com/", ""])
def test_one_generic_schema_serves_several(read: Callable[..., Contract], prefix: str) -> None:
    """What a page is a page of is said by whoever refers to it, with an `$id` for each schema or without."""
    schemas = {
        "Page": {
            "type": "object",
            "required": ["items"],
            "properties": {"items": {"type": "array", "minItems": 1, "items": {"$dynamicRef": "#entry"}}},
            "$defs": {"entry": {"$dynamicAnchor": "entry"}},
        },
        "Cats": page_of("Cat"),
        "Dogs": page_of("Dog"),
        "Cat": {"type": "object", "required": ["purrs"], "properties": {"purrs": {"type": "boolean"}}},
        "Dog": {"type": "object", "required": ["barks"], "properties": {"barks": {"type": "integer"}}},
    }
    if prefix:
        schemas = {
            name: json.loads(json.dumps(schema).replace("#/components/schemas/", prefix))
            | {"$id": f"{prefix}{name}"}
            for name, schema in schemas.items()
        }
    references = {name: {"$ref": f"#/components/schemas/{name}"} for name in ("Cats", "Dogs")}
    content = {f"application/{name}+json": {"schema": schema} for name, schema in references.items()}
    contract = read(
        paths={"/": {"get": {"responses": {"200": {"content": content}}}}}, components={"schemas": schemas}
    )
    cats, dogs = (
        media.schema for media in contract.operation(contract.routes[0]).responses[0].content if media.schema
    )

    assert cats.is_valid({"items": [{"purrs": True}]})
    assert not cats.is_valid({"items": [{"barks": 3}]})
    assert dogs.is_valid({"items": [{"barks": 3}]})
    assert not dogs.is_valid({"items": [{"purrs": True}]})
    assert dogs.is_valid(Generator().producer(dogs.bundle())(mix(1, 1)))


def test_a_document_that_names_itself_finds_its_neighbours(read: Callable[..., Contract]) -> None:
    """`$self` and `$id` are where a document is published; its copy finds the files copied with it."""
    contract = read(
        {"/api/pet.json": '{"$id": "https://example.com/v1/pet.json", "$ref": "https://example.com/v1/x/id.json"}',
         "/api/x/id.json": '{"type": "integer"}'},
        version="3.2.0",
        paths={"/": {"get": {"responses": {"200": {"content": {"application/json": {
            "schema": {"$ref": "https://example.com/v1/pet.json"}}}}}}}},
        **{"$self": "https://example.com/v1/main.json"},
    )  # fmt: skip

    assert only_schema(contract).is_valid(1)
    assert not only_schema(contract).is_valid("a")
