"""A proxy before a real API: what goes through, what is told, what is refused."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import httpx
import pytest
from starlette.types import ASGIApp

from locum.behaviour import RawRequest, Reply
from locum.behaviour.relays import RelayBroken
from locum.errors import SettingsError
from locum.proxy import Proxy, open_forwarder
from locum.proxy.compacting import compacted
from locum.proxy.weighing import MOST_VALUES
from locum.server.service import build_service
from locum.settings import Settings

if TYPE_CHECKING:
    from tests.proxy.conftest import RealApi

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any
Result = TypeVar("Result")

SPACED = b'{ "a" : [1.0,\n "\\u00e9 \\" b" ],\t"a":2 }'
DOCUMENT = """
openapi: 3.1.0
info: {title: People, version: "1"}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
paths:
  /people/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: &person {type: object, required: [name], properties: {name: {type: string}}}
              examples: {eve: {value: {name: Eve}}, ann: {value: {name: Ann}}}
        "302": {description: elsewhere}
        "404": {description: none, content: {application/json: {schema: {type: object}}}}
    put:
      deprecated: true
      security: [{key: []}]
      requestBody: {content: {application/json: {schema: {type: object, required: [name]}}}}
      responses: {"200": {description: done}}
  /headers:
    get:
      responses:
        "200":
          description: all
          headers: {X-Count: {schema: {type: integer}}, X-Need: {required: true, schema: {type: string}}}
  /sheet: {get: {responses: {"200": {description: p, content: {text/csv: {schema: *person}}}}}}
  /picture: {get: {responses: {"200": {description: p, content: {image/png: {}}}}}}
  /long: {get: {responses: {"200": {description: p, content: {application/json: {schema: {type: integer}}}}}}}
  /bomb: {get: {responses: {"200": {description: p, content: {application/json: {schema: {type: object}}}}}}}
  /gone: {get: {responses: {"200": {description: p}}}}
