"""Values that are no objects: what was put at a path is read there again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from tests.behaviour.resources.conftest import Client

from locum.behaviour.changes import PutRecord, apply_all

Json: TypeAlias = Any
TAGS: Json = {"type": "array", "items": {"type": "string"}}
TEXT: Json = {"type": "string"}
NO: Json = {"description": ""}


def holder(
    played: Callable[..., Client], schema: Json, *, media: str = "application/json", **more: Json
) -> Client:
    """Return a client of one value at `/settings/it` and of many at `/values/{key}`."""
    content = {"content": {media: {"schema": schema}}}
    shown = {"description": "", **content}
    methods = {
        "get": {"responses": {"200": shown, "404": NO}},
        "put": {"requestBody": content, "responses": {"200": shown, "201": shown}},
        "delete": {"responses": {"204": NO, "404": NO}},
        **more,
    }
    key = {"name": "key", "in": "path", "required": True, "schema": TEXT}
    return played({"/settings/it": methods, "/values/{key}": {"parameters": [key], **methods}})


@pytest.mark.parametrize("path", ["/settings/it", "/values/a"])
@pytest.mark.parametrize(
    ("schema", "value"),
    [(TAGS, ["a"]), (TAGS, []), (TEXT, "hello"), ({"type": "integer"}, 7), ({"type": "boolean"}, False)],
)
def test_what_was_put_is_read(played: Callable[..., Client], schema: Json, value: Json, path: str) -> None:
    """A list, a text, a number or a flag is told by PUT and GET as it was sent, until another is."""
    client = holder(played, schema)

    assert client.body("PUT", path, value) == value
    assert client.body("GET", path) == value


def test_a_plain_text_is_read_again(played: Callable[..., Client]) -> None:
    """What is no JSON is kept as well."""
    client = holder(played, TEXT, media="text/plain")
    client.send_bytes("PUT", "/settings/it", b"hello", {"content-type": "text/plain"})

    assert client.send("GET", "/settings/it").reply.body == b"hello"


def test_a_deleted_value_is_gone_until_it_is_put_again(played: Callable[..., Client]) -> None:
    """After DELETE it is 404, whoever had put it, and PUT creates it anew."""
    client = holder(played, TAGS)
    seen = [
        client.status("GET", "/settings/it"),
        client.status("DELETE", "/settings/it"),
        client.status("GET", "/settings/it"),
        client.status("DELETE", "/settings/it"),
        client.status("PUT", "/settings/it", ["b"]),
        client.status("PUT", "/settings/it", ["c"]),
    ]

    assert seen == [200, 204, 404, 404, 201, 200]
    assert client.body("GET", "/settings/it") == ["c"]


def test_a_value_that_cannot_be_absent_is_reset(played: Callable[..., Client]) -> None:
    """Where GET declares no 404, it tells after DELETE what it told before anything was put."""
    shown = {"description": "", "content": {"application/json": {"schema": TAGS}}}
    client = holder(played, TAGS, get={"responses": {"200": shown}})
    before = client.body("GET", "/settings/it")
    client.send("PUT", "/settings/it", ["mine"])
    client.send("DELETE", "/settings/it")

    assert client.body("GET", "/settings/it") == before


def test_each_key_has_a_value_of_its_own(played: Callable[..., Client]) -> None:
    """What is put at one key is not told at another."""
    client = holder(played, TEXT)
    client.send("PUT", "/values/a", "one")
    client.send("PUT", "/values/b%20c", "two")
    client.send("DELETE", "/values/a")

    assert client.body("GET", "/values/b%20c") == "two"
    assert client.status("GET", "/values/a") == 404


def test_a_narrowed_list_is_not_told_whole(played: Callable[..., Client]) -> None:
    """What a query asks of a value nobody can know, so it is answered as ever."""
    shown = {"description": "", "content": {"application/json": {"schema": {**TAGS, "minItems": 2}}}}
    limit = {"name": "like", "in": "query", "schema": TEXT}
    client = holder(played, TAGS, get={"parameters": [limit], "responses": {"200": shown, "404": NO}})
    client.send("PUT", "/settings/it", ["a", "b"])

    assert client.body("GET", "/settings/it") == ["a", "b"]
    assert client.body("GET", "/settings/it?like=x") != ["a", "b"]


def test_other_types_are_answered_as_ever(played: Callable[..., Client]) -> None:
    """A PUT of something else than GET tells says nothing of it."""
    body = {"content": {"application/json": {"schema": {"type": "integer"}}}}
    client = holder(played, TAGS, put={"requestBody": body, "responses": {"204": NO}})
    before = client.body("GET", "/settings/it")
    client.send("PUT", "/settings/it", 7)

    assert client.body("GET", "/settings/it") == before


def test_nothing_is_left_below_what_was_deleted(played: Callable[..., Client]) -> None:
    """The tags of a user who is gone are gone."""
    content = {"content": {"application/json": {"schema": TAGS}}}
    shown = {"description": "", **content}
    user = {"type": "object", "properties": {"id": TEXT, "name": TEXT}, "required": ["id", "name"]}
    told = {"description": "", "content": {"application/json": {"schema": user}}}
    key = {"name": "userId", "in": "path", "required": True, "schema": TEXT}
    client = played(
        {
            "/users/{userId}": {
                "parameters": [key],
                "get": {"responses": {"200": told, "404": NO}},
                "delete": {"responses": {"204": NO}},
            },
            "/users/{userId}/tags": {
                "parameters": [key],
                "get": {"responses": {"200": shown, "404": NO}},
                "put": {"requestBody": content, "responses": {"204": NO, "404": NO}},
            },
        }
    )
    client.send("PUT", "/users/ada/tags", ["a"])
    read = client.body("GET", "/users/ada/tags")
    client.send("DELETE", "/users/ada")

    assert read == ["a"]
    assert client.status("GET", "/users/ada/tags") == client.status("PUT", "/users/ada/tags", ["b"]) == 404


@pytest.mark.parametrize("collection", ["settings/it", "settings"])
def test_a_record_that_holds_no_value_says_nothing(played: Callable[..., Client], collection: str) -> None:
    """Somebody may write any record; GET is answered as ever until a value is put."""
    client = holder(played, TAGS)
    before = client.body("GET", "/settings/it")
    record = PutRecord(contract="api", collection=collection, record={"id": "it", "a": "x"}, member="id")
    client.state = apply_all(client.state, (record,), {})

    assert client.body("GET", "/settings/it") == before
    assert client.body("PUT", "/settings/it", ["a"]) == client.body("GET", "/settings/it") == ["a"]
