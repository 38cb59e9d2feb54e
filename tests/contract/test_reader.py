from collections.abc import Callable
from typing import Any

import pytest

from locum.contract import Contract, HttpMethod, Location, Operation, Style, inspect_contract, read_contract
from locum.errors import ContractError

OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}


def first(contract: Contract) -> Operation:
    """Return the first operation of *contract*."""
    return contract.operation(contract.routes[0])


def codes(contract: Contract) -> list[str]:
    """Return the codes of everything wrong with *contract*."""
    return [each.code.removeprefix("contract.") for each in inspect_contract(contract)]


def test_routes_are_indexed_without_reading_operations(read: Callable[..., Contract]) -> None:
    """The index is in document order and names each operation."""
    contract = read(paths={"/b": {"get": OK | {"operationId": "b"}}, "/a": {"post": OK | {"tags": ["t"]}}})

    assert [(route.method, route.path, route.operation_id, route.tags) for route in contract.routes] == [
        (HttpMethod.GET, "/b", "b", ()),
        (HttpMethod.POST, "/a", "POST /a", ("t",)),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("swagger: '1.2'", "unsupported-version"),
        ("openapi: 4.0.0", "unsupported-version"),
        ("openapi: [3]", "unsupported-version"),
        ("info: {}", "not-openapi"),
        ("- 1", "not-openapi"),
        ("", "not-openapi"),
        ("a: ]", "syntax"),
    ],
)
def test_what_is_no_openapi_is_refused(text: str, code: str) -> None:
    """Only a document that cannot be used at all stops the reading."""
    with pytest.raises(ContractError) as caught:
        read_contract("a.yaml", lambda _: text.encode())

    assert caught.value.diagnostics[0].code == f"contract.{code}"
    assert caught.value.diagnostics[0].where.file == "a.yaml"


def test_a_file_that_cannot_be_read_is_an_error_of_the_contract() -> None:
    """What `retrieve` raises is told as a diagnostic."""

    def retrieve(_: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(ContractError, match="cannot be read: No such file or directory"):
        read_contract("a.yaml", retrieve)


@pytest.mark.parametrize("version", ["3.0.4", "3.1.1", "3.2.0"])
def test_every_version_of_3_is_read(read: Callable[..., Contract], version: str) -> None:
    """3.2 is read as 3.1."""
    assert read(version=version, paths={"/": {"get": OK}}).openapi == version


def test_one_bad_operation_leaves_the_others_alone(read: Callable[..., Contract]) -> None:
    """A fault is raised by its own operation, each time, and located."""
    contract = read(paths={"/": {"get": [1], "put": {"$ref": "none.yaml"}, "post": OK}})

    for route in contract.routes[:2]:
        with pytest.raises(ContractError):
            contract.operation(route)
    assert contract.operation(contract.routes[2]).responses[0].status == "200"
    assert codes(contract) == ["wrong-type", "unresolved-reference"]


def test_an_operation_may_be_a_reference(read: Callable[..., Contract]) -> None:
    """Path items and operations may stand in files of their own."""
    files = {
        "/api/item.yaml": "get: {$ref: op.yaml}",
        "/api/op.yaml": "operationId: it\nresponses: {204: {description: none}}",
    }

    contract = read(files, paths={"/": {"$ref": "item.yaml"}})

    assert contract.routes[0].operation_id == "it"
    assert first(contract).responses[0].status == "204"


def test_operation_ids_are_made_unique(read: Callable[..., Contract]) -> None:
    """The second of two is numbered and reported."""
    contract = read(
        paths={"/a": {"get": OK | {"operationId": "x"}}, "/b": {"get": OK | {"operationId": "x"}}}
    )

    assert [route.operation_id for route in contract.routes] == ["x", "x_2"]
    assert [each.code for each in contract.diagnostics] == ["contract.duplicate-operation-id"]


def test_parameters_of_the_path_are_overridden_by_the_operation(read: Callable[..., Contract]) -> None:
    """Name and place make a parameter; header names have no case."""
    shared = [{"name": "X-A", "in": "header"}, {"name": "id", "in": "path", "required": True}]
    own = [{"name": "x-a", "in": "header", "required": True}, {"name": "Accept", "in": "header"}]

    contract = read(paths={"/{id}": {"parameters": shared, "get": OK | {"parameters": own}}})

    found = [(each.name, each.location, each.required) for each in first(contract).parameters]
    assert found == [("x-a", Location.HEADER, True), ("id", Location.PATH, True)]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("query", (Style.FORM, True)),
        ("cookie", (Style.FORM, True)),
        ("path", (Style.SIMPLE, False)),
        ("header", (Style.SIMPLE, False)),
    ],
)
def test_style_and_explode_have_defaults_by_location(
    read: Callable[..., Contract], location: str, expected: tuple[Style, bool]
) -> None:
    """Source: 3.1.1, 4.8.12.2."""
    parameter = {"name": "x", "in": location, "required": True, "schema": {}}

    found = first(read(paths={"/{x}": {"get": OK | {"parameters": [parameter]}}})).parameters[0]

    assert (found.style, found.explode) == expected


