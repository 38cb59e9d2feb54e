from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
import pytest

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]


def told(play: Play, schema: dict[str, Any]) -> Json:
    """Return the body in which *schema* tells that `limit` is missing, by status 400."""
    content = {"application/json": {"schema": schema}}
    operation = {
        "operationId": "op",
        "parameters": [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}],
        "responses": {"400": {"description": "", "content": content}},
    }
    return orjson.loads(play({"/": {"get": operation}}).send("op").reply.body)


def record(*required: str, **properties: Json) -> dict[str, Any]:
    """Return the schema of an object."""
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
SENTENCE = "query parameter 'limit' is required"


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        (TEXT, SENTENCE),
        (record("message", message=TEXT), {"message": SENTENCE}),
        (record("Error_Message", Error_Message=TEXT), {"Error_Message": SENTENCE}),
        (record(message=TEXT), {"message": SENTENCE}),
        (
            record("error", error=record("code", "message", code={"type": "integer"}, message=TEXT)),
            {"error": {"code": 400, "message": SENTENCE}},
        ),
        (record(error=record(message=TEXT)), {"error": {"message": SENTENCE}}),
        (record("code", code={"enum": ["NOT_FOUND", "BAD_REQUEST"]}), {"code": "BAD_REQUEST"}),
        (record("code", code={"type": "string", "pattern": "^[A-Z_]+$"}), {"code": "MISSING_PARAMETER"}),
        (record("statusCode", statusCode=TEXT), {"statusCode": "400"}),
        (record("title", title=TEXT), {"title": "Bad Request"}),
        (record("success", success={"type": "boolean"}), {"success": False}),
        (record("messages", messages={"type": "array", "items": TEXT}), {"messages": [SENTENCE]}),
        (record("errors", errors={"type": "array", "items": TEXT}), {"errors": [SENTENCE]}),
        (
            record(
                "detail",
                detail={
                    "type": "array",
                    "items": record(
                        "loc", "msg", "type", loc={"type": "array", "items": TEXT}, msg=TEXT, type=TEXT
                    ),
                },
            ),
            {"detail": [{"loc": ["query", "limit"], "msg": "is required", "type": "required"}]},
        ),
        (
            record("type", "detail", type={"type": "string", "format": "uri"}, detail=TEXT),
            {"type": "https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY", "detail": SENTENCE},
        ),
        (record("message", message={"const": "fixed"}), {"message": "fixed"}),
    ],
)
def test_members_are_filled_in_by_name_where_they_stay_valid(
    play: Play, schema: dict[str, Any], body: object
) -> None:
    """Whatever the contract calls its message, code, status and list of errors, they tell the truth."""
    assert told(play, schema) == body


def test_the_kind_of_an_error_stays_as_it_is(play: Play) -> None:
    """A discriminator names a schema, never what went wrong."""
    failure = {
        "type": "object",
        "required": ["@type", "code"],
        "properties": {"@type": TEXT, "code": TEXT},
        "discriminator": {"propertyName": "@type", "mapping": {"Failure": "#/components/schemas/Failure"}},
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    operation = {
        "operationId": "op",
        "parameters": [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}],
        "responses": {"400": {"description": "", "content": content}},
    }
    stage = play({"/": {"get": operation}}, components={"schemas": {"Failure": failure}})

    assert orjson.loads(stage.send("op").reply.body) == {"@type": "Failure", "code": "missing_parameter"}
