"""Examples joined by their names, where resources are played: the document's word until somebody writes.

What was written comes first; an error that a body, a query or a header names is always told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from locum.behaviour.joined_examples import NO_JOINS, Join, joined
from locum.behaviour.plans import Answerable, Plan
from locum.behaviour.resources.model import Part, Role
from locum.behaviour.resources.places import get_at
from locum.behaviour.resources.templates import last_segment
from locum.contract.model import JsonObject, Location
from locum.contract.writing import write_text

if TYPE_CHECKING:
    from locum.behaviour.resources.making import Turn

__all__ = ["entity_at", "entity_sent", "stands_alone"]

_LEAST_ERROR: Final = 400
_READING: Final = frozenset({Role.READ, Role.VIEW})


def stands_alone(turn: Turn, path: str) -> bool:
    """Tell whether a request is answered by the example it names, whatever else there is at *path*."""
    join = _named(turn)
    if join is None:
        return False
    is_error = join.status >= _LEAST_ERROR
    if is_error and (join.bodies or any(location is not Location.PATH for location, _, _ in join.said)):
        return True
    if turn.part.role is Role.LIST:
        return turn.scene.is_list_untouched(path)
    if not is_error and (turn.part.role not in _READING or _is_of_another(turn, join, path)):
        return False
    return turn.scene.is_untouched(path)


def _is_of_another(turn: Turn, join: Join, path: str) -> bool:
    """Tell whether the example shows a key that is not the one in *path*, which it then gets."""
    shown = _shown(turn.plan, join, turn.part) or {}
    key = shown.get(turn.scene.resource.key)
    return bool(key) and not isinstance(key, dict | list) and write_text(key) != unquote(last_segment(path))


def entity_sent(turn: Turn) -> JsonObject:
    """Return what the example shows that a writing request names; nothing where it names none."""
    join = _named(turn)
    if join is None or join.status >= _LEAST_ERROR or turn.part.answer is None:
        return {}
    return _shown(turn.plan, join, turn.part) or {}


def entity_at(plan: Plan, part: Part, scope: Mapping[str, str]) -> JsonObject | None:
    """Return the entity of the example that a path names; *scope* has what the path says."""
    for join in plan.joins.known:
        names = [name for location, name, _ in join.said if location is Location.PATH]
        is_whole = len(names) == len(join.said) and not join.bodies and join.status < _LEAST_ERROR
        if is_whole and all(scope.get(name) == write_text(value) for _, name, value in join.said):
            return _shown(plan, join, part)
    return None


def _named(turn: Turn) -> Join | None:
    joins = turn.plan.joins
    return joined(joins, turn.request) if turn.manner.uses_examples and joins is not NO_JOINS else None


def _shown(plan: Plan, join: Join, part: Part) -> JsonObject | None:
    chosen = plan.choose(join.status, None)
    content = chosen.content if isinstance(chosen, Answerable) and part.answer is not None else None
    examples = content.examples if content is not None else ()
    value = next((each.value for each in examples if each.name == join.name), None)
    found = get_at(value, part.answer or ())
    return found if isinstance(found, dict) else None
