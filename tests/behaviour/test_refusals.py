from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import (
    Cause,
    Fixtures,
    Options,
    Outcome,
    RawRequest,
    Refusal,
    RefusalMembers,
    RefusalRule,
    refuse,
)
from locum.behaviour.prism_manners import PRISM_MANNERS

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]
LIMIT = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}


def stage(play: Play, *, responses: dict[str, Any] | None = None, **members: Json) -> Json:
    """Play one operation that needs a number, with these declared responses."""
    declared = {"200": {"description": "ok"}} | {
        status: {"description": "", "content": {"application/json": {"schema": ERROR}}} | response
        for status, response in (responses or {}).items()
    }
    fixtures = members.pop("fixtures", Fixtures())
    operation = {"operationId": "op", "parameters": [LIMIT], "responses": declared} | members
    return play(
        {"/": {"get": operation}},
        fixtures=fixtures,
        components={"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}},
    )


def body(outcome: Outcome) -> Json:
    """Return the JSON body of a reply."""
    return orjson.loads(outcome.reply.body)


def test_without_a_declared_error_a_problem_document_tells_everything(play: Play) -> None:
    """RFC 9457 with Prism's names, each violation with location, severity, code and message."""
    outcome = stage(play).send("op", query="limit=x")

    assert (outcome.reply.status, outcome.reply.media_type) == (422, "application/problem+json")
    assert body(outcome) == {
        "type": "https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY",
        "title": "Invalid request",
        "status": 422,
        "detail": "query parameter 'limit' must be integer",
        "validation": [
            {
                "location": ["query", "limit"],
                "severity": "Error",
                "code": "type",
                "message": "query parameter 'limit' must be integer",
            }
        ],
    }


def test_the_declared_error_shape_is_filled_with_the_truth(play: Play) -> None:
    """Message, code, status and list of errors of the contract's own schema tell what is wrong."""
    outcome = stage(play, responses={"400": {}}).send("op")

    assert outcome.reply.status == 400
    assert body(outcome) == {
        "code": "missing_parameter",
        "message": "query parameter 'limit' is required",
        "status": 400,
        "errors": [{"field": "limit", "reason": "is required"}],
    }
    assert outcome.because == ("refused: missing-parameter", "told by the declared response 400")


def test_the_violations_are_a_header_too(play: Play) -> None:
    """`sl-violations` lists them as JSON, the location starting with `request`."""
    headers = dict(stage(play, responses={"400": {}}).send("op").reply.headers)

    assert orjson.loads(headers["sl-violations"]) == [
        {
            "location": ["request", "query", "limit"],
            "severity": "Error",
            "code": "required",
            "message": "query parameter 'limit' is required",
        }
    ]


@pytest.mark.parametrize(
    ("declared", "status"),
    [
        (["422", "400", "4XX", "default"], 422),
        (["400", "default"], 400),
        (["4XX", "default"], 422),
        (["default"], 422),
        (["404"], 422),
    ],
)
def test_the_declared_status_is_looked_for_in_order(play: Play, declared: list[str], status: int) -> None:
    """422, then 400, then the range, then default, else a problem of its own."""
    outcome = stage(play, responses={each: {} for each in declared}).send("op")

    assert outcome.reply.status == status


@pytest.mark.parametrize(("declared", "status"), [(["401", "403"], 401), (["403"], 403), (["400"], 401)])
def test_a_missing_credential_looks_for_401_then_403(play: Play, declared: list[str], status: int) -> None:
    """A contract that knows only 403 refuses with it; the challenge goes with 401 alone."""
    outcome = stage(play, responses={each: {} for each in declared}, security=[{"b": []}]).send("op")

    assert outcome.reply.status == status
    assert ("www-authenticate" in dict(outcome.reply.headers)) == (status == 401)


def test_an_example_of_the_error_is_used_with_a_true_message(play: Play) -> None:
    """A declared example gives what the schema cannot, and the truth is put over it."""
    content = {
        "application/json": {
            "schema": ERROR | {"properties": ERROR["properties"] | {"help": {"type": "string"}}},
            "example": {"code": "E17", "message": "oops", "help": "see the manual"},
        }
    }
    told = body(stage(play, responses={"400": {"content": content}}).send("op"))

    assert told["help"] == "see the manual"
    assert told["message"] == "query parameter 'limit' is required"


def test_declared_headers_of_the_error_are_sent(play: Play) -> None:
    """A header that the error response declares is there, with a valid value."""
    headers = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    outcome = stage(play, responses={"400": {"headers": headers}}).send("op")

    assert dict(outcome.reply.headers)["Retry-After"] == "1"


def test_a_declared_error_that_cannot_be_made_becomes_a_problem(play: Play) -> None:
    """An error schema no value satisfies does not hide the refusal."""
    impossible = {"application/json": {"schema": {"type": "string", "minLength": 2, "maxLength": 1}}}
    outcome = stage(play, responses={"400": {"content": impossible}}).send("op")

    assert (outcome.reply.status, outcome.reply.media_type) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/problem+json"),
        ("text/html, */*;q=0.1", "application/problem+json"),
        ("application/xml", "application/problem+xml"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("image/png", "application/problem+json"),
    ],
)
def test_an_error_is_never_406(play: Play, accept: str, media_type: str) -> None:
    """A problem is JSON unless only another type is acceptable; nothing acceptable still gets JSON."""
    outcome = stage(play).send("op", {"accept": accept})

    assert (outcome.reply.status, outcome.reply.media_type) == (422, media_type)


