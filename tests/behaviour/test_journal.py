"""Promises of the journal's values: finding, telling, keeping secrets, exporting, and near misses."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from locum.behaviour import Cause, Credential, Outcome, RawRequest, Refusal, Reply
from locum.behaviour.har import har
from locum.behaviour.journal import Interaction, Wanted, matching
from locum.behaviour.near_misses import near_misses
from locum.behaviour.redaction import compile_redaction
from locum.behaviour.retelling import told_at_length, told_in_short
from locum.contract import Contract, Route, read_contract
from locum.contract.model import Violation

DOCUMENT = b"""
openapi: 3.1.0
info: {title: Bank, version: "1"}
paths:
  /accounts:
    get:
      operationId: listAccounts
      parameters:
        - {name: month, in: query, required: true, schema: {type: string}}
        - {name: filter, in: query, style: deepObject, schema: {type: object}}
      responses: {"200": {description: some}}
  /accounts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getAccount, responses: {"200": {description: one}}}
    delete: {operationId: closeAccount, responses: {"204": {description: closed}}}
  /cards:
    get: {operationId: listCards, responses: {"200": {description: some}}}
components:
  securitySchemes:
    inHeader: {type: apiKey, in: header, name: X-Bank-Key}
    inQuery: {type: apiKey, in: query, name: bank_key}
    session: {type: http, scheme: bearer}
