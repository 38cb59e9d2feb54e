"""What stands where it says nothing is told with its own place, and with the place it belongs to."""

from collections.abc import Callable
from typing import Any

import pytest

from locum.contract import Contract, inspect_contract

TEXT: dict[str, Any] = {"application/json": {"schema": {"type": "string"}}}
OK: dict[str, Any] = {"200": {"description": "OK", "content": TEXT}}


def told(contract: Contract) -> list[tuple[str, str, str, str]]:
    """Return code, pointer, message and hint of everything wrong with *contract*."""
    return [
        (each.code.removeprefix("contract."), each.where.pointer, each.message, each.hint)
        for each in inspect_contract(contract)
    ]


@pytest.mark.parametrize(
    ("operation", "pointer", "word", "hint"),
    [
        ({"responses": OK, "produces": ["text/csv"]}, "/produces", "produces", "name it below content"),
        ({"responses": OK, "consumes": ["text/csv"]}, "/consumes", "consumes", "name it below content"),
        (
            {"responses": {"200": {"description": "OK", "schema": {}}}},
            "/responses/200/schema",
            "schema",
            "put it below content and a media type",
        ),
        (
            {"responses": OK, "requestBody": {"schema": {}, "content": TEXT}},
            "/requestBody/schema",
            "schema",
            "put it below content and a media type",
        ),
        (
            {"responses": OK, "parameters": [{"name": "q", "in": "query", "type": "integer"}]},
            "/parameters/0/type",
            "type",
            "put it below schema",
        ),
        (
            {"responses": {"200": {"description": "OK", "headers": {"X-A": {"type": "integer"}}}}},
            "/responses/200/headers/X-A/type",
            "type",
            "put it below schema",
        ),
        (
            {
                "responses": {
                    "200": {"description": "OK", "content": {"application/json": {"properties": {}}}}
                }
            },
            "/responses/200/content/application~1json/properties",
            "properties",
            "put it below schema",
        ),
    ],
)
def test_a_word_of_2_0_says_nothing_in_3_x(
    operation: object, pointer: str, word: str, hint: str, read: Callable[..., Contract]
) -> None:
    """It is told at the word, and where 3.x has it."""
    contract = read(version="3.0.3", paths={"/a": {"post": operation}})

    assert told(contract) == [
        ("misplaced", f"/paths/~1a/post{pointer}", f"{word} says nothing here; it is ignored", hint)
    ]


def test_a_root_of_3_x_has_no_words_of_2_0(read: Callable[..., Contract]) -> None:
    """Address and media types are named otherwise there."""
    contract = read(paths={"/a": {"get": {"responses": OK}}}, basePath="/v1", produces=["text/csv"])

    assert told(contract) == [
        ("misplaced", "/basePath", "basePath says nothing here; it is ignored", "name it below servers"),
        ("misplaced", "/produces", "produces says nothing here; it is ignored", "name it below content"),
    ]


@pytest.mark.parametrize(
    ("operation", "pointer", "word", "hint"),
    [
        (
            {"responses": OK},
            "/responses/200/content",
            "content",
            "put its schema here, and its media types below produces",
        ),
        (
            {"responses": {"200": {"description": "OK"}}, "requestBody": {"content": TEXT}},
            "/requestBody",
            "requestBody",
            "write a parameter with in: body",
        ),
    ],
)
def test_a_word_of_3_x_says_nothing_in_2_0(
    operation: object, pointer: str, word: str, hint: str, read: Callable[..., Contract]
) -> None:
    """Bodies are declared otherwise there."""
    contract = read(openapi=None, swagger="2.0", paths={"/a": {"post": operation}})

    assert told(contract) == [
        ("misplaced", f"/paths/~1a/post{pointer}", f"{word} says nothing here; it is ignored", hint)
    ]


@pytest.mark.parametrize(
    ("path", "sign"), [("/pets?kind={kind}", "?"), ("/pets{?limit}", "?"), ("/#Action=List", "#")]
)
def test_a_path_with_a_query_is_never_asked_for(path: str, sign: str, read: Callable[..., Contract]) -> None:
    """No client sends `?` or `#` as a part of a path, so the document must say it otherwise."""
    contract = read(paths={path: {"get": {"responses": OK}}})

    assert told(contract)[0][2:] == (
        f"the path {path!r} has a {sign!r}, which ends the path of an address; no request comes to it",
        "declare what a query holds by parameters with in: query",
    )
