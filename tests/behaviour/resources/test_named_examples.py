"""Examples joined by their names, where resources are played: the document's word until somebody writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import Outcome

Client: TypeAlias = Any
PET = {"$ref": "#/components/schemas/Pet"}
NEW = {"$ref": "#/components/schemas/New"}
ERROR = {"$ref": "#/components/schemas/Error"}
NAMED: dict[str, Any] = {"name": {"type": "string"}, "mood": {"type": "string"}}
SCHEMAS = {
    "New": {"type": "object", "properties": NAMED},
    "Pet": {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "integer", "readOnly": True}, **NAMED},
    },
    "Error": {
        "type": "object",
        "required": ["message"],
        "properties": {"message": {"type": "string"}},
    },
}


def content(schema: object, **examples: object) -> dict[str, Any]:
    """Return a body, or an answer, of JSON with named examples."""
    media = {"schema": schema, "examples": named(**examples)}
    return {"description": "", "content": {"application/json": media}}


def named(**examples: object) -> dict[str, Any]:
    """Return named examples."""
    return {name: {"value": value} for name, value in examples.items()}


KIND = {"name": "kind", "in": "query", "schema": {"type": "string"}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
REX = {"id": 1, "name": "Rex"}
TOM = {"id": 2, "name": "Tom"}
ADA = {"id": 11, "name": "Ada", "mood": "glad"}
PATHS: dict[str, Any] = {
    "/pets": {
        "get": {
            "parameters": [{**KIND, "examples": named(dogs="dog", cats="cat", none="yeti")}],
            "responses": {
                "200": content({"type": "array", "items": PET}, dogs=[REX], cats=[TOM]),
                "404": content(ERROR, none={"message": "no yeti"}),
            },
        },
        "post": {
            "requestBody": content(NEW, ada={"name": "Ada"}, bad={"name": "Bad"}),
            "responses": {
                "201": content(PET, ada=ADA),
                "400": content(ERROR, bad={"message": "bad name"}),
            },
        },
    },
    "/pets/{id}": {
        "parameters": [{**ID, "examples": named(rex=1, tom=2, gone=9)}],
        "get": {
            "responses": {
                "200": content(PET, rex=REX, tom={**TOM, "mood": "sad"}),
                "404": content(ERROR, gone={"message": "it ran away"}),
            }
        },
        "patch": {"requestBody": content(NEW), "responses": {"200": content(PET)}},
        "delete": {"responses": {"204": {"description": ""}}},
    },
}


@pytest.fixture
def pets(played: Callable[..., Client]) -> Client:
    """Play the pets in a session that remembers."""
    return played(PATHS, components={"schemas": SCHEMAS})


def told(outcome: Outcome) -> tuple[int, Any]:
    """Return status and body."""
    return outcome.reply.status, orjson.loads(outcome.reply.body)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/pets", (200, [{"id": 1, "name": "Rex"}])),
        ("/pets?kind=cat", (200, [{"id": 2, "name": "Tom"}])),
        ("/pets?kind=yeti", (404, {"message": "no yeti"})),
        ("/pets/1", (200, {"id": 1, "name": "Rex"})),
        ("/pets/2", (200, {"id": 2, "name": "Tom", "mood": "sad"})),
        ("/pets/9", (404, {"message": "it ran away"})),
    ],
)
def test_what_nobody_wrote_is_read_as_the_examples_say(pets: Client, target: str, expected: object) -> None:
    """Lists and single things are the examples that the request names, refusals included."""
    assert told(pets.send("GET", target)) == expected


def test_a_body_that_names_a_refusal_is_refused_and_changes_nothing(pets: Client) -> None:
    """The example of an error answers whoever sends its body."""
    assert told(pets.send("POST", "/pets", {"name": "Bad"})) == (400, {"message": "bad name"})
    assert told(pets.send("GET", "/pets")) == (200, [{"id": 1, "name": "Rex"}])


def test_what_is_created_is_the_example_that_the_body_names(pets: Client) -> None:
    """It has the members and the key of the example, and the next one alike has a key of its own."""
    first = {"id": 11, "name": "Ada", "mood": "glad"}

    assert told(pets.send("POST", "/pets", {"name": "Ada"})) == (201, first)
    assert told(pets.send("GET", "/pets/11")) == (200, first)
    _, second = told(pets.send("POST", "/pets", {"name": "Ada"}))
    assert second["id"] != 11
    assert len(told(pets.send("GET", "/pets"))[1]) == 3


def test_what_was_written_comes_before_the_examples(pets: Client) -> None:
    """A change begins with the example, and is what is read from then on; what was deleted stays so."""
    changed = {"id": 2, "name": "Tim", "mood": "sad"}

    assert told(pets.send("PATCH", "/pets/2", {"name": "Tim"})) == (200, changed)
    assert told(pets.send("GET", "/pets/2")) == (200, changed)
    pets.send("DELETE", "/pets/1")
    assert pets.send("GET", "/pets/1").reply.status == 404


def test_what_was_sent_comes_before_the_example_it_names(played: Callable[..., Client]) -> None:
    """Examples of one name that disagree do not take away what a client has sent."""
    post = PATHS["/pets"]["post"] | {"responses": {"201": content(PET, ada={**ADA, "name": "string"})}}
    pets = played({**PATHS, "/pets": {**PATHS["/pets"], "post": post}}, components={"schemas": SCHEMAS})

    assert told(pets.send("POST", "/pets", {"name": "Ada"})) == (201, ADA)


def test_an_example_is_the_thing_at_its_path(played: Callable[..., Client]) -> None:
    """One that shows another key gets that of the path."""
    item = PATHS["/pets/{id}"]
    get = {"responses": {"200": content(PET, rex={**REX, "id": 7}, tom=TOM)}}
    pets = played({**PATHS, "/pets/{id}": {**item, "get": get}}, components={"schemas": SCHEMAS})

    assert told(pets.send("GET", "/pets/1")) == (200, REX)