@pytest.mark.parametrize(
    ("produces", "media_type"),
    [
        (["text/csv", "application/json"], "application/json"),
        (["application/json", "application/problem+json"], "application/problem+json"),
        (["text/csv"], "application/problem+json"),
    ],
)
def test_what_2_0_produces_is_what_a_problem_is_told_as(
    play: Play, produces: list[str], media_type: str
) -> None:
    """In 2.0 `produces` speaks of every answer, of undeclared errors too; Prism takes no notice of it."""
    limit = {"name": "limit", "in": "query", "required": True, "type": "integer"}
    operation = {"operationId": "op", "produces": produces, "parameters": [limit]}
    paths = {"/": {"get": operation | {"responses": {"200": {"description": "ok"}}}}}

    told = play(paths, openapi="2.0").send("op").reply
    as_prism = play(paths, openapi="2.0", options=Options(manners=PRISM_MANNERS)).send("op").reply

    assert (told.status, told.media_type) == (422, media_type)
    assert as_prism.media_type == "application/problem+json"


def test_a_deprecated_operation_says_so_when_it_refuses(play: Play) -> None:
    """`Deprecation` is on refusals as on answers."""
    assert ("deprecation", "true") in stage(play, deprecated=True).send("op").reply.headers


RULES = Fixtures(
    realm="zoo",
    refusals=(
        RefusalRule(
            causes=frozenset({Cause.MISSING_PARAMETER}),
            parameter="limit",
            status=418,
            headers={"X-Why": "{cause}"},
            body={
                "error": "{{{name}}} {message}",
                "status": "{status}",
                "all": {"$each": {"is": "{name}: {expected}, not {received}"}},
                "unknown": "{word}",
            },
        ),
        RefusalRule(
            causes=frozenset({Cause.MISSING_CREDENTIAL}),
            status=401,
            headers={"WWW-Authenticate": 'Odd realm="{realm}"'},
            body={"message": "{detail}"},
        ),
        RefusalRule(causes=frozenset({Cause.UNKNOWN_PATH}), body={"message": "Not found"}),
        RefusalRule(causes=frozenset({Cause.INVALID_PARAMETER}), status=400),
    ),
)


