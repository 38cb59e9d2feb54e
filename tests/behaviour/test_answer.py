from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import Options, Outcome, Preferences, answer
from locum.contract.model import Schema

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]
PET: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "tag": {"type": "string", "maxLength": 5},
        "secret": {"type": "string", "writeOnly": True},
        "made": {"type": "string", "readOnly": True},
    },
}
ID = {"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}


def returning(schema: Json, status: str = "200", **content: Json) -> dict[str, Any]:
    """Return the responses of an operation that answers JSON of *schema*."""
    return {status: {"description": "", "content": {"application/json": {"schema": schema} | content}}}


def zoo(play: Play, **changed: Json) -> Json:
    """Play a small API about pets."""
    options = {key: changed.pop(key) for key in ("options", "handlers", "seed") if key in changed}
    return play(
        {
            "/pets": {
                "get": {"operationId": "list", "responses": returning({"type": "array", "items": PET})},
                "post": {
                    "operationId": "add",
                    "requestBody": {
                        "content": {"application/json": {"schema": PET | {"required": ["name"]}}}
                    },
                    "responses": returning(PET, "201"),
                },
            },
            "/pets/{petId}": {
                "parameters": [ID],
                "get": {"operationId": "get", "responses": returning(PET)},
                "put": {"operationId": "put", "responses": returning(PET)},
            },
        }
        | changed,
        **options,
    )


def test_a_body_is_generated_by_its_schema(play: Play) -> None:
    """Without an example the body is generated, valid, and the outcome says so."""
    stage = zoo(play)
    outcome = stage.send("list")

    assert schema_of(stage, "list").is_valid(orjson.loads(outcome.reply.body))
    assert (outcome.reply.status, outcome.reply.media_type) == (200, "application/json")
    assert outcome.because == ("status 200", "generated")


def schema_of(stage: Json, operation_id: str) -> Schema:
    """Return the schema of the first response of an operation."""
    schema: Schema = stage.plan(operation_id).operation.responses[0].content[0].schema
    return schema


def test_the_same_request_and_seed_give_the_same_bytes(play: Play) -> None:
    """Equal requests are answered equally by stand-ins that know nothing of each other."""
    assert zoo(play).send("list").reply == zoo(play).send("list").reply
    assert zoo(play).send("list").reply != zoo(play, seed=2).send("list").reply
    assert zoo(play).send("list").reply != zoo(play).send("list", {"prefer": "seed=x"}).reply


def test_the_order_of_the_query_and_its_preferences_do_not_matter(play: Play) -> None:
    """A query is one subject however it is ordered; another query is another subject."""
    stage = zoo(play)

    assert (
        stage.send("list", query="a=1&b=2").reply == stage.send("list", query="b=2&__dynamic=true&a=1").reply
    )
    assert stage.send("list", query="a=1").reply != stage.send("list", query="a=2").reply


def test_head_is_answered_as_get_would_be(play: Play) -> None:
    """A HEAD request routed to GET has the very reply of GET; the shell leaves the body out."""
    stage = zoo(play)
    head = replace(stage.raw("list"), method="HEAD")

    assert stage.stand_in.respond(stage.route("list"), head).reply == stage.send("list").reply


def test_one_thing_is_the_same_in_every_operation(play: Play) -> None:
    """Reading and writing the thing behind one path agree, with any query."""
    stage = zoo(play)
    sent = {"path_values": {"petId": "7"}}

    assert stage.body("get", **sent) == stage.body("put", **sent) == stage.body("get", query="x=1", **sent)
    assert stage.body("get", **sent) != stage.body("get", path_values={"petId": "8"})


def test_the_path_is_reflected(play: Play) -> None:
    """`GET /pets/7` answers with `id` 7, since `petId` names the thing."""
    assert zoo(play).body("get", path_values={"petId": "7"})["id"] == 7


def test_the_body_is_reflected_where_it_stays_valid(play: Play) -> None:
    """Members that were sent come back, except those that travel one way and those that would be invalid."""
    sent = {"name": "Rex", "tag": "abc", "secret": "s", "other": 1}
    found = zoo(play).body("add", {"content-type": "application/json"}, body=orjson.dumps(sent))

    assert (found["name"], found["tag"]) == ("Rex", "abc")
    assert found.get("secret") != "s"
    assert "other" not in found


def test_a_member_that_would_be_invalid_is_not_reflected(play: Play) -> None:
    """What the answer's schema refuses is not repeated; the rest is."""
    strict = PET | {"properties": PET["properties"] | {"name": {"const": "Max"}}}
    stage = play(
        {
            "/pets": {
                "post": {
                    "operationId": "add",
                    "requestBody": {"content": {"application/json": {"schema": {}}}},
                    "responses": returning(strict),
                }
            }
        }
    )
    found = stage.body("add", {"content-type": "application/json"}, body=b'{"name": "Rex", "tag": "abc"}')

    assert (found["name"], found["tag"]) == ("Max", "abc")


EXAMPLES: dict[str, Any] = {
    "examples": {
        "wrong": {"value": {"id": "x"}},
        "text": {"value": '{"id": 2, "name": "two"}'},
        "right": {"value": {"id": 3, "name": "three"}},
    }
}


def shown(play: Play, options: Options | None = None, **content: Json) -> Json:
    """Play an operation whose answer has examples."""
    paths = {"/": {"get": {"operationId": "op", "responses": returning(PET, **(content or EXAMPLES))}}}
    return play(paths, options=options)


def test_the_first_valid_example_is_sent(play: Play) -> None:
    """An invalid example is passed over, and JSON that was written as text is read."""
    outcome = shown(play).send("op")

    assert orjson.loads(outcome.reply.body) == {"id": 2, "name": "two"}
    assert outcome.because == ("status 200", "an example of the document")


def test_an_example_of_the_schema_is_sent_too(play: Play) -> None:
    """Where the media type has no example, a valid one of the schema itself is sent."""
    example = {"id": 5, "name": "five"}
    responses = returning(PET | {"example": example})

    assert play({"/": {"get": {"operationId": "op", "responses": responses}}}).body("op") == example


@pytest.mark.parametrize(
    ("options", "headers"),
    [
        (Options(dynamic=True), {}),
        (Options(ignore_examples=True), {}),
        (Options(), {"prefer": "dynamic=true"}),
    ],
)
def test_examples_are_passed_over_on_request(play: Play, options: Options, headers: dict[str, str]) -> None:
    """Dynamic by setting or preference, and ignored examples, give a generated body."""
    assert shown(play, options).send("op", headers).because[-1] == "generated"


def test_a_preference_wins_over_the_setting(play: Play) -> None:
    """`dynamic=false` brings back the example though the setting is dynamic."""
    outcome = shown(play, Options(dynamic=True)).send("op", {"prefer": "dynamic=false"})

    assert outcome.because[-1] == "an example of the document"


def test_an_example_is_sent_on_request(play: Play) -> None:
    """`example=` picks one by name, before anything else."""
    outcome = shown(play, Options(dynamic=True)).send("op", {"prefer": "example=right"})

    assert orjson.loads(outcome.reply.body) == {"id": 3, "name": "three"}
    assert outcome.because == ("status 200", "the example 'right' was asked for")


def test_an_invalid_example_that_was_asked_for_is_sent_and_told(play: Play) -> None:
    """The document's word is sent as it is, with `sl-violations`; with `errors` it is a 500."""
    outcome = shown(play).send("op", {"prefer": "example=wrong"})
    strict = shown(play, Options(errors=True)).send("op", {"prefer": "example=wrong"})

    assert orjson.loads(outcome.reply.body) == {"id": "x"}
    assert [each["location"] for each in orjson.loads(dict(outcome.reply.headers)["sl-violations"])] == [
        ["response", "body", "name"],
        ["response", "body", "id"],
    ]
    assert strict.reply.status == 500
    assert orjson.loads(strict.reply.body)["type"] == "https://stoplight.io/prism/errors#VIOLATIONS"


def test_the_static_value_is_sent_where_it_is_valid(play: Play) -> None:
    """In static mode the value is Prism's, unless the schema refuses it; then it is generated."""
    fitting = returning({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}})
    pattern = returning({"type": "string", "pattern": "^[0-9]{3}$"})
    stage = play(
        {
            "/fits": {"get": {"operationId": "fits", "responses": fitting}},
            "/not": {"get": {"operationId": "not", "responses": pattern}},
        },
        options=Options(prefer_static=True),
    )

    assert stage.send("fits").reply.body == b'{"a":"string"}'
    assert stage.send("fits").because[-1] == "the static value of the schema"
    assert stage.send("fits", {"prefer": "dynamic=true"}).because[-1] == "generated"
    assert stage.send("not").because[-1] == "generated"


