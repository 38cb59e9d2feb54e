"""Values that nobody but the fixtures names: on another server they may be of nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.verify.conftest import Asked, Serve, Told

from locum.behaviour.exchanges import Call, Judgement
from locum.behaviour.model import Credential, CredentialStatus
from locum.behaviour.relations import Kind, Relation
from locum.catalog import Entry
from locum.catalog.invariants import Promises
from locum.verify.bench import Options, SuiteEntry
from locum.verify.engine import Subject, run
from locum.verify.identities import Identities, Identity, Part
from locum.verify.model import Result
from locum.verify.suites.relations import relations
from locum.verify.target import Target

Written = Callable[[Mapping[str, Any]], Entry]
OK = {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    "paths": {
        "/boats/{boat}": {
            "get": {
                "operationId": "getBoat",
                "parameters": [
                    {
                        "name": "boat",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                        "example": "heron",
                    }
                ],
                "responses": {"200": OK, "403": OK, "404": OK},
            }
        }
    },
}


def who(name: str, part: Part) -> Identity:
    """Return somebody whose secret is the name."""
    credential = Credential(
        id=name, scheme="key", secret=name, kind="", status=CredentialStatus.ACTIVE, description=""
    )
    return Identity(credential=credential, part=part)


def played(entry: Entry, url: str, boat: str, status: int, **more: Any) -> Result:  # noqa: ANN401 -- options as they are
    """Return what the promise makes of a server that a call about *boat* is answered with *status*."""
    call = Call(operation="getBoat", path={"boat": boat})
    promise = Relation(
        id="known", promise="told", kind=Kind.REFUSED, calls=(call,), statuses=frozenset({status})
    )
    everybody = (who("ours", Part.GOOD), who("theirs", Part.OTHER_TENANT))
    subject = Subject(
        entry=replace(entry, fixtures=Identities(everybody=everybody).fixtures(entry.fixtures)),
        promises=Promises(relations=(promise,)),
        identities=Identities(everybody=everybody),
        operations=tuple(entry.contract.operation(route) for route in entry.contract.routes),
        target=Target(url),
        options=Options(is_strict=True, **more),
    )
    report = run(subject, [SuiteEntry(name="relations", play=relations)])
    return next(each for each in report.results if each.rule == "known")


def answering(shown: Mapping[str, int], absent: int = 404) -> Callable[[Asked], Told]:
    """Return a server that answers each key with a status of its own."""
    return lambda asked: Told(status=shown.get(asked.headers.get("x-key", ""), absent), body={})


def test_what_only_the_fixtures_name_and_nobody_is_shown_is_not_held_against_a_server(
    written: Written, serve: Serve
) -> None:
    """A server with data of its own does not know the fixtures' things; that is told, and fails nothing."""
    url = serve(answering({}))

    for status in (200, 403):
        result = played(written(DOCUMENT), url, "egret", status, supposed=frozenset({"egret"}))

        assert result.judgement is Judgement.NOT_EVALUATED
        assert "egret" in result.reason
        assert "--values" in result.reason


@pytest.mark.parametrize(
    ("boat", "shown", "supposed"),
    [
        pytest.param("egret", {"theirs": 200}, {"egret"}, id="somebody else is shown it"),
        pytest.param("egret", {}, set[str](), id="the tester has named it"),
        pytest.param("heron", {}, {"heron"}, id="the document names it"),
        pytest.param("egret", {"ours": 500}, {"egret"}, id="the answer says something else"),
    ],
)
def test_what_is_known_to_be_there_is_held_against_a_server(
    written: Written, serve: Serve, boat: str, shown: Mapping[str, int], supposed: set[str]
) -> None:
    """Where a thing is shown to anybody, or named by tester or document, a wrong answer stays a fault."""
    result = played(written(DOCUMENT), serve(answering(shown)), boat, 403, supposed=frozenset(supposed))

    assert result.judgement is Judgement.BROKEN
