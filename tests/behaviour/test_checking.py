from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import orjson
import pytest

from locum.behaviour import Cause, Refusal, Request

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]
PET: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "home": {"type": "object", "properties": {"room": {"type": "integer"}}},
    },
}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 20}}


def check(play: Play, operation: dict[str, Any], *, method: str = "post", **sent: Json) -> Request | Refusal:
    """Check a request to *operation*."""
    headers = sent.pop("headers", ())
    path = sent.pop("path", "/")
    stage = play(
        {path: {method: {"operationId": "op", "responses": {"204": {"description": ""}}} | operation}}
    )
    found: Request | Refusal = stage.plan("op").checker.check(stage.raw("op", headers, **sent))
    return found


def post(
    play: Play, body: bytes, content_type: str | None, *, name: str = "", **sent: Json
) -> Request | Refusal:
    """Check a body against a pet declared as *name*, by default as what is sent."""
    declared = {"required": True, "content": {name or content_type: {"schema": PET}}}
    headers = {"content-type": content_type} if content_type else {}
    return check(play, {"requestBody": declared}, body=body, headers=headers | sent.pop("headers", {}))


def told(found: Request | Refusal) -> list[str]:
    """Return the violations of a refusal, place and message."""
    assert isinstance(found, Refusal)
    return [f"{'.'.join(map(str, each.location))}: {each.message}" for each in found.violations]


def test_everything_that_is_wrong_is_told_at_once(play: Play) -> None:
    """Path, query, headers, cookies and body are told together, each where it stands."""
    found = check(
        play,
        {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                LIMIT,
                {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}},
                {"name": "X-N", "in": "header", "required": True, "schema": {"type": "integer"}},
                {"name": "sid", "in": "cookie", "required": True, "schema": {"type": "string"}},
            ],
            "requestBody": {"content": {"application/json": {"schema": PET}}},
        },
        path="/pets/{id}",
        path_values={"id": "x"},
        query="limit=0",
        headers={"x-n": "many", "content-type": "application/json"},
        body=b'{"age": "old"}',
    )

    assert told(found) == [
        "request.path.id: must be integer",
        "request.query.q: is required",
        "request.query.limit: must be at least 1",
        "request.header.X-N: must be integer",
        "request.cookie.sid: is required",
        "request.body.name: is required",
        "request.body.age: must be integer",
    ]
    assert isinstance(found, Refusal)
    assert (found.cause, found.status) == (Cause.INVALID_PARAMETER, 422)
    assert found.detail == "path parameter 'id' must be integer (and 6 more violations)"


def test_a_valid_request_is_understood(play: Play) -> None:
    """Values are typed, defaults filled in, and what is not declared is tolerated."""
    found = check(play, {"parameters": [LIMIT]}, query="other=1&page=2")

    assert isinstance(found, Request)
    assert found.query == {"limit": 20}


def test_an_invalid_default_is_not_filled_in(play: Play) -> None:
    """A default that its own schema refuses is left out."""
    wrong = {"name": "a", "in": "query", "schema": {"type": "integer", "default": "x"}}

    found = check(play, {"parameters": [wrong]})

    assert isinstance(found, Request)
    assert found.query == {}


def test_an_empty_value_passes_where_it_is_allowed(play: Play) -> None:
    """`allowEmptyValue` lets the empty text pass whatever the schema says."""
    declared = {"name": "a", "in": "query", "allowEmptyValue": True, "schema": {"type": "integer"}}

    assert isinstance(check(play, {"parameters": [declared]}, query="a"), Request)
    assert isinstance(check(play, {"parameters": [declared]}, query="a=x"), Refusal)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/%ff", ["request.path.id: is not UTF-8 behind its percent-encoding"]),
        ("/%EF%BF%BD", []),
    ],
)
def test_bytes_that_are_no_text_in_a_path_are_told(play: Play, path: str, expected: list[str]) -> None:
    """As in a query; who really sends the character that stands for them is understood."""
    declared = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    get = {"operationId": "op", "parameters": [declared], "responses": {"204": {"description": ""}}}
    stage = play({"/{id}": {"get": get}})
    raw = replace(stage.raw("op", path_values={"id": "\N{REPLACEMENT CHARACTER}"}), path=path)
    found = stage.plan("op").checker.check(raw)

    assert (told(found) if isinstance(found, Refusal) else []) == expected
    assert isinstance(found, Refusal) is bool(expected)


