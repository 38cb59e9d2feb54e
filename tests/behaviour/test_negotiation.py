from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locum.behaviour.negotiation import choose_media
from locum.contract.model import MediaType, Place

Play = Callable[..., Any]
NOWHERE = Place(uri="", pointer="")


def chosen(accept: str | None, *declared: str) -> str | None:
    """Return what goes into `Content-Type`."""
    choice = choose_media([MediaType(name=name, place=NOWHERE) for name in declared], accept)
    return choice.content_type if choice else None


@pytest.mark.parametrize(
    ("accept", "declared", "content_type"),
    [
        (None, ["text/plain", "application/json"], "application/json"),
        ("", ["text/plain", "application/json"], "application/json"),
        ("*/*", ["application/xml", "application/json"], "application/json"),
        ("*/*", ["text/csv", "application/hal+json"], "application/hal+json"),
        (None, ["text/csv", "text/html"], "text/csv"),
        ("text/csv, application/json", ["application/json", "text/csv"], "text/csv"),
        ("text/*;q=0.5, application/json;q=0.4", ["application/json", "text/csv"], "text/csv"),
        ("*/*, application/json;q=0.1", ["application/json", "text/csv"], "text/csv"),
        ("application/json;q=0, */*", ["application/json"], None),
        ("application/json;q=0, */*", ["application/json", "text/csv"], "text/csv"),
        ("text/csv", ["application/json"], None),
        ("application/json", ["application/hal+json"], None),
        ("APPLICATION/JSON", ["application/json"], "application/json"),
        ("application/json", ["application/json;charset=utf-8"], "application/json;charset=utf-8"),
        ("application/json;charset=utf-8", ["application/json"], "application/json"),
        (
            "application/json;version=2",
            ["application/json;version=1", "application/json;version=2"],
            "application/json;version=2",
        ),
        ("application/json", ["*/*"], "application/json"),
        ("text/plain", ["*/*"], "text/plain"),
        ("*/*", ["*/*"], "application/json"),
        (None, ["text/*"], "text/plain"),
        ("text/html", ["text/*", "application/json"], "text/html"),
        ("image/*", ["image/png"], "image/png"),
        ("*", ["application/json"], "application/json"),
        ("nonsense", ["application/json"], None),
    ],
)
def test_a_media_type_is_chosen_by_accept(
    accept: str | None, declared: list[str], content_type: str | None
) -> None:
    """Quality, then specificity, then the order of `Accept`, then JSON, then document order decide."""
    assert chosen(accept, *declared) == content_type


@pytest.mark.parametrize("accept", [None, "*/*", "application/json"])
def test_what_is_declared_by_name_comes_before_a_range(accept: str | None) -> None:
    """Its schema says more (OpenAPI 3.0.3, Response Object)."""
    choice = choose_media(
        [MediaType(name=name, place=NOWHERE) for name in ("*/*", "application/json")], accept
    )

    assert choice is not None
    assert choice.media.name == "application/json"


@pytest.mark.parametrize(
    ("declared", "code", "status"),
    [
        (["400", "201", "200"], None, 200),
        (["404", "2XX"], None, 200),
        (["2XX", "202"], None, 202),
        (["404", "default"], None, 200),
        (["404", "302"], None, 302),
        (["307", "304"], None, 307),
        (["404", "304"], None, 304),
        (["4XX"], None, 400),
        (["5XX", "500", "404"], None, 404),
        (["5XX", "4XX"], None, 500),
        ([], None, 200),
        (["200", "404"], 404, 404),
        (["200", "4XX"], 418, 418),
        (["200", "default"], 503, 503),
        (["200"], 503, 404),
        (["200", "4XX", "404"], 404, 404),
    ],
)
def test_a_status_is_chosen(play: Play, declared: list[str], code: int | None, status: int) -> None:
    """The lowest 2xx, default, a redirection, the lowest, ranges; forced: exact, range, default, else 404."""
    responses = {each: {"description": each} for each in declared}
    stage = play({"/": {"get": {"operationId": "op", "responses": responses}}})
    headers = {"prefer": f"code={code}"} if code else {}

    assert stage.send("op", headers).reply.status == status


def test_content_is_compiled_once_for_all_who_accept_it(play: Play) -> None:
    """Whether a client would take something else, too, is nothing to the content that it gets."""
    content = {"application/json": {"schema": {"type": "object"}}}
    stage = play({"/": {"get": {"operationId": "op", "responses": {"200": {"content": content}}}}})
    for accept in ("*/*", "application/json", "text/html, application/json"):
        assert stage.send("op", {"accept": accept}).reply.status == 200

    assert len(stage.plan("op").contents) == 1


def test_nothing_acceptable_is_406(play: Play) -> None:
    """When nothing declared is acceptable the answer is 406 and says what is declared."""
    response = {"description": "ok", "content": {"text/csv": {}, "application/json": {}}}
    stage = play({"/": {"get": {"operationId": "op", "responses": {"200": response}}}})
    outcome = stage.send("op", {"accept": "image/png"})

    assert outcome.reply.status == 406
    assert outcome.refusal.detail == (
        "nothing that 'image/png' accepts is declared; declared: text/csv, application/json"
    )


def test_an_answer_without_content_ignores_accept(play: Play) -> None:
    """A response that declares no content is sent whatever is accepted."""
    stage = play({"/": {"get": {"operationId": "op", "responses": {"204": {"description": "done"}}}}})

    assert stage.send("op", {"accept": "image/png"}).reply.status == 204


def test_an_object_in_any_media_type_is_sent_as_json_text(play: Play) -> None:
    """`*/*` and `text/plain` with an object schema answer JSON text."""
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}}
    stage = play(
        {
            "/any": {
                "get": {
                    "operationId": "any",
                    "responses": {"200": {"description": "", "content": {"*/*": {"schema": schema}}}},
                }
            },
            "/text": {
                "get": {
                    "operationId": "text",
                    "responses": {"200": {"description": "", "content": {"text/plain": {"schema": schema}}}},
                }
            },
        }
    )

    assert (stage.send("any").reply.media_type, stage.send("any").reply.body) == (
        "application/json",
        b'{"a":1}',
    )
    assert (stage.send("text").reply.media_type, stage.send("text").reply.body) == ("text/plain", b'{"a":1}')


def test_an_unknown_example_is_404_and_says_which_there_are(play: Play) -> None:
    """An example that does not exist is 404, with the nearest name."""
    content = {"application/json": {"examples": {"first": {"value": 1}, "second": {"value": 2}}}}
    responses = {"200": {"description": "", "content": content}}
    stage = play({"/": {"get": {"operationId": "op", "responses": responses}}})
    outcome = stage.send("op", {"prefer": "example=frist"})

    assert outcome.reply.status == 404
    assert outcome.refusal.detail == (
        "no example 'frist' for application/json; did you mean 'first'? declared: first, second"
    )
