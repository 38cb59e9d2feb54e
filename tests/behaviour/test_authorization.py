from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from locum.behaviour import Cause, Credential, CredentialStatus, Fixtures, Outcome

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

Play = Callable[..., Any]

SCHEMES: dict[str, Any] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "basic": {"type": "http", "scheme": "Basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "odd": {"type": "http", "scheme": "hoba"},
    "own": {"type": "http", "scheme": "ApiToken"},
    "oauth": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {"read": "r"}}}},
    "openid": {"type": "openIdConnect", "openIdConnectUrl": "/o"},
    "tls": {"type": "mutualTLS"},
}
BASIC = f"Basic {b64encode(b'ada:secret').decode()}"


def send(play: Play, security: list[Any], headers: Json = (), fixtures: Json = None, **sent: Json) -> Outcome:
    """Return the outcome of a call to an operation secured by *security*."""
    operation = {"operationId": "op", "security": security, "responses": {"204": {"description": "done"}}}
    stage = play(
        {"/": {"get": operation}}, fixtures=fixtures or Fixtures(), components={"securitySchemes": SCHEMES}
    )
    outcome: Outcome = stage.send("op", headers, **sent)
    return outcome


def test_of_several_authorizations_the_one_that_fits_counts(play: Play) -> None:
    """A client may send one for each scheme, or one beside that of its own library."""
    twice = (("authorization", "text"), ("authorization", "Bearer abc"), ("authorization", BASIC))

    assert send(play, [{"bearer": [], "basic": []}], twice).reply.status == 204
    assert send(play, [{"digest": []}], twice).reply.status == 401


def challenges(outcome: Outcome) -> list[str]:
    """Return the challenges of a reply."""
    return [text for name, text in outcome.reply.headers if name == "www-authenticate"]


def cause(outcome: Outcome) -> Cause | None:
    """Return why a request was refused."""
    return outcome.refusal.cause if outcome.refusal else None


@pytest.mark.parametrize(
    ("scheme", "headers", "sent"),
    [
        ("header", {"x-key": "k"}, {}),
        ("query", {}, {"query": "a=1&key=k%2F"}),
        ("cookie", {"cookie": "a=b; sid=k"}, {}),
        ("basic", {"authorization": BASIC}, {}),
        ("basic", {"authorization": BASIC.replace("Basic", "bASIC")}, {}),
        ("bearer", {"authorization": "Bearer abc"}, {}),
        ("bearer", {"authorization": "bearer abc"}, {}),
        (
            "digest",
            {"authorization": 'Digest username="ada", realm="a", nonce="n", uri="/", response="x"'},
            {},
        ),
        ("odd", {"authorization": "HOBA result=x"}, {}),
        ("own", {"authorization": "ApiToken abc"}, {}),
        ("own", {"authorization": "Token token=abc"}, {}),
        ("oauth", {"authorization": "Bearer abc"}, {}),
        ("openid", {"authorization": "Bearer abc"}, {}),
        ("tls", {}, {}),
        ("undeclared", {}, {}),
    ],
)
def test_any_well_formed_credential_opens_without_fixtures(
    play: Play, scheme: str, headers: dict[str, str], sent: dict[str, str]
) -> None:
    """Without known credentials whatever is well formed passes, for every kind of scheme."""
    assert send(play, [{scheme: []}], headers, **sent).reply.status == 204


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ("basic", {"authorization": "Basic ???"}),
        ("basic", {"authorization": f"Basic {b64encode(b'no colon').decode()}"}),
        ("bearer", {"authorization": "Bearer"}),
        ("bearer", {"authorization": "Bearer two words"}),
        ("bearer", {"authorization": "abc"}),
        ("bearer", {"authorization": BASIC}),
        ("digest", {"authorization": "Digest"}),
        ("digest", {"authorization": 'Digest username="ada", response="x"'}),
    ],
)
def test_a_malformed_credential_is_invalid(play: Play, scheme: str, headers: dict[str, str]) -> None:
    """What cannot be a credential of the scheme is refused by 401 as invalid, not as missing."""
    outcome = send(play, [{scheme: []}], headers)

    assert (outcome.reply.status, cause(outcome)) == (401, Cause.INVALID_CREDENTIAL)


@pytest.mark.parametrize(
    ("scheme", "challenge"),
    [
        ("header", ['ApiKey realm="api", in="header", name="X-Key"']),
        ("basic", ['Basic realm="api", charset="UTF-8"']),
        ("bearer", ['Bearer realm="api"']),
        ("oauth", ['Bearer realm="api"']),
        ("odd", ['Hoba realm="api"']),
    ],
)
def test_a_missing_credential_is_challenged(play: Play, scheme: str, challenge: list[str]) -> None:
    """Without a credential there is 401 and a challenge of the scheme that names no error."""
    outcome = send(play, [{scheme: []}])

    assert (outcome.reply.status, cause(outcome)) == (401, Cause.MISSING_CREDENTIAL)
    assert challenges(outcome) == challenge


def test_digest_is_challenged_with_a_nonce_that_stays(play: Play) -> None:
    """Equal requests get equal bytes, the nonce of Digest included."""
    first, second = (challenges(send(play, [{"digest": []}])) for _ in range(2))

    assert first == second
    assert first[0].startswith('Digest realm="api", qop="auth", nonce="')


