"""Finds out what an entity of a family looks like; the parts that operations play follow from that."""

from __future__ import annotations

from locum.behaviour.resources.bodies import (
    answer_shape,
    find_entity,
    find_list,
    follow,
    is_object,
    readable_shape,
)
from locum.behaviour.resources.case import Case
from locum.behaviour.resources.families import Family
from locum.behaviour.resources.names import plain
from locum.behaviour.resources.templates import variables
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import HttpMethod, Location, Parameter, Route

__all__ = ["examine", "parameter_of", "variable_of", "variable_types"]

#: Members that only a page of a list has.
_PAGE_WORDS = frozenset(
    {"total", "limit", "offset", "next", "nextpage", "cursor", "totalcount", "href", "pagination"}
)


def variable_of(family: Family) -> str:
    """Return the variable that stands for the key of an entity, `""` without one."""
    return "" if family.is_alone else variables(family.item)[-1]


def parameter_of(case: Case) -> Parameter | None:
    """Return the parameter that stands for the key of an entity."""
    listed = (each for operation in case.operations.values() for each in operation.parameters)
    return next(
        (each for each in listed if each.location is Location.PATH and each.name == case.variable), None
    )


def variable_types(case: Case) -> frozenset[str]:
    """Return the types that the variable of a family may have."""
    parameter = parameter_of(case)
    shape = readable_shape(parameter.schema) if parameter else None
    return shape.types if shape else ANYTHING


def examine(case: Case, key: str) -> None:
    """Find out what an entity looks like; *key* is its key if somebody has said so."""
    family = case.family
    for route in family.at_item:
        if case.shape is None and route.method is HttpMethod.GET:
            _look_at_entity(case, route, key)
    if not family.is_alone:
        for route in (*family.at_list, *family.elsewhere):
            if case.shape is None and route.method is HttpMethod.GET:
                _look_at_list(case, route)
    for route in family.at_item:
        if case.shape is None and route.method not in {HttpMethod.GET, HttpMethod.DELETE}:
            _look_at_entity(case, route, key)


def _look_at_entity(case: Case, route: Route, key: str) -> None:
    operation = case.operation(route)
    answer = answer_shape(operation) if operation else None
    if answer is None or "array" in answer[2].types < ANYTHING or not is_object(answer[2]):
        return
    case.place = answer[1].schema.place if answer[1].schema else None
    shape, told = answer[2], f"{route.method} {route.path} answers with"
    linked = key or _linked_key(case, route)
    found = (
        None
        if case.family.is_alone
        else find_entity(shape, linked or case.variable, case.family.noun, case.types)
    )
    if found is None:
        if _holds_list(shape):
            return
        case.shape = shape
        case.reasons.append(
            f"{told} the one entity there is" if case.family.is_alone else f"{told} an entity without its key"
        )
        return
    steps, case.key = found
    case.shape = follow(shape, steps)
    below = f" below /{'/'.join(steps)}" if steps else ""
    case.reasons.append(f"{told} an entity{below}; {{{case.variable}}} is its {case.key!r}")


def _holds_list(shape: Shape) -> bool:
    """Tell whether a body is rather a page of things than one thing."""
    names = {plain(name) for name in shape.properties}
    arrays = [name for name in shape.properties if "array" in shape.member(name).types < ANYTHING]
    return len(arrays) == 1 and (len(names) == 1 or bool(names & _PAGE_WORDS))


def _linked_key(case: Case, reader: Route) -> str:
    """Return the member that a Link hands to the variable of *reader* (3.1.1, 4.8.20)."""
    for operation in case.operations.values():
        for link in (each for response in operation.responses for each in response.links):
            expression = link.parameters.get(case.variable) or link.parameters.get(f"path.{case.variable}")
            if link.operation_id == reader.operation_id and isinstance(expression, str):
                _, found, pointer = expression.partition("$response.body#/")
                if found and pointer:
                    case.reasons.append(f"the link {link.name!r} hands {pointer!r} on")
                    return pointer.rpartition("/")[2]
    return ""


def _look_at_list(case: Case, route: Route) -> None:
    operation = case.operation(route)
    answer = answer_shape(operation) if operation else None
    found = find_list(answer[2], case.variable, case.family.noun) if answer else None
    entity = find_entity(found.shape, case.variable, case.family.noun, case.types) if found else None
    if found is not None and entity is not None:
        case.shape, case.key = found.shape, entity[1]
        case.reasons.append(f"{route.path} lists entities; {{{case.variable}}} is their {case.key!r}")
