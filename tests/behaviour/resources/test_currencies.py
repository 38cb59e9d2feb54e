"""What a client pays in: the currency of a new entity is the one that was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.behaviour.resources.conftest import Client

Json: TypeAlias = Any
MONEY: Json = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {"amount": {"type": "number"}, "currency": {"type": "string"}},
}


def orders(played: Callable[..., Client]) -> Client:
    """Return a client of orders whose total only the server knows."""
    line = {"type": "object", "required": ["price"], "properties": {"price": MONEY}}
    order: Json = {
        "type": "object",
        "required": ["id", "total", "lines"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "total": {**MONEY, "readOnly": True},
            "lines": {"type": "array", "items": line},
        },
    }
    content = {"content": {"application/json": {"schema": order}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    made, read = {"201": {"description": "", **content}}, {"200": {"description": "", **content}}
    return played(
        {
            "/orders": {"post": {"requestBody": content, "responses": made}},
            "/orders/{id}": {"get": {"parameters": [key], "responses": read}},
        }
    )


def test_what_a_server_adds_has_the_currency_that_was_sent(played: Callable[..., Client]) -> None:
    """The total of an order in yen is in yen, where it is created and where it is read."""
    client = orders(played)
    seen = []
    for currency in ("JPY", "CHF", "ISK"):
        made = client.body("POST", "/orders", {"lines": [{"price": {"amount": 3, "currency": currency}}]})
        seen.append((made["total"]["currency"], made["lines"][0]["price"]["currency"]))
        assert client.body("GET", f"/orders/{made['id']}") == made

    assert seen == [("JPY", "JPY"), ("CHF", "CHF"), ("ISK", "ISK")]