def test_every_scheme_that_could_open_is_challenged_once(play: Play) -> None:
    """All alternatives are challenged; schemes that would say the same say it once."""
    outcome = send(play, [{"bearer": []}, {"oauth": ["read"]}, {"header": []}, {"tls": [], "basic": []}])

    assert challenges(outcome) == [
        'Bearer realm="api"',
        'ApiKey realm="api", in="header", name="X-Key"',
        'Basic realm="api", charset="UTF-8"',
    ]


def test_any_alternative_opens_and_all_its_schemes_are_needed(play: Play) -> None:
    """Requirements are alternatives; the schemes of one are needed together."""
    security: list[Json] = [{"header": [], "query": []}, {"bearer": []}]

    assert send(play, security, {"x-key": "k"}).reply.status == 401
    assert send(play, security, {"x-key": "k"}, query="key=k").reply.status == 204
    assert send(play, security, {"authorization": "Bearer x"}).reply.status == 204


def test_an_empty_requirement_lets_everybody_pass(play: Play) -> None:
    """`{}` beside other requirements makes security optional; whoever is known is recognised."""
    known = Credential(id="a", scheme="bearer", secret="s")
    fixtures = Fixtures(credentials=(known,))

    assert send(play, [{}, {"bearer": []}], fixtures=fixtures).reply.status == 204
    assert send(play, [{"bearer": []}, {}], {"authorization": "Bearer bad"}, fixtures).reply.status == 204


FIXTURES = Fixtures(
    realm="zoo",
    credentials=(
        Credential(id="good", scheme="oauth", secret="good", kind="user", scopes=frozenset({"read"})),
        Credential(id="poor", scheme="oauth", secret="poor", kind="user"),
        Credential(id="old", scheme="oauth", secret="old", kind="user", status=CredentialStatus.EXPIRED),
        Credential(id="gone", scheme="oauth", secret="gone", kind="user", status=CredentialStatus.REVOKED),
        Credential(id="robot", scheme="oauth", secret="robot", kind="robot", scopes=frozenset({"read"})),
        Credential(id="key", scheme="header", secret="key"),
        Credential(id="ada", scheme="basic", secret="ada:secret"),
    ),
    accepts={"oauth": frozenset({"user"})},
    bare=frozenset({"oauth"}),
)


@pytest.mark.parametrize(
    ("sent", "status", "why", "challenge"),
    [
        ("Bearer good", 204, None, []),
        ("good", 204, None, []),
        (
            "Bearer unknown",
            401,
            Cause.INVALID_CREDENTIAL,
            ['Bearer realm="zoo", error="invalid_token"'],
        ),
        ("Bearer old", 401, Cause.INVALID_CREDENTIAL, ['Bearer realm="zoo", error="invalid_token"']),
        ("Bearer gone", 401, Cause.INVALID_CREDENTIAL, ['Bearer realm="zoo", error="invalid_token"']),
        ("Bearer robot", 403, Cause.WRONG_KIND, []),
        ("Bearer key", 403, Cause.WRONG_KIND, []),
        (
            "Bearer poor",
            403,
            Cause.INSUFFICIENT_SCOPE,
            ['Bearer realm="zoo", error="insufficient_scope", scope="read"'],
        ),
    ],
)
def test_known_credentials_are_judged(
    play: Play, sent: str, status: int, why: Cause | None, challenge: list[str]
) -> None:
    """With fixtures only known secrets open, if active, of an accepted kind and with the scopes asked for."""
    outcome = send(play, [{"oauth": ["read"]}], {"authorization": sent}, FIXTURES)

    assert (outcome.reply.status, cause(outcome), challenges(outcome)) == (status, why, challenge)


def test_basic_credentials_are_compared_decoded(play: Play) -> None:
    """A Basic secret is written `user:password` in the fixtures."""
    assert send(play, [{"basic": []}], {"authorization": BASIC}, FIXTURES).reply.status == 204


def test_the_refusal_of_the_alternative_that_got_furthest_is_told(play: Play) -> None:
    """A token that only lacks a scope is told so, though a key is missing too."""
    security = [{"header": []}, {"oauth": ["read"]}]
    outcome = send(play, security, {"authorization": "Bearer poor"}, FIXTURES)

    assert cause(outcome) is Cause.INSUFFICIENT_SCOPE
    assert outcome.refusal is not None
    assert outcome.refusal.detail == "the bearer token in 'Authorization' lacks the scope read"
    assert outcome.refusal.scope == "read"


def test_who_called_is_known_to_the_answer(play: Play) -> None:
    """The request carries the credentials that opened the operation."""
    operation = {
        "operationId": "op",
        "security": [{"oauth": ["read"], "header": []}],
        "responses": {"200": {"description": "ok", "content": {"application/json": {}}}},
    }
    stage = play(
        {"/": {"get": operation}},
        fixtures=FIXTURES,
        components={"securitySchemes": SCHEMES},
        handlers={"op": lambda identity: [each.id for each in identity.credentials]},
    )

    assert stage.body("op", {"authorization": "Bearer good", "x-key": "key"}) == ["good", "key"]
