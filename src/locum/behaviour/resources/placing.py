"""Tells the part that each operation of a family plays, once it is known what an entity looks like."""

from __future__ import annotations

import re

from locum.behaviour.resources.bodies import (
    answer_shape,
    find_entity,
    find_list,
    follow,
    is_object,
    readable_shape,
)
from locum.behaviour.resources.case import Case
from locum.behaviour.resources.model import NO_PAGING, Part, Role, Steps
from locum.behaviour.resources.names import match_name, plain
from locum.behaviour.resources.querying import (
    read_filters,
    read_keys,
    read_paging,
    read_query,
    read_search,
    read_sorting,
)
from locum.behaviour.resources.templates import last_segment, variables
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import HttpMethod, Location, Operation, Route

__all__ = ["place"]

#: Segments below a list that give the list again, narrowed or in pages.
_FINDER = re.compile("find|search|list|query|filter|lookup|all$|page|pagination|by")


def place(case: Case) -> None:
    """Give each operation of the family its part."""
    family = case.family
    if case.shape is None:
        return
    for route in family.at_item:
        _place_at_item(case, route)
    for route in (*family.at_list, *family.elsewhere):
        _place_at_list(case, route)
    for route in family.finders:
        if _FINDER.match(plain(last_segment(route.path))):
            _place_listing(case, route)
    for route in family.actions:
        _place_action(case, route)


def _place_at_item(case: Case, route: Route) -> None:
    roles = {
        HttpMethod.GET: Role.READ,
        HttpMethod.PUT: Role.REPLACE,
        HttpMethod.PATCH: Role.PATCH,
        HttpMethod.DELETE: Role.DELETE,
    }
    role, operation = roles.get(route.method), case.operation(route)
    if route.method is HttpMethod.POST and not _is_replaced(case):
        role = Role.PATCH
    if role is None or operation is None or (case.variable and variables(route.path)[-1] != case.variable):
        return
    # Without a key, and for a POST, only a body that looks like the entity tells what is meant.
    is_doubtful = not case.key or route.method is HttpMethod.POST
    if is_doubtful and role in {Role.REPLACE, Role.PATCH} and not _sends(case, operation):
        return
    answer = _entity_in(case, operation)
    if role is Role.READ and answer is None:
        return
    case.add(
        Part(
            role=role,
            route=route,
            answer=answer,
            sent=_sent(case, operation),
            why=f"{route.method} of an entity",
        )
    )


def _is_replaced(case: Case) -> bool:
    """Tell whether entities are changed by methods that are meant for it."""
    return any(each.method in {HttpMethod.PUT, HttpMethod.PATCH} for each in case.family.at_item)


def _entity_in(case: Case, operation: Operation) -> Steps | None:
    """Return the way to the entity in what *operation* answers."""
    answer = answer_shape(operation)
    if answer is None or case.shape is None or "array" in answer[2].types < ANYTHING:
        return None
    if not case.key:
        return () if is_object(answer[2]) and _alike(answer[2], case.shape) else None
    found = find_entity(answer[2], case.key, case.family.noun)
    if found is None or not _alike(follow(answer[2], found[0]), case.shape):
        return None
    return found[0]


def _alike(one: Shape, other: Shape) -> bool:
    """Tell whether two shapes show the same kind of thing: at least half of the smaller one is shared."""
    left, right = ({plain(name) for name in each.properties} for each in (one, other))
    return len(left & right) * 2 >= min(len(left), len(right)) > 0


def _sent(case: Case, operation: Operation) -> Steps:
    """Return the way to the entity in the body of a request."""
    shape = _body_shape(operation)
    if shape is None or case.shape is None:
        return ()
    if len(shape.properties) != 1 or match_name(shape.properties[0], case.shape.properties):
        return ()
    inner = shape.member(shape.properties[0])
    return (shape.properties[0],) if is_object(inner) and _alike(inner, case.shape) else ()


def _place_at_list(case: Case, route: Route) -> None:
    operation = case.operation(route)
    if operation is None:
        return
    if route.method is HttpMethod.GET:
        _place_listing(case, route)
    elif route.method is HttpMethod.POST and case.key and not _is_bulk(operation):
        answer = _entity_in(case, operation)
        if answer is not None or answer_shape(operation) is None or _sends(case, operation):
            case.add(
                Part(
                    role=Role.CREATE,
                    route=route,
                    answer=answer,
                    sent=_sent(case, operation),
                    why="POST to the list",
                )
            )
    elif (
        route.method in {HttpMethod.PUT, HttpMethod.PATCH}
        and case.key
        and _sends(case, operation, with_key=True)
    ):
        answer = _entity_in(case, operation)
        role = Role.PUT_IN if route.method is HttpMethod.PUT else Role.PATCH
        sent, why = _sent(case, operation), f"{route.method} with the key in its body"
        case.add(Part(role=role, route=route, answer=answer, sent=sent, why=why))
    elif route.method is HttpMethod.DELETE and _clears(case, operation):
        case.add(Part(role=Role.CLEAR, route=route, why="DELETE of the list"))


def _clears(case: Case, operation: Operation) -> bool:
    """Tell whether a DELETE takes away all that a GET of the same path lists."""
    is_narrowed = operation.request_body or any(
        each.location is Location.QUERY for each in operation.parameters
    )
    path = operation.route.path
    return not is_narrowed and any(
        each.path == path and each.method is HttpMethod.GET
        for each in (*case.family.at_list, *case.family.elsewhere)
    )


def _is_bulk(operation: Operation) -> bool:
    shape = _body_shape(operation)
    return shape is not None and "array" in shape.types < ANYTHING


def _body_shape(operation: Operation) -> Shape | None:
    """Return the shape of what *operation* takes."""
    body = operation.request_body
    return readable_shape(body.content[0].schema) if body and body.content else None


def _sends(case: Case, operation: Operation, *, with_key: bool = False) -> bool:
    """Tell whether the body of a request is an entity."""
    body = _body_shape(operation)
    if body is None or case.shape is None:
        return False
    shape = follow(body, _sent(case, operation))
    is_entity = is_object(shape) and _alike(shape, case.shape)
    return is_entity and (not with_key or match_name(case.key, shape.properties) is not None)


def _place_listing(case: Case, route: Route) -> None:
    operation = case.operation(route)
    answer = answer_shape(operation) if operation else None
    found = find_list(answer[2], case.key or case.variable, case.family.noun) if answer and case.key else None
    if operation is None or found is None or case.shape is None or not _alike(found.shape, case.shape):
        return
    known, members = read_query(operation), dict.fromkeys((*case.shape.properties, *found.shape.properties))
    paging, sorting = read_paging(known), read_sorting(known, members)
    search, keys = read_search(known), read_keys(known, case.key, case.family.noun)
    taken = {paging.size, paging.page, paging.offset, paging.cursor, paging.after, paging.before}
    taken |= {sorting.by, sorting.direction, search, keys}
    case.add(
        Part(
            role=Role.LIST,
            route=route,
            answer=found.answer,
            element=found.element,
            paging=paging if paging.is_known or paging.size else NO_PAGING,
            sorting=sorting,
            filters=read_filters(known, members, taken=taken),
            search=search,
            keys=keys,
            why="GET of a list of entities",
        )
    )


def _place_action(case: Case, route: Route) -> None:
    operation = case.operation(route)
    shown = answer_shape(operation) if operation else None
    is_same = shown is not None and shown[1].schema is not None and shown[1].schema.place == case.place
    answer = _entity_in(case, operation) if operation and is_same else None
    if answer is not None and case.key:
        case.add(Part(role=Role.ACT, route=route, answer=answer, why="answers with the entity above it"))
