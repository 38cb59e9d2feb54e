"""Tells whether bodies show, or send, the kind of thing that a family is about."""

from __future__ import annotations

from locum.behaviour.resources.bodies import answer_shape, find_entity, follow, is_object, readable_shape
from locum.behaviour.resources.case import Case
from locum.behaviour.resources.model import Steps
from locum.behaviour.resources.names import match_name, plain
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import Operation

__all__ = ["alike", "entity_in", "sends", "sent_shape", "way_in"]


def alike(one: Shape, other: Shape) -> bool:
    """Tell whether two shapes show the same kind of thing: at least half of the smaller one is shared."""
    left, right = ({plain(name) for name in each.properties} for each in (one, other))
    return len(left & right) * 2 >= min(len(left), len(right)) > 0


def entity_in(case: Case, operation: Operation) -> Steps | None:
    """Return the way to the entity in what *operation* answers."""
    answer = answer_shape(operation)
    if answer is None or case.shape is None or "array" in answer[2].types < ANYTHING:
        return None
    if not case.key:
        return () if is_object(answer[2]) and alike(answer[2], case.shape) else None
    found = find_entity(answer[2], case.key, case.family.noun)
    if found is None or not alike(follow(answer[2], found[0]), case.shape):
        return None
    return found[0]


def sent_shape(operation: Operation) -> Shape | None:
    """Return what the body of a request looks like, `None` without one."""
    body = operation.request_body
    return readable_shape(body.content[0].schema) if body and body.content else None


def way_in(case: Case, operation: Operation) -> Steps:
    """Return the way to the entity in the body of a request."""
    shape = sent_shape(operation)
    if shape is None or case.shape is None:
        return ()
    if len(shape.properties) != 1 or match_name(shape.properties[0], case.shape.properties):
        return ()
    inner = shape.member(shape.properties[0])
    return (shape.properties[0],) if is_object(inner) and alike(inner, case.shape) else ()


def sends(case: Case, operation: Operation, *, with_key: bool = False) -> bool:
    """Tell whether the body of a request is an entity."""
    whole = sent_shape(operation)
    if whole is None or case.shape is None:
        return False
    shape = follow(whole, way_in(case, operation))
    is_entity = is_object(shape) and alike(shape, case.shape)
    return is_entity and (not with_key or match_name(case.key, shape.properties) is not None)
