from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import orjson
import pytest

from locum.behaviour import Fixtures
from locum.behaviour.changes import SetClock, apply
from locum.behaviour.corrections import Correction
from locum.behaviour.created_locations import written_location
from locum.contract import read_contract

Json: TypeAlias = Any
Client: TypeAlias = Any

ADA = {"name": "Ada", "email": "ada@example.org", "country": "GB"}


def test_what_was_created_can_be_read(shop: Client) -> None:
    """A created entity has what was sent, a key and times that the server gave it, and nothing else."""
    made = shop.body("POST", "/customers", {**ADA, "password": "secret"})

    assert {**made, "id": 0} == {
        "id": 0,
        **ADA,
        "createdAt": "2024-02-15T12:00:00Z",
        "updatedAt": "2024-02-15T12:00:00Z",
    }
    assert shop.body("GET", f"/customers/{made['id']}") == made


def test_a_created_entity_says_where_it_is(shop: Client) -> None:
    """`Location` is the address under which the entity can be read."""
    outcome = shop.send("POST", "/customers", ADA)
    location = dict(outcome.reply.headers)["location"]

    assert location.startswith("http://shop.test/customers/")
    assert shop.body("GET", urlsplit(location).path)["name"] == "Ada"


def test_a_page_beyond_the_end_keeps_its_number(shop: Client) -> None:
    """It is empty, and says the number that was asked for."""
    page = shop.body("GET", "/customers?country=XX&page=3&per_page=4")

    assert (page["items"], page["total"], page["page"]) == ([], 0, 3)


def test_a_member_that_is_only_read_cannot_be_sent(shop: Client) -> None:
    """The key and the times are the server's, whatever a client says."""
    made = shop.body("POST", "/customers", {"name": "Ada", "id": 4711, "createdAt": "1999-01-01T00:00:00Z"})

    assert (made["id"] == 4711, made["createdAt"]) == (False, "2024-02-15T12:00:00Z")


def test_no_key_is_given_twice(shop: Client) -> None:
    """Keys of deleted entities are not given again."""
    first = shop.body("POST", "/customers", ADA)["id"]
    shop.send("DELETE", f"/customers/{first}")
    later = [shop.body("POST", "/customers", ADA)["id"] for _ in range(3)]

    assert len({first, *later}) == 4


def test_listed_and_read_alike(shop: Client) -> None:
    """Every entity of a list can be read by its key, and is the same there."""
    page = shop.body("GET", "/customers?per_page=50")

    assert page["total"] == len(page["items"]) >= 12
    assert [shop.body("GET", f"/customers/{each['id']}") for each in page["items"]] == page["items"]


def test_links_lead_to_the_end_of_a_list(shop: Client) -> None:
    """Following `next` shows every entity once, and ends."""
    target, keys = "/customers?country=GB&per_page=3", []
    while target:
        page = shop.body("GET", target)
        keys += [each["id"] for each in page["items"]]
        target = (page["next"] or "").removeprefix("http://shop.test")

    assert len(keys) == len(set(keys)) == page["total"]


def test_headers_speak_of_the_list(shop: Client) -> None:
    """`Link` and `X-Total-Count` are true where the document declares them."""
    headers = dict(shop.send("GET", "/customers?per_page=4&page=2").reply.headers)
    total = shop.body("GET", "/customers")["total"]

    assert headers["x-total-count"] == str(total)
    assert '<http://shop.test/customers?per_page=4&page=3>; rel="next"' in headers["link"]
    assert '<http://shop.test/customers?per_page=4&page=1>; rel="prev"' in headers["link"]


def test_a_cursor_survives_what_is_deleted_before_it(shop: Client) -> None:
    """The next page begins where the last one ended, also if what stood there is gone."""
    first = shop.body("GET", "/customers/1/orders")
    whole = [each["id"] for each in shop.body("GET", "/customers/1/orders?limit=50")["data"]]
    shop.send("DELETE", f"/customers/1/orders/{whole[0]}")
    second = shop.body("GET", f"/customers/1/orders?cursor={first['next_cursor']}")

    assert first["has_more"] is True
    assert [each["id"] for each in second["data"]] == whole[5:10]


