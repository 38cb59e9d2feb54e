from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import Options
from locum.behaviour.prism_manners import PRISM_MANNERS

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]
PRISM = Options(prefer_static=True, manners=PRISM_MANNERS)
OK = {"200": {"description": "", "content": {"text/plain": {"example": "ok"}}}}
INVALID = (
    "Your request is not valid and no HTTP validation response was found in the spec, "
    "so Prism is generating this error for you."
)
LOCKED = (
    "Your request does not fullfil the security requirements and no HTTP unauthorized response was found "
    "in the spec, so Prism is generating this error for you."
)


def staged(play: Play, operation: Json, **more: Json) -> Json:
    """Play one operation at `/thing` with the manners of Prism."""
    return play(
        {"/thing": {"post": {"operationId": "it", "responses": OK, **operation}}}, options=PRISM, **more
    )


def posting(play: Play, schema: Json, sent: Json) -> Json:
    """Return what is told to be wrong with a JSON body of *schema*."""
    content = {"application/json": {"schema": schema}}
    stage = staged(play, {"requestBody": {"content": content}})
    headers = {"content-type": "application/json"}
    return stage.body("it", headers, body=orjson.dumps(sent))["validation"]


def test_a_refusal_is_told_in_the_words_of_prism(play: Play) -> None:
    """Type, title, status, detail and the order of members are those that scripts compare."""
    parameter = {"name": "Limit", "in": "query", "required": True, "schema": {"type": "integer"}}
    reply = staged(play, {"parameters": [parameter]}).send("it").reply

    assert reply.media_type == "application/problem+json"
    assert reply.body.decode() == (
        '{"type":"https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY","title":"Invalid request",'
        f'"status":422,"detail":"{INVALID}","validation":[{{"location":["query"],"severity":"Error",'
        '"code":"required","message":"Request query must have required property \'limit\'"}]}'
    )


@pytest.mark.parametrize(
    ("schema", "sent", "way", "code", "message"),
    [
        ({"type": "integer"}, "x", [], "type", "Request body must be integer"),
        ({"type": ["string", "null"]}, 1, [], "type", "Request body must be string,null"),
        ({"required": ["id"]}, {}, [], "required", "Request body must have required property 'id'"),
        (
            {"properties": {"a": {"enum": ["x", 1, None]}}},
            {"a": 2},
            ["a"],
            "enum",
            "Request body property a must be equal to one of the allowed values: x, 1, null",
        ),
        (
            {"items": {"minLength": 2}},
            ["a"],
            ["0"],
            "minLength",
            "Request body property 0 must NOT have fewer than 2 characters",
        ),
        ({"maxLength": 1}, "ab", [], "maxLength", "Request body must NOT have more than 1 characters"),
        ({"minimum": 1}, 0, [], "minimum", "Request body must be >= 1"),
        ({"maximum": 1.5}, 2, [], "maximum", "Request body must be <= 1.5"),
        ({"exclusiveMinimum": 0}, 0, [], "exclusiveMinimum", "Request body must be > 0"),
        ({"exclusiveMaximum": 0}, 0, [], "exclusiveMaximum", "Request body must be < 0"),
        ({"multipleOf": 3}, 4, [], "multipleOf", "Request body must be multiple of 3"),
        ({"pattern": "^a$"}, "b", [], "pattern", 'Request body must match pattern "^a$"'),
        ({"format": "date"}, "b", [], "format", 'Request body must match format "date"'),
        ({"const": 1}, 2, [], "const", "Request body must be equal to constant"),
        ({"minItems": 1}, [], [], "minItems", "Request body must NOT have fewer than 1 items"),
        ({"maxItems": 0}, [1], [], "maxItems", "Request body must NOT have more than 0 items"),
        ({"minProperties": 1}, {}, [], "minProperties", "Request body must NOT have fewer than 1 properties"),
        (
            {"maxProperties": 0},
            {"a": 1},
            [],
            "maxProperties",
            "Request body must NOT have more than 0 properties",
        ),
        (
            {"additionalProperties": False},
            {"a": 1},
            [],
            "additionalProperties",
            "Request body must NOT have additional properties; found 'a'",
        ),
        (
            {"uniqueItems": True},
            [1, 2, 1],
            [],
            "uniqueItems",
            "Request body must NOT have duplicate items (items ## 2 and 0 are identical)",
        ),
        ({"not": {"type": "string"}}, "a", [], "not", "Request body must NOT be valid"),
        ({"oneOf": [{}, {}]}, 1, [], "oneOf", "Request body must match exactly one schema in oneOf"),
    ],
)  # fmt: skip
def test_each_keyword_is_told_as_ajv_tells_it(  # noqa: PLR0913, PLR0917 -- the columns of a table
    play: Play, schema: Json, sent: Json, way: list[str], code: str, message: str
) -> None:
    """What is wrong has the place, the code and the message that Prism gives."""
    told = posting(play, schema, sent)

    assert told == [{"location": ["body", *way], "severity": "Error", "code": code, "message": message}]


