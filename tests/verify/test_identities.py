"""Who calls: tenants that a server need not know, and tokens that open too little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.verify.conftest import Answer, Asked, Serve, Told

from locum.behaviour.model import Credential
from locum.catalog import Entry
from locum.catalog.invariants import Promises
from locum.verify.bench import Options, SuiteEntry
from locum.verify.engine import Subject, run
from locum.verify.identities import Identities, Identity, Part
from locum.verify.model import Report
from locum.verify.suites.identities import identities
from locum.verify.suites.tenants import tenants
from locum.verify.target import Target

Written = Callable[[Mapping[str, Any]], Entry]
SHOWN = {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}
CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string"}}}
FLOW = {"clientCredentials": {"tokenUrl": "https://t.example", "scopes": {"read": "Read"}}}


def document(**forbidden: object) -> dict[str, Any]:
    """Return a document of one list, for tokens with a scope; *forbidden* is more of its 403."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "security": [{"oauth": ["read"]}],
        "components": {"securitySchemes": {"oauth": {"type": "oauth2", "flows": FLOW}}},
        "paths": {
            "/bills": {
                "get": {
                    "operationId": "listBills",
                    "responses": {
                        "200": SHOWN,
                        "401": {"description": "who"},
                        "403": {"description": "no", **forbidden},
                    },
                }
            }
        },
    }


def verified(entry: Entry, answer: Answer, serve: Serve, **parts: Part) -> Report:
    """Return what both suites make of a server that is called by those who play *parts*."""
    everybody = tuple(
        Identity(
            credential=Credential(
                id=name,
                scheme="oauth",
                secret=name,
                scopes=frozenset({"other"} if part is Part.NO_SCOPE else {"read"}),
            ),
            part=part,
        )
        for name, part in parts.items()
    )
    people = Identities(everybody=everybody)
    subject = Subject(
        entry=replace(entry, fixtures=people.fixtures(entry.fixtures)),
        promises=Promises(),
        identities=people,
        operations=tuple(entry.contract.operation(route) for route in entry.contract.routes),
        target=Target(serve(answer)),
        options=Options(is_strict=True),
    )
    suites = (("identities", identities), ("tenants", tenants))
    return run(subject, [SuiteEntry(name=name, play=play) for name, play in suites])


def answering(known: Mapping[str, Told]) -> Answer:
    """Return a server that answers each token by itself, and others with 401."""
    unknown = Told(status=401, headers={"WWW-Authenticate": "Bearer"})
    return lambda asked: known.get(token(asked), unknown)


def token(asked: Asked) -> str:
    """Return the token that is shown, however its scheme is written."""
    scheme, _, secret = asked.headers.get("authorization", "").partition(" ")
    return secret if scheme.lower() == "bearer" else ""


def test_a_tenant_that_the_server_knows_is_tried_before_those_it_does_not(
    written: Written, serve: Serve
) -> None:
    """A server need not know everybody in the fixtures; whom it does know must not be shown what is ours."""
    bill = Told(body={"bills": [{"id": 7, "amount": 3}]})

    report = verified(
        written(document()),
        answering({"ours": bill, "theirs": bill}),
        serve,
        ours=Part.GOOD,
        nobody=Part.OTHER_TENANT,
        stranger=Part.OTHER_TENANT,
        theirs=Part.OTHER_TENANT,
    )

    assert {each.rule for each in report.findings} == {"tenant.shared"}


def test_a_scope_that_is_missing_is_told_by_a_challenge_where_that_is_declared(
    written: Written, serve: Serve
) -> None:
    """403 for a token without the scope has the challenge that the contract declares for it."""
    parts = {"ours": Part.GOOD, "poor": Part.NO_SCOPE}
    bare = answering({"ours": Told(body={}), "poor": Told(status=403)})
    told = Told(status=403, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})
    whole = answering({"ours": Told(body={}), "poor": told})
    declared, silent = document(headers=CHALLENGE), document()

    found = [
        {each.rule for each in verified(written(said), answer, serve, **parts).findings}
        for said, answer in ((declared, bare), (declared, whole), (silent, bare))
    ]

    assert found == [{"challenge.scope"}, set(), set()]
