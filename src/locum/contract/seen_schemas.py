"""What examples tell of a contract: the schema of a value that was seen, two accounts of one operation."""

from __future__ import annotations

import re
from typing import Any, Final

from locum.contract.model import JsonObject, JsonValue

__all__ = ["joined_contents", "joined_operations", "joined_responses", "seen_schema"]

#: What an example without a name is called, and where its other names stand.
_NAMELESS: Final = "default"
_NUMBERED: Final = re.compile(rf"{_NAMELESS}(-[0-9]+)?")
_IDS: Final = "x-mock-response-id"
#: What is looked at of a long list.
_LOOKED_AT: Final = 20


def seen_schema(value: JsonValue) -> JsonObject:
    """Return a schema of the types that *value* has, its members optional.

    >>> seen_schema({"id": 1, "tags": ["a"]})["properties"]
    {'id': {'type': 'integer'}, 'tags': {'type': 'array', 'items': {'type': 'string'}}}
    """
    if isinstance(value, dict):
        return {"type": "object", "properties": {name: seen_schema(each) for name, each in value.items()}}
    if isinstance(value, list):
        items: JsonObject = {}
        for each in value[:_LOOKED_AT]:
            items = joined_schemas(items, seen_schema(each)) if items else seen_schema(each)
        return {"type": "array", "items": items} if items else {"type": "array"}
    return {"type": _type_of(value)}


def _type_of(value: JsonValue) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return "integer" if is_whole else "number"


def joined_schemas(first: JsonObject, second: JsonObject) -> JsonObject:
    """Return a schema that allows what either allows."""
    known, more = _alternatives(first), _alternatives(second)
    known = [*known, *(each for each in more if each not in known)]
    return {"anyOf": known} if known[1:] else first


def _alternatives(schema: JsonObject) -> list[JsonValue]:
    listed = schema.get("anyOf")
    return listed if isinstance(listed, list) and len(schema) == 1 else [schema]


def joined_operations(first: Any, second: Any) -> JsonObject:  # noqa: ANN401 -- JSON that we made
    """Return an operation of which both are examples; what only one of them carries is optional."""
    joined: JsonObject = {
        **first,
        "parameters": _joined_parameters(first["parameters"], second["parameters"]),
        "responses": joined_responses(first["responses"], second["responses"]),
    }
    bodies = [each["requestBody"]["content"] for each in (first, second) if "requestBody" in each]
    if bodies:
        joined["requestBody"] = {"content": joined_contents(bodies[0], bodies[-1])}
    return joined


def _joined_parameters(first: Any, second: Any) -> list[JsonValue]:  # noqa: ANN401 -- JSON that we made
    ours = {(each["in"], each["name"].lower()): each for each in first}
    theirs = {(each["in"], each["name"].lower()): each for each in second}
    return [
        _joined_members(ours[key], theirs[key])
        if key in ours and key in theirs
        else {**(ours.get(key) or theirs[key]), "required": key[0] == "path"}
        for key in dict.fromkeys((*ours, *theirs))
    ]


def _joined_members(first: Any, second: Any) -> JsonObject:  # noqa: ANN401 -- JSON that we made
    required = first.get("required", False) and second.get("required", False)
    if "examples" in first or "examples" in second:
        first, second = _with_names(first), _with_names(second)
    joined: JsonObject = {**second, **first, "required": required}
    if "examples" in first and "examples" in second:
        joined["examples"] = _joined_examples(first["examples"], second["examples"])
    if "schema" in first and "schema" in second:
        joined["schema"] = joined_schemas(first["schema"], second["schema"])
    return joined


def _with_names(member: Any) -> Any:  # noqa: ANN401 -- JSON that we made
    """Return *member* with its one example among several, beside which it must not stand."""
    if "example" not in member:
        return member
    rest = {key: value for key, value in member.items() if key != "example"}
    return {**rest, "examples": {_NAMELESS: {"value": member["example"]}}}


def joined_responses(first: Any, second: Any) -> JsonObject:  # noqa: ANN401 -- JSON that we made
    """Return the responses of both, those of one status as one."""
    joined = {**first}
    for status, response in second.items():
        known = joined.get(status)
        joined[status] = response if known is None else _joined_response(known, response)
    return joined


def _joined_response(first: Any, second: Any) -> JsonObject:  # noqa: ANN401 -- JSON that we made
    ours, theirs = first["headers"], second["headers"]
    headers: JsonObject = {
        name: _joined_members(ours[name], theirs[name])
        if name in ours and name in theirs
        else {**(ours.get(name) or theirs[name]), "required": False}
        for name in dict.fromkeys((*ours, *theirs))
    }
    content = joined_contents(first.get("content", {}), second.get("content", {}))
    return {**first, "headers": headers, **({"content": content} if content else {})}


def joined_contents(first: Any, second: Any) -> JsonObject:  # noqa: ANN401 -- JSON that we made
    """Return the media types of both, with the examples of both."""
    joined = {**first}
    names = {name.lower(): name for name in joined}
    for name, media in second.items():
        known = names.get(name.lower())
        if known is None:
            joined[name] = media
            continue
        ours = joined[known]
        schemas = [each["schema"] for each in (ours, media) if "schema" in each]
        merged: JsonObject = {"examples": _joined_examples(ours["examples"], media["examples"])}
        if schemas:
            merged["schema"] = joined_schemas(schemas[0], schemas[-1])
        joined[known] = merged
    return joined


def _joined_examples(first: Any, second: Any) -> JsonObject:  # noqa: ANN401 -- JSON that we made
    """Return the examples of both; one without a name of its own only if its value is new.

    What is left out lends its other names to the one that says the same.
    """
    joined: dict[str, Any] = {**first}
    for name, each in second.items():
        known_as = [other for other in each.get(_IDS, ()) if other != _NAMELESS]
        alike = (other for other, known in first.items() if known["value"] == each["value"])
        same = next(alike, None) if _NUMBERED.fullmatch(name) else None
        if same is not None:
            if known_as:
                joined[same] = {**joined[same], _IDS: [*joined[same].get(_IDS, ()), *known_as]}
            continue
        numbered = (f"{name}-{number}" for number in range(2, len(joined) + 3))
        free = next(other for other in (name, *numbered) if other not in joined)
        joined[free] = {**each, _IDS: known_as} if _IDS in each else each
    return joined
