"""Reads what a caller asks of a list: filters, grouping, and which page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from locum.behaviour import Request, World
from locum.contract import JsonValue
from locum_vendors.onomondo.filters import FilterError, Filters, read_filters
from locum_vendors.onomondo.refusals import invalid, missing
from locum_vendors.onomondo.tokens import Position, read_token

__all__ = ["Asked", "read_asked"]

_LARGEST: Final = 1000
#: A limit comes as text (S1-06).
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a caller wants of a list; *position* is where the page before ended, if there was one."""

    filters: Filters
    is_grouped: bool
    limit: int
    offset: int
    position: Position | None


def read_asked(request: Request, world: World) -> Asked:
    """Return what *request* asks for; raises `Refused` at the first value that means nothing."""
    query = request.query
    filters = _filters(query.get("filter"), query.get("filter[]"))
    if world.settings.get("filter_required") and filters == Filters():
        raise missing("query", "filter")
    if query.get("group") not in (None, "hours"):
        raise invalid("query", "group", "must be `hours`")
    return Asked(
        filters=filters,
        is_grouped="group" in query,
        limit=_number("limit", query.get("limit", _LARGEST), least=1, most=_LARGEST),
        offset=_number("offset", query.get("offset", 0), least=0),
        position=_position(query.get("next_page")),
    )


def _filters(single: JsonValue, several: JsonValue) -> Filters:
    if single is not None and several is not None:
        raise invalid("query", "filter", "must not be sent together with `filter[]`")
    name = "filter" if several is None else "filter[]"
    sent = several if isinstance(several, list) else [each for each in (single, several) if each is not None]
    try:
        return read_filters(str(each) for each in sent)
    except FilterError as error:
        raise invalid("query", name, str(error)) from error


def _number(name: str, value: JsonValue, *, least: int, most: int | None = None) -> int:
    number = int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value
    if isinstance(number, int) and least <= number and (most is None or number <= most):
        return number
    end = "on" if most is None else f"to {most}"
    raise invalid("query", name, f"must be a whole number from {least} {end}")


def _position(token: JsonValue) -> Position | None:
    if token is None:
        return None
    position = read_token(str(token))
    if position is None:
        raise invalid("query", "next_page", "must be a token of this API")
    return position