def test_a_status_is_sent_on_request(play: Play) -> None:
    """`code=` answers with the declared response, its schema and all."""
    responses = returning(PET) | returning({"const": "gone"}, "410")
    outcome = play({"/": {"get": {"operationId": "op", "responses": responses}}}).send(
        "op", query="__code=410"
    )

    assert (outcome.reply.status, outcome.reply.body) == (410, b'"gone"')
    assert outcome.because == ("status 410 asked for", "generated")


@pytest.mark.parametrize("status", ["204", "205", "304"])
def test_a_bodiless_status_has_no_body(play: Play, status: str) -> None:
    """204, 205 and 304 have no content, whatever is declared."""
    outcome = play({"/": {"get": {"operationId": "op", "responses": returning(PET, status)}}}).send("op")

    assert (outcome.reply.status, outcome.reply.body, outcome.reply.media_type) == (int(status), b"", "")


def test_a_deprecated_operation_says_so(play: Play) -> None:
    """`Deprecation: true` is sent with every answer of a deprecated operation."""
    operation = {"operationId": "op", "deprecated": True, "responses": returning(PET)}

    assert ("deprecation", "true") in play({"/": {"get": operation}}).send("op").reply.headers


def test_declared_headers_are_sent_with_valid_values(play: Play) -> None:
    """Examples first, then what is usual for the header, then a generated value; never those of the shell."""
    headers = {
        "X-Rate": {"schema": {"type": "integer", "minimum": 10, "maximum": 10}},
        "X-Example": {"schema": {"type": "string"}, "example": "as written"},
        "X-List": {"schema": {"type": "array", "items": {"const": "a"}, "minItems": 2, "maxItems": 2}},
        "ETag": {"schema": {"type": "string"}},
        "Content-Length": {"required": True, "schema": {"type": "integer"}},
        "Set-Cookie": {"schema": {"type": "string"}},
        "Link": {"schema": {"type": "integer"}, "example": "</>; rel=up"},
        "X-Never": {"schema": False},
    }
    responses = {"200": {"description": "", "headers": headers}}
    outcome = play({"/": {"get": {"operationId": "op", "responses": responses}}}).send("op")

    assert dict(outcome.reply.headers) == {
        "X-Rate": "10",
        "X-Example": "as written",
        "X-List": "a,a",
        "ETag": '"5d8c72a5edda8d6a"',
    }


