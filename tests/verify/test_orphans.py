"""What is found where something outlives what it was below."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import count
from typing import Any

import orjson
import pytest
from tests.verify.conftest import Asked, Serve, Told

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
RESOURCES = [each for each in SUITES if each.name == "resources"]
NEW = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}
KEPT = {**NEW, "required": ["id", "name"], "properties": {"id": {"type": "integer"}, **NEW["properties"]}}  # type: ignore[dict-item]


def _says(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "as it is", "content": {"application/json": {"schema": schema}}}


def _paths(collection: str, noun: str, *outer: str) -> dict[str, Any]:
    """Return the paths of one kind of thing."""

    def named(*names: str) -> list[dict[str, Any]]:
        return [
            {"name": each, "in": "path", "required": True, "schema": {"type": "integer"}} for each in names
        ]

    gone = {"404": {"description": "it is not there"}}
    body = {"required": True, "content": {"application/json": {"schema": NEW}}}
    return {
        collection: {
            "parameters": named(*outer),
            "get": {"responses": {"200": _says({"type": "array", "items": KEPT}), **gone}},
            "post": {"requestBody": body, "responses": {"201": _says(KEPT), **gone, "400": _says({})}},
        },
        f"{collection}/{{{noun}Id}}": {
            "parameters": named(*outer, f"{noun}Id"),
            "get": {"operationId": f"get{noun}", "responses": {"200": _says(KEPT), **gone}},
            "delete": {"responses": {"204": {"description": "gone"}, **gone}},
        },
    }


DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Rooms", "version": "1"},
    "paths": {**_paths("/rooms", "room"), **_paths("/rooms/{roomId}/chairs", "chair", "roomId")},
}


class House:
    """Keeps rooms with chairs in them; *fault* is what becomes of chairs whose room is deleted."""

    def __init__(self, fault: str = "") -> None:
        self.fault, self.ids, self.kept = fault, count(7), dict[str, dict[str, Any]]()

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        path, *_ = asked.path.partition("?")
        found = re.fullmatch(r"((?:/[a-z]+/[0-9]+)*)/[a-z]+(?:/([0-9]+))?", path)
        if not found or asked.method not in {"GET", "POST", "DELETE", "HEAD"}:
            return Told(status=404)
        if found[2] is None and found[1] and found[1] not in self.kept:
            return Told(status=404)
        return self._one(path, asked.method) if found[2] is not None else self._all(path, asked)

    def _all(self, path: str, asked: Asked) -> Told:
        if asked.method != "POST":
            own = [each for key, each in self.kept.items() if key.rpartition("/")[0] == path]
            return Told(body=own)
        try:
            name = orjson.loads(asked.body)["name"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return Told(status=400, body={})
        thing = {"id": next(self.ids), "name": name}
        self.kept[f"{path}/{thing['id']}"] = thing
        return Told(status=201, body=thing)

    def _one(self, path: str, method: str) -> Told:
        if path not in self.kept:
            return Told(status=404)
        if method != "DELETE":
            return Told(body=self.kept[path])
        below = [key for key in self.kept if key.startswith(f"{path}/")]
        if below and self.fault == "it refuses":
            return Told(status=409)
        del self.kept[path]
        for key in below if self.fault not in {"they stay", "they go later"} else ():
            del self.kept[key]
        return Told(status=202 if self.fault == "they go later" else 204)


@pytest.mark.parametrize(("fault", "is_told"), [("", False), ("they stay", True), ("it refuses", False)])
def test_what_was_below_a_thing_that_is_gone_is_not_shown(
    written: Written, serve: Serve, fault: str, *, is_told: bool
) -> None:
    """Chairs go with their room, or keep it; chairs of a room that is not there are a fault."""
    house = House(fault)
    report = run(prepare(written(DOCUMENT), Wish(url=serve(house), allow_writes=True)), RESOURCES, JUDGES)
    failures = [(each.operation, each.rule) for each in report.findings if each.severity is Severity.FAILURE]

    assert failures == ([("getchair", "resource.orphaned")] if is_told else [])
    assert is_told or fault or "resource.orphaned" in {each.rule for each in report.results if each.evaluated}


@pytest.mark.parametrize("status", ["4XX", "default"])
def test_an_absence_that_is_not_declared_is_not_missed(written: Written, serve: Serve, status: str) -> None:
    """What is said of any refusal does not say that chairs go with their room."""
    document = deepcopy(dict(DOCUMENT))
    answers = document["paths"]["/rooms/{roomId}/chairs/{chairId}"]["get"]["responses"]
    answers[status] = answers.pop("404")
    url = serve(House("they stay"))
    report = run(prepare(written(document), Wish(url=url, allow_writes=True)), RESOURCES, JUDGES)

    assert "resource.orphaned" not in {each.rule for each in report.findings}


def test_chairs_may_go_later_than_their_room(written: Written, serve: Serve) -> None:
    """What is accepted and done later (202) need not be done yet, though the room itself is gone."""
    url = serve(House("they go later"))
    report = run(prepare(written(DOCUMENT), Wish(url=url, allow_writes=True)), RESOURCES, JUDGES)

    assert "resource.orphaned" not in {each.rule for each in report.findings}


def test_things_are_made_below_what_is_there(written: Written, serve: Serve) -> None:
    """Legs are those of a chair: a room alone has none, and no chair is made up for them."""
    legs = _paths("/rooms/{roomId}/chairs/{chairId}/legs", "leg", "roomId", "chairId")
    document = {**DOCUMENT, "paths": {**DOCUMENT["paths"], **legs}}
    url = serve(House())
    report = run(prepare(written(document), Wish(url=url, allow_writes=True)), RESOURCES, JUDGES)
    asked = [each.step for each in report.traffic if each.step.sent.method == "POST"]

    assert [each.sent.url for each in asked if each.received and each.received.status == 404] == []
    assert {each.operation for each in report.results if each.rule == "resource.orphaned"} == {
        "getchair",
        "getleg",
    }