def test_a_list_that_is_cut_leads_on_where_its_token_need_not_be_there(
    played: Callable[..., Client],
) -> None:
    """A token that the document does not require is left out on the last page alone."""
    run: Json = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    page: Json = {
        "type": "object",
        "properties": {"runs": {"type": "array", "items": run}, "next_page_token": {"type": "string"}},
    }

    def operation(schema: Json, *parameters: Json) -> Json:
        answer = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
        return {"get": {"parameters": parameters, "responses": answer}}

    client = played(
        {
            "/runs": operation(
                page,
                {"name": "page_size", "in": "query", "schema": {"type": "integer"}},
                {"name": "page_token", "in": "query", "schema": {"type": "string"}},
            ),
            "/runs/{id}": operation(run, {"name": "id", "in": "path", "required": True, "schema": {}}),
        }
    )
    whole = client.body("GET", "/runs?page_size=50")
    first = client.body("GET", "/runs?page_size=7")
    second = client.body("GET", f"/runs?page_size=50&page_token={first['next_page_token']}")

    assert [*first["runs"], *second["runs"]] == whole["runs"]
    assert "next_page_token" not in whole


def test_what_is_only_listed_gets_a_key_as_well(played: Callable[..., Client]) -> None:
    """Where an entity is never read by itself, its list shows what it looks like, and what its key is."""
    link: Json = {
        "type": "object",
        "properties": {"linkId": {"type": "string", "format": "uuid"}, "name": {"type": "string"}},
    }
    key: Json = {"name": "linkId", "in": "path", "required": True, "schema": {"type": "string"}}

    def answers(status: str, schema: Json) -> Json:
        return {
            "responses": {status: {"description": "", "content": {"application/json": {"schema": schema}}}}
        }

    client = played(
        {
            "/links": {
                "get": answers("200", {"type": "array", "items": link}),
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": link}}},
                    **answers("201", link),
                },
            },
            "/links/{linkId}": {"delete": {"parameters": [key], "responses": {"204": {"description": ""}}}},
        }
    )
    made = [client.body("POST", "/links", {"name": name}) for name in ("a", "b")]
    listed = client.body("GET", "/links")

    assert made[0]["linkId"] != made[1]["linkId"]
    assert [each for each in listed if each in made] == listed[:2]


def test_lists_are_filtered_and_sorted(shop: Client) -> None:
    """Parameters named like members narrow a list; `sort` puts it into order."""
    for name in ("Cy", "Ada", "Bob"):
        shop.send("POST", "/customers", {"name": name, "country": "FR"})
    page = shop.body("GET", "/customers?country=FR&sort=-name&per_page=50")
    names = [each["name"] for each in page["items"]]

    assert {each["country"] for each in page["items"]} == {"FR"}
    assert names == sorted(names, key=str.lower, reverse=True)
    assert {"Ada", "Bob", "Cy"} <= set(names)


def test_a_replaced_entity_has_what_was_sent_last(shop: Client) -> None:
    """PUT leaves nothing of what could have been sent; what the server gave stays."""
    made = shop.body("POST", "/customers", {**ADA, "note": "first"})
    shop.state = apply(shop.state, SetClock(instant=datetime(2024, 3, 1, tzinfo=UTC), real_s=0))
    put = shop.body("PUT", f"/customers/{made['id']}", {"name": "Ada Byron"})

    assert put == {
        "id": made["id"],
        "name": "Ada Byron",
        "createdAt": made["createdAt"],
        "updatedAt": "2024-03-01T00:00:00Z",
    }
    assert shop.body("GET", f"/customers/{made['id']}") == put


def test_a_merge_patch_takes_away_what_is_null(shop: Client) -> None:
    """RFC 7396: `null` removes a member, others are put, the rest stays."""
    made = shop.body("POST", "/customers", {**ADA, "note": "first"})
    kind = {"content-type": "application/merge-patch+json"}
    changed = shop.body("PATCH", f"/customers/{made['id']}", {"note": None, "email": "a@b.org"}, kind)

    assert ("note" in changed, changed["email"], changed["name"]) == (False, "a@b.org", "Ada")
    assert shop.body("GET", f"/customers/{made['id']}") == changed


def test_a_json_patch_is_all_or_nothing(shop: Client) -> None:
    """RFC 6902: operations in their order; one that fails leaves everything as it was, and says so."""
    made = shop.body("POST", "/customers", ADA)
    kind = {"content-type": "application/json-patch+json"}
    target = f"/customers/{made['id']}"
    changes = [{"op": "replace", "path": "/name", "value": "Eve"}]
    failing = [*changes, {"op": "test", "path": "/country", "value": "FR"}]

    assert shop.send("PATCH", target, failing, kind).reply.status == 422
    assert shop.body("GET", target)["name"] == "Ada"
    assert shop.body("PATCH", target, changes, kind)["name"] == "Eve"


