from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from locum.behaviour.resources import Recognition, Resource

Json: TypeAlias = Any
Client: TypeAlias = Any
Played: TypeAlias = Callable[..., Client]

PET = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "status": {"type": "string"}},
}


def answer(schema: Json) -> Json:
    """Return responses that answer with *schema*."""
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def variable(name: str, kind: str = "integer") -> Json:
    """Return a parameter of a path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def recognised(played: Played, paths: Json) -> tuple[Resource, ...]:
    """Return the resources of a document."""
    return Recognition(played(paths).contract).all()


@pytest.mark.parametrize(
    ("envelope", "way", "element"),
    [
        ({"type": "array", "items": PET}, (), ()),
        ({"properties": {"items": {"type": "array", "items": PET}, "total": {}}}, ("items",), ()),
        ({"properties": {"pets": {"type": "array", "items": PET}, "tags": {"type": "array"}}}, ("pets",), ()),
        (
            {"properties": {"_embedded": {"properties": {"pets": {"type": "array", "items": PET}}}}},
            ("_embedded", "pets"),
            (),
        ),
        (
            {"properties": {"data": {"properties": {"items": {"type": "array", "items": PET}}}}},
            ("data", "items"),
            (),
        ),
        ({"type": "array", "items": {"properties": {"pet": PET}}}, (), ("pet",)),
    ],
)
def test_lists_are_found_in_their_envelopes(
    played: Played, envelope: Json, way: tuple[str, ...], element: tuple[str, ...]
) -> None:
    """Bare arrays, members with the usual names, HAL, nested ones, entries that wrap the entity."""
    (pets,) = recognised(
        played,
        {
            "/pets": {"get": {"responses": answer(envelope)}},
            "/pets/{petId}": {"parameters": [variable("petId")], "get": {"responses": answer(PET)}},
        },
    )
    listing = pets.parts["/pets", "GET"]

    assert (listing.answer, listing.element) == (way, element)


@pytest.mark.parametrize(
    ("name", "members", "key"),
    [
        ("petId", ("id", "name"), "id"),
        ("pet_id", ("petId", "id"), "petId"),
        ("petName", ("id", "name"), "name"),
        ("Sid", ("sid", "id"), "sid"),
        ("pet", ("slug", "name"), "slug"),
        ("uuid", ("petUuid",), "petUuid"),
    ],
)
def test_the_variable_of_a_path_stands_for_a_member(
    played: Played, name: str, members: tuple[str, ...], key: str
) -> None:
    """By its own name, by what is left without the noun, by the usual names of keys."""
    schema = {"type": "object", "properties": {each: {"type": "string"} for each in members}}
    (pets,) = recognised(
        played,
        {
            "/pets": {"get": {"responses": answer({"type": "array", "items": schema})}},
            f"/pets/{{{name}}}": {
                "parameters": [variable(name, "string")],
                "get": {"responses": answer(schema)},
            },
        },
    )

    assert pets.key == key


def test_a_link_says_which_member_is_the_key(played: Played) -> None:
    """`$response.body#/code`, handed to the variable of the reading operation, settles it."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}, "code": {"type": "string"}}}
    made = answer(schema)
    made["200"]["links"] = {
        "read": {"operationId": "getPet", "parameters": {"petId": "$response.body#/code"}}
    }
    (pets,) = recognised(
        played,
        {
            "/pets": {"post": {"responses": made}},
            "/pets/{petId}": {
                "parameters": [variable("petId", "string")],
                "get": {"operationId": "getPet", "responses": answer(schema)},
            },
        },
    )

    assert pets.key == "code"


def test_what_is_not_sure_is_no_resource(played: Played) -> None:
    """A report by year, a search by two variables in a row, a page of the caller's own."""
    total = {"type": "object", "properties": {"total": {"type": "number"}}}
    found = recognised(
        played,
        {
            "/reports/{year}": {"parameters": [variable("year")], "get": {"responses": answer(total)}},
            "/routes/{from}/{to}": {
                "parameters": [variable("from"), variable("to")],
                "get": {"responses": answer(PET)},
                "delete": {"responses": {"204": {"description": ""}}},
            },
            "/me/pets": {
                "get": {
                    "responses": answer(
                        {"properties": {"items": {"type": "array", "items": PET}, "total": {}}}
                    )
                },
                "put": {"responses": {"204": {"description": ""}}},
            },
        },
    )

    assert found == ()


def test_nothing_is_looked_into_before_it_is_needed(played: Played) -> None:
    """Recognising one resource reads its operations, and no others."""
    client = played(
        {
            **{f"/{each}": {"get": {"responses": answer({"type": "array", "items": PET})}} for each in "ab"},
            **{
                f"/{each}/{{id}}": {"parameters": [variable("id")], "get": {"responses": answer(PET)}}
                for each in "ab"
            },
        }
    )
    route = next(each for each in client.contract.routes if each.path == "/a/{id}")
    Recognition(client.contract).of(route)

    assert {path for path, _ in client.contract.__dict__["_operations"]} == {"/a", "/a/{id}"}


def test_a_body_that_cannot_be_read_takes_no_relative_along(played: Played) -> None:
    """A reference to nowhere costs its operation alone: the others keep their parts, changes are kept."""
    broken = {"$ref": "#/components/schemas/Pett"}
    client = played(
        {
            "/pets": {
                "get": {"responses": answer({"type": "array", "items": PET})},
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": broken}}},
                    "responses": {"201": answer(PET)["200"]},
                },
            },
            "/pets/{id}": {
                "parameters": [variable("id")],
                "get": {"responses": answer(PET)},
                "patch": {
                    "requestBody": {"content": {"application/json": {"schema": PET}}},
                    "responses": answer(broken),
                },
                "delete": {"responses": {"204": {"description": ""}}},
            },
        }
    )
    made = client.body("POST", "/pets", {"name": "Rex", "status": "new"})
    client.send("PATCH", f"/pets/{made['id']}", {"status": "old"})

    assert client.body("GET", f"/pets/{made['id']}") == {**made, "name": "Rex", "status": "old"}
    client.send("DELETE", f"/pets/{made['id']}")
    assert made not in client.body("GET", "/pets")


def test_what_is_no_resource_has_its_doubt(played: Played) -> None:
    """Nothing that shows an entity, or nothing that agrees with it: whoever wonders is told which."""
    total = {"type": "object", "properties": {"total": {"type": "number"}}}
    client = played(
        {
            "/reports/{year}": {"parameters": [variable("year")], "delete": {"responses": answer(total)}},
            "/pets/{id}": {"parameters": [variable("id")], "get": {"responses": answer(PET)}},
        }
    )

    assert Recognition(client.contract).doubts() == {
        "/reports/{year}": "no GET answers with something that is surely an entity",
        "/pets/{id}": "nothing lists, creates, changes or deletes what can be read",
    }
