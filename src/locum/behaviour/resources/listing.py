"""Tells which operations list entities, and what they can be asked for."""

from __future__ import annotations

import re
from typing import Final

from locum.behaviour.resources.bodies import Listing, answer_shape, find_list
from locum.behaviour.resources.case import Case
from locum.behaviour.resources.likeness import alike, sent_shape
from locum.behaviour.resources.model import NO_PAGING, Part, Role
from locum.behaviour.resources.names import plain
from locum.behaviour.resources.querying import (
    read_fields,
    read_filters,
    read_keys,
    read_paging,
    read_query,
    read_search,
    read_sorting,
)
from locum.behaviour.resources.templates import above, bare, normal
from locum.contract.model import HttpMethod, Operation, Route

__all__ = ["is_finder", "place_listing"]

#: Segments below a list that give the list again, narrowed or in pages.
_FINDER: Final = re.compile("find|search|list|query|filter|lookup|all$|page|pagination|by")


def is_finder(segment: str) -> bool:
    """Tell whether what lies below a list gives the list again."""
    return _FINDER.match(plain(segment)) is not None


def place_listing(case: Case, route: Route, *, is_below: bool = False) -> None:
    """Make an operation list entities if its answer does."""
    operation = case.operation(route)
    answer = answer_shape(operation) if operation else None
    found = find_list(answer[2], case.key or case.variable, case.family.noun) if answer and case.key else None
    if operation is None or found is None or case.shape is None:
        return
    # An entry may show less of an entity, where the path leaves no doubt.
    is_own = (
        normal(bare(route.path)) == normal(above(case.family.item)) and case.key in found.shape.properties
    )
    if is_own or alike(found.shape, case.shape):
        asks_in_body = route.method is HttpMethod.POST
        case.add(_part(case, operation, found, is_below=is_below, asks_in_body=asks_in_body))


def _part(case: Case, operation: Operation, found: Listing, *, is_below: bool, asks_in_body: bool) -> Part:
    known = read_query(operation)
    if asks_in_body:
        shape = sent_shape(operation)
        known = {name: shape.member(name) for name in shape.properties} if shape else {}
    shapes = [each for each in (case.shape, found.shape) if each is not None]
    members = {name: each.member(name) for each in reversed(shapes) for name in each.properties}
    paging, sorting = read_paging(known), read_sorting(known, members)
    search, keys = read_search(known), read_keys(known, case.key, case.family.noun)
    taken = {paging.size, paging.page, paging.offset, paging.cursor, paging.after, paging.before}
    fields = read_fields(known)
    taken |= {fields, sorting.by, sorting.direction, search, keys}
    return Part(
        role=Role.LIST,
        route=operation.route,
        answer=found.answer,
        element=found.element,
        paging=paging if paging.is_known or paging.size else NO_PAGING,
        sorting=sorting,
        filters=read_filters(known, members, taken=taken),
        search=search,
        fields=fields,
        keys=keys,
        is_below=is_below,
        asks_in_body=asks_in_body,
        why=f"{operation.route.method} of a list of entities",
    )