"""
CREDENTIALS = (
    Credential(id="teller", scheme="session", secret="teller-secret"),
    Credential(id="clerk", scheme="basic", secret="clerk:pass word"),
    Credential(id="tiny", scheme="inHeader", secret="abc"),
)


@pytest.fixture(scope="module")
def bank() -> Contract:
    """Return the contract of the bank."""
    return read_contract("bank.yaml", {"bank.yaml": DOCUMENT}.__getitem__, name="bank")


def route_of(contract: Contract, operation: str) -> Route:
    """Return the route of an operation."""
    return next(each for each in contract.routes if each.operation_id == operation)


def happened(number: int = 1, **more: Any) -> Interaction:  # noqa: ANN401 -- members of the parts
    """Return an interaction; members of request, reply and outcome by name."""
    request = {"method": "GET", "path": "/accounts", "base_url": "http://localhost:4010/bank"} | {
        name: more.pop(name) for name in ("method", "path", "query", "headers", "body") if name in more
    }
    reply = Reply(
        status=more.pop("status", 200),
        media_type=more.pop("media_type", ""),
        headers=more.pop("reply_headers", ()),
        body=more.pop("reply", b""),
    )
    outcome = {name: more.pop(name) for name in ("because", "refusal", "violations") if name in more}
    raw = RawRequest(**request)
    return Interaction(
        **{
            "number": number,
            "session": "default",
            "at_s": 1_700_000_000.25,
            "session_time": datetime(2024, 2, 15, 12, tzinfo=UTC),
            "took_s": 0.0125,
            "request": raw,
            "request_size": len(raw.body),
            "outcome": Outcome(reply=reply, **outcome),
            "reply_size": len(reply.body),
            "contract": "bank",
            **more,
        }
    )


VIOLATION = Violation(
    location=("request", "query", "month"),
    keyword="pattern",
    message="must be text",
    received="teller-secret",
)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [1, 2, 3]),
        (Wanted(session="b"), [2]),
        (Wanted(contract="bank"), [1, 2]),
        (Wanted(operation="listCards"), [2]),
        (Wanted(status="404"), [3]),
        (Wanted(status="4xx"), [2, 3]),
        (Wanted(status="2XX"), [1]),
        (Wanted(method="delete"), [3]),
        (Wanted(path="/bank/acc"), [1]),
        (Wanted(path="/accounts"), [1]),
        (Wanted(path="/ca"), [2]),
        (Wanted(violation="query.month"), [2]),
        (Wanted(violation="pattern"), [2]),
        (Wanted(violation="query.year"), []),
        (Wanted(refused=True), [3]),
        (Wanted(refused=False), [1, 2]),
        (Wanted(before=3), [1, 2]),
        (Wanted(after=1, before=3), [2]),
        (Wanted(status="4xx", session="default"), [3]),
    ],
)
def test_interactions_are_found_by_what_is_known_of_them(
    wanted: Wanted, numbers: list[int], bank: Contract
) -> None:
    """Every filter narrows, and they narrow together."""
    refusal = Refusal(cause=Cause.UNKNOWN_PATH, status=404, detail="")
    kept = [
        happened(1),
        happened(
            2,
            session="b",
            path="/cards",
            route=route_of(bank, "listCards"),
            status=422,
            violations=(VIOLATION,),
        ),
        happened(3, contract="", method="DELETE", path="/", status=404, refusal=refusal),
    ]

    assert [each.number for each in matching(kept, wanted)] == numbers


def test_an_interaction_in_short(bank: Contract) -> None:
    """A list shows who, what, when, how long, and why."""
    plain = compile_redaction((), ())
    told = told_in_short(
        happened(
            7, route=route_of(bank, "listAccounts"), query="month=1", because=("status 200", "generated")
        ),
        plain,
    )

    assert told == {
        "id": "7",
        "session": "default",
        "contract": "bank",
        "operation": "listAccounts",
        "method": "GET",
        "url": "http://localhost:4010/bank/accounts?month=1",
        "status": 200,
        "at": "2023-11-14T22:13:20.250000Z",
        "session_time": "2024-02-15T12:00:00Z",
        "duration_ms": 12.5,
        "refusal": None,
        "violations": 0,
        "because": ["status 200", "generated"],
        "scenario": None,
        "fault": False,
    }


def test_secrets_are_told_nowhere(bank: Contract) -> None:
    """Not in headers, not in addresses, not in bodies, reasons or violations, in no spelling."""
    redaction = compile_redaction(bank.security_schemes.values(), CREDENTIALS)
    basic = base64.b64encode(b"clerk:pass word").decode()
    each = happened(
        query="month=1&bank_key=guessed&note=teller-secret&clerk=clerk%3Apass+word",
        headers=(
            ("authorization", "Bearer teller-secret"),
            ("proxy-authorization", f"Basic {basic}"),
            ("x-bank-key", "guessed-too"),
            ("cookie", "login=hidden"),
            ("referer", "http://x/?t=teller-secret"),
            ("accept", "*/*"),
        ),
        body=b'{"secret": "teller-secret", "other": "clerk:pass word"}',
        reply=b"you are teller-secret",
        media_type="text/plain",
        because=("teller-secret was asked for",),
        violations=(VIOLATION,),
    )

    for told in (told_at_length(each, redaction), har([each], redaction, version="1")):
        text = orjson.dumps(told).decode()
        for secret in ("teller-secret", "clerk:pass", "pass+word", basic, "guessed", "hidden"):
            assert secret not in text
        assert "[secret of teller]" in text
        assert '"*/*"' in text


def test_a_scheme_and_a_short_secret_may_be_told(bank: Contract) -> None:
    """Who looks for a wrong credential sees its scheme; a secret of three letters hides no words."""
    redaction = compile_redaction(bank.security_schemes.values(), CREDENTIALS)

    assert redaction.header("Authorization", "Bearer unknown") == "Bearer [redacted]"
    assert redaction.header("Authorization", "unknown") == "[redacted]"
    assert redaction.header("Set-Cookie", "a=b; HttpOnly") == "[redacted]"
    assert redaction.text("the abc of banking") == "the abc of banking"
    assert redaction.target("/accounts?BANK%5Fkey=x&month=1") == "/accounts?BANK%5Fkey=[redacted]&month=1"


def test_a_secret_cut_in_two_is_not_told(bank: Contract) -> None:
    """Where a body was cut, the beginning of a secret is one as well."""
    redaction = compile_redaction(bank.security_schemes.values(), CREDENTIALS)

    told: Any = told_at_length(happened(body=b"secret: teller-sec", request_size=99), redaction)

    assert told["request"]["body"] == {"size": 99, "truncated": True, "text": "secret: [redacted]"}


def test_a_secret_in_bytes_is_not_told(bank: Contract) -> None:
    """Base64 hides nothing."""
    redaction = compile_redaction(bank.security_schemes.values(), CREDENTIALS)

    told: Any = told_at_length(happened(reply=b"\xff\x00teller-secret", media_type="image/png"), redaction)

    body = told["reply"]["body"]
    assert base64.b64decode(body["base64"]) == b"\xff\x00[secret of teller]"


def test_a_body_cut_within_a_character_is_still_text() -> None:
    """The bytes of a character that was cut are left out."""
    each = happened(reply="grün".encode()[:3], media_type="text/plain; charset=utf-8", reply_size=5)

    told: Any = told_at_length(each, compile_redaction((), ()))

    assert told["reply"]["body"] == {"size": 5, "truncated": True, "text": "gr"}


def test_the_nearest_operations_and_what_differs(bank: Contract) -> None:
    """A request that reached nothing is told what it nearly was: path, method, parameters."""
    raw = RawRequest(method="GET", path="/acounts", query="moth=1&filter[a]=b")

    nearest = near_misses(raw, [bank])[0]

    assert (nearest.contract, nearest.route.operation_id) == ("bank", "listAccounts")
    assert nearest.differs == (
        {"part": "path", "sent": "/acounts", "expected": "/accounts"},
        {"part": "parameter", "sent": "nothing", "expected": "query parameter 'month', which is required"},
        {
            "part": "parameter",
            "sent": "query parameter 'moth'",
            "expected": "no such parameter is declared",
        },
    )


def test_the_nearest_of_another_method(bank: Contract) -> None:
    """A known path without the method lists the methods there are, the path itself being right."""
    found = near_misses(RawRequest(method="PUT", path="/accounts/7"), [bank])

    assert [(each.route.operation_id, each.differs) for each in found[:2]] == [
        ("getAccount", ({"part": "method", "sent": "PUT", "expected": "GET"},)),
        ("closeAccount", ({"part": "method", "sent": "PUT", "expected": "DELETE"},)),
    ]


def test_a_request_like_nothing_comes_near_nothing(bank: Contract) -> None:
    """A guess that helps nobody is not made."""
    assert near_misses(RawRequest(method="GET", path="/favicon.ico/x/y/z"), [bank]) == ()


def test_an_archive_of_one_interaction(bank: Contract) -> None:
    """The export has what HAR 1.2 asks for, and our own names where it allows them."""
    each = happened(
        method="POST",
        query="month=1&q=a+b",
        headers=(("content-type", "application/json"), ("cookie", "a=1; b=2")),
        body=b'{"a":1}',
        status=302,
        reply=b"\xff",
        media_type="image/png",
        reply_headers=(("location", "/there"),),
        route=route_of(bank, "listAccounts"),
        because=("status 302",),
    )

    assert har([each], compile_redaction((), ()), version="9")["log"] == {
        "version": "1.2",
        "creator": {"name": "locum", "version": "9"},
        "entries": [
            {
                "startedDateTime": "2023-11-14T22:13:20.250000Z",
                "time": 12.5,
                "request": {
                    "method": "POST",
                    "url": "http://localhost:4010/bank/accounts?month=1&q=a+b",
                    "httpVersion": "HTTP/1.1",
                    "cookies": [{"name": "a", "value": "[redacted]"}, {"name": "b", "value": "[redacted]"}],
                    "headers": [
                        {"name": "content-type", "value": "application/json"},
                        {"name": "cookie", "value": "[redacted]"},
                    ],
                    "queryString": [{"name": "month", "value": "1"}, {"name": "q", "value": "a b"}],
                    "headersSize": -1,
                    "bodySize": 7,
                    "postData": {
                        "mimeType": "application/json",
                        "text": '{"a":1}',
                        "comment": "",
                    },
                },
                "response": {
                    "status": 302,
                    "statusText": "Found",
                    "httpVersion": "HTTP/1.1",
                    "cookies": [],
                    "headers": [
                        {"name": "location", "value": "/there"},
                        {"name": "content-type", "value": "image/png"},
                    ],
                    "content": {"size": 1, "mimeType": "image/png", "text": "/w==", "encoding": "base64"},
                    "redirectURL": "/there",
                    "headersSize": -1,
                    "bodySize": 1,
                },
                "cache": {},
                "timings": {"send": 0, "wait": 12.5, "receive": 0},
                "_session": "default",
                "_contract": "bank",
                "_operation": "listAccounts",
                "_because": ["status 302"],
            }
        ],
    }
