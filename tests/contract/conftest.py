"""Contracts written out in the tests that read them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import orjson
import pytest

from locum.contract import Contract, Direction, Schema, read_contract

Read: TypeAlias = Callable[..., Contract]
SchemaOf: TypeAlias = Callable[..., Schema]

MAIN = "/api/main.json"


@pytest.fixture
def read() -> Read:
    """Read a contract from parts of its document, and other files by their path."""

    def read_parts(
        files: Mapping[str, str] | None = None,
        *,
        version: str = "3.1.0",
        options: Mapping[str, Any] | None = None,
        **parts: object,
    ) -> Contract:
        document: dict[str, object] = {
            "openapi": version,
            "info": {"title": "Test", "version": "1"},
            "paths": {},
        } | parts
        contents = {MAIN: orjson.dumps(document)} | {
            path: text.encode() for path, text in (files or {}).items()
        }
        return read_contract(MAIN, contents.__getitem__, **(options or {}))

    return read_parts


@pytest.fixture
def schema_of(read: Read) -> SchemaOf:
    """Return the schema of a request or an answer, beside the components given."""

    def schema_in(
        schema: object,
        *,
        version: str = "3.1.0",
        direction: Direction = Direction.RESPONSE,
        **components: object,
    ) -> Schema:
        content = {"content": {"application/json": {"schema": schema}}}
        operation = {"requestBody": content, "responses": {"200": content}}
        contract = read(version=version, paths={"/": {"post": operation}}, components={"schemas": components})
        found = contract.operation(contract.routes[0])
        assert found.request_body is not None
        body = found.request_body if direction is Direction.REQUEST else found.responses[0]
        found_schema = body.content[0].schema
        assert found_schema is not None
        return found_schema

    return schema_in