def test_a_rule_of_the_fixtures_words_the_refusal(play: Play) -> None:
    """Status, headers and body of the first rule that fits are sent, its words filled in."""
    outcome = stage(play, fixtures=RULES).send("op")

    assert (outcome.reply.status, outcome.reply.media_type) == (418, "application/json")
    assert ("x-why", "missing-parameter") in outcome.reply.headers
    assert body(outcome) == {
        "error": "{limit} is required",
        "status": 418,
        "all": [{"is": "limit: the query parameter 'limit', not nothing"}],
        "unknown": "{word}",
    }


def test_a_rule_may_word_the_challenge(play: Play) -> None:
    """A challenge in the fixtures takes the place of the usual one."""
    outcome = stage(play, fixtures=RULES, security=[{"b": []}]).send("op")

    assert [text for name, text in outcome.reply.headers if name == "www-authenticate"] == ['Odd realm="zoo"']


def test_a_rule_without_a_body_only_chooses_the_status(play: Play) -> None:
    """The declared shape is kept where the rule says no body."""
    outcome = stage(play, fixtures=RULES, responses={"400": {}, "422": {}}).send("op", query="limit=x")

    assert outcome.reply.status == 400
    assert body(outcome)["code"] == "invalid_parameter"


def test_a_refusal_before_any_operation_is_told_too() -> None:
    """An unknown path is worded by the rule, and without one by a problem; `Allow` is kept."""
    unknown = Refusal(cause=Cause.UNKNOWN_PATH, status=404, detail="no path matches '/x'")
    method = Refusal(
        cause=Cause.UNKNOWN_METHOD, status=405, detail="GET is not allowed", headers=(("allow", "POST"),)
    )

    assert body(refuse(unknown, fixtures=RULES)) == {"message": "Not found"}
    assert body(refuse(unknown, fixtures=Fixtures())) == {
        "type": "https://stoplight.io/prism/errors#NO_PATH_MATCHED_ERROR",
        "title": "Route not resolved, no path matched",
        "status": 404,
        "detail": "no path matches '/x'",
    }
    assert refuse(method, fixtures=Fixtures()).reply.headers == (("allow", "POST"),)


def test_an_operation_that_cannot_be_used_is_501(play: Play) -> None:
    """A reference to nowhere takes down its own operation alone, and says why."""
    fine = {"operationId": "good", "responses": {"204": {"description": ""}}}
    played = play({"/bad": {"post": {"$ref": "#/nowhere"}}, "/good": {"get": fine}})
    outcome = played.send("POST /bad")

    assert outcome.reply.status == 501
    assert "#/nowhere" in body(outcome)["detail"]
    assert played.send("good").reply.status == 204


LOOP = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}


@pytest.mark.parametrize("reference", ["#/nowhere", "gone.yaml", "#/components/schemas/A"])
def test_a_schema_that_cannot_be_used_is_done_without(reference: str, play: Play) -> None:
    """Any value is taken where nothing is known of it, in parameters, bodies and headers, and any is sent."""
    schema = {"$ref": reference}
    operation = {
        "operationId": "op",
        "parameters": [{"name": "q", "in": "query", "schema": schema}],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {
            "200": {
                "headers": {"X-A": {"schema": schema}},
                "content": {"application/json": {"schema": schema}},
            },
        },
    }
    stage = play({"/": {"post": operation}}, components={"schemas": LOOP})

    outcome = stage.send("op", {"content-type": "application/json"}, query="q=1", body=b"[7]")

    assert (outcome.reply.status, outcome.violations) == (200, ())
    orjson.loads(outcome.reply.body)


IMPOSSIBLE = {
    "type": "object",
    "required": ["a"],
    "properties": {"a": {"type": "string", "minLength": 2, "maxLength": 1}},
}


def test_a_schema_no_value_satisfies_is_501(play: Play) -> None:
    """An invalid body is never sent: the problem says which keyword cannot be met."""
    content = {"application/json": {"schema": IMPOSSIBLE, "example": {"a": ""}}}
    outcome = play({"/": {"get": {"operationId": "op", "responses": {"200": {"content": content}}}}}).send(
        "op"
    )

    assert outcome.reply.status == 501
    assert "no value can satisfy" in body(outcome)["detail"]


