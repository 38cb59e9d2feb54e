"""What lists can be asked for: bounds, operators, order, members; and what looks like it and is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from locum.behaviour import Fixtures
from locum.behaviour.corrections import Correction

Json: TypeAlias = Any
Client: TypeAlias = Any
Played: TypeAlias = Callable[..., Client]

TIME = {"type": "string", "format": "date-time"}
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
ORDER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "price": NUMBER,
        "status": {"enum": ["open", "paid", "sent"]},
        "customer": {"type": "object", "properties": {"id": TEXT}},
        "created_at": TIME,
        "note": TEXT,
    },
}
ORDERS = [
    {"id": "a", "price": 5, "status": "open", "created_at": "2024-01-10T10:00:00Z", "note": "red box"},
    {"id": "b", "price": 10, "status": "paid", "created_at": "2024-02-10T10:00:00Z", "note": "blue box"},
    {"id": "c", "price": 15, "status": "sent", "created_at": "2024-03-10T10:00:00Z", "note": "red bag"},
]


def answer(schema: Json, status: str = "200") -> Json:
    """Return responses that answer with *schema*."""
    return {status: {"description": "", "content": {"application/json": {"schema": schema}}}}


def asked(name: str, schema: Json, **members: Json) -> Json:
    """Return a parameter of a query."""
    return {"name": name, "in": "query", "schema": schema, **members}


def filled(played: Played, *parameters: Json, entity: Json = ORDER, sent: Json = ORDERS) -> Client:
    """Return a client of a list that can be asked with *parameters*, and has what was *sent* and no more."""
    client = played(
        {
            "/orders": {
                "get": {
                    "parameters": list(parameters),
                    "responses": answer({"type": "array", "items": entity}),
                },
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": entity}}},
                    "responses": answer(entity, "201"),
                },
            },
            "/orders/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
                "get": {"parameters": [asked("fields", TEXT)], "responses": answer(entity)},
            },
        },
        fixtures=Fixtures(resources=(Correction(path="/orders", population=0),)),
    )
    for each in sent:
        assert client.status("POST", "/orders", each) == 201
    return client


def keys(client: Client, query: str) -> str:
    """Return the keys that a list shows, in its order."""
    return "".join(each["id"] for each in client.body("GET", f"/orders?{query}"))


@pytest.mark.parametrize(
    ("name", "schema", "value", "found"),
    [
        ("min_price", NUMBER, "10", "bc"),
        ("priceMax", NUMBER, "10", "ab"),
        ("price_gt", NUMBER, "10", "c"),
        ("price[lte]", NUMBER, "5", "a"),
        ("created_after", TIME, "2024-02-10T10:00:00Z", "bc"),
        ("createdUntil", {"type": "string", "format": "date"}, "2024-02-10", "ab"),
        ("from", {"type": "string", "format": "date"}, "2024-03-01", "c"),
        ("date_end", {"type": "string", "format": "date"}, "2024-01-31", "a"),
        ("since", TIME, "2024-02-01T00:00:00%2B01:00", "bc"),
        ("min_weight", NUMBER, "10", "abc"),
        ("from", TEXT, "Berlin", "abc"),
    ],
)
def test_bounds_narrow_by_the_member_they_name(
    played: Played, name: str, schema: Json, value: str, found: str
) -> None:
    """At least, at most, since, until; a whole day counts as one; what names nothing narrows nothing."""
    client = filled(played, asked(name, schema))

    assert keys(client, f"{name}={value}") == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[status][in]=open,paid", "ab"),
        ("filter[status][neq]=open", "bc"),
        ("filter[note][contains]=red", "ac"),
        ("filter[price][gte]=10&filter[price][lt]=15", "b"),
    ],
)
def test_operators_are_understood(played: Played, query: str, found: str) -> None:
    """An object of operators narrows by all of them."""
    words = dict.fromkeys(("in", "neq", "contains", "gte", "lt"), TEXT)
    one = {"type": "object", "properties": words}
    members = {"type": "object", "properties": {"status": one, "note": one, "price": one}}
    parameter = asked("filter", members, style="deepObject", explode=True)
    client = filled(played, parameter)

    assert keys(client, query) == found


def test_plurals_and_keys_of_others_narrow(played: Played) -> None:
    """`statuses` means any of several, `customer_id` the `id` of the `customer`."""
    sent = [{**each, "customer": {"id": f"of-{each['id']}"}} for each in ORDERS]
    client = filled(
        played, asked("statuses", {"type": "array", "items": TEXT}), asked("customer_id", TEXT), sent=sent
    )

    assert keys(client, "statuses=open&statuses=sent") == "ac"
    assert keys(client, "customer_id=of-b") == "b"


def test_order_may_be_asked_by_less_than_the_name(played: Played) -> None:
    """`sort=-created` sorts by `created_at`."""
    client = filled(played, asked("sort", TEXT))

    assert keys(client, "sort=-created") == "cba"


def test_members_that_are_wanted(played: Played) -> None:
    """`fields=price` shows the price, and what an answer must have; an unknown name shows all."""
    client = filled(played, asked("fields", TEXT))

    assert client.body("GET", "/orders?fields=price")[0] == {"id": "a", "price": 5}
    assert client.body("GET", "/orders/b?fields=status,price") == {"id": "b", "price": 10, "status": "paid"}
    assert client.body("GET", "/orders/b?fields=nothing") == client.body("GET", "/orders/b")


def test_attributes_count_as_members(played: Played) -> None:
    """Of JSON:API: `filter[title]` and `sort=title` speak of what stands in `attributes`."""
    entity = {
        "type": "object",
        "required": ["id", "type"],
        "properties": {
            "id": TEXT,
            "type": TEXT,
            "attributes": {"type": "object", "properties": {"title": TEXT}},
        },
    }
    sent = [{"id": key, "type": "books", "attributes": {"title": title}} for key, title in ("az", "by", "cz")]
    client = filled(played, asked("filter[title]", TEXT), asked("sort", TEXT), entity=entity, sent=sent)

    assert keys(client, "filter[title]=z") == "ac"
    assert keys(client, "sort=title") == "bac"
