"""What is told of replacements and patches that a server may take in more than one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import orjson
import pytest
from tests.verify import desk
from tests.verify.conftest import Answer, Asked, Serve, Told
from tests.verify.desk import Desk

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
RESOURCES = [each for each in SUITES if each.name == "resources"]
ONE = "/tasks/{taskId}"


def verified(entry: Entry, url: str) -> Report:
    """Return what is made of a server that may be written to."""
    return run(prepare(entry, Wish(url=url, allow_writes=True)), RESOURCES, JUDGES)


def with_merge_patch() -> dict[str, Any]:
    """Return the document of the desk, its patches merge patches."""
    document = deepcopy(dict(desk.DOCUMENT))
    content = document["paths"][ONE]["patch"]["requestBody"]["content"]
    content["application/merge-patch+json"] = content.pop("application/json")
    return document


@pytest.mark.parametrize("has_patch", [True, False])
@pytest.mark.parametrize("required", [["title"], []], ids=["something", "nothing"])
def test_a_default_that_is_not_put_only_warns_where_all_may_be_left_out(
    written: Written, serve: Serve, required: list[str], *, has_patch: bool
) -> None:
    """Many servers only change what is put: a document that lets nothing be put may well mean that."""
    document = deepcopy(dict(desk.DOCUMENT))
    taken = document["paths"][ONE]["put"]["requestBody"]["content"]["application/json"]
    taken["schema"] = {**taken["schema"], "required": required}
    if not has_patch:
        del document["paths"][ONE]["patch"]
    report = verified(written(document), serve(Desk("what is left out stays")))
    told = [each.severity for each in report.findings if each.rule == "resource.default"]

    assert told == [Severity.FAILURE if has_patch or required else Severity.WARNING]


class Still(Desk):
    """Shows texts that it would not take, and a time of the last change that stays."""

    def __call__(self, asked: Asked) -> Told:
        """Answer one request, and tell that nothing has ever changed."""
        if asked.method in {"PUT", "PATCH"} and asked.body and b'"note":""' in asked.body:
            return Told(status=422)
        told = super().__call__(asked)
        if isinstance(told.body, dict) and "id" in told.body:
            body = {"note": "", "updated_at": "2024-02-15T12:00:00Z", **told.body}
            return Told(status=told.status, body=body, headers=told.headers)
        return told


def test_what_a_server_shows_is_not_sent_back_where_it_may_not_be(written: Written, serve: Serve) -> None:
    """A note may be empty where it is read and not where it is sent: no change is undone by that."""
    document = deepcopy(dict(desk.DOCUMENT))
    del document["paths"][ONE]["put"]
    part = document["paths"][ONE]["patch"]["requestBody"]["content"]["application/json"]["schema"]
    part["properties"] = {"note": {"type": "string", "minLength": 1}}
    new = document["paths"]["/tasks"]["post"]["requestBody"]["content"]["application/json"]
    new["example"] = {"title": "Sweep"}
    new["schema"] = {**new["schema"], "properties": {"title": new["schema"]["properties"]["title"]}}
    shown = document["paths"][ONE]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    shown["properties"]["updated_at"] = {"type": "string", "format": "date-time", "readOnly": True}
    shown["properties"]["note"] = {"type": "string"}
    report = verified(written(document), serve(Still()))
    sent = [each.step.sent for each in report.traffic if each.step.sent.method == "PATCH"]

    assert [each.body for each in sent if b'"note":""' in each.body] == []
    assert any(b'"note":' in each.body for each in sent)


def asks_for_null(asked: Asked) -> bool:
    """Tell whether a patch takes a member away."""
    return asked.method == "PATCH" and asked.body.startswith(b"{") and b"null" in asked.body


def keeping(status: int) -> Answer:
    """Return a desk that says yes to a patch with null by a *status*, and keeps the member."""
    kept = Desk()

    def answer(asked: Asked) -> Told:
        return Told(status=status, body={}) if asks_for_null(asked) else kept(asked)

    return answer


def test_a_member_that_is_kept_is_told_with_the_patch_that_names_it(written: Written, serve: Serve) -> None:
    """What was sent and what was read after it are shown; nothing is told of what is done later (202)."""

    def told(status: int) -> list[list[str]]:
        report = verified(written(with_merge_patch()), serve(keeping(status)))
        steps = [each.steps for each in report.findings if each.rule == "resource.removed"]
        return [[each.sent.method for each in shown] for shown in steps]

    assert (told(200), told(202)) == ([["PATCH", "GET"]], [])


@pytest.mark.parametrize(("status", "is_told"), [(200, True), (202, False)])
def test_a_condition_may_be_looked_at_later(
    written: Written, serve: Serve, status: int, *, is_told: bool
) -> None:
    """Who only accepts a change (202) has not made it in spite of its condition."""
    kept = Desk()

    def answer(asked: Asked) -> Told:
        is_strange = "nobody" in asked.headers.get("if-match", "")
        return Told(status=status, body={"id": 1, "title": "Sweep"}) if is_strange else kept(asked)

    report = verified(written(desk.DOCUMENT), serve(answer))

    assert ("resource.condition" in {each.rule for each in report.findings}) is is_told


STEP = {
    "type": "object",
    "required": ["op", "path"],
    "properties": {"op": {"enum": ["replace"]}, "path": {"type": "string"}, "value": {}},
}


class Stepwise(Desk):
    """Takes steps of JSON Patch, all of them or, where it *goes_on*, one after another until one is wrong."""

    def __init__(self, *, goes_on: bool) -> None:
        super().__init__()
        self.goes_on = goes_on

    def _patch(self, asked: Asked, number: int) -> Told:
        before = self.tasks.get(number)
        if before is None:
            return Told(status=404, body={"message": "no such task"})
        try:
            steps = [(each["path"].removeprefix("/"), each["value"]) for each in orjson.loads(asked.body)]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return Told(status=400, body={"message": "no steps"})
        after = before if self.goes_on else dict(before)
        for name, value in steps:
            if name not in after:
                return Told(status=400, body={"message": f"no {name}"})
            after[name] = value
        self.tasks[number] = after
        return Told(body=after)


@pytest.mark.parametrize("goes_on", [True, False])
def test_steps_of_a_patch_are_all_done_or_none(written: Written, serve: Serve, *, goes_on: bool) -> None:
    """A step that replaces nothing undoes those before it (RFC 6902, 5)."""
    document = deepcopy(dict(desk.DOCUMENT))
    content = document["paths"][ONE]["patch"]["requestBody"]["content"]
    content.clear()
    content["application/json-patch+json"] = {"schema": {"type": "array", "items": STEP}}
    report = verified(written(document), serve(Stepwise(goes_on=goes_on)))
    found = [each.kind for each in report.findings if each.rule == "resource.atomic"]

    assert found == ["half-done"] * goes_on
    assert "resource.atomic" in {each.rule for each in report.results if each.evaluated}
