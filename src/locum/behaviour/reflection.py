"""Lets an answer repeat what the request said: the id in the path, the members of the body, the query.

Members at the top of a generated object are touched, and those of the entries of its lists, only where name
and type agree, and only as long as the value stays valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from locum.behaviour.contents import Content
from locum.behaviour.grafting import laid_over, restored
from locum.behaviour.model import Request
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonObject, JsonValue, Schema
from locum.contract.writing import write_text

__all__ = ["reflect"]

_SCALARS: Final = (bool, int, float, str)
_ABSENT: Final = object()
_ID: Final = re.compile(r"(?:^|[a-z0-9_-])(?:Id|ID|_id|-id)$|^id$")


def reflect(value: JsonValue, request: Request, shape: Shape, schema: Schema | None) -> JsonValue:
    """Return *value* with what *request* said in its place; *value* itself is not changed."""
    if schema is None:
        return value
    value = _in_lists(value, request, shape, schema)
    if not isinstance(value, dict):
        return value
    wanted = {
        name: part for name, part in dict(_said(request, shape)).items() if value.get(name, _ABSENT) != part
    }
    if not wanted:
        return value
    whole: JsonObject = {**value, **wanted}
    if schema.is_valid(whole):
        return whole
    for name, part in wanted.items():
        # A list is often sent with less in its entries than it is answered with.
        attempts: Iterator[JsonObject] = (
            {**value, name: each} for each in (part, laid_over(part, value.get(name)))
        )
        value = next((each for each in attempts if schema.is_valid(each)), value)
    return value


def _in_lists(value: JsonValue, request: Request, shape: Shape, schema: Schema) -> JsonValue:
    """Return *value* with what path and query said in the entries of its lists, all or nothing."""
    if not request.query and not request.path:
        return value
    made: JsonValue = value
    if isinstance(value, list):
        made = _entries(value, request, shape.item())
    elif isinstance(value, dict):
        made = {
            name: _entries(part, request, shape.member(name).item()) if isinstance(part, list) else part
            for name, part in value.items()
        }
    return made if made != value and schema.is_valid(made) else value


def _entries(entries: list[JsonValue], request: Request, shape: Shape) -> list[JsonValue]:
    if not shape.properties:
        return entries
    names = frozenset(shape.properties)
    said: JsonObject = {
        name: _fitting(part, shape.member(name))
        for values in (request.query, request.path)
        for name, part in values.items()
        if name in names and isinstance(part, _SCALARS) and not _is_one_way(shape.member(name))
    }
    if not said:
        return entries
    return [_repeating(each, said) for each in entries]


def _repeating(entry: JsonValue, said: JsonObject) -> JsonValue:
    if not isinstance(entry, dict):
        return entry
    return {**entry, **{name: part for name, part in said.items() if name in entry}}


def recohered(value: JsonValue, request: Request, content: Content) -> JsonValue:
    """Return *value* with members that agree with what the body of *request* said, which stays as it is."""
    if not isinstance(request.body, dict) or not isinstance(value, dict) or content.schema is None:
        return value
    made = content.coherent(value, request.body)
    if made is value or not isinstance(made, dict):
        return value
    kept = {name: value[name] for name in request.body if name in value}
    attempts = (restored(made, request.body, value), {**made, **kept})
    return next((each for each in attempts if content.schema.is_valid(each)), value)


def _said(request: Request, shape: Shape) -> Iterator[tuple[str, JsonValue]]:
    """Yield what the request said of members the answer has; what is said last counts."""
    names = shape.properties
    for name, part in request.query.items():
        if name in names and isinstance(part, _SCALARS):
            yield name, _fitting(part, shape.member(name))
    if isinstance(request.body, dict):
        for name, part in request.body.items():
            if name in names and not _is_one_way(shape.member(name)) and not isinstance(part, bytes):
                yield name, part
    for name, part in request.path.items():
        target = name if name in names else _identifier(name, request, names)
        if target is not None and isinstance(part, _SCALARS):
            yield target, _fitting(part, shape.member(target))


def _is_one_way(member: Shape) -> bool:
    """Tell whether a member may travel in one direction only, so that it is not repeated."""
    return member.find("readOnly") is True or member.find("writeOnly") is True


def _identifier(name: str, request: Request, names: tuple[str, ...]) -> str | None:
    """Return the member that the last variable of the path identifies, such as `id` for `{petId}`."""
    if "id" not in names or not _ID.search(name):
        return None
    return "id" if request.operation.route.path.rstrip("/").endswith(f"{{{name}}}") else None


def _fitting(part: JsonValue, member: Shape) -> JsonValue:
    """Write a number as text where the answer has text."""
    is_text = "string" in member.types and member.types < ANYTHING and "integer" not in member.types
    return write_text(part) if is_text else part
