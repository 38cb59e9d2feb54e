"""Narrows a list by a parameter that is called as a member of its entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.resources.model import Match
from locum.behaviour.resources.names import plain
from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonObject, JsonValue, Location, Operation, Parameter
from locum.contract.writing import write_text
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.mutations import is_taken
from locum.verify.seen import Seen
from locum.verify.telling import Rule, place_of
from locum.verify.things.kinds import Deed, Kind
from locum.verify.things.walking import looked_at

__all__ = ["FILTER", "filtered"]

FILTER: Final = Rule(
    id="list.filter",
    promise="A list that is narrowed by a member has no entries with another value",
    suite="lists",
)
#: Parameters that say how something is shown, rather than what.
_OF_FORM: Final = frozenset(
    {"currency", "language", "lang", "locale", "units", "unit", "format", "timezone", "tz", "version"}
    | {"fields", "include", "expand", "embed", "view", "date", "time", "since", "until", "from", "to", "at"}
)


def filtered(bench: Bench, kind: Kind, deed: Deed, base: Seen, name: str) -> Iterator[Result]:
    """Narrow the list of *base* by the parameter *name*, to the value that some of its entries have."""
    operation, by = deed.operation, deed.part.filters[name]
    parameter = _parameter(operation, name)
    page = looked_at(base, deed, kind)
    if parameter is None or page is None or plain(name) in _OF_FORM:
        return
    if by.match is not Match.EQUAL or len(by.member) > 1:
        return
    member = by.member[0]
    value = _wanted([each.get(member) for each in page.entries])
    shape = _shape(parameter)
    if (
        value is None
        or shape.find("format") in {"date", "date-time"}
        or not is_taken(parameter, [write_text(value)])
    ):
        return
    seen = bench.send(base.call.with_query(name, [write_text(value)]), operation)
    narrowed = looked_at(seen, deed, kind)
    if narrowed is None:
        return
    is_exact = not isinstance(value, str) or shape.has("enum") or shape.item().has("enum")
    strange = [each for each in narrowed.entries if not _fits(each, member, value, is_exact=is_exact)]
    if not strange and (narrowed.entries or not is_exact):
        yield FILTER.held(operation.operation_id)
        return
    yield FILTER.broken(
        operation.operation_id,
        base.step,
        seen.step,
        location=f"query.{name}",
        kind="ignored" if strange else "nothing",
        expected=f"entries whose {member} is {write_text(value)[:80]}",
        received=f"one whose {member} is {write_text(strange[0].get(member))[:80]}" if strange else "none",
        where=place_of(bench.contract, parameter.place),
    )


def _parameter(operation: Operation, name: str) -> Parameter | None:
    listed = (each for each in operation.parameters if each.location is Location.QUERY)
    return next((each for each in listed if each.name == name and each.media_type is None), None)


def _shape(parameter: Parameter) -> Shape:
    try:
        return shape_of(parameter.schema.bundle() if parameter.schema else {})
    except ContractError:
        return shape_of({})


def _wanted(values: list[JsonValue]) -> JsonValue:
    """Return the plain value that tells most: one that not every entry has, if there is one."""
    usable = [each for each in values if isinstance(each, str | int | bool) and each != ""]
    other = (each for each in usable if any(each != value for value in usable))
    return next(other, usable[0] if usable else None)


def _fits(entry: JsonObject, member: str, value: JsonValue, *, is_exact: bool) -> bool:
    """Tell whether an entry may be in a list that is narrowed to *value*."""
    told = entry.get(member)
    if told is None or isinstance(told, dict | list):
        return True
    here, wanted = write_text(told).casefold(), write_text(value).casefold()
    return here == wanted or (not is_exact and wanted in here)