def test_path_variables_and_parameters_are_matched(read: Callable[..., Contract]) -> None:
    """A variable nobody declares is text; a parameter no variable names is left out."""
    parameter = {"name": "idd", "in": "path", "required": True, "schema": {"type": "integer"}}
    contract = read(paths={"/{id}": {"get": OK | {"parameters": [parameter]}}})

    found = first(contract).parameters

    assert [(each.name, each.schema and each.schema.bundle()) for each in found] == [
        ("id", {"type": "string"})
    ]
    assert codes(contract) == ["path-parameter", "path-parameter"]


def test_responses_keep_order_ranges_and_default(read: Callable[..., Contract]) -> None:
    """Odd statuses are reported and left out."""
    responses: dict[str, Any] = {key: {} for key in ("default", "4xx", "200", "x-y", "abc")}
    contract = read(paths={"/": {"get": {"responses": responses}}})

    operation = first(contract)

    assert [each.status for each in operation.responses] == ["default", "4XX", "200"]
    assert [operation.response_for(status) for status in (200, 404, 500)] == [
        operation.responses[2],
        operation.responses[1],
        operation.responses[0],
    ]
    assert codes(contract) == ["status"]


def test_examples_are_gathered_in_order(read: Callable[..., Contract]) -> None:
    """Those with a value are kept, those elsewhere skipped, bare values taken with a warning."""
    media = {"examples": {"a": {"$ref": "#/components/examples/A"}, "b": {"externalValue": "u"}, "c": [1]}}
    contract = read(
        paths={"/": {"get": {"responses": {"200": {"content": {"application/json": media}}}}}},
        components={"examples": {"A": {"value": {"$ref": "data"}, "summary": "s"}}},
    )

    found = first(contract).responses[0].content[0].examples

    assert [(each.name, each.value, each.summary) for each in found] == [
        ("a", {"$ref": "data"}, "s"),
        ("c", [1], ""),
    ]
    assert codes(contract) == ["example-value", "example-value"]


def test_what_stands_beside_the_media_types_is_none(read: Callable[..., Contract]) -> None:
    """A description that slipped in between is reported, and not taken for content."""
    content = {"description": "all went well", "text/plain": {"example": "ok"}, "text/csv": None}
    contract = read(paths={"/": {"get": {"responses": {"200": {"content": content}}}}})

    assert [each.name for each in first(contract).responses[0].content] == ["text/plain", "text/csv"]
    assert codes(contract) == ["wrong-type"]


def test_security_of_an_operation_replaces_that_of_the_document(read: Callable[..., Contract]) -> None:
    """An undefined scheme is reported and asks for nothing; `[]` asks for nothing at all."""
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "odd": {"type": "magic"}}
    contract = read(
        security=[{"key": ["a"]}],
        components={"securitySchemes": schemes},
        paths={"/": {"get": OK, "put": OK | {"security": []}, "post": OK | {"security": [{"kye": []}, {}]}}},
    )

    found = [[dict(each.schemes) for each in contract.operation(route).security] for route in contract.routes]

    assert found == [[{"key": ("a",)}], [], [{}, {}]]
    assert codes(contract) == ["undefined-scheme", "security-scheme"]


def test_servers_are_listed_with_every_value_of_their_variables(read: Callable[..., Contract]) -> None:
    """The default comes first."""
    variables = {"env": {"default": "test", "enum": ["live", "test"]}}
    contract = read(
        servers=[{"url": "https://{env}.x/{v}", "variables": variables}], paths={"/": {"get": OK}}
    )

    assert contract.servers[0].urls == ("https://test.x/v", "https://live.x/v")
    assert first(contract).servers == contract.servers


def test_examples_that_break_their_schema_are_reported(read: Callable[..., Contract]) -> None:
    """The warning names what is wrong, and stands at the example."""
    media = {"schema": {"type": "object", "required": ["a"]}, "example": {}}
    contract = read(paths={"/": {"get": {"responses": {"200": {"content": {"application/json": media}}}}}})

    found = inspect_contract(contract)

    assert [(each.code, each.message) for each in found] == [
        ("contract.example", "the example breaks its schema: a is required")
    ]
    assert found[0].where.pointer == "/paths/~1/get/responses/200/content/application~1json/example"


