"""What is answered where a document has no word for what is not there, or none for a success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Json: TypeAlias = Any
Client: TypeAlias = Any

THING: Json = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
SAID: Json = {"description": "", "content": {"application/json": {"schema": THING}}}
SENT: Json = {"content": {"application/json": {"schema": THING}}}
LIST: Json = {
    "description": "",
    "content": {"application/json": {"schema": {"type": "array", "items": THING}}},
}
NOTHING: Json = {"description": ""}
REX = {"id": 7, "name": "Rex"}


@pytest.fixture
def things(played: Callable[..., Client]) -> Callable[..., Client]:
    """Return the function that plays things; *members* are operations of one thing, by method."""

    def play(*, added: Json = None, below: Json = None, **members: Json) -> Client:
        variable = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        made = {"201": SAID, **(added or {})}
        return played(
            {
                "/things": {
                    "get": {"responses": {"200": LIST}},
                    "post": {"requestBody": SENT, "responses": made},
                },
                "/things/{id}": {
                    "parameters": [variable],
                    "get": {"responses": {"200": SAID, "404": NOTHING}},
                    "delete": {"responses": {"204": NOTHING}},
                    **members,
                },
                "/things/{id}/state": {
                    "parameters": [variable],
                    "get": below or {"responses": {"200": SAID}},
                },
            }
        )

    return play


def test_an_operation_that_declares_only_errors_changes_nothing(things: Callable[..., Client]) -> None:
    """It is answered as it would be without state, and what it speaks of is still there."""
    client = things(delete={"responses": {"400": NOTHING, "404": NOTHING}})

    assert client.status("DELETE", "/things/1") == 400
    assert client.status("GET", "/things/1") == 200


def test_deleting_twice_succeeds_where_no_absence_is_declared(things: Callable[..., Client]) -> None:
    """A second DELETE has the answer of the first, and the thing is still gone."""
    client = things()

    assert [client.status("DELETE", "/things/1") for _ in range(2)] == [204, 204]
    assert client.status("GET", "/things/1") == 404


@pytest.mark.parametrize("absence", ["404", "410", "4XX", "default"])
def test_deleting_twice_is_refused_where_absence_is_declared(
    things: Callable[..., Client], absence: str
) -> None:
    """A second DELETE finds nothing, and says so in the declared way."""
    client = things(delete={"responses": {"204": NOTHING, absence: NOTHING}})
    found = [client.status("DELETE", "/things/1") for _ in range(2)]

    assert found == [204, 410 if absence == "410" else 404]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_writing_what_is_gone_creates_it_where_no_absence_is_declared(
    things: Callable[..., Client], method: str
) -> None:
    """A PUT or PATCH that may only succeed makes the thing anew, and it can be read."""
    client = things(**{method: {"requestBody": SENT, "responses": {"200": SAID}}})
    client.send("DELETE", "/things/7")

    assert client.body(method.upper(), "/things/7", REX) == REX
    assert client.body("GET", "/things/7") == REX


def test_what_nobody_wrote_is_no_conflict(things: Callable[..., Client]) -> None:
    """A key that was only made up can be created, once."""
    client = things(added={"409": NOTHING})
    key = client.body("GET", "/things")[0]["id"]
    found = [client.status("POST", "/things", {"id": key, "name": "Rex"}) for _ in range(2)]

    assert found == [201, 409]
    assert client.body("GET", f"/things/{key}") == {"id": key, "name": "Rex"}


@pytest.mark.parametrize(("absence", "status"), [({}, 200), ({"404": NOTHING}, 404)])
def test_below_what_is_gone_nothing_undeclared_is_said(
    things: Callable[..., Client], absence: Json, status: int
) -> None:
    """What lies below a deleted thing is refused where that is declared, and else answered as ever."""
    client = things(below={"responses": {"200": SAID, **absence}})
    key = client.body("POST", "/things", REX)["id"]
    client.send("DELETE", f"/things/{key}")

    assert client.status("GET", f"/things/{key}/state") == status


def test_forgetting_by_bytes_is_told(things: Callable[..., Client]) -> None:
    """The reasons say which records are forgotten when new ones are too large to be kept with them."""
    client = things()
    large = "x" * 6_000_000
    outcomes = [client.send("POST", "/things", {"id": 100 + each, "name": large}) for each in range(3)]

    assert "the first record of things is forgotten: 16,777,216 bytes are kept" in outcomes[2].because
    assert len(outcomes[1].because) == 2


@pytest.mark.parametrize(
    ("declared", "status"),
    [({}, 404), ({"400": NOTHING}, 400), ({"400": NOTHING, "4XX": NOTHING}, 404), ({"410": NOTHING}, 410)],
)
def test_reading_what_is_gone_is_refused_as_declared(
    things: Callable[..., Client], declared: Json, status: int
) -> None:
    """Whatever is declared, it is not there; 400 says so where nothing better is declared."""
    client = things(get={"responses": {"200": SAID, **declared}})
    client.send("DELETE", "/things/3")

    assert client.status("GET", "/things/3") == status
