"""Entity tags, and requests that depend on them, where the document speaks of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Json: TypeAlias = Any
Client: TypeAlias = Any
Played: TypeAlias = Callable[..., Client]

DOC = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
}
CONTENT = {"application/json": {"schema": DOC}}
TAGGED = {"description": "", "headers": {"ETag": {"schema": {"type": "string"}}}, "content": CONTENT}


@pytest.fixture
def docs(played: Played) -> Client:
    """Return a client of documents that have versions."""
    other = {each: {"description": ""} for each in ("304", "404", "412", "428")}
    read, change = {"304", "404"}, {"404", "412"}
    client: Client = played(
        {
            "/docs": {"post": {"requestBody": {"content": CONTENT}, "responses": {"201": TAGGED}}},
            "/docs/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": {"responses": {"200": TAGGED, **{each: other[each] for each in sorted(read)}}},
                "put": {
                    "requestBody": {"content": CONTENT},
                    "responses": {"200": TAGGED, **{each: other[each] for each in sorted(change)}},
                },
                "delete": {
                    "responses": {"204": {"description": ""}, "404": other["404"], "428": other["428"]}
                },
            },
        }
    )
    client.send("POST", "/docs", {"id": "a", "text": "one"})
    return client


def tag(client: Client) -> str:
    """Return the tag of the document."""
    return str(dict(client.send("GET", "/docs/a").reply.headers)["etag"])


def test_a_tag_changes_with_what_it_names(docs: Client) -> None:
    """Reading twice gives one tag, writing another, which reading gives too."""
    first = tag(docs)
    written = docs.send("PUT", "/docs/a", {"id": "a", "text": "two"})

    assert tag(docs) != first
    assert dict(written.reply.headers)["etag"] == tag(docs)


def test_what_is_known_is_not_sent_again(docs: Client) -> None:
    """`If-None-Match` with the tag is answered 304 and nothing, with another one as ever."""
    same = docs.send("GET", "/docs/a", headers={"if-none-match": f'"x", W/{tag(docs)}'})
    other = docs.send("GET", "/docs/a", headers={"if-none-match": '"x"'})

    assert (same.reply.status, same.reply.body) == (304, b"")
    assert other.reply.status == 200


@pytest.mark.parametrize("path", ["/docs/a", "/docs/b"])
def test_nobody_writes_over_what_he_has_not_seen(docs: Client, path: str) -> None:
    """`If-Match` with an old tag is 412 and changes nothing, with the right one it is done."""
    old = dict(docs.send("GET", path).reply.headers)["etag"]
    assert docs.send("PUT", path, {"id": "a", "text": "mine"}, {"if-match": old}).reply.status == 200
    late = docs.send("PUT", path, {"id": "a", "text": "late"}, {"if-match": old})

    assert late.reply.status == 412
    assert docs.body("GET", path)["text"] == "mine"


def test_a_put_may_be_for_new_ones_alone(docs: Client) -> None:
    """`If-None-Match: *` is 412 for what is there."""
    assert docs.send("PUT", "/docs/a", {"id": "a"}, {"if-none-match": "*"}).reply.status == 412


def test_a_precondition_may_be_required(docs: Client) -> None:
    """Where 428 is declared, a deletion without `If-Match` is refused."""
    assert docs.status("DELETE", "/docs/a") == 428
    assert docs.send("DELETE", "/docs/a", headers={"if-match": tag(docs)}).reply.status == 204
    assert docs.status("GET", "/docs/a") == 404