def test_an_xml_answer_has_the_names_of_the_schema(play: Play) -> None:
    """XML is written by the schema, and an example written as XML is sent as it is when it fits."""
    content = {
        "application/xml": {
            "schema": {"$ref": "#/components/schemas/Pet"},
            "examples": {
                "bad": {"value": "<Pet><id>x</id></Pet>"},
                "good": {"value": "<Pet><id>1</id><name>a</name></Pet>"},
            },
        }
    }
    paths = {
        "/": {"get": {"operationId": "op", "responses": {"200": {"description": "", "content": content}}}}
    }
    stage = play(paths, components={"schemas": {"Pet": PET}})

    assert stage.send("op").reply.body == b"<Pet><id>1</id><name>a</name></Pet>"
    assert b"<Pet><id>" in stage.send("op", {"prefer": "dynamic=true"}).reply.body


def test_answer_needs_no_plan(play: Play) -> None:
    """The pure function answers from its arguments alone."""
    stage = zoo(play)
    request = stage.stand_in.understand(stage.route("list"), stage.raw("list"))

    found = answer(
        request,
        contract=stage.contract,
        fixtures=stage.stand_in.fixtures,
        generator=stage.stand_in.generator,
        seed=1,
    )

    assert isinstance(found, Outcome)
    assert found == stage.send("list")
    assert request.preferences == Preferences()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (Options(), b'{"id":7}'),
        (Options(prefer_static=True), b'{"id":7}'),
        (Options(prefer_static=True, ignore_examples=True), b'{"id":0}'),
    ],
)
def test_fixed_bodies_are_the_same_bytes_each_time(play: Play, options: Options, expected: bytes) -> None:
    """An example or a static value is sent unchanged, whatever was asked for in between."""
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    responses = returning(schema, example={"id": 7})
    stage = play({"/pet": {"get": {"operationId": "pet", "responses": responses}}}, options=options)

    sent = [stage.send("pet", headers).reply.body for headers in ({}, {"prefer": "dynamic=true"}, {})]

    assert [sent[0], sent[2]] == [expected, expected]


