from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.verify import shelf
from tests.verify.conftest import Answer, Asked, Serve, Told
from tests.verify.shelf import Fault, body_of, refused

from locum.catalog import Entry
from locum.verify.bench import Profile
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
Verify = Callable[[Answer], Report]
PLANNER = [each for each in SUITES if each.name != "generated"]


@pytest.fixture
def verify(written: Written, serve: Serve, tmp_path: Path) -> Verify:
    """Return a function that verifies a server of the shelf by every suite of the planner."""
    entry = written(shelf.DOCUMENT)
    people = tmp_path / "people.yaml"
    people.write_text("good: token-of-ann-12345\nother-tenant: token-of-bob-67890\n")

    def look(answer: Answer) -> Report:
        wish = Wish(url=serve(answer), credentials=people, profile=Profile.QUICK)
        return run(prepare(entry, wish), PLANNER, JUDGES)

    return look


def on(status: int, change: Callable[[Told], Told]) -> Fault:
    """Return the fault that changes answers of *status*."""
    return lambda _, told: change(told) if told.status == status else told


def body(change: Callable[[Any], Any]) -> Callable[[Told], Told]:
    """Return the change of a body."""
    return lambda told: replace(told, body=change(told.body))


def headers(**sent: str) -> Callable[[Told], Told]:
    """Return the change of headers; an empty one is taken away."""
    named = {name.replace("_", "-"): text for name, text in sent.items()}
    return lambda told: replace(told, headers={**told.headers, **named})


def when(asks: Callable[[Asked], bool], told: Told | Callable[[Asked], Told]) -> Fault:
    """Return the fault that answers some questions otherwise."""
    return lambda asked, usual: (told(asked) if callable(told) else told) if asks(asked) else usual


def ignoring(name: str) -> Fault:
    """Return the fault that does not look at a parameter of the list."""

    def fault(asked: Asked, _: Told) -> Told:
        kept = "&".join(each for each in asked.raw_query.split("&") if not each.startswith(f"{name}="))
        return shelf.correct(replace(asked, raw_query=kept))

    return fault


def as_ann(asked: Asked) -> Told:
    """Answer everybody as if Ann had asked, by GET and for anything."""
    shown = {**asked.headers, "authorization": "Bearer token-of-ann-12345", "accept": "*/*"}
    return shelf.correct(replace(asked, method="GET", headers=shown))


def spelled_out(asked: Asked) -> Told:
    """Answer anybody, and read any path as the one that it nearly is."""
    return as_ann(replace(asked, path=f"/{asked.path.strip('./')}"))


def doubly_long(told: Told) -> Told:
    """Send a body in chunks, and tell its length all the same."""
    content = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body_of(told)), body_of(told))
    return headers(Transfer_Encoding="chunked")(replace(told, body=content))


def auth(asked: Asked) -> str:
    """Return what is shown."""
    return asked.headers.get("authorization", "")


