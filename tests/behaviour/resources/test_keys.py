"""Keys of entities that are created without one, however many went before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from tests.behaviour.resources.conftest import Client

from locum.behaviour.given_keys import given_in
from locum.behaviour.session import Mark, State

Json: TypeAlias = Any
MANY = 10_000


class Unread(Mapping[str, Mark]):
    """Marks that may be asked for by their path, and never be read through."""

    def __init__(self, marks: Mapping[str, Mark]) -> None:
        self._marks = marks

    def __getitem__(self, path: str) -> Mark:
        return self._marks[path]

    def __len__(self) -> int:
        return len(self._marks)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError


def notes(played: Callable[..., Client], key: Json) -> Client:
    """Return a client of notes whose keys are *key*."""
    members = {"id": {**key, "readOnly": True}, "text": {"type": "string"}}
    note = {"type": "object", "required": ["id"], "properties": members}
    content = {"content": {"application/json": {"schema": note}}}
    parameter = {"name": "id", "in": "path", "required": True, "schema": key}
    shown, absent = {"description": "", **content}, {"description": ""}
    return played(
        {
            "/notes": {"post": {"requestBody": content, "responses": {"201": shown}}},
            "/notes/{id}": {
                "get": {"parameters": [parameter], "responses": {"200": shown, "404": absent}},
                "delete": {"parameters": [parameter], "responses": {"204": absent, "404": absent}},
            },
        }
    )


def after(paths: Iterator[str]) -> State:
    """Return the state of a session in which the entities at *paths* were created and deleted."""
    marks = dict.fromkeys(paths, Mark.GONE)
    return State(marks={"api": marks}, given={"api": given_in(marks)})


@pytest.mark.parametrize(
    "key", [{"type": "integer"}, {"type": "string", "format": "uuid"}], ids=["numbers", "texts"]
)
def test_a_key_is_found_without_reading_what_went_before(played: Callable[..., Client], key: Json) -> None:
    """To find a free key costs the same after ten creations and after ten thousand."""
    client = notes(played, key)
    client.send("POST", "/notes", {"text": "a"})
    marks = {name: Unread(each) for name, each in client.state.marks.items()}
    client.state = replace(client.state, marks=marks)

    made = client.answered("POST", "/notes", b'{"text": "b"}', {"content-type": "application/json"})

    assert made.reply.status == 201


def test_keys_do_not_end_where_marks_are_forgotten(played: Callable[..., Client]) -> None:
    """Texts go on as well when as many entities are gone as a session remembers."""
    client = notes(played, {"type": "string", "format": "uuid"})
    client.state = after(f"/notes/{number}" for number in range(MANY))

    made = [client.body("POST", "/notes", {"text": "a"})["id"] for _ in range(70)]

    assert len(set(made)) == 70
    assert client.body("GET", f"/notes/{made[-1]}") == {"id": made[-1], "text": "a"}


def test_a_number_is_not_given_again_when_its_deletion_is_forgotten(played: Callable[..., Client]) -> None:
    """The highest key counts, even if nothing else is known of its entity."""
    client = notes(played, {"type": "integer"})
    client.send("DELETE", "/notes/5000")
    for number in range(3):
        client.send("DELETE", f"/notes/{number}")
    client.state = replace(client.state, marks={})

    assert client.body("POST", "/notes", {"text": "a"})["id"] == 5001
