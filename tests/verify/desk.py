"""A small API that is written to, with a correct server of its own, which can be told to break one thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from tests.verify.conftest import Asked, Told

ERROR: Final = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
NEW: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title"],
    "properties": {
        "title": {"type": "string", "minLength": 2, "maxLength": 20, "pattern": "^[A-Za-z]"},
        "kind": {"enum": ["chore", "errand"]},
        "effort": {"type": "integer", "minimum": 1, "maximum": 9},
        "done": {"type": "boolean", "default": False},
        "note": {"type": ["string", "null"]},
        "tags": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
        "place": {
            "type": "object",
            "required": ["room"],
            "properties": {"room": {"type": "string"}, "floor": {"type": "integer", "maximum": 4}},
        },
    },
}
TASK: Final = {
    "type": "object",
    "required": ["id", "title"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "created_at": {"type": "string", "format": "date-time", "readOnly": True},
        **NEW["properties"],  # type: ignore[dict-item]
    },
}
PATCH: Final = {**NEW, "required": [], "minProperties": 1}
PAGE: Final = {
    "type": "object",
    "required": ["tasks", "total"],
    "properties": {
        "tasks": {"type": "array", "items": TASK},
        "total": {"type": "integer"},
        "next": {"type": ["string", "null"]},
    },
}


def _says(schema: Mapping[str, Any], description: str = "as it is", **more: object) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}, **more}


def _takes(schema: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema, **more}}}


def _query(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


_REFUSED: Final = {status: _says(ERROR, "refused") for status in ("400", "404", "405", "412", "415")}
_EXAMPLE: Final = {"title": "Sweep", "kind": "chore", "effort": 3, "done": False, "note": "softly"}
DOCUMENT: Final[Mapping[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Desk", "version": "1"},
    "paths": {
        "/tasks": {
            "get": {
                "operationId": "listTasks",
                "parameters": [
                    _query("page", {"type": "integer", "minimum": 1}),
                    _query("per_page", {"type": "integer", "minimum": 1, "maximum": 50}),
                    _query("kind", {"enum": ["chore", "errand"]}),
                ],
                "responses": {"200": _says(PAGE), **_REFUSED},
            },
            "post": {
                "operationId": "createTask",
                "requestBody": _takes(NEW, example=_EXAMPLE),
                "responses": {"201": _says(TASK, "made"), **_REFUSED},
            },
        },
        "/tasks/{taskId}": {
            "parameters": [{"name": "taskId", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"operationId": "getTask", "responses": {"200": _says(TASK), **_REFUSED}},
            "put": {
                "operationId": "replaceTask",
                "parameters": [{"name": "If-Match", "in": "header", "schema": {"type": "string"}}],
                "requestBody": _takes(NEW),
                "responses": {"200": _says(TASK), **_REFUSED},
            },
            "patch": {
                "operationId": "patchTask",
                "requestBody": _takes(PATCH),
                "responses": {"200": _says(TASK), **_REFUSED},
            },
            "delete": {
                "operationId": "deleteTask",
                "responses": {"204": {"description": "gone"}, **_REFUSED},
            },
        },
    },
}


def refused(status: int, message: str, **headers: str) -> Told:
    """Return a refusal in the contract's own shape."""
    return Told(status=status, body={"message": message}, headers=headers)