FAULTS: Mapping[str, tuple[str, Fault]] = {
    "a member of another type": ("schema.body", on(200, body(lambda each: {**each, "books": "none"}))),
    "a refusal of another shape": ("schema.body", on(400, body(lambda _: {"error": "wrong"}))),
    "an undeclared status": ("status.undeclared", on(400, lambda told: replace(told, status=422))),
    "another media type": ("media-type.undeclared", on(200, headers(Content_Type="text/html"))),
    "no media type": ("media-type.undeclared", on(200, headers(Content_Type=""))),
    "no body": ("body.missing", on(400, body(lambda _: b""))),
    "a missing header": ("header.missing", on(200, headers(X_Total=""))),
    "a header that is no number": ("schema.header", on(200, headers(X_Total="many"))),
    "half JSON": ("body.undecodable", on(200, lambda told: replace(told, body=body_of(told)[:-1]))),
    "NaN": ("body.undecodable", on(404, body(lambda _: b'{"message": NaN}'))),
    "latin-1": ("body.charset", on(400, body(lambda _: '{"message":"é"}'.encode("latin-1")))),
    "a byte order mark": (
        "body.charset",
        on(200, lambda told: replace(told, body=b"\xef\xbb\xbf" + body_of(told))),
    ),
    "another charset": ("body.charset", on(200, headers(Content_Type="application/json; charset=utf-16"))),
    "a key twice": ("body.duplicate-key", on(400, body(lambda _: b'{"message":"a","message":"b"}'))),
    "a coding that is none": ("body.coding", on(200, headers(Content_Encoding="gzip"))),
    "no challenge": ("challenge.missing", on(401, headers(WWW_Authenticate=""))),
    "a challenge of another scheme": (
        "challenge.other",
        on(401, headers(WWW_Authenticate='Basic realm="x"')),
    ),
    "a shared cache": ("cache.shared", on(200, headers(Cache_Control="public, max-age=60"))),
    "any word before a token": (
        "auth.accepted",
        when(lambda asked: auth(asked).startswith("Token token-of-ann"), as_ann),
    ),
    "a token as the user of Basic": (
        "auth.accepted",
        when(lambda asked: auth(asked).startswith("Basic dG9rZW4tb2YtYW5u"), as_ann),
    ),
    "tokens of one beginning": (
        "auth.accepted",
        when(lambda asked: auth(asked).startswith("Bearer token-of-ann-"), as_ann),
    ),
    "no Allow": ("allow.missing", on(405, headers(Allow=""))),
    "Allow without GET": ("method.allow", on(405, headers(Allow="HEAD, POST"))),
    "a trace": ("leak.trace", on(400, body(lambda _: {"message": "Traceback (most recent call last):\n"}))),
    "a secret": (
        "leak.secret",
        when(lambda asked: "limit=0" in asked.raw_query, lambda asked: refused(400, auth(asked))),
    ),
    "CORS for everybody": (
        "cors.credentials",
        on(200, headers(Access_Control_Allow_Origin="*", Access_Control_Allow_Credentials="true")),
    ),
    "CORS for whoever asks": (
        "cors.credentials",
        lambda asked, told: headers(
            Access_Control_Allow_Origin=asked.headers.get("origin", ""),
            Access_Control_Allow_Credentials="true",
        )(told),
    ),
    "limit ignored": ("parameter.accepted", ignoring("limit")),
    "kind ignored": ("parameter.accepted", ignoring("kind")),
    "since ignored": ("parameter.accepted", ignoring("since")),
    "ids ignored": ("parameter.accepted", ignoring("ids")),
    "the largest limit refused": (
        "parameter.refused",
        when(lambda a: "limit=9" in a.raw_query, refused(400, "limit")),
    ),
    "a value of an enumeration refused": (
        "example.refused",
        when(lambda asked: "kind=atlas" in asked.raw_query, refused(400, "kind")),
    ),
    "a wrong id that fails": (
        "status.undeclared",
        on(400, lambda told: replace(told, status=500)),
    ),
    "nobody let in": ("auth.accepted", when(lambda asked: not auth(asked), as_ann)),
    "a strange token let in": ("auth.accepted", when(lambda asked: "nobody" in auth(asked), as_ann)),
    "a shortened token let in": ("auth.accepted", when(lambda asked: auth(asked).endswith("1234"), as_ann)),
    "another scheme let in": ("auth.accepted", when(lambda asked: auth(asked).startswith("Basic "), as_ann)),
    "a token in the query let in": ("auth.accepted", when(lambda asked: "token=" in asked.raw_query, as_ann)),
    "HEAD for nobody": (
        "auth.accepted",
        when(lambda asked: asked.method == "HEAD" and not auth(asked), as_ann),
    ),
    "a lower-case scheme refused": (
        "auth.scheme-case",
        when(lambda asked: auth(asked).startswith("bearer "), refused(401, "?", WWW_Authenticate="Bearer")),
    ),
    "nothing for who names no type": (
        "accept.refused",
        when(lambda asked: "accept" not in asked.headers, refused(406, "only JSON")),
    ),
    "another tenant's list": ("tenant.shared", when(lambda asked: "bob" in auth(asked), as_ann)),
    "HEAD refused": ("method.head", when(lambda a: a.method == "HEAD", refused(405, "?", Allow="GET"))),
    "POST taken": ("method.undeclared", when(lambda asked: asked.method == "POST", as_ann)),
    "TRACE taken": (
        "method.trace",
        when(lambda asked: asked.method == "TRACE", Told(body=b"TRACE / HTTP/1.1")),
    ),
    "404 for another method": ("method.undeclared", on(405, lambda _: refused(404, "?"))),
    "a dot gets by": ("auth.accepted", when(lambda asked: asked.path.startswith("/./"), spelled_out)),
    "a slash behind fails": (
        "robust.server-error",
        when(lambda asked: asked.path.endswith("/"), refused(500, "?")),
    ),
    "anything is found": (
        "address.unknown",
        when(lambda asked: asked.path.endswith("nobody-has-this"), Told(body={"message": "ok"})),
    ),
    "letters of a query are not decoded": (
        "address.encoding",
        when(lambda asked: re.search("=%[46]", asked.raw_query) is not None, refused(400, "kind")),
    ),
    "another charset for more than ASCII": (
        "body.charset",
        on(
            200,
            lambda told: headers(Content_Type="application/json; charset=us-ascii")(
                replace(told, body={**told.body, "new": "é"})
            ),
        ),
    ),
    "two lengths": ("wire.length", on(200, doubly_long)),
    "a wider Accept refused": (
        "accept.refused",
        when(lambda asked: asked.headers.get("accept") == "application/*", refused(406, "?")),
    ),
    "an entity tag that is none": ("etag.malformed", on(200, headers(ETag="abc"))),
    "a condition ignored": ("condition.ignored", on(200, headers(ETag='"abc"'))),
    "a long target that fails": (
        "robust.server-error",
        when(lambda asked: len(asked.raw_query) > 9_000, refused(500, "?")),
    ),
    "bad UTF-8 that fails": (
        "robust.server-error",
        when(lambda asked: "%ff" in asked.path + asked.raw_query, refused(500, "?")),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_rule(verify: Verify, name: str) -> None:
    """A server that breaks one thing is found out, by the rule that says so."""
    rule, fault = FAULTS[name]

    report = verify(shelf.broken(fault))

    assert rule in {each.rule for each in report.findings if each.severity is Severity.FAILURE}
    assert not [each for each in report.untested if "failed" in each.reason]


def zipped(asked: Asked, told: Told) -> Told:
    """Answer in gzip whoever takes it."""
    if "gzip" not in asked.headers.get("accept-encoding", "") or asked.method == "HEAD":
        return told
    return headers(Content_Encoding="gzip", Vary="Accept-Encoding")(
        replace(told, body=gzip.compress(body_of(told)))
    )


def conditional(asked: Asked, told: Told) -> Told:
    """Answer conditions on an entity tag of the content."""
    if told.status != 200:
        return told
    tag = f'"{len(body_of(told))}"'
    if tag in asked.headers.get("if-none-match", ""):
        return Told(status=304, headers={"ETag": tag, "Content-Type": ""})
    return headers(ETag=tag)(told)


VARIANTS: Mapping[str, Fault] = {
    "as it is": lambda _, told: told,
    "other key order": on(200, lambda told: replace(told, body=dict(reversed([*told.body.items()])))),
    "extra members": on(200, body(lambda each: {**each, "new": [1, {"a": None}]})),
    "extra headers": lambda _, told: headers(X_Request_Id="abc", Server="shelf")(told),
    "a charset": lambda _, told: headers(Content_Type="Application/JSON; Charset=UTF-8")(told),
    "spaces in JSON": on(
        200, lambda told: replace(told, body=orjson.dumps(told.body, option=orjson.OPT_INDENT_2))
    ),
    "gzip": zipped,
    "conditions": conditional,
    "CORS without credentials": lambda _, told: headers(Access_Control_Allow_Origin="*")(told),
    "a connection for each answer": lambda _, told: headers(Connection="close")(told),
    "several challenges": on(401, headers(WWW_Authenticate='Basic realm="x", Bearer realm="x"')),
    "a private cache": on(200, headers(Cache_Control="private, max-age=60")),
    "a cache that keeps callers apart": on(
        200, headers(Cache_Control="public", Vary="Accept, Authorization")
    ),
    "another order of Allow": on(405, headers(Allow="OPTIONS,HEAD,GET")),
    "another challenge": on(401, headers(WWW_Authenticate='Bearer realm="x", error="invalid_token"')),
    "an Allow for OPTIONS": when(
        lambda asked: asked.method == "OPTIONS", Told(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_server_that_keeps_its_contract_in_its_own_way_is_left_alone(verify: Verify, name: str) -> None:
    """Nothing is found where nothing is broken, however it is written."""
    report = verify(shelf.broken(VARIANTS[name]))

    assert [each.identity for each in report.findings] == []
    assert report.exit_code == 0


def test_the_same_seed_finds_the_same_in_the_same_order(verify: Verify) -> None:
    """Two runs against the same faults tell the same findings, one after the other."""
    fault = on(400, body(lambda _: {"error": "wrong"}))

    first, second = (verify(shelf.broken(fault)) for _ in range(2))

    assert [each.identity for each in first.findings] == [each.identity for each in second.findings]
    assert len(first.findings) > 1


def test_who_ignores_accept_deviates_and_fails_nothing(verify: Verify) -> None:
    """HTTP lets a server send what it has (RFC 9110, 12.5.1): told, and no failure."""
    report = verify(shelf.broken(when(lambda a: "x-nobody" in a.headers.get("accept", ""), as_ann)))

    assert {(each.rule, each.severity) for each in report.findings} == {
        ("accept.ignored", Severity.DEVIATION)
    }
    assert report.exit_code == 0


def test_who_looks_at_parameters_before_callers_is_warned_and_fails_nothing(verify: Verify) -> None:
    """Nobody learns from refusals what a request has to be; HTTP leaves the order open."""
    hasty = when(lambda asked: not auth(asked) and "limit=" in asked.raw_query, refused(400, "limit"))
    report = verify(shelf.broken(hasty))

    assert {(each.rule, each.severity) for each in report.findings} == {("auth.order", Severity.WARNING)}
    assert report.exit_code == 0
