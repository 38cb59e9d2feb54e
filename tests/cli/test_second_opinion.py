"""What the other reader says of schemas stands where the schemas stand, or is left out where we say it."""

from __future__ import annotations

from typing import Any

import orjson

from locum.cli.second_opinion import second_opinion
from locum.contract import Contract, inspect_contract, read_contract


def answering(schema: object, **members: Any) -> Contract:  # noqa: ANN401 -- JSON
    """Return a contract of one operation that answers with *schema*."""
    content = {"application/json": {"schema": schema}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}}},
        **members,
    }
    return read_contract("/a.json", {"/a.json": orjson.dumps(document)}.__getitem__)


def test_a_finding_in_a_schema_has_the_place_of_the_schema() -> None:
    """The other reader counts from the schema it looks at, wherever that stands."""
    contract = answering({"$ref": "#/components/schemas/A"}, components={"schemas": {"A": {"title": 5}}})

    assert [each.where.pointer for each in second_opinion(contract, ())] == ["/components/schemas/A/title"]


def test_what_we_have_said_of_a_schema_is_not_said_twice() -> None:
    """A list that is due is told by us, with a line; the other reader need not."""
    contract = answering({"type": "object", "properties": {"a": {"required": True}, "b": {"required": "x"}}})
    own = inspect_contract(contract)

    assert len(own) == 2
    assert second_opinion(contract, own) == ()
