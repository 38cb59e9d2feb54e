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