def test_a_path_parameter_the_path_lacks_is_not_missed(play: Play) -> None:
    """A path parameter that no template names cannot be sent, so it is not asked for."""
    lost = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}

    assert isinstance(check(play, {"parameters": [lost]}), Request)


@pytest.mark.parametrize(
    ("content_type", "body", "value"),
    [
        ("application/json", b'{"name": "Rex", "age": 3}', {"name": "Rex", "age": 3}),
        ("application/json", b'\xef\xbb\xbf{"name": "Rex"}', {"name": "Rex"}),
        ("application/json; charset=utf-16", '{"name": "Rex"}'.encode("utf-16"), {"name": "Rex"}),
        ("application/json; charset=ISO-8859-1", b'{"name": "Ren\xe9"}', {"name": "René"}),
        ("application/vnd.api+json", b'{"name": "Rex"}', {"name": "Rex"}),
        ("application/json", b'{"name": "a", "name": "b"}', {"name": "b"}),
        (
            "application/x-www-form-urlencoded",
            b"name=Rex+Roe&age=3&tags=a&tags=b&home%5Broom%5D=4&more=1",
            {"name": "Rex Roe", "age": 3, "tags": ["a", "b"], "home": {"room": 4}, "more": "1"},
        ),
        ("application/x-www-form-urlencoded", b'name=R&home={"room":4}', {"name": "R", "home": {"room": 4}}),
        (
            "application/xml",
            b'<?xml version="1.0"?><Pet><name>Rex</name><age>3</age><tags>a</tags><tags>b</tags></Pet>',
            {"name": "Rex", "age": 3, "tags": ["a", "b"]},
        ),
    ],
)
def test_a_body_is_decoded_by_its_media_type(
    play: Play, content_type: str, body: bytes, value: object
) -> None:
    """JSON in any usual charset, forms and XML come out as the same typed value."""
    found = post(play, body, content_type)

    assert isinstance(found, Request), found
    assert found.body == value


def test_multipart_is_decoded_part_by_part(play: Play) -> None:
    """Text is coerced, JSON parsed, repeated parts make an array, and a file is bytes."""
    schema = {
        "type": "object",
        "required": ["file"],
        "properties": PET["properties"] | {"file": {"type": "string", "format": "binary"}},
    }
    parts = [
        (b'name="name"', b"", b"Rex"),
        (b'name="age"', b"", b"3"),
        (b'name="tags"', b"", b"a"),
        (b'name="home"', b"Content-Type: application/json\r\n", b'{"room": 4}'),
        (b'name="file"; filename="a.png"', b"Content-Type: image/png\r\n", b"\x89PNG\r\n\xff"),
    ]
    body = b"".join(
        b"--b\r\nContent-Disposition: form-data; " + name + b"\r\n" + extra + b"\r\n" + content + b"\r\n"
        for name, extra, content in parts
    )
    found = check(
        play,
        {"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}},
        body=body + b"--b--\r\n",
        headers={"content-type": "multipart/form-data; boundary=b"},
    )

    assert isinstance(found, Request), found
    assert found.body == {
        "name": "Rex",
        "age": 3,
        "tags": ["a"],
        "home": {"room": 4},
        "file": b"\x89PNG\r\n\xff",
    }


@pytest.mark.parametrize(
    ("content_type", "body", "message"),
    [
        (
            "application/json",
            b'{"name":\n 1,}',
            "is not JSON: trailing comma is not allowed, line 2 column 3",
        ),
        ("application/json", b"{} x", "is not JSON: unexpected content after document, line 1 column 4"),
        ("application/json", b"NaN", "is not JSON: "),
        ("application/json", b'"\xff"', "is not JSON: "),
        ("application/json", b"[" * 100_000, "is not JSON: depth limit exceeded"),
        ("application/json", b"[" * 501 + b"]" * 501, "is not application/json: values nest deeper than 500"),
        (
            "application/json",
            b'{"a":' * 1000 + b"1" + b"}" * 1000,
            "is not application/json: values nest deeper than 500",
        ),
        ("application/json; charset=utf-16", b"{", "is not utf-16 text: "),
        ("application/x-www-form-urlencoded", b"name=%ff", "is not UTF-8"),
        ("multipart/form-data; boundary=b", b"nonsense", "is not multipart: "),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\n\r\nx",
            "is not multipart: the closing boundary is missing",
        ),
        ("application/xml", b"<a>", "is not XML: "),
        (
            "application/xml",
            b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "is not XML without a document type declaration: entities are not expanded here",
        ),
        ("application/xml", b"<a>" * 1000, "is not XML: elements nest deeper than 200"),
    ],
)
def test_a_malformed_body_is_400_and_says_where(
    play: Play, content_type: str, body: bytes, message: str
) -> None:
    """A body that is not what its media type says is told with its place, and nothing raises."""
    found = post(play, body, content_type)

    assert isinstance(found, Refusal), found
    assert (found.cause, found.status) == (Cause.MALFORMED_BODY, 400)
    assert found.violations[0].message.startswith(message)


