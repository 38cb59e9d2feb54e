"""Tells the part that each operation of a family plays, once it is known what an entity looks like."""

from __future__ import annotations

from typing import Final

from locum.behaviour.resources.bodies import answer_shape, find_entity, follow, is_object, key_of
from locum.behaviour.resources.case import Case
from locum.behaviour.resources.effects import read_effect
from locum.behaviour.resources.likeness import alike, entity_in, sends, sent_shape, way_in
from locum.behaviour.resources.listing import is_finder, place_listing
from locum.behaviour.resources.model import Part, Role, Steps
from locum.behaviour.resources.names import plain, singular
from locum.behaviour.resources.querying import read_fields, read_query
from locum.behaviour.resources.templates import above, bare, last_segment, variables
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import HttpMethod, Location, Operation, Route
from locum.contract.writing import write_text
from locum.generation.words import split_words

__all__ = ["place"]

_AT_ITEM: Final = {
    HttpMethod.GET: Role.READ,
    HttpMethod.HEAD: Role.VIEW,
    HttpMethod.PUT: Role.REPLACE,
    HttpMethod.PATCH: Role.PATCH,
    HttpMethod.DELETE: Role.DELETE,
}
#: First words of segments that do what a method usually does: `/volumes/create`, `/users/{id}/update`.
_CREATING: Final = frozenset({"create", "new", "add", "insert", "register", "upload"})
_CHANGING: Final = {
    "update": Role.PATCH,
    "edit": Role.PATCH,
    "delete": Role.DELETE,
    "remove": Role.DELETE,
}


def place(case: Case) -> None:
    """Give each operation of the family its part."""
    family = case.family
    if case.shape is None:
        return
    for route in family.at_item:
        _place_at_item(case, route)
    for route in (*family.at_list, *family.elsewhere):
        _place_at_list(case, route)
    for route in family.beside:
        _place_beside(case, route)
    for route in family.below:
        _place_below(case, route)


def _place_at_item(case: Case, route: Route) -> None:
    role, operation = _AT_ITEM.get(route.method), case.operation(route)
    if route.method is HttpMethod.POST and not _is_replaced(case):
        role = Role.PATCH
    if role is None or operation is None or (case.variable and variables(route.path)[-1] != case.variable):
        return
    # Without a key, and for a POST, only a body that looks like the entity tells what is meant.
    is_doubtful = not case.key or route.method is HttpMethod.POST
    if is_doubtful and role in {Role.REPLACE, Role.PATCH} and not sends(case, operation):
        if case.key or not _makes(case, route):
            return
        # Whatever is sent there, the thing is there afterwards.
        role = Role.REPLACE
    answer = entity_in(case, operation)
    if role is Role.READ and answer is None:
        return
    sent, why = way_in(case, operation), f"{route.method} of an entity"
    fields = read_fields(read_query(operation)) if role is Role.READ else ""
    case.add(Part(role=role, route=route, answer=answer, sent=sent, fields=fields, why=why))


def _makes(case: Case, route: Route) -> bool:
    """Tell whether a request to an entity makes it, whatever is sent.

    PUT does, and POST where DELETE unmakes it.
    """
    is_undone = any(each.method is HttpMethod.DELETE for each in case.family.at_item)
    return not case.family.is_alone and (
        route.method is HttpMethod.PUT or (route.method is HttpMethod.POST and is_undone)
    )


def _is_replaced(case: Case) -> bool:
    """Tell whether entities are changed by methods that are meant for it."""
    return any(each.method in {HttpMethod.PUT, HttpMethod.PATCH} for each in case.family.at_item)


def _place_at_list(case: Case, route: Route) -> None:
    operation = case.operation(route)
    if operation is None:
        return
    if route.method is HttpMethod.GET:
        place_listing(case, route)
    elif route.method is HttpMethod.POST:
        _place_creation(case, operation, why="POST to the list")
    elif (
        route.method in {HttpMethod.PUT, HttpMethod.PATCH}
        and case.key
        and sends(case, operation, with_key=True)
    ):
        role = Role.PUT_IN if route.method is HttpMethod.PUT else Role.PATCH
        answer, sent = entity_in(case, operation), way_in(case, operation)
        why = f"{route.method} with the key in its body"
        case.add(Part(role=role, route=route, answer=answer, sent=sent, why=why))
    elif route.method is HttpMethod.DELETE and _clears(case, operation):
        case.add(Part(role=Role.CLEAR, route=route, why="DELETE of the list"))