def test_what_is_deleted_is_gone(shop: Client) -> None:
    """Reading, changing and deleting it again is refused in the contract's own shape; lists leave it out."""
    made = shop.body("POST", "/customers", ADA)["id"]

    assert shop.status("DELETE", f"/customers/{made}") == 204
    assert [shop.status(each, f"/customers/{made}") for each in ("GET", "DELETE")] == [404, 404]
    assert shop.status("PUT", f"/customers/{made}", {"name": "Eve"}) == 404
    assert set(shop.body("GET", f"/customers/{made}")) == {"message"}
    assert made not in [each["id"] for each in shop.body("GET", "/customers?per_page=50")["items"]]


def test_an_entity_nobody_created_is_there_until_it_is_deleted(shop: Client) -> None:
    """Any key can be read at once, twice the same; deleting it is remembered."""
    assert shop.body("GET", "/customers/4711") == shop.body("GET", "/customers/4711")
    assert shop.body("GET", "/customers/4711")["id"] == 4711
    assert shop.status("DELETE", "/customers/4711") == 204
    assert shop.status("GET", "/customers/4711") == 404


def test_children_go_with_their_parent(shop: Client) -> None:
    """What stands below an entity that is gone is not there either."""
    order = shop.body("GET", "/customers/1/orders")["data"][0]["id"]
    shop.send("DELETE", "/customers/1")

    assert shop.status("GET", f"/customers/1/orders/{order}") == 404
    assert shop.status("GET", "/customers/1/orders") == 404
    assert shop.status("POST", "/customers/1/orders", {"product": "tea"}) == 404


def test_a_parent_with_children_is_kept_where_409_is_declared(shop: Client) -> None:
    """A declared 409 refuses to delete what still has written children."""
    made = shop.body("POST", "/customers", ADA)["id"]
    order = shop.body("POST", f"/customers/{made}/orders", {"product": "tea"})["data"]["id"]

    assert shop.status("DELETE", f"/customers/{made}") == 409
    shop.send("DELETE", f"/customers/{made}/orders/{order}")
    assert shop.status("DELETE", f"/customers/{made}") == 204


def test_nothing_is_invented_below_what_was_created(shop: Client) -> None:
    """A new customer has no orders but those that are added."""
    made = shop.body("POST", "/customers", ADA)["id"]
    order = shop.body("POST", f"/customers/{made}/orders", {"product": "tea"})["data"]

    assert (order["customerId"], order["quantity"]) == (made, 1)
    assert [each["id"] for each in shop.body("GET", f"/customers/{made}/orders")["data"]] == [order["id"]]
    assert shop.status("GET", f"/customers/{made}/orders/0d9a2f3e-2a51-4b43-9be0-5d2f0c1b7a11") == 404


def test_put_creates_where_nothing_else_does(shop: Client) -> None:
    """Without a POST, a PUT of an unknown key creates (201), the next one replaces (200)."""
    first = shop.send("PUT", "/flags/beta", {"name": "beta", "on": True})
    second = shop.send("PUT", "/flags/beta", {"name": "beta", "on": False})

    assert (first.reply.status, second.reply.status) == (201, 200)
    assert {"name": "beta", "on": False} in shop.body("GET", "/flags")


def test_one_thing_without_a_key_is_kept_too(shop: Client) -> None:
    """Settings that are changed stay changed."""
    shop.send("PATCH", "/settings", {"theme": "dark", "size": 11})
    shop.send("PATCH", "/settings", {"theme": "light"})

    assert shop.body("GET", "/settings") == {"theme": "light", "size": 11}


