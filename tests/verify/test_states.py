"""What is found where a state that was sent is passed over, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest
from tests.verify.conftest import Answer, Asked, Serve, Told

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
RESOURCES = [each for each in SUITES if each.name == "resources"]
STATES = ["open", "closed", "late"]


def document(**more: object) -> dict[str, Any]:
    """Return a document of jobs, whose state has *more* said of it where it is sent."""
    state, name = {"enum": STATES}, {"type": "string", "minLength": 1}
    new = {"type": "object", "required": ["name"], "properties": {"name": name, "status": {**state, **more}}}
    kept = {
        "type": "object",
        "required": ["id", "status"],
        "properties": {"id": {"type": "integer"}, "name": name, "status": state},
    }

    def says(schema: Mapping[str, Any]) -> dict[str, Any]:
        return {"description": "ok", "content": {"application/json": {"schema": schema}}}

    no = {"400": says({}), "404": says({})}
    job = {"name": "jobId", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {
        "/jobs": {"post": {"requestBody": says(new), "responses": {"201": says(kept), **no}}},
        "/jobs/{jobId}": {"parameters": [job], "get": {"responses": {"200": says(kept), **no}}},
    }
    return {"openapi": "3.1.0", "info": {"title": "Jobs", "version": "1"}, "paths": paths}


def jobs(manner: str) -> Answer:
    """Return a server of jobs with a *manner* of dealing with states."""
    kept: list[dict[str, Any]] = []

    def make(asked: Asked) -> Told:
        try:
            sent = orjson.loads(asked.body)
        except orjson.JSONDecodeError:
            return Told(status=400, body={})
        state = sent.get("status", "open")
        if manner == "refuses" and state != "open":
            return Told(status=400, body={})
        job = {**sent, "id": len(kept) + 1, "status": "open" if manner == "overrules" else state}
        kept.append(job if manner != "goes on" else {**job, "status": "late"})
        return Told(status=202 if manner == "waits" else 201, body=job)

    def answer(asked: Asked) -> Told:
        if asked.method == "POST":
            return make(asked)
        found = [each for each in kept if asked.path == f"/jobs/{each['id']}"]
        return Told(body=found[0]) if found else Told(status=404, body={})

    return answer


@pytest.mark.parametrize("more", [{}, {"default": "open"}], ids=["no default", "a default"])
@pytest.mark.parametrize("manner", ["keeps", "goes on", "refuses", "waits", "overrules"])
def test_a_state_is_taken_or_refused(
    written: Written, serve: Serve, manner: str, more: Mapping[str, str]
) -> None:
    """Whoever says yes to a state has it; one that has a default is there to be said."""
    wish = Wish(url=serve(jobs(manner)), allow_writes=True)
    report = run(prepare(written(document(**more)), wish), RESOURCES, JUDGES)
    severity = Severity.FAILURE if more else Severity.WARNING
    found = {(each.rule, each.severity) for each in report.findings if each.rule == "resource.state"}

    assert found == ({("resource.state", severity)} if manner == "overrules" else set())


def test_a_state_that_only_an_answer_has_is_the_servers(written: Written, serve: Serve) -> None:
    """What clients cannot say is not sent, and read-only is what they need not say."""
    wish = Wish(url=serve(jobs("overrules")), allow_writes=True)
    report = run(prepare(written(document(readOnly=True)), wish), RESOURCES, JUDGES)

    assert [each.rule for each in report.findings] == []


def test_a_state_of_null_is_none_that_is_said(written: Written, serve: Serve) -> None:
    """Where it may be null, who sends null may be given the default."""
    described = document(default="open")
    for schema in (described["paths"]["/jobs"]["post"][part] for part in ("requestBody", "responses")):
        told = schema.get("201", schema)["content"]["application/json"]["schema"]
        told["properties"]["status"]["enum"] = ["open", None]
    answer = jobs("keeps")

    def forgiving(asked: Asked) -> Told:
        return answer(replace(asked, body=asked.body.replace(b"null", b'"open"')))

    wish = Wish(url=serve(forgiving), allow_writes=True)
    report = run(prepare(written(described), wish), RESOURCES, JUDGES)

    assert "resource.state" not in {each.rule for each in report.findings}