"""


@dataclass(frozen=True, slots=True)
class Before:
    """An application with a proxy in it, whose upstream each test sets."""

    app: ASGIApp
    proxy: Proxy


@cache
def before(*, errors: bool, checks_requests: bool) -> Before:
    """Return an application for these flags; building one takes a while."""
    with TemporaryDirectory() as folder:
        document = Path(folder, "people.yaml")
        document.write_text(DOCUMENT)
        forwarder = open_forwarder("http://a.test", bound=1, patience_s=1)
        proxy = Proxy(forwarder=forwarder, errors=errors, checks_requests=checks_requests)
        settings = Settings(contracts=(str(document),), static=True, prism=True, cors=False)
        return Before(build_service(settings, upstream=proxy).app, proxy)


def call(  # noqa: PLR0913 -- a request, and how it is treated
    upstream: str,
    path: str,
    method: str = "GET",
    *,
    headers: Json = None,
    content: bytes | None = None,
    bound: int = 1_000_000,
    patience_s: float = 20,
    errors: bool = False,
    checks_requests: bool = True,
) -> httpx.Response:
    """Send one request by way of a proxy before *upstream*."""
    place = before(errors=errors, checks_requests=checks_requests)

    async def ask() -> httpx.Response:
        place.proxy.forwarder = open_forwarder(upstream, bound=bound, patience_s=patience_s)
        transport = httpx.ASGITransport(app=place.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://proxy.test") as client:
            answer = await client.request(method, path, headers=headers, content=content)
        await place.proxy.close()
        return answer

    return asyncio.run(ask())


def violations(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """Return what the header tells: severity, place and message of each."""
    told = json.loads(answer.headers.get("sl-violations", "[]"))
    return [(each["severity"], ".".join(each["location"]), each["message"]) for each in told]


def test_json_goes_through_without_the_spaces_between_its_values(real: RealApi) -> None:
    """A valid answer arrives with nothing said of it, written as tightly as Prism writes it."""
    answer = call(real.url, "/people/1")

    assert answer.content == b'{"name":"Ada"}'
    assert answer.headers["content-length"] == "14"
    assert answer.headers["content-type"] == "application/json"
    assert "sl-violations" not in answer.headers


def test_a_request_goes_through_as_it_was_written(real: RealApi) -> None:
    """Path, query, headers and body reach the real API; what belongs to the connection does not."""
    headers = {"X-Own": "1", "X-Hop": "1", "Connection": "X-Hop", "Locum-Session": "a", "Accept": "a/b"}
    call(f"{real.url}/v1/", "/people/1?b=%20x&b=+&limit=1", headers=headers)

    seen = real.seen[0]
    assert seen.line == "GET /v1/people/1?b=%20x&b=+&limit=1 HTTP/1.1"
    assert seen.header("host") == real.url.removeprefix("http://")
    assert (seen.header("x-own"), seen.header("accept")) == ("1", "a/b")
    assert (seen.header("x-hop"), seen.header("locum-session")) == (None, None)


def forward(upstream: str, raw: RawRequest) -> None:
    """Send *raw* on as it is."""

    async def ask() -> None:
        forwarder = open_forwarder(upstream, bound=1000, patience_s=20)
        await forwarder.send(raw, raw.path)
        await forwarder.close()

    asyncio.run(ask())


def test_a_client_that_says_nothing_is_given_usual_headers(real: RealApi) -> None:
    """Without `Accept` the real API hears what Prism says."""
    forward(real.url, RawRequest(method="GET", path="/people/1"))

    assert real.seen[0].header("accept") == "application/json, text/plain, */*"


@pytest.mark.parametrize(("method", "length"), [("POST", "0"), ("PUT", "0"), ("GET", None), ("DELETE", None)])
def test_no_body_has_a_length_where_one_is_usual(real: RealApi, method: str, length: str | None) -> None:
    """A request without body is not refused with 411 for want of a length, by methods that carry bodies."""
    forward(real.url, RawRequest(method=method, path="/people/1"))

    assert real.seen[0].header("content-length") == length


def test_codings_pass_and_are_looked_into(real: RealApi) -> None:
    """A packed body is judged unpacked, and sent on packed."""
    answer = call(real.url, "/people/3")

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json() == {"name": "Ada"}
    assert violations(answer) == []


@pytest.mark.parametrize(
    ("asked", "passed_on"),
    [
        ("gzip, deflate, br, zstd", "gzip, deflate"),
        ("br;q=1.0, gzip;q=0.5", "gzip;q=0.5"),
        ("br", "identity"),
        ("*", "gzip"),
        ("identity, *;q=0", "identity, *;q=0"),
        ("gzip, *", "gzip"),
        ("gzip;q=0, *", "identity"),
        ("br, *;q=0", "identity"),
        ("br, identity;q=0", "identity"),
        ("br, gzip;q=0.000", "identity"),
        ("*;q=0", "*;q=0"),
    ],
)
def test_no_coding_is_asked_for_that_cannot_be_looked_into(real: RealApi, asked: str, passed_on: str) -> None:
    """Packed by another coding, an answer would pass without being judged."""
    call(real.url, "/people/1", headers={"Accept-Encoding": asked})

    assert real.seen[0].header("accept-encoding") == passed_on


def test_bytes_of_any_kind_pass(real: RealApi) -> None:
    """A picture is not taken for text."""
    assert call(real.url, "/picture").content == bytes(range(256))


def test_headers_pass_but_for_those_of_the_connection(real: RealApi) -> None:
    """Each cookie arrives, headers are judged, and what `Connection` names stays behind."""
    answer = call(real.url, "/headers")

    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert not {"keep-alive", "x-secret-hop"} & set(answer.headers)
    assert violations(answer) == [
        ("Error", "response.header.x-count", "Response header parameter x-count must be integer"),
        ("Error", "response.header", "Response header must have required property 'x-need'"),
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/people/2",
            ("Error", "response.body", "Response body must have required property 'name'"),
        ),
        (
            "/people/5",
            (
                "Warning",
                "response",
                "Unable to match the returned status code with those defined in the document: 200,302,404",
            ),
        ),
        (
            "/people/6",
            (
                "Error",
                "response",
                "Unable to match the returned status code with those defined in the document: 200,302,404",
            ),
        ),
        (
            "/people/1?limit=x",
            ("Error", "request.query.limit", "Request query parameter limit must be integer"),
        ),
        ("/unknown", ("Warning", "request", "Selected route not found")),
    ],
)
def test_what_is_wrong_is_told_and_passes(real: RealApi, path: str, told: tuple[str, str, str]) -> None:
    """Either side's faults stand in the header; the answer of the real API is not touched."""
    answer = call(real.url, path)

    assert len(real.seen) == 1
    assert violations(answer) == [told]


