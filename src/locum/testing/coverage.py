"""What of a contract the clients under test have exercised: operations, statuses, parameters, enum values.

An item is a text such as `listPets 200` or `listPets query.sort=name`; two sets of them, what is declared and
what was exercised, are all there is, so that the workers of a parallel run can hand theirs over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import orjson

from locum.behaviour.journal import Interaction
from locum.catalog import Entry
from locum.contract.model import JsonObject, JsonValue, Location, Operation, Parameter
from locum.contract.styles import compile_parameters
from locum.errors import ContractError, LocumError

__all__ = ["Aspect", "Coverage", "declared", "exercised"]


class Aspect(StrEnum):
    """What is counted."""

    OPERATION = "operations"
    STATUS = "statuses"
    PARAMETER = "parameters"
    VALUE = "enum values"


#: A contract, an operation, an aspect, and the item: `("pets", "listPets", "statuses", "200")`.
Item = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is declared, and what of it was exercised."""

    declared: frozenset[Item] = field(default_factory=frozenset)
    exercised: frozenset[Item] = field(default_factory=frozenset)

    def __or__(self, other: Coverage) -> Coverage:
        return Coverage(declared=self.declared | other.declared, exercised=self.exercised | other.exercised)

    @property
    def percent(self) -> float:
        """The share of declared items that were exercised; of nothing, all."""
        return 100 * len(self.exercised & self.declared) / len(self.declared) if self.declared else 100.0

    def as_json(self) -> dict[str, list[list[str]]]:
        """Return what a worker can send."""
        return {
            "declared": _plain(self.declared),
            "exercised": _plain(self.exercised),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Return what `as_json` told."""
        return cls(
            declared=frozenset(tuple(each) for each in told["declared"]),
            exercised=frozenset(tuple(each) for each in told["exercised"]),
        )


def _plain(items: Iterable[Item]) -> list[list[str]]:
    """Return *items* in types that pytest-xdist can send: a word of an enumeration is none of them."""
    return sorted([str(part) for part in item] for item in items)


def declared(entries: Iterable[Entry]) -> frozenset[Item]:
    """Return every item that the contracts declare; an operation that cannot be read counts as one."""
    return frozenset(item for entry in entries for item in _declared(entry))


def exercised(interactions: Iterable[Interaction], entries: Iterable[Entry]) -> frozenset[Item]:
    """Return the items that *interactions* have touched."""
    by_name = {entry.name: entry for entry in entries}
    return frozenset(
        item
        for each in interactions
        if each.route is not None and each.contract in by_name
        for item in _exercised(each, by_name[each.contract])
    )


def _declared(entry: Entry) -> Iterator[Item]:
    for route in entry.contract.routes:
        yield (entry.name, route.operation_id, Aspect.OPERATION, "")
        try:
            operation = entry.contract.operation(route)
        except ContractError:
            continue
        for spec in operation.responses:
            yield (entry.name, route.operation_id, Aspect.STATUS, spec.status)
        for parameter in operation.parameters:
            name = _name(parameter)
            yield (entry.name, route.operation_id, Aspect.PARAMETER, name)
            for value in _enum(parameter):
                yield (entry.name, route.operation_id, Aspect.VALUE, f"{name}={_text(value)}")


def _exercised(each: Interaction, entry: Entry) -> Iterator[Item]:
    if each.route is None:
        return
    name = each.route.operation_id
    yield (entry.name, name, Aspect.OPERATION, "")
    try:
        operation = entry.contract.operation(each.route)
    except ContractError:
        return
    spec = operation.response_for(each.status)
    if spec is not None:
        yield (entry.name, name, Aspect.STATUS, spec.status)
    for parameter, value in _sent(operation, each):
        yield (entry.name, name, Aspect.PARAMETER, _name(parameter))
        for one in value if isinstance(value, list) else [value]:
            yield (entry.name, name, Aspect.VALUE, f"{_name(parameter)}={_text(one)}")


def _sent(operation: Operation, each: Interaction) -> Iterator[tuple[Parameter, JsonValue]]:
    """Yield the declared parameters that a request had, with their values."""
    try:
        reader = compile_parameters(operation.parameters)
        sent = reader.read(each.request.path_values, each.request.query, each.request.headers)
    except LocumError:
        return
    by_place: Mapping[Location, Mapping[str, JsonValue]] = {
        Location.PATH: sent.path,
        Location.QUERY: sent.query,
        Location.HEADER: sent.headers,
        Location.COOKIE: sent.cookies,
    }
    for parameter in operation.parameters:
        if parameter.name in by_place[parameter.location]:
            yield parameter, by_place[parameter.location][parameter.name]


def _name(parameter: Parameter) -> str:
    return f"{parameter.location}.{parameter.name}"


def _enum(parameter: Parameter) -> list[JsonValue]:
    """Return the values that a parameter, or each entry of a list, can have."""
    try:
        whole = parameter.schema.bundle() if parameter.schema else {}
    except ContractError:
        return []
    schema = _resolved(whole, whole)
    items = schema.get("items")
    inner = _resolved(items, whole) if isinstance(items, dict) else schema
    listed = schema.get("enum") or inner.get("enum")
    return listed if isinstance(listed, list) else []


def _resolved(schema: JsonObject, whole: JsonObject) -> JsonObject:
    reference = schema.get("$ref")
    pool = whole.get("$defs")
    if not isinstance(reference, str) or not isinstance(pool, dict):
        return schema
    found = pool.get(reference.rpartition("/")[2])
    return found if isinstance(found, dict) else schema


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
