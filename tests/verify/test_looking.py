"""Where things are looked for, and which exchanges are shown of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

import orjson
import pytest
from tests.verify import desk
from tests.verify.conftest import Asked, Serve, Told
from tests.verify.desk import Desk

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Report
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]


def verified(entry: Entry, url: str, suite: str = "resources") -> Report:
    """Return what a suite makes of a server that may be written to."""
    played = [each for each in SUITES if each.name == suite]
    return run(prepare(entry, Wish(url=url, allow_writes=True)), played, JUDGES)


class NewestFirst(Desk):
    """Lists what was made last first, and makes only the first of all things where *makes_one*."""

    def __init__(self, fault: str = "", *, makes_one: bool = False) -> None:
        super().__init__(fault)
        self.makes_one = makes_one

    def add(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a new task before all others."""
        kept = super().add(value)
        self.tasks = {self.last: kept, **self.tasks}
        return kept

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        is_full = self.makes_one and self.last > 7
        return Told(status=409) if is_full and asked.method == "POST" else super().__call__(asked)


def test_the_page_that_a_thing_is_on_is_shown(written: Written, serve: Serve) -> None:
    """Of a list of several pages, the one with the entry is the evidence, not the last."""
    document = deepcopy(dict(desk.DOCUMENT))
    document["paths"]["/tasks"]["get"]["parameters"][1]["schema"]["maximum"] = 3
    report = verified(written(document), serve(NewestFirst("the newest is listed otherwise")))
    page, thing = next(each.steps for each in report.findings if each.rule == "list.item")
    assert page.received is not None
    assert thing.received is not None

    assert orjson.loads(thing.received.body)["id"] in [
        each["id"] for each in orjson.loads(page.received.body)["tasks"]
    ]


def test_what_is_refused_is_not_sent_again(written: Written, serve: Serve) -> None:
    """Other bodies are tried until one is taken, each once."""
    document = deepcopy(dict(desk.DOCUMENT))
    taken = document["paths"]["/tasks"]["post"]["requestBody"]["content"]["application/json"]
    taken["schema"] = {
        **taken["schema"],
        "properties": {name: taken["schema"]["properties"][name] for name in ("title", "effort")},
    }
    taken["example"] = {"title": "Sweep"}
    report = verified(written(document), serve(NewestFirst(makes_one=True)))
    bodies = [each.step.sent.body for each in report.traffic if each.step.sent.method == "POST"]

    assert len(bodies) > 3
    assert [one for one, other in pairwise(bodies) if one == other] == []


CUP = {
    "type": "object",
    "required": ["shelf"],
    "properties": {"id": {"type": "integer"}, "shelf": {"enum": ["by the door"]}},
}


def _says(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "ok", "content": {"application/json": {"schema": schema}}}


@pytest.mark.parametrize("is_listed", [True, False])
def test_what_a_list_is_asked_for_is_read_as_it_is_meant(
    written: Written, serve: Serve, *, is_listed: bool
) -> None:
    """A list of what is by the door leaves out nothing that is there, however that is spelled in a query."""
    shelf = {"name": "shelf", "in": "query", "required": True, "schema": CUP["properties"]["shelf"]}  # type: ignore[index]
    cup = {"name": "cupId", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {
        "/cups": {
            "get": {"parameters": [shelf], "responses": {"200": _says({"type": "array", "items": CUP})}},
            "post": {"requestBody": _says(CUP), "responses": {"201": _says(CUP), "400": _says({})}},
        },
        "/cups/{cupId}": {"parameters": [cup], "get": {"responses": {"200": _says(CUP), "404": _says({})}}},
    }
    kept = [{"id": 1, "shelf": "by the door"}]

    def answer(asked: Asked) -> Told:
        if asked.method == "POST" and asked.body.endswith(b"}"):
            kept.append({"id": len(kept) + 1, "shelf": "by the door"})
            return Told(status=201, body=kept[-1])
        if asked.path == "/cups":
            return (
                Told(body=kept if is_listed else kept[:1])
                if asked.method == "GET"
                else Told(status=400, body={})
            )
        found = [each for each in kept if asked.path == f"/cups/{each['id']}"]
        return Told(body=found[0]) if found else Told(status=404, body={})

    info = {"title": "Cups", "version": "1"}
    report = verified(written({"openapi": "3.1.0", "info": info, "paths": paths}), serve(answer))

    assert {each.rule for each in report.findings} == (set() if is_listed else {"resource.listed"})


def test_an_address_is_spelled_otherwise_once_and_never_broken(written: Written, serve: Serve) -> None:
    """A letter is encoded, no part of what is encoded already; nobody is asked about without need."""
    named = {"name": "name", "in": "path", "required": True, "schema": {"enum": ["a/"]}}
    reading = {"operationId": "getThing", "parameters": [named], "responses": {"200": {"description": "ok"}}}
    info = {"title": "Things", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {"/things/{name}": {"get": reading}}}
    asked: list[str] = []

    def answer(each: Asked) -> Told:
        asked.append(each.path)
        return Told(status=200 if each.path == "/things/a%2F" else 404)

    verified(written(document), serve(answer), "addresses")

    assert "/things/a%2F" in asked
    assert asked.count("/things/a%2F/") == 1
    assert not any("%2%" in each for each in asked)
