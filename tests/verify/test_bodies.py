"""What trying bodies finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from tests.verify import desk
from tests.verify.conftest import Answer, Asked, Serve, Told
from tests.verify.desk import NEW, Desk

from locum.catalog import Entry
from locum.contract.coercion import shape_of
from locum.contract.model import JsonObject, JsonValue
from locum.verify.bench import Profile
from locum.verify.body_mutations import body_mutations
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
Verify = Callable[..., Report]
BODIES = [each for each in SUITES if each.name in {"bodies", "tidying"}]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def verify(written: Written, serve: Serve) -> Verify:
    """Return a function that has bodies tried on a desk."""
    entry = written(desk.DOCUMENT)

    def look(answer: Answer, profile: Profile = Profile.FULL) -> Report:
        return run(
            prepare(entry, Wish(url=serve(answer), allow_writes=True, profile=profile)), BODIES, JUDGES
        )

    return look


FAULTS = {
    "no title will do": ("body.accepted", "body/title", {"missing"}),
    "any title will do": (
        "body.accepted",
        "body/title",
        {"too-long", "too-short", "pattern", "wrong-type", "null"},
    ),
    "any kind will do": ("body.accepted", "body/kind", {"unknown-value", "wrong-type", "null"}),
    "any effort will do": ("body.accepted", "body/effort", {"below-minimum", "above-maximum", "fraction"}),
    "any flag will do": ("body.accepted", "body/done", {"wrong-type"}),
    "any note will do": ("body.accepted", "body/note", {"wrong-type"}),
    "any tags will do": ("body.accepted", "body/tags", {"wrong-type"}),
    "any place will do": ("body.accepted", "body/place/room", {"missing"}),
    "an unknown member will do": ("body.accepted", "body", {"unknown-member"}),
    "half JSON will do": ("body.accepted", "body", {"malformed"}),
    "the highest is refused": ("body.refused", "body/effort", {"at-maximum"}),
    "any media type will do": ("body.media-type", "header.content-type", {"ignored"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_body_is_found_by_its_member(verify: Verify, fault: str) -> None:
    """One member at a time is tried, and the finding names it."""
    report = verify(Desk(fault))

    rule, location, kinds = FAULTS[fault]
    found = {each.kind for each in report.findings if (each.rule, each.location) == (rule, location)}
    assert found >= kinds


def test_correct_bodies_are_left_alone(verify: Verify) -> None:
    """Each operation that takes a body is tried, and nothing is found."""
    report = verify(Desk())

    assert [each.identity for each in report.findings] == []
    tried = {
        each.operation for each in report.results if each.rule == "body.accepted" and each.evaluated > 20
    }
    assert tried == {"createTask", "replaceTask", "patchTask"}


def test_what_is_made_by_trying_is_deleted(verify: Verify) -> None:
    """Bodies that are taken leave nothing behind; what was there before is as it was."""
    server = Desk()
    before = {number: dict(task) for number, task in server.tasks.items()}

    verify(server)

    assert server.tasks == before


def test_quick_stays_quick(verify: Verify) -> None:
    """The profile of every push tries a part, the telling ones first."""
    quick, full = (Desk("any effort will do"), Desk("any effort will do"))

    found = {each.location for each in verify(quick, Profile.QUICK).findings}
    verify(full)

    assert "body/effort" in found
    assert quick.calls * 2 < full.calls


def test_a_media_type_that_is_not_declared_deviates_where_no_refusal_is_declared(
    written: Written, serve: Serve
) -> None:
    """HTTP lets a server look at the body instead; only a document that declares 415 is held to it."""
    paths = {
        path: {
            verb: {**each, "responses": {k: v for k, v in each["responses"].items() if k != "415"}}
            if "responses" in each
            else each
            for verb, each in ((v, o) for v, o in here.items() if v != "parameters")
        }
        | {name: value for name, value in here.items() if name == "parameters"}
        for path, here in desk.DOCUMENT["paths"].items()
    }
    entry = written({**desk.DOCUMENT, "paths": paths})
    wish = Wish(url=serve(Desk("any media type will do")), allow_writes=True)

    report = run(prepare(entry, wish), BODIES, JUDGES)

    assert {each.severity for each in report.findings} == {Severity.DEVIATION}


def test_a_form_is_tried_as_it_is_read(written: Written, serve: Serve) -> None:
    """In a form everything is text: what can be read as it should be is not wrong."""
    schema = {
        "type": "object",
        "required": ["size"],
        "properties": {"size": {"type": "integer", "maximum": 5}, "note": {"type": "string"}},
    }
    sent: list[bytes] = []

    def answer(asked: Asked) -> Told:
        sent.append(asked.body)
        text = dict(pair.partition(b"=")[::2] for pair in asked.body.split(b"&")).get(b"size", b"")
        is_form = asked.headers.get("content-type", "").startswith(FORM)
        is_right = is_form and text.lstrip(b"-").isdigit() and int(text) <= 5
        return Told(status=204 if is_right else 400, headers={"Content-Type": ""})

    answers = {"204": {"description": "ok"}, "400": {"description": "no"}}
    body = {"required": True, "content": {FORM: {"schema": schema}}}
    operation = {"operationId": "send", "requestBody": body, "responses": answers}
    entry = written(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/sizes": {"post": operation}}}
    )

    report = run(prepare(entry, Wish(url=serve(answer), allow_writes=True)), BODIES, JUDGES)

    assert report.findings == ()
    assert any(b"size=6" in each for each in sent)
    assert any(b"size=" not in each for each in sent)


def test_what_is_called_wrong_is_wrong_by_the_schema() -> None:
    """The schema decides, whatever a change was meant to be."""
    good: JsonValue = {"title": "Sweep", "effort": 3, "tags": ["a"], "place": {"room": "hall"}}

    shape = shape_of(cast("JsonObject", NEW))

    kinds = {(each.location, each.kind) for each in body_mutations(good, shape, lambda _: False)}

    assert ("title", "missing") in kinds
    assert ("place/room", "missing") in kinds
    assert ("tags/*", "wrong-type") in kinds
    assert not [each for each in body_mutations(good, shape, lambda _: False) if each.is_valid]
