from __future__ import annotations

import orjson

from locum.contract import read_contract
from locum.server.documents import document_reply


def test_a_document_of_2_0_is_served_as_it_was_written_but_for_its_place() -> None:
    """Without host and schemes it means the server it came from, which is the stand-in."""
    document = {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "host": "api.example.com",
        "basePath": "/v1",
        "schemes": ["https"],
        "paths": {},
    }
    contract = read_contract("a.json", lambda _: orjson.dumps(document))

    reply = document_reply(contract, "/pets", "/openapi.json")

    assert reply is not None
    assert orjson.loads(reply.body) == {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "basePath": "/pets",
        "paths": {},
    }


def test_a_document_of_several_files_is_served_whole() -> None:
    """A client that has this one address can follow every reference."""
    files = {
        "api/a.yaml": b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/pets: {$ref: ../pets.yaml}}",
        "pets.yaml": b"get: {responses: {default: {$ref: 'errors.yaml#/broken'}}}",
        "errors.yaml": b"broken: {description: broken}",
    }
    contract = read_contract("api/a.yaml", files.__getitem__, root=".")

    reply = document_reply(contract, "/v1", "/openapi.json")

    assert reply is not None
    assert orjson.loads(reply.body) == {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/pets": {"get": {"responses": {"default": {"$ref": "#/components/responses/broken"}}}}},
        "components": {"responses": {"broken": {"description": "broken"}}},
        "servers": [{"url": "/v1", "description": "this stand-in"}],
    }
