"""Orders of lists, and changes of things whose first member is the server's affair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pytest
from tests.verify.conftest import Answer, Asked, Serve, Told

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Report
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
PLAYED = [each for each in SUITES if each.name in {"lists", "resources", "tidying"}]
NEW = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "status": {"enum": ["open", "closed"]},
        "name": {"type": "string", "minLength": 1, "maxLength": 9},
        "size": {"type": ["integer", "null"]},
    },
}
BOAT = {**NEW, "required": ["id", "name"], "properties": {"id": {"type": "integer"}, **NEW["properties"]}}  # type: ignore[dict-item]
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
NO = {"description": "no"}
SORT = {"name": "sort", "in": "query", "schema": {"enum": ["name", "-name", "size"]}}


def says(schema: Mapping[str, Any], media: str = "application/json") -> dict[str, Any]:
    """Return what declares a body."""
    return {"description": "ok", "content": {media: {"schema": schema}}}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Boats", "version": "1"},
    "paths": {
        "/boats": {
            "get": {
                "operationId": "listBoats",
                "parameters": [SORT],
                "responses": {"200": says({"type": "array", "items": BOAT})},
            },
            "post": {
                "operationId": "addBoat",
                "requestBody": says(NEW),
                "responses": {"201": says(BOAT), "400": NO},
            },
        },
        "/boats/{id}": {
            "parameters": [ID],
            "get": {"operationId": "getBoat", "responses": {"200": says(BOAT), "404": NO}},
            "patch": {
                "operationId": "patchBoat",
                "requestBody": says({**NEW, "required": []}, "application/merge-patch+json"),
                "responses": {"200": says(BOAT), "400": NO, "404": NO},
            },
        },
    },
}
NAMES = ("Heron", "egret", "Ibis", "crane")


def read(body: bytes) -> dict[str, Any] | None:
    """Return what a body says, `None` where that is none of a boat."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    is_boat = isinstance(found, dict) and (
        isinstance(found.get("name", ""), str)
        and isinstance(found.get("size"), int | None)
        and found.get("status", "open") in ("open", "closed")
    )
    return found if is_boat else None


def boats(fault: str = "") -> Answer:
    """Return a server of boats that does one thing wrongly."""
    kept = [
        {"id": at, "status": "open", "name": name, "size": at % 3 or None} for at, name in enumerate(NAMES, 1)
    ]

    def listed(sort: str) -> Told:
        by = sort.strip("-") if fault != "another member decides" or not sort else "id"
        known = [each for each in kept if by and each[by] is not None]
        known.sort(key=lambda each: str(each[by]).casefold(), reverse=sort.startswith("-"))
        if fault == "the direction is ignored" and sort.startswith("-"):
            known.reverse()
        return Told(body=known + [each for each in kept if each not in known])

    def answer(asked: Asked) -> Told:
        sent = {} if asked.method == "GET" else read(asked.body)
        if sent is None:
            return Told(status=400)
        number = asked.path.removeprefix("/boats").strip("/")
        if asked.path == "/boats" and asked.method == "GET":
            return listed(asked.query.get("sort", [""])[0])
        if asked.path == "/boats" and asked.method == "POST":
            kept.append({"id": len(kept) + 1, "status": "open", **sent})
            return Told(status=201, body=kept[-1])
        found = next((each for each in kept if str(each["id"]) == number), None)
        if found is None:
            return Told(status=404)
        if asked.method == "PATCH" and fault != "a patch does nothing":
            is_blind = fault == "null is passed over"
            found |= {name: value for name, value in sent.items() if not is_blind or value is not None}
        return Told(body=found)

    return answer


def verified(written: Written, serve: Serve, fault: str) -> Report:
    """Return what is made of a server with that fault."""
    return run(prepare(written(DOCUMENT), Wish(url=serve(boats(fault)), allow_writes=True)), PLAYED, JUDGES)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("another member decides", "list.order"),
        ("the direction is ignored", "list.order"),
        ("a patch does nothing", "resource.patched"),
        ("null is passed over", "resource.removed"),
    ],
)
def test_an_order_that_is_ignored_and_a_patch_without_effect_are_found(
    written: Written, serve: Serve, fault: str, rule: str
) -> None:
    """Each order that is enumerated is looked at, and a patch by a member that only its sender decides."""
    assert rule in {each.rule for each in verified(written, serve, fault).findings}


def test_orders_without_regard_to_case_and_with_gaps_are_left_alone(written: Written, serve: Serve) -> None:
    """A server may fold case, and put what has no value where it likes."""
    assert [each.identity for each in verified(written, serve, "").findings] == []


LEVELS = ["low", "medium", "high"]


@pytest.mark.parametrize(
    ("grade", "values", "is_told"),
    [
        ({"type": "string"}, ["9.50", "9.75", "10.00", "101.00"], False),
        ({"type": "string"}, ["-3", "-20", "-1", "5"], True),
        ({"type": "string"}, ["1.2.0", "1.9.0", "1.10.0-rc.1", "1.10.0", "v2.0"], False),
        ({"type": "string"}, ["Row 2", "Row 10", "Row 11"], False),
        ({"type": "string"}, ["Row 2", "Row 11", "Row 10", "Row 3"], True),
        ({"enum": LEVELS}, ["low", "low", "medium", "high"], False),
        ({"enum": LEVELS}, ["high", "medium", "medium", "low"], False),
        ({"enum": LEVELS}, ["low", "high", "low", "medium"], True),
    ],
)
def test_an_order_may_be_that_of_what_texts_mean(
    written: Written, serve: Serve, grade: Mapping[str, Any], values: list[str], *, is_told: bool
) -> None:
    """Numbers, versions and ranks that are written as texts have orders of their own."""
    berth = {"type": "object", "properties": {"id": {"type": "integer"}, "grade": grade}}
    sort = {"name": "sort", "in": "query", "schema": {"enum": ["grade"]}}
    listing = {"parameters": [sort], "responses": {"200": says({"type": "array", "items": berth})}}
    reading = {"parameters": [ID], "responses": {"200": says(berth), "404": NO}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Berths", "version": "1"},
        "paths": {"/berths": {"get": listing}, "/berths/{id}": {"get": reading}},
    }
    kept = [{"id": at, "grade": value} for at, value in enumerate(values)]

    def answer(asked: Asked) -> Told:
        found = [each for each in kept if asked.path == f"/berths/{each['id']}"]
        return Told(body=kept if asked.path == "/berths" else found[0] if found else b"")

    report = run(prepare(written(document), Wish(url=serve(answer))), PLAYED, JUDGES)

    assert [each.rule for each in report.findings if each.rule == "list.order"] == ["list.order"] * is_told
    assert "list.order" in {each.rule for each in report.results if each.evaluated}