@pytest.mark.parametrize(("example", "body"), [({}, {"a": "s"}), ({"example": {"a": ""}}, {"a": ""})])
def test_prism_settles_for_the_next_best(example: dict[str, Any], body: object, play: Play) -> None:
    """By its manners: the document's example, or a value of the right form, and what is wrong with it."""
    content = {"application/json": {"schema": IMPOSSIBLE} | example}
    stage = play(
        {"/": {"get": {"operationId": "op", "responses": {"200": {"content": content}}}}},
        options=Options(manners=PRISM_MANNERS),
    )

    outcome = stage.send("op")

    assert orjson.loads(outcome.reply.body) == body
    assert [each.keyword for each in outcome.violations] == ["minLength"]
    assert "sl-violations" in dict(outcome.reply.headers)
    assert outcome.because[-1].startswith("the next best, since no value can satisfy")


def test_with_errors_the_next_best_is_a_500(play: Play) -> None:
    """Who asks for errors gets one instead of an invalid answer."""
    content = {"application/json": {"schema": IMPOSSIBLE}}
    stage = play(
        {"/": {"get": {"operationId": "op", "responses": {"200": {"content": content}}}}},
        options=Options(errors=True, manners=PRISM_MANNERS),
    )

    assert stage.send("op").reply.status == 500


def test_many_violations_fit_into_a_header(play: Play) -> None:
    """`sl-violations` is cut at a whole violation, so that it stays JSON."""
    parameters = [{"name": f"p{n}", "in": "query", "required": True, "schema": {}} for n in range(200)]
    operation = {"operationId": "op", "parameters": parameters, "responses": {"200": {"description": ""}}}
    outcome = play({"/": {"get": operation}}).send("op")
    header = dict(outcome.reply.headers)["sl-violations"]

    assert len(header) <= 4096
    assert 10 < len(orjson.loads(header)) < 200
    assert len(body(outcome)["validation"]) == 200


def test_a_refusal_of_the_shell_wears_the_operations_shape(play: Play) -> None:
    """What the shell refuses, such as a body that is too large, is told by the operation's own error."""
    played = stage(play, responses={"413": {}})
    refusal = Refusal(cause=Cause.BODY_TOO_LARGE, status=413, detail="the body is larger than 10 bytes")
    outcome = played.stand_in.refuse(refusal, RawRequest(method="GET", path="/"), played.plan("op"))

    assert body(outcome) == {
        "code": "body_too_large",
        "message": "the body is larger than 10 bytes",
        "status": 413,
    }


def test_a_rule_may_depend_on_a_setting() -> None:
    """The wording of a refusal can be switched, for all or for one session."""
    strict = RefusalRule(when={"strict": True}, status=401, body={"message": "strict"})
    usual = RefusalRule(status=403, body={"message": "usual"})
    refusal = Refusal(cause=Cause.MISSING_CREDENTIAL, status=401, detail="none")

    told = [
        refuse(refusal, fixtures=Fixtures(refusals=(strict, usual), settings={"strict": switch})).reply
        for switch in (True, False)
    ]

    assert [(each.status, each.body) for each in told] == [
        (401, b'{"message":"strict"}'),
        (403, b'{"message":"usual"}'),
    ]


def test_members_of_every_refusal_may_depend_on_a_setting() -> None:
    """A form that all refusals share is written once."""
    rule = RefusalRule(status=401, body={"error": "none"})
    overview = RefusalMembers(when={"envelope": "overview"}, members={"data": None})
    refusal = Refusal(cause=Cause.MISSING_CREDENTIAL, status=401, detail="none")

    told = [
        refuse(
            refusal,
            fixtures=Fixtures(refusals=(rule,), refusal_members=(overview,), settings={"envelope": form}),
        ).reply.body
        for form in ("overview", "seed")
    ]

    assert told == [b'{"error":"none","data":null}', b'{"error":"none"}']