def test_an_answer_of_the_same_syntax_is_judged_as_declared(real: RealApi) -> None:
    """Prism compares media types without what stands before the `+`."""
    real.answers["/people/4"] = (200, [("Content-Type", "application/hal+json")], b"{}")

    told = "Response body must have required property 'name'"
    assert violations(call(real.url, "/people/4")) == [("Error", "response.body", told)]


@pytest.mark.parametrize(
    ("media_type", "body", "told"),
    [
        ("text/plain", b"Ada", "Response body must be object"),
        ("text/html", b"", "Response body must be object"),
        ("image/png", b"\x89PNG", "Response body must be object"),
        ("text/json", b"{}", "Response body must be object"),
        ("application/problem+json", b"{}", "Response body must have required property 'name'"),
        ("application/problem+json", b'{"name":"Ada"}', ""),
        ("application/problem+json", b"{broken", ""),
    ],
)
def test_a_body_of_an_undeclared_media_type_is_judged_by_the_first(
    real: RealApi, media_type: str, body: bytes, told: str
) -> None:
    """The media type is told, and what the schema has against the body: JSON as JSON, all else as text."""
    real.answers["/sheet"] = (200, [("Content-Type", media_type)], body)

    answer = call(real.url, "/sheet")

    wrong = (
        f'The received media type "{media_type}" does not match the one specified in the current response: '
        "text/csv"
    )
    rest = [("Error", "response.body", told)] if told else []
    assert violations(answer) == [("Error", "response", wrong), *rest]
    assert answer.content == body


def test_a_broken_body_is_told_and_passes(real: RealApi) -> None:
    """A body that is no JSON is a violation of the answer, not a failure of the proxy."""
    answer = call(real.url, "/people/7")

    assert (answer.status_code, answer.content) == (200, b"{broken")
    assert violations(answer)[0][1] == "response.body"


@pytest.mark.parametrize(
    ("path", "status", "kind", "reaches"),
    [
        ("/people/1?limit=x", 422, "UNPROCESSABLE_ENTITY", 0),
        ("/people/x", 422, "UNPROCESSABLE_ENTITY", 0),
        ("/unknown", 404, "NO_PATH_MATCHED_ERROR", 0),
        ("/people/2", 500, "VIOLATIONS", 1),
        ("/people/5", 418, "", 1),
    ],
)
def test_errors_are_refused_when_asked_for(
    real: RealApi, path: str, status: int, kind: str, reaches: int
) -> None:
    """With `--errors` a wrong request never reaches the real API, and a wrong answer never the client."""
    answer = call(real.url, path, errors=True)

    assert (answer.status_code, len(real.seen)) == (status, reaches)
    assert answer.json().get("type", "").rpartition("#")[2] == kind


def test_a_method_that_is_not_declared_is_refused_with_errors(real: RealApi) -> None:
    """The other methods of a known path are as unknown as a path."""
    answer = call(real.url, "/people/1", "DELETE", errors=True)

    assert answer.status_code == 405
    assert answer.json()["type"].endswith("#NO_METHOD_MATCHED_ERROR")


def test_credentials_are_looked_at_in_any_case(real: RealApi) -> None:
    """Without the checks of requests a missing credential is told all the same, and nothing else."""
    headers = {"content-type": "application/json"}
    answer = call(real.url, "/people/1", "PUT", headers=headers, content=b"{}", checks_requests=False)
    keyed = call(
        real.url,
        "/people/1",
        "PUT",
        headers=headers | {"x-key": "k"},
        content=b"{}",
        checks_requests=False,
    )

    assert violations(answer) == [("Error", "request", "Invalid security scheme used")]
    assert violations(keyed) == []
    assert keyed.headers["deprecation"] == "true"
    assert real.seen[1].body == b"{}"


def test_a_real_api_that_cannot_yet_is_stood_in_for(real: RealApi) -> None:
    """On a 501 the stand-in answers, and does as the request prefers."""
    usual = call(real.url, "/people/9")
    wished = call(real.url, "/people/9", headers={"prefer": "example=ann"})
    nowhere = call(real.url, "/nowhere/9")

    assert (usual.status_code, usual.json()) == (200, {"name": "Eve"})
    assert wished.json() == {"name": "Ann"}
    assert (nowhere.status_code, nowhere.json()["type"].rpartition("#")[2]) == (
        501,
        "UPSTREAM_NOT_IMPLEMENTED",
    )


def test_redirects_are_the_affair_of_the_client(real: RealApi) -> None:
    """A redirect passes as it is."""
    answer = call(real.url, "/people/8")

    assert (answer.status_code, answer.headers["location"], len(real.seen)) == (302, "/people/1", 1)