class Desk:
    """The server; *fault* names the one thing it does wrongly, `""` none."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.last = 0
        self.calls = 0
        self.tasks: dict[int, dict[str, Any]] = {}
        for number in range(1, 8):
            self.add({"title": f"Task {number}", "kind": "chore" if number % 2 else "errand", "effort": 1})

    def add(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a new task."""
        self.last += self.fault != "keys come twice" or self.last < 8
        kept = {"id": self.last, "created_at": "2024-02-15T12:00:00Z", "done": False, **value}
        if self.fault == "a default is another" and "done" not in value:
            kept["done"] = True
        if self.fault == "a member is lost":
            kept.pop("effort", None)
        if self.fault == "letters are mangled":
            kept["title"] = kept["title"].encode("ascii", "replace").decode()
        if self.fault == "letters of a note are mangled" and kept.get("note"):
            kept["note"] = kept["note"].encode("ascii", "replace").decode()
        if self.fault == "a text is cut":
            kept["title"] = kept["title"][:6]
        if self.fault == "a member is changed":
            kept["title"] = kept["title"].upper()
        self.tasks[self.last] = kept
        return kept

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        self.calls += 1
        found = re.fullmatch(r"/tasks(?:/(-?[0-9]+))?", asked.path)
        method = "GET" if asked.method == "HEAD" else asked.method
        if not found:
            return refused(404, "there is nothing")
        many = {"GET": self._list, "POST": self._create}
        one = {"GET": self._get, "PUT": self._put, "PATCH": self._patch, "DELETE": self._delete}
        if method not in (many if found[1] is None else one):
            return refused(405, "not here", Allow=", ".join((*(one if found[1] else many), "HEAD")))
        return many[method](asked) if found[1] is None else one[method](asked, int(found[1]))

    def _list(self, asked: Asked) -> Told:
        texts = {name: found[-1] for name, found in asked.query.items()}
        page, size, kind = texts.get("page", "1"), texts.get("per_page", "20"), texts.get("kind")
        if not (page.isdecimal() and page.isascii() and size.isdecimal() and size.isascii()):
            return refused(400, "no number")
        number, per_page = int(page), int(size)
        if not (number >= 1 and 1 <= per_page <= 50) or kind not in {None, "chore", "errand"}:
            return refused(400, "out of range")
        if self.fault == "pages are not turned":
            number = 1
        if self.fault == "a page has one too many":
            per_page += 1
        wanted = None if self.fault == "the filter is ignored" else kind
        known = [*self.tasks.values()][: 7 if self.fault == "the list is old" else None]
        if self.fault == "the newest is not listed" and len(known) > 7:
            known.pop()
        chosen = [each for each in known if wanted in {None, each.get("kind")}]
        start = (number - 1) * per_page
        if self.fault == "pages overlap" and start:
            start -= 1
        if self.fault == "pages have gaps" and start:
            start += 1
        shown = chosen[start : start + per_page]
        if self.fault == "the order changes" and self.calls % 2:
            shown = shown[::-1]
        told = {"the list says otherwise": 0, "the newest is listed otherwise": 7}.get(self.fault)
        if told is not None:
            shown = [{**each, "effort": 9} if each["id"] > told else each for each in shown]
        total = len(chosen) + (self.fault == "the total is wrong")
        more = start + per_page < len(chosen)
        following = 1 if self.fault == "next leads back" else number + 1
        query = urlencode({**texts, "page": following, "per_page": per_page})
        return Told(body={"tasks": shown, "total": total, "next": f"/tasks?{query}" if more else None})

    def _body(self, asked: Asked, *, is_partial: bool = False) -> dict[str, Any] | Told:
        media = asked.headers.get("content-type", "").partition(";")[0]
        if is_partial and media == "application/merge-patch+json":
            media = "application/json"
        if media != "application/json" and self.fault != "any media type will do":
            return refused(415, "only JSON")
        try:
            value = orjson.loads(asked.body)
        except orjson.JSONDecodeError:
            return {"title": "what"} if self.fault == "half JSON will do" else refused(400, "no JSON")
        return value if self._is_valid(value, is_partial=is_partial) else refused(400, "invalid")

    def _is_valid(self, value: object, *, is_partial: bool) -> bool:
        if not isinstance(value, dict) or (is_partial and not value):
            return False
        title, effort, tags = value.get("title"), value.get("effort", 1), value.get("tags", [])
        most = 8 if self.fault == "the highest is refused" else 9
        place = value.get("place", {"room": "hall"})
        checks = {
            "an unknown member will do": value.keys() <= NEW["properties"].keys(),  # type: ignore[attr-defined]
            "no title will do": "title" in value or is_partial,
            "any title will do": "title" not in value
            or (isinstance(title, str) and re.fullmatch(r"[A-Za-z].{1,19}", title, re.DOTALL) is not None),
            "any kind will do": value.get("kind", "chore") in ("chore", "errand"),
            "any effort will do": type(effort) is int and 1 <= effort <= most,
            "any flag will do": type(value.get("done", False)) is bool,
            "any note will do": isinstance(value.get("note"), str | None),
            "any tags will do": isinstance(tags, list)
            and len(tags) <= 3
            and all(isinstance(each, str) for each in tags),
            "any place will do": isinstance(place, dict)
            and isinstance(place.get("room"), str)
            and type(place.get("floor", 0)) is int
            and place.get("floor", 0) <= 4,
        }
        return all(kept for name, kept in checks.items() if name != self.fault)

    def _create(self, asked: Asked) -> Told:
        value = self._body(asked)
        if isinstance(value, Told):
            if self.fault == "what is refused is kept":
                self.add({"title": "Refused"})
            return value
        kept = self.add(value)
        if self.fault == "two are made":
            self.add(value)
        if self.fault == "nothing is kept":
            del self.tasks[kept["id"]]
        place = 1000 if self.fault == "Location leads nowhere" else kept["id"]
        return Told(status=201, body=kept, headers={"Location": f"/tasks/{place}"})

    def _tag(self, task: Mapping[str, Any]) -> str:
        said = {"id": task["id"]} if self.fault == "the tag stays" else task
        return f'"{abs(hash(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))):x}"'

    def _get(self, _: Asked, number: int) -> Told:
        task = self.tasks.get(number)
        if task is None:
            return refused(404, "no such task")
        return Told(body=task, headers={"ETag": self._tag(task)})

    def _put(self, asked: Asked, number: int) -> Told:
        before = self.tasks.get(number)
        if before is None and self.fault == "what is gone is replaced":
            before = {"created_at": ""}
        if before is None:
            is_confirmed = self.fault == "changing what is gone is confirmed"
            return (
                Told(body={"id": number, "title": "Gone"}) if is_confirmed else refused(404, "no such task")
            )
        value = self._body(asked)
        if isinstance(value, Told):
            if self.fault == "what is refused is done":
                before["title"] = "Refused"
            return value
        wanted = asked.headers.get("if-match", "*")
        is_met = wanted == "*" or self._tag(before) in wanted
        if not is_met and self.fault != "conditions are ignored":
            return refused(412, "it has changed")
        left: dict[str, Any] = before if self.fault == "replacing only adds" else {}
        left = left | {"done": before.get("done", False) if self.fault == "what is left out stays" else False}
        key = number + 1000 * (self.fault == "replacing gives another key")
        after = {"id": key, "created_at": before["created_at"], **left, **value}
        if self.fault == "replacing makes anew":
            after["created_at"] = "2024-02-16T12:00:00Z"
        if self.fault == "replacing does nothing":
            return Told(body=after)
        if self.fault == "all are replaced":
            for each in self.tasks.values():
                each["title"] = value["title"]
        self.tasks[number] = after
        return Told(body=after)

    def _patch(self, asked: Asked, number: int) -> Told:
        before = self.tasks.get(number)
        if before is None:
            return refused(404, "no such task")
        value = self._body(asked, is_partial=True)
        if isinstance(value, Told):
            if self.fault == "a patch is done in part":
                before.update(self._first_of(asked.body))
            return value
        if self.fault == "a patch forgets the rest":
            self.tasks[number] = {"id": number, "title": before["title"], **value}
        elif self.fault != "a patch does nothing":
            if self.fault == "a patch adds to lists" and "tags" in value:
                value["tags"] = [*before.get("tags", []), *value["tags"]]
            before.update(value)
        return Told(body=self.tasks[number])

    def _first_of(self, body: bytes) -> dict[str, Any]:
        """Return the members of a wrong patch that stand before what is wrong with it."""
        try:
            members = [*orjson.loads(body).items()]
        except (orjson.JSONDecodeError, AttributeError):
            return {}
        parts = [dict(members[:end]) for end in range(1, len(members))]
        return next((each for each in reversed(parts) if self._is_valid(each, is_partial=True)), {})

    def _delete(self, _: Asked, number: int) -> Told:
        if number not in self.tasks and self.fault == "deleting nothing is confirmed":
            return Told(status=204)
        if number not in self.tasks:
            return refused(404, "no such task")
        if self.fault != "nothing is deleted":
            gone = self.tasks.pop(number)
            self.last -= self.fault == "keys are used again"
            if self.fault == "what is gone is listed":
                self.tasks[-number] = {**gone}
            if self.fault == "all are deleted":
                self.tasks.clear()
        return Told(status=204)