def test_a_response_behind_a_dangling_reference_keeps_its_status(read: Callable[..., Contract]) -> None:
    """The status is documented; only its body cannot be used."""
    contract = read(
        paths={"/": {"get": {"responses": {"200": {}, "404": {"$ref": "#/components/responses/No"}}}}}
    )

    response = first(contract).responses[1]

    assert response.status == "404"
    assert response.content[0].schema is not None
    with pytest.raises(ContractError):
        response.content[0].schema.bundle()


def test_names_that_look_like_extensions_are_names(read: Callable[..., Contract]) -> None:
    """Headers and security schemes are often called `x-…`; only extensions of objects are not."""
    scheme = {"type": "apiKey", "in": "header", "name": "x-api-key"}
    response = {"headers": {"x-rate-limit": {"schema": {"type": "integer"}}, "x-note": "an extension"}}
    contract = read(
        components={"securitySchemes": {"x-api-key": scheme}},
        paths={"/": {"get": {"security": [{"x-api-key": []}], "responses": {"200": response}}}},
    )

    operation = first(contract)

    assert [each.name for each in operation.responses[0].headers] == ["x-rate-limit"]
    assert dict(operation.security[0].schemes) == {"x-api-key": ()}


@pytest.mark.parametrize(
    ("text", "version", "told"),
    [
        ("openapi: 3\npaths: {}", "3", None),
        ("openapi: v3.0.1\npaths: {}", "v3.0.1", None),
        ("swagger: 2\npaths: {}", "2", None),
        ("openapi: 3.9.1\npaths: {}", "3.9.1", "OpenAPI 3.9.1 is not known; it is read as 3.2"),
        ("swagger: 2.1\npaths: {}", "2.1", "OpenAPI 2.1 is not known; it is read as 2.0"),
        ("host: x\npaths: {}", "2.0", "the document names no version of OpenAPI; it is read as 2.0"),
        ("paths: {}", "3.1", "the document names no version of OpenAPI; it is read as 3.1"),
    ],
)
def test_a_version_is_guessed_where_it_can_be(text: str, version: str, told: str | None) -> None:
    """A document that says its version in its own way, or not at all, is read; a guess is told."""
    contract = read_contract("a.yaml", lambda _: text.encode())

    assert contract.openapi == version
    assert [each.message for each in contract.diagnostics if each.code == "contract.version"] == (
        [told] if told else []
    )


def test_what_stands_beside_the_reference_of_a_path_item_counts(read: Callable[..., Contract]) -> None:
    """Own members go over those referred to."""
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    contract = read(
        {"/api/items.yaml": "get: {operationId: list, responses: {'204': {description: none}}}"},
        paths={"/items": {"$ref": "items.yaml", "parameters": [limit]}},
    )

    operation = first(contract)

    assert operation.operation_id == "list"
    assert [each.name for each in operation.parameters] == ["limit"]
    assert [each.status for each in operation.responses] == ["204"]


def test_paths_that_cannot_be_told_apart_are_reported(read: Callable[..., Contract]) -> None:
    """Two templates that differ only in the names of their variables are one (3.1.1, 4.8.8.2)."""
    contract = read(paths={"/a/{id}": {"get": OK}, "/a/{name}": {"get": OK, "put": OK}})

    assert [each.message for each in contract.diagnostics] == [
        "GET /a/{name} cannot be told from GET /a/{id}, except by the values"
    ]


@pytest.mark.parametrize("written", ["/files/{+path}", "/files/{path*}", "/files/{+path*}"])
def test_a_variable_may_hold_slashes(written: str, read: Callable[..., Contract]) -> None:
    """What RFC 6570 writes that way is a variable of the plain name."""
    route = read(paths={written: {"get": OK}}).routes[0]

    assert (route.path, route.greedy) == ("/files/{path}", frozenset({"path"}))


def test_an_example_may_stand_elsewhere(read: Callable[..., Contract]) -> None:
    """`externalValue` is read; a lone `$ref` in the place of a value is kept, and followed beside it."""
    content = {
        "application/json": {
            "examples": {"far": {"externalValue": "far.json"}, "no": {"externalValue": "x"}}
        },
        "application/hal+json": {"example": {"$ref": "far.json#/id"}},
    }
    contract = read(
        {"/api/far.json": '{"id": 7}'}, paths={"/a": {"get": {"responses": {"200": {"content": content}}}}}
    )

    json, hal = first(contract).responses[0].content

    assert [(each.name, each.value) for each in json.examples] == [("far", {"id": 7})]
    assert [each.value for each in hal.examples] == [{"$ref": "far.json#/id"}, 7]