def test_a_natural_key_that_is_taken_is_a_conflict(played: Callable[..., Client]) -> None:
    """A declared 409 refuses a second entity with the same key; without one it takes the other's place."""
    user = {
        "type": "object",
        "required": ["username"],
        "properties": {"username": {"type": "string", "minLength": 1}, "age": {"type": "integer"}},
    }
    body = {"content": {"application/json": {"schema": user}}}
    found = {"200": {"description": "", **body}, "404": {"description": ""}}
    paths: Json = {
        "/users": {
            "post": {
                "requestBody": body,
                "responses": {"201": {"description": ""}, "409": {"description": ""}},
            }
        },
        "/users/{username}": {
            "parameters": [
                {"name": "username", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": {"responses": found},
        },
    }
    strict = played(paths)
    paths["/users"]["post"]["responses"].pop("409")
    lenient = played(paths)

    sent = [{"username": "ada", "age": 1}, {"username": "ada", "age": 2}]
    assert [strict.status("POST", "/users", each) for each in sent] == [201, 409]
    assert [lenient.status("POST", "/users", each) for each in sent] == [201, 201]
    assert (strict.body("GET", "/users/ada")["age"], lenient.body("GET", "/users/ada")["age"]) == (1, 2)


def test_records_of_the_fixtures_are_what_a_list_begins_with(corrected: Callable[..., Client]) -> None:
    """Written records take the place of made-up ones, and nothing else is invented then."""
    ada: Json = {"id": 7, "name": "Ada", "createdAt": "2024-01-01T00:00:00Z"}
    shop = corrected(Fixtures(records={"customers": (ada,)}))

    assert shop.body("GET", "/customers")["items"] == [ada]
    assert (shop.body("GET", "/customers/7"), shop.status("GET", "/customers/8")) == (ada, 404)
    assert shop.body("POST", "/customers", ADA)["id"] == 8


def test_fixtures_correct_what_is_recognised(corrected: Callable[..., Client]) -> None:
    """A list can begin empty, an entity be refused that nobody created, a resource be none."""
    path = "/customers/{customerId}"
    empty = corrected(Fixtures(resources=(Correction(path=path, population=0, invents=False),)))
    none = corrected(Fixtures(resources=(Correction(path=path, ignore=True),)))

    assert empty.body("GET", "/customers")["items"] == []
    assert empty.status("GET", "/customers/1") == 404
    assert (none.status("DELETE", "/customers/1"), none.status("GET", "/customers/1")) == (204, 200)


def test_a_status_that_is_asked_for_changes_nothing(shop: Client) -> None:
    """`Prefer: code` shows an answer; nothing is created or deleted."""
    shop.send("DELETE", "/customers/1", headers={"prefer": "code=204"})

    assert shop.status("GET", "/customers/1") == 200


def test_sessions_and_seeds_decide_what_a_list_begins_with(shop: Client) -> None:
    """The same seed makes the same entities up, another one others."""
    first = shop.body("GET", "/customers")
    again = shop.body("GET", "/customers")
    shop.state = replace(shop.state, seed="other")

    assert first == again
    assert shop.body("GET", "/customers")["items"] != first["items"]


def test_a_list_elsewhere_shows_what_was_written(played: Callable[..., Client]) -> None:
    """What was changed at its own place is shown as it is now by a list below something else."""
    pet: Json = {"type": "object", "required": ["id", "name"]}
    pet["properties"] = {"id": {"type": "integer"}, "name": {"type": "string"}}
    one = {"200": {"description": "", "content": {"application/json": {"schema": pet}}}}
    many = {"type": "array", "items": pet}
    listed = {"200": {"description": "", "content": {"application/json": {"schema": many}}}}
    body = {"content": {"application/json": {"schema": pet}}}
    variables = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}} for name in ("id", "o")
    ]
    client = played(
        {
            "/pets": {"get": {"responses": listed}},
            "/pets/{id}": {
                "parameters": variables[:1],
                "get": {"responses": one},
                "put": {"requestBody": body, "responses": one},
            },
            "/owners/{o}/pets": {"parameters": variables[1:], "get": {"responses": listed}},
        }
    )
    before = client.body("GET", "/owners/1/pets")
    changed = client.body("PUT", f"/pets/{before[0]['id']}", {**before[0], "name": "Rex"})

    assert client.body("GET", "/owners/1/pets") == [changed, *before[1:]]