def test_a_choice_is_told_branch_by_branch(play: Play) -> None:
    """Of alternatives every error is listed, the choice itself last."""
    told = posting(
        play, {"properties": {"a": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}}}, {"a": ""}
    )

    assert [each["message"] for each in told] == [
        "Request body property a must be integer",
        "Request body property a must be boolean",
        "Request body property a must match a schema in anyOf",
    ]


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({}, "at least 1"),
        ({"minContains": 2}, "at least 2"),
        ({"minContains": 2, "maxContains": 3}, "at least 2 and no more than 3"),
    ],
)
def test_a_list_that_lacks_items_is_told_item_by_item(play: Play, bounds: Json, message: str) -> None:
    """What is wrong with each item that is not of the kind, then how many ought to be."""
    schema = {"properties": {"list": {"contains": {"type": "integer"}, **bounds}}}

    assert [
        (each["location"], each["code"], each["message"]) for each in posting(play, schema, {"list": ["x"]})
    ] == [
        (["body", "list", "0"], "type", "Request body property list.0 must be integer"),
        (["body", "list"], "contains", f"Request body property list must contain {message} valid item(s)"),
    ]


def test_a_missing_body_has_no_place(play: Play) -> None:
    """The body as a whole is told without a location."""
    stage = staged(play, {"requestBody": {"required": True, "content": {"application/json": {}}}})

    assert stage.body("it")["validation"] == [
        {"severity": "Error", "code": "required", "message": "Body parameter is required"}
    ]


def test_parts_are_told_in_the_order_of_prism(play: Play) -> None:
    """The body comes first, then headers, query and path."""
    integer = {"type": "integer"}
    parameters = [{"name": name, "in": name, "schema": integer} for name in ("query", "header")]
    content = {"application/json": {"schema": {"type": "object"}}}
    stage = staged(play, {"parameters": parameters, "requestBody": {"content": content}})
    headers = {"content-type": "application/json", "header": "x"}
    told = stage.body("it", headers, body=b"1", query="query=x")["validation"]

    assert [each["location"][0] for each in told] == ["body", "header", "query"]


def test_a_declared_error_is_sent_as_any_reply(play: Play) -> None:
    """A declared 422 has its static value, and the header tells what is wrong."""
    error = {"type": "object", "properties": {"message": {"type": "string"}}}
    parameter = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
    responses = OK | {"422": {"description": "", "content": {"application/json": {"schema": error}}}}
    reply = staged(play, {"parameters": [parameter], "responses": responses}).send("it").reply

    assert reply.body == b'{"message":"string"}'
    assert dict(reply.headers)["sl-violations"] == (
        '[{"location":["request","query"],"severity":"Error","code":"required",'
        '"message":"Request query must have required property \'q\'"}]'
    )


@pytest.mark.parametrize(
    ("scheme", "challenge"),
    [
        ({"type": "http", "scheme": "basic"}, 'Basic realm="*"'),
        ({"type": "http", "scheme": "bearer"}, "Bearer"),
        ({"type": "http", "scheme": "digest"}, 'Digest realm="*", nonce="abc123"'),
        ({"type": "openIdConnect", "openIdConnectUrl": "http://a.test"}, "OpenID"),
        ({"type": "oauth2", "flows": {}}, "OAuth2"),
    ],
)
def test_a_missing_credential_is_challenged_as_prism_does(play: Play, scheme: Json, challenge: str) -> None:
    """The challenge stands in the header and in the problem."""
    components = {"securitySchemes": {"lock": scheme}}
    outcome = staged(play, {"security": [{"lock": []}]}, components=components).send("it")

    assert orjson.loads(outcome.reply.body) == {
        "type": "https://stoplight.io/prism/errors#UNAUTHORIZED",
        "title": "Invalid security scheme used",
        "status": 401,
        "detail": LOCKED,
        "headers": {"WWW-Authenticate": challenge},
    }
    assert dict(outcome.reply.headers)["www-authenticate"] == challenge


def test_an_api_key_has_no_challenge(play: Play) -> None:
    """There is no scheme of HTTP to ask for it by."""
    components = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    outcome = staged(play, {"security": [{"key": []}]}, components=components).send("it")

    assert "headers" not in orjson.loads(outcome.reply.body)
    assert "www-authenticate" not in dict(outcome.reply.headers)


@pytest.mark.parametrize(
    ("headers", "sent", "status", "detail"),
    [
        ({"accept": "image/png"}, {}, 406, "Unable to find content for image/png"),
        ({"prefer": "code=500"}, {}, 404, "Requested status code 500 is not defined in the document."),
        (
            {"prefer": "example=none"},
            {},
            404,
            "Response for contentType: text/plain and exampleKey: none does not exist.",
        ),
        (
            {"prefer": "code=abc"},
            {},
            422,
            'optional property "code"\n└─ cannot decode "abc", should be a number',
        ),
        (
            {"content-type": "text/csv"},
            {"body": b"a"},
            415,
            "Supported content types: application/json",
        ),
    ],
)
def test_what_cannot_be_had_is_told_in_the_words_of_prism(
    play: Play, headers: Json, sent: Json, status: int, detail: str
) -> None:
    """Each refusal has the status and the detail that Prism gives it."""
    stage = staged(play, {"requestBody": {"content": {"application/json": {}}}})
    outcome = stage.send("it", headers, **sent)

    assert outcome.reply.status == status
    assert orjson.loads(outcome.reply.body)["detail"] == detail


