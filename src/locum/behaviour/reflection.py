"""Lets an answer repeat what the request said: the id in the path, the members of the body, the query.

Only members at the top of a generated object are touched, only where name and type agree, and only as long
as the value stays valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

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
    if not isinstance(value, dict) or schema is None:
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
        attempt = {**value, name: part}
        value = attempt if schema.is_valid(attempt) else value
    return value


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