def test_a_get_with_a_body_is_not_sent_on(real: RealApi) -> None:
    """Prism refuses it, and so do we."""
    answer = call(real.url, "/people/1", content=b"{}")

    assert (answer.status_code, len(real.seen)) == (501, 0)
    assert answer.json()["type"].endswith("#PROXY_UNSUPPORTED_REQUEST_BODY")


def test_a_preference_that_means_nothing_is_refused(real: RealApi) -> None:
    """What the stand-in could not do is said before the real API is asked."""
    answer = call(real.url, "/people/1", headers={"prefer": "code=many"})

    assert (answer.status_code, len(real.seen)) == (422, 0)


def test_a_real_api_that_hangs_up_is_told_as_prism_tells_it(real: RealApi) -> None:
    """A connection without an answer is a problem with the words of Node.js."""
    answer = call(real.url, "/gone")

    assert (answer.status_code, answer.json()) == (
        500,
        {
            "type": "FetchError",
            "title": f"request to {real.url}/gone failed, reason: socket hang up",
            "status": 500,
            "detail": "",
        },
    )


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (("etag", 'W/"1"'), b'{"a":[1.0,"\\u00e9 \\" b"],"a":2}'),
        (("etag", '"1"'), SPACED),
        (("digest", "sha-256=x"), SPACED),
        (("content-encoding", "gzip"), SPACED),
    ],
)
def test_spaces_stay_where_something_vouches_for_the_bytes(header: tuple[str, str], body: bytes) -> None:
    """Numbers, escapes and doubled members stay as they were sent in any case."""
    reply = Reply(status=200, body=SPACED, media_type="application/problem+json", headers=(header,))

    assert compacted(reply).body == body


@pytest.mark.parametrize(
    ("media_type", "body"), [("text/plain", b"{ }"), ("application/json", b"{ ]"), ("", b"{ }")]
)
def test_what_is_no_json_stays_as_it_is(media_type: str, body: bytes) -> None:
    """Neither text that looks like it, nor JSON that is broken, is touched."""
    assert compacted(Reply(status=200, body=body, media_type=media_type)).body == body


def test_all_that_is_wrong_is_told_beside_a_missing_credential(real: RealApi) -> None:
    """The real API decides, so the header lists the credential first, and then the rest."""
    asked = call(f"{real.url}", "/people/x", "PUT", headers={"content-type": "text/plain"}, content=b"a")
    bare = call(real.url, "/people/x", "PUT", content=b"a", checks_requests=False)

    assert violations(asked)[:3] == [
        ("Error", "request", "Invalid security scheme used"),
        ("Error", "request", "Supported content types: application/json"),
        ("Error", "request.path.id", "Request path parameter id must be integer"),
    ]
    assert ("Error", "request", "Invalid security scheme used") in violations(bare)
    assert not [told for _, place, told in violations(bare) if place == "request.path.id"]


def test_a_body_that_is_not_declared_is_told(real: RealApi) -> None:
    """It is sent on all the same; with `--errors` the request is refused."""
    sent = call(real.url, "/people/1", "POST", content=b"{}", headers={"content-type": "application/json"})
    body = call(real.url, "/headers", "GET", content=b"{}", errors=True)

    assert ("Warning", "request", "Selected route not found") in violations(sent)
    assert (body.status_code, body.json()["validation"]) == (
        422,
        [
            {
                "severity": "Error",
                "code": 415,
                "message": "No supported content types, but request included a non-empty body",
            }
        ],
    )


@pytest.mark.parametrize(
    ("upstream", "reason"),
    [
        ("http://127.0.0.1:1", "connect ECONNREFUSED 127.0.0.1:1"),
        ("http://nowhere.invalid", "getaddrinfo ENOTFOUND nowhere.invalid"),
    ],
)
def test_a_real_api_that_is_not_there_is_told(upstream: str, reason: str) -> None:
    """Nothing listens, or the name is unknown: the title says which."""
    answer = call(upstream, "/people/1")

    assert answer.status_code == 500
    assert answer.json()["title"] == f"request to {upstream}/people/1 failed, reason: {reason}"


def test_patience_ends(real: RealApi) -> None:
    """A real API that says nothing for too long is given up."""
    answer = call(real.url, "/slow", patience_s=0.2)

    assert answer.status_code == 500
    assert answer.json()["title"].endswith("reason: no answer within 0.2 s")


