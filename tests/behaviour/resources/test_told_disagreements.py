"""What does not agree because a client told it so stays as it was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.behaviour.resources.conftest import Client

Json: TypeAlias = Any


def plans(played: Callable[..., Client]) -> Client:
    """Return a client of plans that have limits, which should be in order."""
    limits = {name: {"type": "integer", "minimum": 0} for name in ("minSeats", "maxSeats")}
    tiers = {"type": "array", "items": {"type": "object", "properties": limits}}
    members = {"id": {"type": "string", "readOnly": True}, "name": {"type": "string"}, "tiers": tiers}
    content = {
        "content": {"application/json": {"schema": {"type": "object", "properties": {**members, **limits}}}}
    }
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    made, read = {"201": {"description": "", **content}}, {"200": {"description": "", **content}}
    return played(
        {
            "/plans": {"post": {"requestBody": content, "responses": made}},
            "/plans/{id}": {
                "parameters": [key],
                "get": {"responses": read},
                "patch": {"requestBody": content, "responses": read},
            },
        }
    )


def test_a_patch_of_something_else_puts_nothing_in_order(played: Callable[..., Client]) -> None:
    """Limits the wrong way round were sent so, at the top as well as in a list, and stay so."""
    client = plans(played)
    told = {"minSeats": 9, "maxSeats": 3, "tiers": [{"minSeats": 972, "maxSeats": 670}]}
    made = client.body("POST", "/plans", told)

    patched = client.body("PATCH", f"/plans/{made['id']}", {"name": "small"})

    assert {name: patched[name] for name in told} == told
    assert patched["name"] == "small"
    assert client.body("GET", f"/plans/{made['id']}") == patched