def test_a_multipart_body_needs_a_boundary_in_its_header(play: Play) -> None:
    """Without one the header is at fault, so the refusal is 415 and says what is missing."""
    found = post(play, b"--b--", "multipart/form-data")

    assert isinstance(found, Refusal), found
    assert (found.cause, found.status) == (Cause.UNSUPPORTED_MEDIA_TYPE, 415)
    assert found.violations[0].expected == "multipart/form-data; boundary=..."


def test_xml_text_is_no_object(play: Play) -> None:
    """An element with text where members belong is refused, not taken for an empty object."""
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    found = check(
        play,
        {"requestBody": {"content": {"application/xml": {"schema": schema}}}},
        body=b"<pet>true</pet>",
        headers={"content-type": "application/xml"},
    )

    assert isinstance(found, Refusal), found
    assert (found.cause, found.violations[0].keyword) == (Cause.INVALID_BODY, "type")


def test_a_deep_body_does_not_harm(play: Play) -> None:
    """Hundreds of levels of nesting are decoded and judged without an error."""
    depth = 499
    body = b'{"name": "Rex", "deep": ' + b"[" * depth + b"]" * depth + b"}"

    assert isinstance(post(play, body, "application/json"), Request)
    assert told(post(play, body.replace(b"Rex", b"").replace(b'"name": "",', b""), "application/json"))


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("Application/JSON; a=b", "application/json"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/hal+json", "application/*+json"),
        ("application/json", "application/*"),
        ("application/json", "*/*"),
        (None, "application/json"),
    ],
)
def test_content_types_match_without_parameters_and_by_range(
    play: Play, content_type: str | None, name: str
) -> None:
    """Case and parameters do not matter, ranges match, and a missing type is the only declared one."""
    found = post(play, b'{"name": "Rex"}', content_type, name=name)

    assert isinstance(found, Request), found
    assert found.body == {"name": "Rex"}


def test_the_narrowest_range_is_taken(play: Play) -> None:
    """Where several ranges match, the narrowest decides which schema holds."""
    content = {
        "*/*": {"schema": False},
        "text/*": {"schema": False},
        "text/plain": {"schema": {"type": "integer"}},
    }
    found = check(
        play, {"requestBody": {"content": content}}, body=b"5", headers={"content-type": "text/plain"}
    )

    assert isinstance(found, Request), found
    assert (found.body, found.media_type) == (5, "text/plain")


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"content-type": "text/csv"}, ("accept", "application/json")),
        ({"content-type": "nonsense"}, ("accept", "application/json")),
        ({"content-type": "application/json; charset=klingon"}, ("accept", "charset=utf-8")),
        ({"content-type": "application/json; charset=base64"}, ("accept", "charset=utf-8")),
        (
            {"content-type": "application/json", "content-encoding": "br"},
            ("accept-encoding", "gzip, deflate"),
        ),
    ],
)
def test_what_cannot_be_read_is_415_and_says_what_can(
    play: Play, headers: dict[str, str], accepted: tuple[str, str]
) -> None:
    """An unknown type, charset or coding is 415 with the header that lists what is taken."""
    found = check(
        play, {"requestBody": {"content": {"application/json": {}}}}, body=b'{"a":1}', headers=headers
    )

    assert isinstance(found, Refusal)
    assert (found.cause, found.status, found.headers) == (Cause.UNSUPPORTED_MEDIA_TYPE, 415, (accepted,))


