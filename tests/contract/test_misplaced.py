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


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ({"requestBody": {"$ref": "#/x-pet"}}, "properties"),
        ({"responses": {"200": {"$ref": "#/x-pet"}}}, "properties"),
    ],
)
def test_a_schema_in_the_place_of_a_body_is_told(
    part: dict[str, Any], word: str, read: Callable[..., Contract]
) -> None:
    """A body has its schema below content; a reference that leads to a schema has no effect."""
    contract = read(
        version="3.0.3",
        paths={"/a": {"post": {"responses": OK} | part}},
        **{"x-pet": {"properties": {"n": {"type": "integer"}}}},
    )

    hint = "put it below content, a media type and schema"
    assert ("misplaced", f"/x-pet/{word}", f"{word} says nothing here; it is ignored", hint) in told(contract)


@pytest.mark.parametrize(
    ("member", "hint"),
    [("responses", "put it below a method"), ("fetch", "did you mean patch?"), ("zz", "")],
)
def test_what_is_no_member_of_a_path_says_nothing(
    member: str, hint: str, read: Callable[..., Contract]
) -> None:
    """Responses that are indented like their method belong to the path, where nobody looks for them."""
    contract = read(paths={"/a": {"get": {"responses": OK}, member: {}, "x-mine": 1, "summary": "s"}})

    assert told(contract) == [
        ("misplaced", f"/paths/~1a/{member}", f"{member} says nothing here; it is ignored", hint)
    ]


def test_a_path_that_holds_nothing_is_told(read: Callable[..., Contract]) -> None:
    """It has lost what was below it, most often by its indentation."""
    assert told(read(paths={"/a": None})) == [
        ("path", "/paths/~1a", "the path '/a' holds nothing", "indent what belongs to it")
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("schema", "put it below a media type such as application/json"),
        ("json", "did you mean application/json?"),
        ("", "name one such as application/json"),
    ],
)
def test_a_body_of_a_type_that_is_none_is_told(name: str, hint: str, read: Callable[..., Contract]) -> None:
    """A media type has two parts; what is called otherwise is answered as it stands."""
    content = {name: {"schema": {"type": "string"}}}
    contract = read(paths={"/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}}})

    assert told(contract) == [
        (
            "media-type",
            f"/paths/~1a/get/responses/200/content/{name}",
            f"{name!r} is no media type",
            hint,
        )
    ]


def test_a_header_that_is_no_object_is_told(read: Callable[..., Contract]) -> None:
    """It is left out."""
    headers = {"X-A": "integer"}
    contract = read(paths={"/a": {"get": {"responses": {"200": {"description": "OK", "headers": headers}}}}})

    assert [each[:2] for each in told(contract)] == [
        ("wrong-type", "/paths/~1a/get/responses/200/headers/X-A")
    ]
    assert contract.operation(contract.routes[0]).responses[0].headers == ()


def test_a_method_in_capitals_is_taken_and_told(read: Callable[..., Contract]) -> None:
    """It is meant for what it says, though other readers pass over it."""
    contract = read(paths={"/a": {"Get": {"responses": OK}}})

    assert [each.method for each in contract.routes] == ["GET"]
    assert told(contract) == [
        ("method", "/paths/~1a/Get", "the method Get is taken for get", "write it in lower case")
    ]