def _place_creation(case: Case, operation: Operation, *, why: str, is_below: bool = False) -> None:
    """Make an operation create entities if what it takes, or answers, is one."""
    shape = sent_shape(operation)
    is_bulk = shape is not None and "array" in shape.types < ANYTHING
    if not case.key or (is_bulk and not (shape and _are_alike(case, operation))):
        return
    answer = None if is_bulk else entity_in(case, operation)
    told_key = None if is_bulk or answer is not None else _told_key(case, operation)
    is_sure = answer is not None or is_bulk or told_key is not None or sends(case, operation)
    if is_sure or (answer_shape(operation) is None and not is_below):
        case.add(
            Part(
                role=Role.CREATE,
                route=operation.route,
                answer=answer,
                sent=() if is_bulk else way_in(case, operation),
                told_key=told_key,
                is_below=is_below,
                is_bulk=is_bulk,
                why=why,
            )
        )


def _are_alike(case: Case, operation: Operation) -> bool:
    """Tell whether a list that is sent is one of entities."""
    shape = sent_shape(operation)
    entry = shape.item() if shape else None
    return entry is not None and case.shape is not None and is_object(entry) and alike(entry, case.shape)


def _told_key(case: Case, operation: Operation) -> Steps | None:
    """Return the way to the key of a new entity in an answer that tells nothing else of it."""
    shown = answer_shape(operation)
    if shown is None or not is_object(shown[2]):
        return None
    found = find_entity(shown[2], case.variable, case.family.noun, case.types)
    if found is None or not sends(case, operation):
        return None
    return (
        (*found[0], found[1]) if key_of(follow(shown[2], found[0]), case.variable, case.family.noun) else None
    )


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


def _place_beside(case: Case, route: Route) -> None:
    """Place what stands beside the entities of a list: `/pets/findByStatus`, `/pets/create`."""
    segment = last_segment(bare(route.path))
    operation = case.operation(route)
    if operation is None:
        return
    if is_finder(segment) and route.method in {HttpMethod.GET, HttpMethod.POST}:
        place_listing(case, route, is_below=True)
    elif route.method is HttpMethod.POST and (
        _CREATING.intersection(split_words(segment)[:1]) or _tells_of_new(case, operation, segment)
    ):
        _place_creation(case, operation, why="POST that creates", is_below=True)


def _tells_of_new(case: Case, operation: Operation, segment: str) -> bool:
    """Tell whether the only success is that something was created, which is then shown as reading shows it.

    Not where *segment* says that things of another kind are.
    """
    if singular(segment) != plain(segment):
        return False
    successes = [each.status for each in operation.responses if each.status.startswith("2")]
    return successes == ["201"] and _shows_same(case, operation)


def _shows_same(case: Case, operation: Operation) -> bool:
    shown = answer_shape(operation)
    return shown is not None and shown[1].schema is not None and shown[1].schema.place == case.place


def _place_below(case: Case, route: Route) -> None:
    """Place what stands below an entity: `/orders/{id}/cancel`, `/runs/{id}/status`, `/users/{id}/update`."""
    operation = case.operation(route)
    if operation is None or case.shape is None or variables(above(route.path))[-1:] != (case.variable,):
        return
    segment = last_segment(bare(route.path))
    answer = entity_in(case, operation)
    if route.method is HttpMethod.GET:
        _place_view(case, operation, answer)
    elif segment in _CHANGING:
        sent, why = way_in(case, operation), f"{segment} of an entity"
        role = _CHANGING[segment]
        if role is Role.DELETE or sends(case, operation):
            case.add(Part(role=role, route=route, answer=answer, sent=sent, is_below=True, why=why))
    elif case.key and segment:
        _place_action(case, operation, segment, answer)


def _place_action(case: Case, operation: Operation, segment: str, answer: Steps | None) -> None:
    """Let an operation below an entity do to it what it is called after, or show it at least."""
    method, shape = operation.route.method, case.shape
    if shape is None or method not in {HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE}:
        return
    effect = read_effect(segment, case.family.noun, shape, is_undone=method is HttpMethod.DELETE)
    why = "answers with the entity above it"
    if effect is not None:
        why = " and ".join(f"sets {name} to {write_text(value)}" for name, value in effect.members.items())
    elif answer is None or not _shows_same(case, operation) or _is_of_its_own(segment, shape):
        return
    case.add(Part(role=Role.ACT, route=operation.route, answer=answer, is_below=True, effect=effect, why=why))


def _is_of_its_own(segment: str, shape: Shape) -> bool:
    """Tell whether a segment names what an entity has, such as the forks of a repository."""
    return singular(segment) in {singular(name) for name in shape.properties}


def _place_view(case: Case, operation: Operation, answer: Steps | None) -> None:
    """Let a GET below an entity show what it is, if it shows nothing that the entity has not."""
    shown = answer_shape(operation)
    if shown is None or case.shape is None or answer is None or not case.key:
        return
    names = set(follow(shown[2], answer).properties)
    if case.key in names and len(names) > 1 and names <= set(case.shape.properties):
        why = "shows some of the entity above it"
        case.add(Part(role=Role.VIEW, route=operation.route, answer=answer, is_below=True, why=why))