def test_a_long_answer_is_passed_on_whole_and_not_judged(real: RealApi) -> None:
    """Beyond the bound a body flows; only what is at hand is looked at."""
    answer = call(real.url, "/long", bound=1000)
    judged = call(real.url, "/long")

    assert (len(answer.content), answer.headers["content-length"]) == (300_002, "300002")
    assert violations(answer) == []
    assert violations(judged) == [("Error", "response.body", "Response body must be integer")]


@pytest.mark.parametrize("address", ["localhost:80", "ftp://a.test", "http://", "http://a:b"])
def test_an_upstream_that_is_no_address_is_refused(address: str) -> None:
    """What cannot be asked is said before anything is served."""
    with pytest.raises(SettingsError) as refused:
        open_forwarder(address, bound=1, patience_s=1)

    assert refused.value.diagnostics[0].code == "settings.wrong-value"


def test_an_answer_that_breaks_off_midway_is_noticed(real: RealApi) -> None:
    """Where a part has left already, the rest ends in an error, and the connection with it."""

    async def ask() -> bytes:
        forwarder = open_forwarder(real.url, bound=5, patience_s=20)
        answer = await forwarder.send(RawRequest(method="GET", path="/half"), "/half")
        assert answer.rest is not None
        with pytest.raises(RelayBroken):
            async for _ in answer.rest:
                pass
        await forwarder.close()
        return answer.body

    assert asyncio.run(ask()).startswith(b"half")


def test_the_real_api_is_reached_by_way_of_an_http_proxy(real: RealApi) -> None:
    """The proxy is asked with the whole address, and shown who asks."""
    through = real.url.replace("http://", "http://ada:secret@")

    async def ask() -> None:
        forwarder = open_forwarder("http://api.invalid/v2", through=through, bound=1000, patience_s=20)
        await forwarder.send(RawRequest(method="GET", path="/people", query="a=1"), "/people")
        await forwarder.close()

    asyncio.run(ask())

    assert real.seen[0].line == "GET http://api.invalid/v2/people?a=1 HTTP/1.1"
    assert real.seen[0].header("proxy-authorization") == "Basic YWRhOnNlY3JldA=="


def test_a_small_answer_that_unpacks_to_a_huge_one_passes_without_a_look(real: RealApi) -> None:
    """What is too large unpacked is passed on like what is too large plain, layer upon layer."""
    body = gzip.compress(b"[" + b"0," * 200_000 + b"0]")
    answers = {"gzip": body, "gzip, gzip": gzip.compress(body), "x-gzip,gzip": gzip.compress(body)}

    for coding, packed in answers.items():
        headers = [("Content-Type", "application/json"), ("Content-Encoding", coding)]
        real.answers["/bomb"] = (200, headers, packed)
        for errors in (False, True):
            answer = call(real.url, "/bomb", bound=300_000, errors=errors)
            assert (answer.status_code, violations(answer)) == (200, [])
        assert violations(call(real.url, "/bomb", bound=900_000)) != []


def test_an_answer_of_too_many_values_passes_without_a_look(real: RealApi) -> None:
    """Each value takes far more memory than it has bytes."""
    told = []
    for count in (MOST_VALUES - 1, MOST_VALUES + 1):
        real.answers["/bomb"] = (200, [("Content-Type", "application/json")], b"[ " + b"0," * count + b"0]")
        answer = call(real.url, "/bomb", bound=16_000_000)
        told.append((len(violations(answer)), answer.content[:2]))

    assert told == [(1, b"[0"), (0, b"[ ")]


def test_heavy_answers_are_judged_aside(real: RealApi) -> None:
    """What takes long to look at is looked at in another thread, and others are served meanwhile."""
    real.answers["/bomb"] = (
        200,
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        gzip.compress(b"[" + b"0," * 200_000 + b"0]"),
    )
    place, given = before(errors=False, checks_requests=True), 0
    usual = place.proxy.aside

    def aside(work: Callable[[], Result]) -> Awaitable[Result]:
        nonlocal given
        given += 1
        return usual(work)

    place.proxy.aside = aside
    try:
        answers = [call(real.url, path) for path in ("/people/1", "/people/3", "/bomb", "/long")]
        unseen = call(real.url, "/long", bound=100_000)
    finally:
        place.proxy.aside = usual

    assert [len(violations(each)) for each in answers] == [0, 0, 1, 1]
    assert violations(unseen) == []
    # What is passed on without a look waits for nobody.
    assert given == 2
