"""OpenAPI 2.0 is read as if it had been written in 3.0, and complained about as it was written."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pytest

from locum.contract import (
    Contract,
    JsonValue,
    Location,
    MediaType,
    Operation,
    Schema,
    SecurityType,
    Style,
    inspect_contract,
    read_contract,
)
from locum.contract.styles import compile_parameters
from locum.errors import ContractError

OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
Read2 = Callable[..., Contract]


@pytest.fixture
def read() -> Read2:
    """Read a 2.0 contract from parts of its document, and other files by their path."""

    def read_parts(files: Mapping[str, str] | None = None, **parts: object) -> Contract:
        document = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}} | parts
        texts = {"/api/main.json": orjson.dumps(document)}
        texts |= {path: text.encode() for path, text in (files or {}).items()}
        return read_contract("/api/main.json", texts.__getitem__)

    return read_parts


def only(contract: Contract) -> Operation:
    """Return the first operation of *contract*."""
    return contract.operation(contract.routes[0])


def posting(read: Read2, *parameters: object, **members: object) -> Operation:
    """Return an operation that has *parameters*."""
    return only(read(paths={"/x/{p}": {"post": {"parameters": list(parameters), **OK, **members}}}))


def answering(read: Read2, response: object, **members: object) -> Operation:
    """Return an operation that answers 200 by *response*."""
    return only(read(paths={"/": {"get": {"responses": {"200": response}, **members}}}))


def content(operation: Operation) -> tuple[MediaType, ...]:
    """Return what the request of *operation* may carry."""
    assert operation.request_body is not None
    return operation.request_body.content


def bundle(schema: Schema | None) -> object:
    """Return a schema, which must be there, as JSON Schema."""
    assert schema is not None
    return schema.bundle()


def codes(contract: Contract) -> list[str]:
    """Return the codes of everything wrong with *contract*."""
    return [each.code.removeprefix("contract.") for each in inspect_contract(contract)]


@pytest.mark.parametrize(
    ("members", "urls"),
    [
        ({}, []),
        ({"basePath": "/v1"}, ["/v1"]),
        ({"basePath": "v1/"}, ["/v1"]),
        ({"basePath": "/"}, ["/"]),
        ({"host": "a.b"}, ["//a.b"]),
        (
            {"host": "a.b:80", "basePath": "/v1", "schemes": ["https", "http"]},
            ["https://a.b:80/v1", "http://a.b:80/v1"],
        ),
        ({"host": "https://a.b/", "basePath": "/v1"}, ["https://a.b/v1"]),
        ({"host": 5, "schemes": "http"}, ["//5"]),
    ],
)
def test_host_base_path_and_schemes_are_servers(
    read: Read2, members: dict[str, Any], urls: list[str]
) -> None:
    """One for each scheme; without a host, relative to where the document comes from."""
    assert [server.url for server in read(**members).servers] == urls


def test_an_operation_may_have_schemes_of_its_own(read: Read2) -> None:
    """They replace those of the document."""
    paths = {"/": {"get": OK | {"schemes": ["wss"]}}}

    assert [each.url for each in only(read(host="a", schemes=["http"], paths=paths)).servers] == ["wss://a"]


def test_the_body_parameter_is_the_request_body(read: Read2) -> None:
    """Its schema is shared with whoever else refers to it; `consumes` of the operation wins."""
    pet = {"type": "object", "properties": {"name": {"type": "string"}}}
    body = {"name": "b", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Pet"}}
    contract = read(
        consumes=["application/xml"],
        definitions={"Pet": pet},
        paths={
            "/": {
                "post": OK | {"parameters": [body], "consumes": ["application/json", "text/yaml"]},
                "put": OK | {"parameters": [body]},
            }
        },
    )

    posted, put = (contract.operation(route) for route in contract.routes)

    assert posted.request_body is not None
    assert posted.request_body.required
    assert [each.name for each in content(posted)] == ["application/json", "text/yaml"]
    assert [each.name for each in content(put)] == ["application/xml"]
    assert content(posted)[0].schema is content(put)[0].schema
    assert bundle(content(put)[0].schema) == pet
    assert content(put)[0].schema.place.pointer == "/definitions/Pet"  # type: ignore[union-attr]


def test_without_consumes_a_body_is_json(read: Read2) -> None:
    """The specification leaves it open; everybody means JSON."""
    assert [each.name for each in content(posting(read, {"name": "b", "in": "body", "schema": {}}))] == [
        "application/json"
    ]


def test_a_body_with_a_type_beside_its_name_is_understood(read: Read2) -> None:
    """It is reported, and read as people mean it."""
    body = {"name": "b", "in": "body", "required": True, "type": "array", "items": {"type": "string"}}
    contract = read(paths={"/": {"post": OK | {"parameters": [body]}}})

    assert bundle(content(only(contract))[0].schema) == {"type": "array", "items": {"type": "string"}}
    assert codes(contract) == ["dialect"]


def test_one_operation_below_two_paths_has_the_parameters_of_each(read: Read2) -> None:
    """What is made for one path does not replace what was made for the other."""
    bodies = [{"name": "b", "in": "body", "schema": {"type": kind}} for kind in ("string", "integer")]
    shared = {"post": {"$ref": "#/x-shared"}}
    contract = read(
        paths={f"/{index}": shared | {"parameters": [body]} for index, body in enumerate(bodies)},
        **{"x-shared": OK},
    )

    operations = [contract.operation(route) for route in contract.routes]

    assert [bundle(content(each)[0].schema) for each in operations] == [
        {"type": "string"},
        {"type": "integer"},
    ]


def test_a_parameter_of_the_operation_replaces_that_of_the_path(read: Read2) -> None:
    """Bodies and form fields too."""
    item = {
        "parameters": [{"name": "a", "in": "body", "schema": {"type": "string"}}],
        "post": OK | {"parameters": [{"name": "b", "in": "body", "schema": {"type": "integer"}}]},
    }

    assert bundle(content(only(read(paths={"/": item})))[0].schema) == {"type": "integer"}


def test_form_fields_are_one_object(read: Read2) -> None:
    """Each field is a property; a required field makes the body required."""
    operation = posting(
        read,
        {"name": "a", "in": "formData", "type": "string", "required": True, "maxLength": 3},
        {
            "name": "b",
            "in": "formData",
            "type": "array",
            "items": {"type": "integer"},
            "collectionFormat": "pipes",
        },
        {"name": "c", "in": "formData", "type": "integer", "allowEmptyValue": True},
    )

    assert operation.request_body is not None
    assert operation.request_body.required
    assert [each.name for each in content(operation)] == [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ]
    assert bundle(content(operation)[0].schema) == {
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "string", "maxLength": 3},
            "b": {"type": "array", "items": {"type": "integer"}},
            "c": {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 0}]},
        },
    }
    encoding = content(operation)[0].encoding["b"]
    assert (encoding.style, encoding.explode) == (Style.PIPE_DELIMITED, False)


@pytest.mark.parametrize(
    ("kind", "consumes", "expected"),
    [
        ("file", [], ["multipart/form-data"]),
        ("file", ["application/x-www-form-urlencoded"], ["multipart/form-data"]),
        ("string", ["application/x-www-form-urlencoded"], ["application/x-www-form-urlencoded"]),
        ("string", ["application/json", "multipart/form-data"], ["multipart/form-data"]),
    ],
)
def test_a_form_is_sent_as_a_form(read: Read2, kind: str, consumes: list[str], expected: list[str]) -> None:
    """A file needs parts; types that are no form are not for forms."""
    operation = posting(read, {"name": "a", "in": "formData", "type": kind}, consumes=consumes)

    assert [each.name for each in content(operation)] == expected


def test_a_file_is_binary(read: Read2) -> None:
    """In a form and in an answer, without complaint."""
    contract = read(
        paths={
            "/": {
                "post": {
                    "produces": ["image/png"],
                    "parameters": [{"name": "f", "in": "formData", "type": "file"}],
                    "responses": {"200": {"schema": {"type": "file"}}},
                }
            }
        }
    )
    operation = only(contract)

    binary = {"type": "string", "format": "binary"}
    assert bundle(content(operation)[0].schema) == {"type": "object", "properties": {"f": binary}}
    assert [(each.name, bundle(each.schema)) for each in operation.responses[0].content] == [
        ("image/png", binary)
    ]
    assert codes(contract) == []


@pytest.mark.parametrize(
    ("location", "written", "expected", "sent"),
    [
        ("query", None, (Style.COMMA_DELIMITED, False), "l=1,2"),
        ("query", "csv", (Style.COMMA_DELIMITED, False), "l=1%2C2"),
        ("query", "ssv", (Style.SPACE_DELIMITED, False), "l=1%202"),
        ("query", "tsv", (Style.TAB_DELIMITED, False), "l=1%092"),
        ("query", "pipes", (Style.PIPE_DELIMITED, False), "l=1|2"),
        ("query", "multi", (Style.FORM, True), "l=1&l=2"),
        ("header", None, (Style.SIMPLE, False), "1, 2"),
        ("header", "pipes", (Style.PIPE_DELIMITED, False), "1|2"),
        ("header", "ssv", (Style.SPACE_DELIMITED, False), "1 2"),
        ("path", "csv", (Style.SIMPLE, False), "1,2"),
        ("path", "tsv", (Style.TAB_DELIMITED, False), "1\t2"),
        ("path", "multi", (Style.SIMPLE, False), "1,2"),
    ],
)
def test_collection_formats_are_styles(
    read: Read2, location: str, written: str | None, expected: tuple[Style, bool], sent: str
) -> None:
    """Every format is read at every place; `multi` is for the query and for forms."""
    name = "p" if location == "path" else "l"
    parameter = {"name": name, "in": location, "type": "array", "items": {"type": "integer"}}
    found = next(
        each
        for each in posting(read, parameter | ({"collectionFormat": written} if written else {})).parameters
        if each.name == name
    )

    assert (found.style, found.explode) == expected
    values = compile_parameters([found]).read(
        {"p": sent} if location == "path" else {},
        sent if location == "query" else "",
        [("l", sent)] if location == "header" else [],
    )
    assert (values.path | values.query | values.headers)[name] == [1, 2]


def test_an_encoded_comma_beside_bare_ones_is_data(read: Read2) -> None:
    """Some clients encode the items, others the whole text."""
    [found, _] = posting(
        read, {"name": "l", "in": "query", "type": "array", "items": {"type": "string"}}
    ).parameters

    assert compile_parameters([found]).read({}, "l=a%2Cb,c", []).query == {"l": ["a,b", "c"]}


def test_keywords_beside_the_name_are_the_schema(read: Read2) -> None:
    """All but those that speak of the parameter; extensions belong to both."""
    parameter = {
        "name": "n",
        "in": "query",
        "type": "integer",
        "format": "int32",
        "minimum": 1,
        "exclusiveMinimum": True,
        "default": 2,
        "x-nullable": True,
        "x-example": 3,
        "allowEmptyValue": True,
        "description": "d",
    }
    found = posting(read, parameter).parameters[0]

    assert bundle(found.schema) == {
        "type": ["integer", "null"],
        "format": "int32",
        "exclusiveMinimum": 1,
        "maximum": 2147483647,
        "default": 2,
        "x-nullable": True,
    }
    assert ([each.value for each in found.examples], found.allow_empty, found.required) == ([3], True, False)


def test_shared_parameters_and_responses_are_followed_across_files(read: Read2) -> None:
    """What a file of its own holds is 2.0 as well, and its references count from that file."""
    files = {
        "/api/shared/common.yaml": """
            parameters:
              limit: {name: limit, in: query, type: integer}
              body: {name: body, in: body, schema: {$ref: '#/definitions/Pet'}}
            responses:
              Gone: {description: gone, schema: {$ref: 'more.yaml#/definitions/Error'}}
            definitions: {Pet: {type: string, x-nullable: true}}
        """,
        "/api/shared/more.yaml": "definitions: {Error: {type: integer}}",
        "/api/item.yaml": """
            post:
              parameters:
                - $ref: 'shared/common.yaml#/parameters/limit'
                - $ref: 'shared/common.yaml#/parameters/body'
              responses: {410: {$ref: 'shared/common.yaml#/responses/Gone'}}
        """,
    }
    operation = only(read(files, paths={"/": {"$ref": "item.yaml"}}))

    assert bundle(operation.parameters[0].schema) == {"type": "integer"}
    assert bundle(content(operation)[0].schema) == {"type": ["string", "null"], "x-nullable": True}
    assert bundle(operation.responses[0].content[0].schema) == {"type": "integer"}


def test_null_is_allowed_by_the_custom_of_2(read: Read2) -> None:
    """`x-nullable`, beside a reference too; in 3.x it says nothing."""
    schema = {
        "type": "object",
        "properties": {
            "a": {"$ref": "#/definitions/A", "x-nullable": True},
            "b": {"type": "string", "enum": ["x"], "x-nullable": True},
        },
    }
    operation = answering_with(read, schema, A={"type": "integer"})

    found = operation.responses[0].content[0].schema
    assert found is not None
    values: list[JsonValue] = [{"a": None, "b": None}, {"a": 1}, {"a": "x"}]
    assert [found.is_valid(value) for value in values] == [True, True, False]


def answering_with(read: Read2, schema: object, **definitions: object) -> Operation:
    """Return an operation that answers *schema*, beside *definitions*."""
    return only(
        read(paths={"/": {"get": {"responses": {"200": {"schema": schema}}}}}, definitions=definitions)
    )


def test_a_discriminator_is_the_name_of_a_property(read: Read2) -> None:
    """It is given the form of 3.0."""
    pet = {"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string"}}}

    found = bundle(
        answering_with(read, {"$ref": "#/definitions/Pet"}, Pet=pet).responses[0].content[0].schema
    )

    assert found == pet | {"discriminator": {"propertyName": "kind"}}


def test_answers_have_the_schema_in_every_type_produced(read: Read2) -> None:
    """Examples go to their media type, others are reported; without schema there is no body."""
    examples = {"application/json": {"a": 1}, "text/csv": "a"}
    produces = ["application/xml", "application/json; charset=utf-8"]
    contract = read(
        produces=produces,
        paths={
            "/": {
                "get": {
                    "responses": {
                        "200": {
                            "description": "d",
                            "schema": {"type": "object"},
                            "examples": examples,
                            "x-a": 1,
                        },
                        "204": {"description": "none"},
                    }
                }
            }
        },
    )
    ok, none = only(contract).responses

    assert [(each.name, [one.value for one in each.examples]) for each in ok.content] == [
        ("application/xml", []),
        ("application/json; charset=utf-8", [{"a": 1}]),
    ]
    assert ok.content[1].examples[0].place != ok.content[1].place
    assert contract.where(ok.content[1].examples[0].place).pointer == (
        "/paths/~1/get/responses/200/examples/application~1json"
    )
    assert codes(contract) == ["example-value"]
    assert (none.status, none.description, none.content) == ("204", "none", ())


@pytest.mark.parametrize(
    ("key", "produces", "places", "told"),
    [
        (
            "application/json",
            ["text/html", "application/vnd.a+json"],
            [[], ["application/json"]],
            ["example-value"],
        ),
        (
            "application/hal+json",
            ["application/json", "text/json"],
            [["application/hal+json"], []],
            ["example-value"],
        ),
        ("application/xml", ["application/json", "text/html"], [[], []], ["example-value"]),
        ("text/html", ["application/json", "text/html"], [[], ["text/html"]], []),
        ("*/*", ["text/csv", "text/html"], [["*/*"], []], ["example-value"]),
    ],
)
def test_an_example_of_what_is_not_produced_stands_at_what_is_written_alike(
    read: Read2, key: str, produces: list[str], places: list[list[str]], told: list[str]
) -> None:
    """It keeps its name, goes to the first media type of the same syntax, and is reported."""
    contract = read(
        produces=produces,
        paths={
            "/": {
                "get": {
                    "responses": {
                        "200": {"description": "d", "schema": {}, "examples": {key: "a"}},
                    }
                }
            }
        },
    )

    answer = only(contract).responses[0]
    assert [[each.name for each in media.examples] for media in answer.content] == places
    assert codes(contract) == told


def test_a_schema_may_have_named_examples(read: Read2) -> None:
    """`x-examples` of the schema stand at the first media type; examples of the response go before them."""
    definitions = {"Pet": {"type": "object", "x-examples": {"cat": {"a": 1}, "dog": {"a": 2}}}}
    bare = {"description": "", "schema": {"$ref": "#/definitions/Pet"}}
    told = bare | {"examples": {"application/json": {"a": 3}}}

    found = [
        only(read(paths={"/": {"get": {"responses": {"200": answer}}}}, definitions=definitions))
        .responses[0]
        .content[0]
        .examples
        for answer in (bare, told)
    ]

    assert [[(each.name, each.value) for each in examples] for examples in found] == [
        [("cat", {"a": 1}), ("dog", {"a": 2})],
        [("application/json", {"a": 3})],
    ]


def test_examples_of_a_schema_name_no_media_type(read: Read2) -> None:
    """Where nothing is produced by name, an answer with `x-examples` is JSON, and not called after one."""
    schema = {"type": "object", "x-examples": {"cat": {"a": 1}, "dog": {"a": 2}}}
    contract = read(paths={"/": {"get": {"responses": {"200": {"description": "", "schema": schema}}}}})

    [media] = only(contract).responses[0].content
    assert (media.name, [each.name for each in media.examples]) == ("application/json", ["cat", "dog"])


def test_headers_have_their_type_beside_them(read: Read2) -> None:
    """Arrays keep their collection format."""
    headers = {
        "X-Rate": {"type": "integer", "format": "int32", "description": "left"},
        "X-Tags": {"type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"},
    }
    found = answering(read, {"description": "d", "headers": headers}).responses[0].headers

    assert [(each.name, each.style) for each in found] == [
        ("X-Rate", Style.SIMPLE),
        ("X-Tags", Style.PIPE_DELIMITED),
    ]
    assert bundle(found[1].schema) == {"type": "array", "items": {"type": "string"}}


def test_security_definitions_are_schemes(read: Read2) -> None:
    """Basic, keys, and the four flows under the names of 3.0."""
    urls = {"authorizationUrl": "https://a", "tokenUrl": "https://t"}
    flows = ("implicit", "password", "application", "accessCode")
    contract = read(
        securityDefinitions={
            "basic": {"type": "basic"},
            "key": {"type": "apiKey", "in": "query", "name": "k"},
            **{name: {"type": "oauth2", "flow": name, "scopes": {"r": "read"}, **urls} for name in flows},
        },
        security=[{"basic": []}, {"key": [], "implicit": ["r"]}],
        paths={"/": {"get": OK, "put": OK | {"security": []}}},
    )

    schemes = contract.security_schemes
    assert (schemes["basic"].type, schemes["basic"].http_scheme) == (SecurityType.HTTP, "basic")
    assert (schemes["key"].location, schemes["key"].parameter) == (Location.QUERY, "k")
    assert [schemes[name].flows[0].kind for name in flows] == [
        "implicit",
        "password",
        "clientCredentials",
        "authorizationCode",
    ]
    assert schemes["accessCode"].flows[0].scopes == {"r": "read"}
    assert [
        [dict(one.schemes) for one in contract.operation(route).security] for route in contract.routes
    ] == [
        [{"basic": ()}, {"key": (), "implicit": ("r",)}],
        [],
    ]


def test_extensions_and_the_document_are_kept(read: Read2) -> None:
    """What is served again is the document as it was written."""
    contract = read(paths={"/": {"get": OK | {"x-op": 1}}}, **{"x-root": 2})

    assert (only(contract).extensions, contract.extensions) == ({"x-op": 1}, {"x-root": 2})
    assert (contract.openapi, contract.document["swagger"]) == ("2.0", "2.0")


FAULTY = """swagger: '2.0'
info: {title: T, version: '1'}
host: http://a.b
paths:
  /x:
    parameters:
      - $ref: '#/parameters/limt'
    post:
      parameters:
        - name: l
          in: query
          type: array
          items: {type: strin}
          collectionFormat: pipe
        - {in: formData, type: string}
        - name: b
          in: body
          schema:
            properties:
              a: {type: string, required: true}
      responses:
        200:
          description: OK
          headers:
            X-A: {type: intger}
          schema: {$ref: '#/definitions/Pt'}
        404: {$ref: '#/responses/Gone'}