def test_credentials_are_judged_anew_for_each_text(play: Play) -> None:
    """One caller's token says nothing of the next caller's, however often each is sent."""
    stage = play(
        {"/me": {"get": {"operationId": "me", "responses": {"204": {"description": ""}}}}},
        components={"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        security=[{"token": []}],
    )
    sent = ("Bearer a", "Basic b", "Bearer a", "Bearer two words", "bearer c")

    found = [stage.send("me", {"authorization": text}).reply.status for text in sent]

    assert found == [204, 401, 204, 401, 204]


@pytest.mark.parametrize(
    ("prefer", "members"),
    [("variant=minimal", {"a"}), ("variant=full", {"a", "b"}), ("dynamic=false", {"a"})],
)
def test_a_request_may_ask_for_a_variant(prefer: str, members: set[str], play: Play) -> None:
    """Required members alone, or all of them; the document's example has to wait for another request."""
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}, "b": {"const": 2}}}
    content = {"application/json": {"schema": schema, "example": {"a": 1}}}
    stage = play({"/x": {"get": {"operationId": "x", "responses": {"200": {"content": content}}}}})

    assert stage.body("x", {"prefer": prefer}).keys() == members


def test_a_variant_that_does_not_exist_is_refused(play: Play) -> None:
    """The refusal names those there are."""
    stage = play({"/x": {"get": {"operationId": "x", "responses": {"204": {}}}}})

    outcome = stage.send("x", {"prefer": "variant=tiny"})

    assert outcome.reply.status == 422
    assert "`minimal`, `full` or `random`" in outcome.refusal.detail


def test_an_error_that_was_asked_for_says_what_its_status_means(play: Play) -> None:
    """Code, message and status are no random words, unless every value is to be made up."""
    error = {
        "type": "object",
        "required": ["code", "message", "status"],
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "status": {"type": "integer"},
        },
    }
    stage = play({"/x": {"get": {"operationId": "x", "responses": returning({}) | returning(error, "4XX")}}})
    asked = [stage.send("x", headers={"prefer": f"code={code}"}) for code in (409, 429)]
    made_up = stage.send("x", headers={"prefer": "code=409, dynamic=true"})

    assert [orjson.loads(each.reply.body) for each in asked] == [
        {"code": "conflict", "message": "Conflict", "status": 409},
        {"code": "too_many_requests", "message": "Too Many Requests", "status": 429},
    ]
    assert orjson.loads(made_up.reply.body)["message"] != "Conflict"


@pytest.mark.parametrize(
    ("place", "schema", "located"),
    [
        ("/jobs/{jobId}", {"type": "string"}, "http://api.test/jobs/a%2Fb"),
        ("/jobs/{id}", {"type": "string", "pattern": "^/"}, "/jobs/a%2Fb"),
        ("/jobs/{id}", {"const": "elsewhere"}, "elsewhere"),
        ("/others/{id}", {"const": "elsewhere"}, "elsewhere"),
    ],
)
def test_a_location_leads_to_what_was_created(
    play: Play, place: str, schema: dict[str, Any], located: str
) -> None:
    """Where a path of the document calls it by a key that the answer shows, and the schema lets it."""
    made = {"type": "object", "required": ["id"], "properties": {"id": {"const": "a/b"}}}
    created = {
        "description": "",
        "headers": {"Location": {"required": True, "schema": schema}},
        "content": {"application/json": {"schema": made}},
    }
    variable = {"name": place[place.index("{") + 1 : -1], "in": "path", "required": True, "schema": {}}
    stage = play(
        {
            "/jobs": {"post": {"operationId": "start", "responses": {"201": created}}},
            place: {"get": {"parameters": [variable], "responses": {"200": {"description": ""}}}},
        }
    )

    headers = dict(stage.send("start", base_url="http://api.test").reply.headers)
    assert headers["Location"] == located