def test_what_was_just_created_is_unused(played: Callable[..., Client]) -> None:
    """What the server counts begins at nothing, or at its minimum; what makes the entity happens now."""
    whole = {"type": "integer", "readOnly": True}
    properties = {
        "id": whole,
        "name": {"type": "string"},
        "tickets_sold": whole,
        "viewCount": {**whole, "minimum": 3},
        "capacity": {**whole, "minimum": 50},
        "soldCount": {"type": "integer", "minimum": 7},
        "ordered_at": {"type": "string", "format": "date-time", "readOnly": True},
    }
    thing = {"type": "object", "required": list(properties), "properties": properties}
    content = {"content": {"application/json": {"schema": thing}}}
    answers = {"200": {"description": "", **content}, "201": {"description": "", **content}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    client = played(
        {
            "/events": {"post": {"requestBody": content, "responses": {"201": answers["201"]}}},
            "/events/{id}": {"get": {"parameters": [key], "responses": {"200": answers["200"]}}},
        }
    )

    made = client.body("POST", "/events", {"name": "Fair", "soldCount": 9})

    assert (made["tickets_sold"], made["viewCount"], made["soldCount"]) == (0, 3, 9)
    assert made["ordered_at"] == "2024-02-15T12:00:00Z"
    assert made["capacity"] >= 50
    assert client.body("GET", f"/events/{made['id']}") == made


LINE = {
    "type": "object",
    "required": ["product", "quantity", "unit_price", "amount"],
    "properties": {
        "product": {"type": "string"},
        "quantity": {"type": "integer", "minimum": 1},
        "unit_price": {"type": "number", "minimum": 0},
        "amount": {"type": "number", "minimum": 0},
    },
}
PLACED = {
    "type": "object",
    "required": ["id", "lines", "total"],
    "properties": {
        "id": {"type": "integer"},
        "lines": {"type": "array", "items": LINE},
        "total": {"type": "number", "minimum": 0},
    },
}
WANTED = {"type": "object", "properties": {"lines": {"type": "array", "items": {**LINE, "required": []}}}}


def _answer(schema: Json) -> Json:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


@pytest.mark.parametrize("is_read", [True, False])
def test_entries_that_were_sent_in_part_are_completed(
    played: Callable[..., Client], *, is_read: bool
) -> None:
    """Lines of product and quantity stay as they were sent; prices and sums are added, and agree."""
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    creates = {
        "requestBody": {"content": {"application/json": {"schema": WANTED}}},
        "responses": {"201": _answer(PLACED)},
    }
    reads = {"/orders/{id}": {"parameters": [number], "get": {"responses": {"200": _answer(PLACED)}}}}
    client = played({"/orders": {"post": creates}, **(reads if is_read else {})})
    lines = [{"product": "p1", "quantity": 3}, {"product": "p2", "quantity": 7}]
    made = client.body("POST", "/orders", {"lines": lines})

    assert [{"product": each["product"], "quantity": each["quantity"]} for each in made["lines"]] == lines
    assert [each["amount"] for each in made["lines"]] == [
        round(each["quantity"] * each["unit_price"], 2) for each in made["lines"]
    ]
    assert made["total"] == round(sum(each["amount"] for each in made["lines"]), 2)
    if is_read:
        assert client.body("GET", f"/orders/{made['id']}") == made


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^/v1/notes/[0-9]+$", "/v1/notes/7"),
        ("^/notes/[0-9]+$", "/notes/7"),
        ("^https?://", "http://shop.test/v1/notes/7"),
        ("^nothing$", "http://shop.test/v1/notes/7"),
    ],
)
def test_location_has_the_form_that_is_declared(pattern: str, expected: str) -> None:
    """A document may declare a path where others mean a whole address."""
    path = {"type": "string", "pattern": pattern}
    answers = {"201": {"description": "made", "headers": {"Location": {"schema": path}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/notes": {"post": {"operationId": "add", "responses": answers}}},
    }
    contract = read_contract("notes.json", lambda _: orjson.dumps(document))
    (spec,) = contract.operation(contract.routes[0]).responses

    assert written_location(spec, "http://shop.test/v1", "/notes/7") == expected


def test_head_tells_whether_an_entity_is_there(played: Callable[..., Client]) -> None:
    """A declared HEAD of an entity knows what was deleted, as its GET does."""
    thing = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    absent = {"404": {"description": "no such table"}}
    client = played(
        {
            "/tables/{name}": {
                "parameters": [
                    {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "get": {"responses": {"200": _answer(thing), **absent}},
                "head": {"responses": {"204": {"description": "it is there"}, **absent}},
                "delete": {"responses": {"204": {"description": "gone"}, **absent}},
            }
        }
    )
    before = client.status("HEAD", "/tables/one")
    client.status("DELETE", "/tables/one")

    assert (before, client.status("HEAD", "/tables/one")) == (204, 404)