parameters: {limit: {name: limit, in: query, type: integer}}
definitions: {Pet: {type: object}}
securityDefinitions:
  o:
    type: oauth2
    flow: accesCode
"""


def test_faults_are_told_where_the_author_wrote_them() -> None:
    """File, line, column and pointer are those of the original, whatever was made of it."""
    contract = read_contract("a.yaml", lambda _: FAULTY.encode())

    found = [
        (each.where.line, each.where.column, each.where.pointer, each.code.removeprefix("contract."))
        for each in inspect_contract(contract)
    ]

    post = "/paths/~1x/post"
    assert found == [
        (3, 1, "/host", "server"),
        (7, 9, "/paths/~1x/parameters/0", "unresolved-reference"),
        (13, 19, f"{post}/parameters/0/items/type", "keyword-type"),
        (14, 11, f"{post}/parameters/0/collectionFormat", "collection-format"),
        (15, 11, f"{post}/parameters/1", "parameter"),
        (20, 33, f"{post}/parameters/2/schema/properties/a/required", "keyword-type"),
        (25, 19, f"{post}/responses/200/headers/X-A/type", "keyword-type"),
        (26, 11, f"{post}/responses/200/schema", "unresolved-reference"),
        (27, 9, f"{post}/responses/404", "unresolved-reference"),
        (33, 5, "/securityDefinitions/o/flow", "security-scheme"),
    ]
    hints = {each.code: each.hint for each in inspect_contract(contract)}
    assert hints["contract.collection-format"] == "did you mean pipes?"


def test_a_broken_reference_suggests_what_2_0_has(read: Read2) -> None:
    """The hint names definitions, parameters and responses."""
    operation = answering(read, {"schema": {"$ref": "#/definition/Pett"}})

    with pytest.raises(ContractError) as caught:
        bundle(operation.responses[0].content[0].schema)

    assert caught.value.diagnostics[0].where.pointer == "/paths/~1/get/responses/200/schema"


def test_violations_point_at_the_rule_in_the_original(read: Read2) -> None:
    """The place of a rule about a parameter is the keyword beside its name."""
    contract = read(
        paths={
            "/": {"get": OK | {"parameters": [{"name": "n", "in": "query", "type": "integer", "minimum": 3}]}}
        }
    )
    schema = only(contract).parameters[0].schema
    assert schema is not None

    [violation] = schema.violations(1)

    assert violation.place is not None
    assert contract.where(violation.place).pointer == "/paths/~1/get/parameters/0/minimum"


def test_an_array_in_an_array_takes_any_text(read: Read2) -> None:
    """No style of 3.x can say how the inner one is cut; it is reported."""
    inner = {"type": "array", "items": {"type": "integer"}, "collectionFormat": "pipes"}
    contract = read(
        paths={
            "/": {"get": OK | {"parameters": [{"name": "n", "in": "query", "type": "array", "items": inner}]}}
        }
    )

    assert bundle(only(contract).parameters[0].schema) == {"type": "array", "items": {}}
    assert codes(contract) == ["collection-format"]