def test_a_missing_type_is_refused_where_several_are_declared(play: Play) -> None:
    """Without `Content-Type` nothing is guessed among several."""
    content: dict[str, Any] = {"application/json": {}, "text/plain": {}}

    found = check(play, {"requestBody": {"content": content}}, body=b"{}")

    assert isinstance(found, Refusal)
    assert found.cause is Cause.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw", "gzip, deflate"])
def test_a_compressed_body_is_unpacked(play: Play, coding: str) -> None:
    """Gzip and deflate, with or without the zlib frame, are undone, the last applied first."""
    body = orjson.dumps({"name": "Rex"})
    packed = {
        "gzip": gzip.compress(body),
        "x-gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw": zlib.compress(body)[2:-4],
        "gzip, deflate": zlib.compress(gzip.compress(body)),
    }[coding]

    found = post(
        play, packed, "application/json", headers={"content-encoding": coding.replace("raw", "deflate")}
    )

    assert isinstance(found, Request), found
    assert found.body == {"name": "Rex"}


def test_a_compressed_body_cannot_grow_without_bound(play: Play) -> None:
    """A packed body that unpacks to more than may come plain is 413; one that is cut is 400."""
    bomb = gzip.compress(bytes(17 * 1024 * 1024), 9)

    found = post(play, bomb, "application/json", headers={"content-encoding": "gzip"})
    cut = post(play, bomb[:100], "application/json", headers={"content-encoding": "gzip"})

    assert isinstance(found, Refusal)
    assert isinstance(cut, Refusal)
    assert (found.status, cut.status) == (413, 400)


def test_a_required_body_is_missed(play: Play) -> None:
    """A required body that is empty is told as missing; an optional one is not."""
    required = {"requestBody": {"required": True, "content": {"application/json": {}}}}
    optional: dict[str, Json] = {"requestBody": {"content": {"application/json": {}}}}

    assert told(check(play, required)) == ["request.body: is required"]
    assert isinstance(check(play, optional), Request)


@pytest.mark.parametrize("method", ["get", "head", "trace"])
def test_a_body_where_it_means_nothing_is_ignored(play: Play, method: str) -> None:
    """GET and HEAD have no body, whatever is declared and sent; nor has an operation that declares none."""
    declared = {"requestBody": {"required": True, "content": {"application/json": {"schema": PET}}}}

    assert isinstance(check(play, declared, method=method, body=b"nonsense"), Request)
    assert isinstance(check(play, {}, body=b"nonsense"), Request)


def test_members_that_are_read_only_need_not_be_sent(play: Play) -> None:
    """`readOnly` and `required` together ask nothing of a request."""
    schema = PET | {"required": ["id", "name"]}
    declared = {"requestBody": {"content": {"application/json": {"schema": schema}}}}

    found = check(play, declared, body=b'{"name": "Rex"}', headers={"content-type": "application/json"})

    assert isinstance(found, Request), found


def test_bytes_of_an_unknown_type_pass_as_they_are(play: Play) -> None:
    """A declared type nobody can read is taken as bytes."""
    declared = {"requestBody": {"content": {"application/x-odd": {"schema": {"type": "string"}}}}}

    found = check(play, declared, body=b"\xff\x00", headers={"content-type": "application/x-odd"})

    assert isinstance(found, Request), found
    assert found.body == b"\xff\x00"