def test_many_violations_are_cut_as_prism_cuts_them(play: Play) -> None:
    """Beyond 8,092 characters the list is cut, and says so first."""
    names = [f"{'long' * 40}{number}" for number in range(60)]
    responses = OK | {"422": {"description": ""}}
    content = {"application/json": {"schema": {"type": "object", "required": names}}}
    stage = staged(play, {"requestBody": {"content": content}, "responses": responses})
    reply = stage.send("it", {"content-type": "application/json"}, body=b"{}").reply
    told = dict(reply.headers)["sl-violations"]

    assert told.startswith('Too many violations! [{"location":["request","body"]')
    assert len(told) == len("Too many violations! ") + 8092


def test_declared_headers_have_static_values(play: Play) -> None:
    """A header without an example has the value that a body would have."""
    headers = {"X-Count": {"schema": {"type": "integer"}}, "X-Name": {"schema": {"type": "string"}}}
    reply = staged(play, {"responses": {"200": {"description": "", "headers": headers}}}).send("it").reply

    assert reply.headers == (("X-Count", "0"), ("X-Name", "string"))


def test_the_first_declared_media_type_answers_whoever_takes_any(play: Play) -> None:
    """`*/*` takes what is declared first; no `Accept` at all takes JSON."""
    content = {"text/plain": {"example": "text"}, "application/json": {"example": "json"}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.send("it", {"accept": "*/*"}).reply.media_type == "text/plain"
    assert stage.send("it").reply.media_type == "application/json"


MENU = {
    "200": {
        "description": "",
        "content": {"application/json": {"examples": {"a": {"value": "A"}, "b": {"value": "B"}}}},
    },
    "404": {"description": "", "content": {"text/plain": {"examples": {"c": {"value": "C"}}}}},
}


@pytest.mark.parametrize(
    ("asked", "accept", "status", "body"),
    [
        ("code=404", "*/*", 404, b"C"),
        ("code=404", "application/json", 200, b'"A"'),
        ("code=404, example=b", "*/*", 200, b'"B"'),
    ],
)
def test_a_status_that_cannot_be_had_gives_way_to_the_usual_one(
    play: Play, asked: str, accept: str, status: int, body: bytes
) -> None:
    """A response whose types nobody accepts, or without the example asked for, is as if not asked for."""
    stage = staged(play, {"responses": MENU})
    reply = stage.send("it", {"prefer": asked, "accept": accept}).reply

    assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(
    ("asked", "accept", "status"),
    [("code=404, example=z", "*/*", 404), ("code=404", "image/png", 406), ("example=c", "*/*", 404)],
)
def test_what_no_response_has_is_refused_all_the_same(
    play: Play, asked: str, accept: str, status: int
) -> None:
    """Where the usual answer cannot be had either, the one asked for tells why."""
    outcome = staged(play, {"responses": MENU}).send("it", {"prefer": asked, "accept": accept})

    assert outcome.reply.status == status
    assert outcome.refusal is not None


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/csv; header=present", 200),
        ("text/csv; header=absent", 200),
        ("text/csv; header=absent; q=0.1, image/png", 200),
        ("image/png; header=absent", 406),
        ("image/png", 406),
    ],
)
def test_parameters_nobody_has_are_dropped(play: Play, accept: str, status: int) -> None:
    """A type is taken for another of the same name rather than refused."""
    content = {"text/csv; header=present": {"example": "a"}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.send("it", {"accept": accept}).reply.status == status


def test_an_example_is_sent_where_there_is_no_schema_to_be_dynamic_by(play: Play) -> None:
    """Prism answers 500; nobody is helped by that."""
    content = {"application/json": {"example": {"a": 1}}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.body("it", {"prefer": "dynamic=true"}) == {"a": 1}


def test_what_a_problem_document_tells_is_not_in_the_header(play: Play) -> None:
    """The header goes with declared errors, which may not say what is wrong."""
    parameter = {"name": "q", "in": "query", "schema": {"type": "integer"}}
    stage = staged(play, {"parameters": [parameter]})
    replies = [stage.send("it", {"prefer": "code=abc"}).reply, stage.send("it", query="q=x").reply]

    assert [each.status for each in replies] == [422, 422]
    assert not any("sl-violations" in dict(each.headers) for each in replies)


@pytest.mark.parametrize(
    ("declared", "sent", "status"),
    [
        ("application/json", "application/merge-patch+json", 200),
        ("application/vnd.a+json", "application/json", 200),
        ("application/vnd.a+json", "application/vnd.b+json; v=1", 200),
        ("application/json", "text/json", 415),
        ("application/json", "application/xml", 415),
    ],
)
def test_a_body_of_the_same_syntax_is_taken(play: Play, declared: str, sent: str, status: int) -> None:
    """Prism compares media types without what stands before the `+`."""
    stage = staged(play, {"requestBody": {"content": {declared: {"schema": {"type": "object"}}}}})

    assert stage.send("it", {"content-type": sent}, body=b"{}").reply.status == status


def test_xml_that_names_no_root_has_the_root_of_prism(play: Play) -> None:
    """Without a name of its own the root is `xml`; a declared name is kept."""
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    named = schema | {"xml": {"name": "pet"}}
    responses = {
        "200": {"description": "", "content": {"application/xml": {"schema": schema}}},
        "404": {"description": "", "content": {"application/xml": {"schema": named}}},
    }
    stage = staged(play, {"responses": responses})

    assert stage.send("it").reply.body == b"<xml><id>0</id></xml>"
    assert stage.send("it", {"prefer": "code=404"}).reply.body == b"<pet><id>0</id></pet>"


def test_xml_written_out_in_the_document_keeps_its_declaration(play: Play) -> None:
    """Only what is made up goes without; a text that is XML is sent as it stands."""
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<a/>'
    content = {"application/xml": {"example": text}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.send("it").reply.body.decode() == text


def test_headers_are_as_dynamic_as_the_body(play: Play) -> None:
    """A declared header has its static value, and a generated one where the answer is to be dynamic."""
    schema = {"type": "integer", "minimum": 5, "maximum": 10**9}
    headers = {"X-Left": {"schema": schema}, "X-Fixed": {"schema": schema, "example": 7}}
    responses = {"200": {"description": "", "headers": headers}}
    stage = staged(play, {"responses": responses})
    static = dict(stage.send("it").reply.headers)
    dynamic = dict(stage.send("it", {"prefer": "dynamic=true"}).reply.headers)

    assert static == {"X-Left": "5", "X-Fixed": "7"}
    assert dynamic["X-Left"] != "5"
    assert dynamic["X-Fixed"] == "7"


def test_a_static_value_is_mended_where_it_is_wrong(play: Play) -> None:
    """Only what its schema refuses is generated; the rest stays as Prism would send it."""
    members = {"name": {"type": "string"}, "code": {"type": "string", "pattern": "^[0-9]{3}$"}}
    schema = {"type": "object", "required": ["name", "code"], "properties": members}
    responses = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    body = staged(play, {"responses": responses}).body("it")

    assert body["name"] == "string"
    assert body["code"].isdigit()


def test_a_deprecated_parameter_is_warned_of(play: Play) -> None:
    """The reply is as ever; the header has a warning."""
    parameter = {"name": "old", "in": "query", "deprecated": True, "schema": {"type": "string"}}
    stage = staged(play, {"parameters": [parameter]})
    told = orjson.loads(dict(stage.send("it", query="old=1").reply.headers)["sl-violations"])

    assert told == [
        {
            "location": ["request", "query", "old"],
            "severity": "Warning",
            "code": "deprecated",
            "message": "Query param old is deprecated",
        }
    ]
    assert stage.send("it").reply.headers == ()


def test_members_that_are_generated_by_wish_are_in_alphabetical_order(play: Play) -> None:
    """On every level; static values keep the order of the document."""
    inner = {"type": "object", "required": ["z", "y"], "properties": {"z": {}, "y": {}}}
    schema = {"type": "object", "required": ["b", "a"], "properties": {"b": inner, "a": inner}}
    media = {"application/json": {"schema": schema}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": media}}})

    static = orjson.loads(stage.send("it").reply.body)
    dynamic = orjson.loads(stage.send("it", {"prefer": "dynamic=true"}).reply.body)

    assert [*static, *static["b"]] == ["b", "a", "z", "y"]
    assert [*dynamic, *dynamic["a"]] == ["a", "b", "y", "z"]


def test_what_a_request_is_warned_of_is_told_before_a_broken_answer(play: Play) -> None:
    """With `--errors` too, where the warning stands in the header, and not among the errors."""
    parameter = {"name": "old", "in": "query", "deprecated": True, "schema": {"type": "string"}}
    media = {"application/json": {"schema": {"type": "array"}, "example": {}}}
    operation = {"parameters": [parameter], "responses": {"200": {"description": "", "content": media}}}
    for errors in (False, True):
        options = replace(PRISM, examples_as_is=True, errors=errors)
        stage = play({"/thing": {"get": {"operationId": "it", **operation}}}, options=options)
        reply = stage.send("it", query="old=1").reply
        told = orjson.loads(dict(reply.headers)["sl-violations"])

        assert [(each["location"], each["code"]) for each in told] == [
            (["request", "query", "old"], "deprecated"),
            (["response", "body"], "type"),
        ]
        wanted = ["type"] if errors else []
        assert [each["code"] for each in orjson.loads(reply.body).get("validation", [])] == wanted


def test_the_example_without_a_name_is_called_default(play: Play) -> None:
    """It can be asked for beside those that have names."""
    content = {"application/json": {"example": 1}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.send("it", {"prefer": "example=default"}).reply.body == b"1"


ARRAY = {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "string"}}}}
PAIRS = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"


def told_of_form(play: Play, kind: str, encoding: Json, body: bytes, schema: Json = ARRAY) -> Json:
    """Return what is told to be wrong with a form, or nothing."""
    content = {kind: {"schema": schema, "encoding": encoding}}
    stage = staged(play, {"requestBody": {"content": content}})
    sent = f"{kind}; boundary=b" if kind == PARTS else kind
    reply = stage.send("it", {"content-type": sent}, body=body).reply
    return [] if reply.status == 200 else orjson.loads(reply.body)["validation"]


def part(name: str, text: str) -> bytes:
    """Return a multipart body of one part."""
    return f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n--b--\r\n'.encode()


def test_a_multipart_body_without_a_boundary_is_another_media_type(play: Play) -> None:
    """The header is at fault, and told in the words of Prism; nothing can be said of the body."""
    stage = staged(play, {"requestBody": {"content": {PARTS: {"schema": {"type": "object"}}}}})
    reply = stage.send("it", {"content-type": PARTS}, body=b"id=1").reply

    assert reply.status == 415
    assert orjson.loads(reply.body) == {
        "type": "https://stoplight.io/prism/errors#INVALID_CONTENT_TYPE",
        "title": "Invalid content type",
        "status": 415,
        "detail": "Boundary parameter for multipart/form-data is not defined or generated in the request "
        "header. Try removing manually defined content-type from your request header if it exists.",
    }


def test_a_body_where_none_is_declared_is_refused(play: Play) -> None:
    """An operation without a request body takes no other media type either."""
    stage = staged(play, {})
    reply = stage.send("it", {"content-type": "application/json"}, body=b"{}").reply

    assert reply.status == 415
    assert orjson.loads(reply.body)["detail"] == (
        "No supported content types, but request included a non-empty body"
    )
    assert stage.send("it", {"content-type": "application/json"}).reply.status == 200


def test_a_declared_401_lists_all_that_is_wrong(play: Play) -> None:
    """The credential comes first in the header, and then the rest of the request."""
    schemes = {"key": {"type": "http", "scheme": "basic"}}
    parameter = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    operation = {"security": [{"key": []}], "parameters": [parameter], "responses": OK | {"401": OK["200"]}}
    stage = staged(play, operation, components={"securitySchemes": schemes})
    reply = stage.send("it", query="limit=x").reply

    assert reply.status == 401
    assert [each["code"] for each in orjson.loads(dict(reply.headers)["sl-violations"])] == [401, "type"]


TWO = {"one": {"value": {"m": "one"}}, "two": {"value": {"m": "two"}}}
CHOOSY = {
    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
    "responses": OK | {"422": {"description": "", "content": {"application/json": {"examples": TWO}}}},
}


@pytest.mark.parametrize(
    "header",
    [
        {"schema": {"type": "string"}, "example": 'Bearer realm="zoo"'},
        {"schema": {"type": "string", "example": 'Bearer realm="zoo"'}},
    ],
)
def test_a_challenge_that_the_document_words_is_sent_as_it_is(play: Play, header: Json) -> None:
    """The declared 401 says what is asked for; where it has no example, we do."""
    schemes = {"lock": {"type": "http", "scheme": "bearer"}}
    headers = {"WWW-Authenticate": header}
    operation = {
        "security": [{"lock": []}],
        "responses": OK | {"401": {"description": "", "headers": headers}},
    }
    outcome = staged(play, operation, components={"securitySchemes": schemes}).send("it")

    told = [text for name, text in outcome.reply.headers if name.lower() == "www-authenticate"]
    assert told == ['Bearer realm="zoo"']


def test_a_challenge_that_breaks_its_schema_gives_way_to_ours(play: Play) -> None:
    """A header that says nothing valid in the document is as if it said nothing."""
    schemes = {"lock": {"type": "http", "scheme": "bearer"}}
    headers = {"WWW-Authenticate": {"schema": {"type": "integer"}, "example": "Bearer"}}
    answers = OK | {"401": {"description": "", "headers": headers}}
    operation = {"security": [{"lock": []}], "responses": answers}
    outcome = staged(play, operation, components={"securitySchemes": schemes}).send("it")

    assert [text for name, text in outcome.reply.headers if name.lower() == "www-authenticate"] == ["Bearer"]


LOCKED_TWO = {
    "security": [{"key": []}],
    "responses": OK | {"401": {"description": "", "content": {"application/json": {"examples": TWO}}}},
}
KEY = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}


@pytest.mark.parametrize(
    ("prefer", "told"), [("code=401, example=two", "two"), ("code=422, example=two", "one")]
)
def test_the_example_of_a_refused_credential_can_be_chosen(play: Play, prefer: str, told: str) -> None:
    """It is looked up where the status that is asked for is the one that is due."""
    body = staged(play, LOCKED_TWO, components=KEY).body("it", {"prefer": prefer})

    assert body == {"m": told}


def test_an_example_that_a_declared_error_lacks_is_not_found(play: Play) -> None:
    """Asked for with its status, it must be there."""
    reply = staged(play, LOCKED_TWO, components=KEY).send("it", {"prefer": "code=401, example=six"}).reply

    assert reply.status == 404
    assert orjson.loads(reply.body)["detail"] == (
        "Response for contentType: application/json and exampleKey: six does not exist."
    )
    assert "sl-violations" not in dict(reply.headers)


SCHEMA = {"type": "object", "properties": {"m": {"type": "string"}}}


@pytest.mark.parametrize(
    ("content", "accept", "media_type"),
    [
        ({"application/json": {"schema": SCHEMA}, "text/plain": {"example": "no"}}, "", "text/plain"),
        ({"application/json": {"schema": SCHEMA}, "text/plain": {"example": "no"}}, "*/*", "text/plain"),
        (
            {"application/json": {"schema": SCHEMA}, "text/plain": {"example": "no"}},
            "application/json",
            "application/json",
        ),
        (
            {"application/xml": {"schema": SCHEMA}, "application/json": {"schema": SCHEMA}},
            "",
            "application/xml",
        ),
        (
            {"application/xml": {"schema": SCHEMA}, "text/plain": {"schema": {"example": "no"}}},
            "image/png",
            "text/plain",
        ),
    ],
)
def test_a_declared_error_is_told_by_an_example_first(
    play: Play, content: Json, accept: str, media_type: str
) -> None:
    """Of media types that the client likes equally, one with an example goes before one with a schema."""
    operation = {
        "security": [{"key": []}],
        "responses": OK | {"401": {"description": "", "content": content}},
    }
    sent = {"accept": accept} if accept else {}
    reply = staged(play, operation, components=KEY).send("it", sent).reply

    assert (reply.status, reply.media_type) == (401, media_type)


@pytest.mark.parametrize(
    ("prefer", "told"), [("", "one"), ("code=422, example=two", "two"), ("code=200, example=two", "one")]
)
def test_the_example_of_a_refusal_can_be_chosen(play: Play, prefer: str, told: str) -> None:
    """Whoever asks for a status of errors and an example of it gets that, if the request is refused."""
    body = staged(play, CHOOSY).body("it", {"prefer": prefer} if prefer else {}, query="limit=x")

    assert body == {"m": told}


def test_what_is_wrong_goes_before_what_is_not_accepted(play: Play) -> None:
    """A request that is refused anyway is not refused for what its client accepts."""
    stage = staged(play, CHOOSY)

    assert stage.send("it", {"accept": "text/html"}, query="limit=x").reply.status == 422
    assert stage.send("it", {"accept": "text/html"}).reply.status == 406


def test_a_response_without_content_has_every_example(play: Play) -> None:
    """Asked for an example of nothing, nothing is sent."""
    reply = (
        staged(play, {"responses": {"200": {"description": ""}}}).send("it", {"prefer": "example=x"}).reply
    )

    assert (reply.status, reply.body) == (200, b"")


def test_what_2_0_does_not_name_is_not_there(play: Play) -> None:
    """Without `produces` an answer has no body; without `consumes` JSON is taken, as nothing forbids it."""
    response = {"description": "", "schema": {"type": "string"}}
    body = {"in": "body", "name": "body", "required": True, "schema": {"type": "object"}}
    paths = {"/thing": {"post": {"operationId": "it", "responses": {"200": response}, "parameters": [body]}}}
    stage = play(paths, options=PRISM, openapi=None, swagger="2.0")
    named = play(
        paths, options=PRISM, openapi=None, swagger="2.0", produces=["text/plain"], consumes=["text/plain"]
    )

    assert stage.send("it").reply.status == 422
    assert stage.send("it", {"content-type": "application/json"}, body=b"{}").reply.status == 200
    paths["/thing"]["post"]["parameters"] = []
    assert play(paths, options=PRISM, openapi=None, swagger="2.0").send("it").reply.body == b""
    assert named.send("it", {"content-type": "application/json"}, body=b"{}").reply.status == 415


def test_an_example_that_2_0_names_no_media_type_for_is_told(play: Play) -> None:
    """The answer has no body, and the header says why; with `--errors` that is an error."""
    response = {"description": "", "schema": {"type": "string", "example": "ok"}}
    paths = {"/thing": {"get": {"operationId": "it", "responses": {"200": response}}}}
    reply = play(paths, options=PRISM, openapi=None, swagger="2.0").send("it").reply
    strict = play(paths, options=replace(PRISM, errors=True), openapi=None, swagger="2.0")

    assert (reply.status, reply.body, reply.media_type) == (200, b"", "")
    told = 'The received media type "" does not match the one specified in the current response: '
    assert orjson.loads(dict(reply.headers)["sl-violations"]) == [
        {"location": ["response"], "severity": "Error", "message": told}
    ]
    assert strict.send("it").reply.status == 500


@pytest.mark.parametrize(
    "response",
    [
        {"description": "", "examples": {"text/csv": "a"}},
        {"description": "", "schema": {"type": "string", "example": "a"}},
    ],
)
def test_an_example_of_no_named_type_is_for_those_who_take_anything(play: Play, response: Json) -> None:
    """Where 2.0 names no `produces` but has an example, whoever asks for a type is refused."""
    paths = {"/thing": {"get": {"operationId": "it", "responses": {"200": response}}}}
    stage = play(paths, options=PRISM, openapi=None, swagger="2.0")
    replies = [stage.send("it", {"accept": text}).reply for text in ("text/csv", "text/csv, */*", "")]

    assert [each.status for each in replies] == [406, 200, 200]
    assert replies[1].body == b""


def test_examples_of_2_0_are_called_like_their_media_type(play: Play) -> None:
    """Each can be asked for by that name; none of them is called `default`."""
    response = {"description": "", "examples": {"application/json": {"a": 1}, "text/plain": "a"}}
    paths = {"/thing": {"get": {"operationId": "it", "responses": {"200": response}}}}
    stage = play(
        paths, options=PRISM, openapi=None, swagger="2.0", produces=["application/json", "text/plain"]
    )

    assert stage.body("it", {"prefer": "example=application/json"}) == {"a": 1}
    assert stage.body("it", {"prefer": "example=default"})["detail"] == (
        "Response for contentType: application/json and exampleKey: default does not exist."
    )


def test_the_example_of_a_schema_is_called_default(play: Play) -> None:
    """It can be asked for as that of a media type."""
    content = {"application/json": {"schema": {"type": "integer", "example": 7}}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.body("it", {"prefer": "example=default"}) == 7
    assert stage.send("it", {"prefer": "example=other"}).reply.status == 404


@pytest.mark.parametrize(("prefer", "status"), [("code=404, example=default", 404), ("example=default", 200)])
@pytest.mark.parametrize("options", [Options(), PRISM])
def test_the_example_of_a_schema_counts_where_a_status_is_chosen(
    play: Play, options: Options, prefer: str, status: int
) -> None:
    """A response has the example that its schema has; no other takes its place."""
    schema = {"type": "integer", "example": 7}
    media = [{"schema": schema}, {"example": 1}]
    contents = media if status == 200 else media[::-1]
    responses = {
        code: {"description": "", "content": {"application/json": each}}
        for code, each in zip(("200", "404"), contents, strict=True)
    }
    stage = play({"/thing": {"get": {"operationId": "it", "responses": responses}}}, options=options)
    reply = stage.send("it", {"prefer": prefer}).reply

    assert (reply.status, reply.body) == (status, b"7")


def test_a_form_tells_all_that_is_wrong(play: Play) -> None:
    """Lists that were not sent are told beside what its schema has against the rest."""
    schema = {"properties": {"n": {"type": "integer"}, "list": {"type": "array"}}}
    told = told_of_form(play, PAIRS, {"list": {"style": "pipeDelimited"}}, b"n=x", schema)

    assert [(each["location"], each["code"]) for each in told] == [
        (["body", "n"], "type"),
        (["body", "list"], "type"),
    ]


RESERVED = [
    {"location": ["body", "t"], "severity": "Error", "message": "Reserved characters used in request body"}
]
TEXT = {"type": "object", "properties": {"t": {"type": "string"}}}


@pytest.mark.parametrize(
    ("kind", "encoding", "body", "told"),
    [
        (PAIRS, {"t": {"style": "form"}}, b"t=a/b", RESERVED),
        (PAIRS, {"t": {"style": "form"}}, b"t=a%2Fb", []),
        (PAIRS, {"t": {"style": "form", "allowReserved": True}}, b"t=a/b", []),
        (PAIRS, {"t": {"allowReserved": False}}, b"t=a/b", []),
        (PAIRS, {}, b"t=a/b", []),
        (PARTS, {"t": {"style": "form"}}, part("t", "a/b"), RESERVED),
        (PARTS, {"t": {"style": "form", "allowReserved": True}}, part("t", "a/b"), []),
    ],
)
def test_reserved_characters_are_told_where_a_field_has_an_encoding(
    play: Play, kind: str, encoding: Json, body: bytes, told: Json
) -> None:
    """They have to be escaped unless the encoding allows them."""
    assert told_of_form(play, kind, encoding, body, TEXT) == told


def test_a_delimited_list_that_was_not_sent_is_no_list(play: Play) -> None:
    """Prism reads an empty text in its place."""
    encoding = {"list": {"style": "pipeDelimited"}}
    told = told_of_form(play, PAIRS, encoding, b"other=1")

    assert [(each["location"], each["message"]) for each in told] == [
        (["body", "list"], "Request body property list must be array")
    ]
    assert not told_of_form(play, PAIRS, encoding, b"list=a%7Cb")


@pytest.mark.parametrize(("sent", "codes"), [("%", ["pattern", "format"]), ("a=b", ["format"])])
def test_base64_has_a_pattern_beside_its_format(play: Play, sent: str, codes: list[str]) -> None:
    """Both are told where both are broken."""
    told = posting(play, {"type": "string", "format": "byte"}, sent)

    assert [each["code"] for each in told] == codes


def test_a_static_value_that_is_too_large_is_refused(play: Play) -> None:
    """Prism gives up at 2,500 parts; `Prefer: dynamic=true` still generates."""
    schema = {"type": "array", "minItems": 3000, "items": {"type": "string"}}
    content = {"application/json": {"schema": schema}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})
    reply = stage.send("it").reply

    assert reply.status == 500
    assert orjson.loads(reply.body) == {
        "type": "https://stoplight.io/prism/errors#SCHEMA_TOO_COMPLEX",
        "title": "Schema too complex",
        "status": 500,
        "detail": "Unable to generate body for response. The schema is too complex to generate.",
    }
    assert stage.send("it", {"prefer": "dynamic=true"}).reply.status == 200


def test_a_static_value_that_need_not_be_large_is_made_smaller(play: Play) -> None:
    """Six levels of five members are too much for Prism; a valid value has none, and 500 is not declared."""
    level: Json = {"type": "string"}
    for _ in range(6):
        level = {"type": "object", "properties": dict.fromkeys("abcde", level)}
    content = {"application/json": {"schema": level}}
    reply = staged(play, {"responses": {"200": {"description": "", "content": content}}}).send("it").reply

    assert reply.status == 200
    assert orjson.loads(reply.body).keys() <= {*"abcde"}


def test_a_schema_that_nothing_satisfies_is_answered_with_what_comes_nearest(play: Play) -> None:
    """As Prism does: only what is too large is given up."""
    whole = {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number"}}}
    closed = {"additionalProperties": False, "allOf": [whole]}
    content = {"application/json": {"schema": closed}}
    reply = staged(play, {"responses": {"200": {"description": "", "content": content}}}).send("it").reply

    assert (reply.status, reply.body) == (200, b'{"amount":0}')
    assert "sl-violations" in dict(reply.headers)


@pytest.mark.parametrize("media", [{"example": {"a": 1}}, {"schema": {"type": "object"}}])
def test_what_is_no_text_is_not_sent_as_text(play: Play, media: Json) -> None:
    """Prism has no way to write it, and says so; who takes anything gets it as JSON."""
    stage = staged(play, {"responses": {"200": {"description": "", "content": {"text/plain": media}}}})
    refused = stage.send("it", {"accept": "text/plain"}).reply
    taken = [stage.send("it", accepts).reply for accepts in ({}, {"accept": "text/plain, */*;q=0.1"})]

    assert refused.status == 500
    assert orjson.loads(refused.body)["title"] == "Cannot serialise complex objects as text"
    assert {(reply.status, type(orjson.loads(reply.body))) for reply in taken} == {(200, dict)}


@pytest.mark.parametrize(
    ("name", "body"),
    [("text/csv", b"a\r\n1\r\n"), ("text/yaml", b"- a: 1\n"), ("text/json", b'[{"a":1}]')],
)
def test_text_that_can_hold_a_list_holds_it(play: Play, name: str, body: bytes) -> None:
    """What has a syntax of its own is written in it, also where the client takes nothing else."""
    content = {name: {"example": [{"a": 1}]}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.send("it", {"accept": name}).reply.body == body


def test_a_number_is_sent_as_text(play: Play) -> None:
    """What is one word can be written, also where nothing but text will do."""
    content = {"text/plain": {"schema": {"type": "number", "example": 12.5}}}
    stage = staged(play, {"responses": {"200": {"description": "", "content": content}}})

    assert stage.send("it", {"accept": "text/plain"}).reply.body == b"12.5"


def test_a_number_that_is_no_status_is_one_that_is_not_declared(play: Play) -> None:
    """Prism looks any number up in the document; what is no number cannot be read."""
    stage = staged(play, {})
    number, word = (stage.send("it", {"prefer": f"code={code}"}).reply for code in ("600", "x"))

    assert (number.status, word.status) == (404, 422)
    assert orjson.loads(number.body)["detail"] == "Requested status code 600 is not defined in the document."
    assert orjson.loads(word.body)["detail"].endswith('cannot decode "x", should be a number')


def test_an_operation_without_responses_is_told_as_prism_tells_it(play: Play) -> None:
    """Nothing can be answered where nothing is declared; what is asked for by its status is not found."""
    stage = staged(play, {"responses": {}})

    for headers, status, name in (
        ({}, 500, "NO_RESPONSE_RESPONSE_DEFINED"),
        ({"prefer": "code=200"}, 404, "NOT_FOUND"),
    ):
        reply = stage.send("it", headers).reply
        told = orjson.loads(reply.body)
        assert (reply.status, told["type"].partition("#")[2]) == (status, name)
        assert told["detail"] == (
            "" if status == 500 else "Requested status code 200 is not defined in the document."
        )


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("", ""),
        ("https://a.test/v1", ""),
        ("https://x.b.test", ""),
        ("https://any.c.test", ""),
        ("https://z.b.test", "NO_SERVER_MATCHED_ERROR"),
        ("https%3A%2F%2Fa.test", "NO_SERVER_MATCHED_ERROR"),
    ],
)
def test_the_server_that_is_named_must_be_declared(play: Play, asked: str, name: str) -> None:
    """`__server` says which of the servers is called; variables may be any of their values."""
    listed = {"e": {"default": "x", "enum": ["x", "y"]}}
    servers = [
        {"url": "https://a.test/v1"},
        {"url": "https://{e}.b.test", "variables": listed},
        {"url": "https://{e}.c.test", "variables": {"e": {"default": "x"}}},
    ]
    stage = staged(play, {"servers": servers})
    reply = stage.send("it", query=f"__server={asked}").reply

    assert reply.status == (404 if name else 200)
    assert not name or orjson.loads(reply.body)["type"].endswith(f"#{name}")


def test_no_server_can_be_named_where_none_is_declared(play: Play) -> None:
    """Prism has a type of problem of its own for it."""
    told = staged(play, {}).body("it", query="__server=https://a.test")

    assert told["type"].endswith("#NO_SERVER_CONFIGURATION_PROVIDED_ERROR")
    assert (
        told["detail"]
        == "No server configuration has been provided, although https://a.test is set as server url"
    )
