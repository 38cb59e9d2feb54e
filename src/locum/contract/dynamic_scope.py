"""What `$dynamicRef` means: schemas are looked at from the resources that were entered on the way to them.

A bundle holds each schema once for every scope it is met in, and its references are plain ones, so whoever
reads a bundle, to judge or to make values, needs to know nothing of dynamic scopes.
Source: JSON Schema 2020-12 core, 7.1 and 8.2.3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from locum.contract.library import Library
from locum.contract.model import JsonValue, Place
from locum.contract.pointers import split_pointer

__all__ = ["OUTSIDE", "Scope", "Scoped", "dynamic_target", "enter"]

#: The outermost dynamic anchor of each name.
Scope: TypeAlias = frozenset[tuple[str, Place]]

OUTSIDE: Scope = frozenset()


@dataclass(frozen=True, slots=True)
class Scoped:
    """A schema, and the scope it is met in."""

    place: Place
    scope: Scope = OUTSIDE


def enter(place: Place, scope: Scope, library: Library) -> Scoped:
    """Return the schema at *place* as met from *scope*: what its resource anchors stands behind that."""
    written = library.origin(place)
    known = library.identified(written.uri)
    anchors = known.dynamic.get(known.resource_of(written.pointer))
    if not anchors:
        return Scoped(place, scope)
    names = {name for name, _ in scope}
    added = (
        (name, Place(uri=written.uri, pointer=found))
        for name, pointers in anchors.items()
        if name not in names and (found := _anchored(pointers, written.pointer)) is not None
    )
    return Scoped(place, scope.union(added))


def _anchored(pointers: Sequence[str], pointer: str) -> str | None:
    """Return the anchor meant at *pointer*.

    A name may be given once in a resource. Authors who leave `$id` out give it once in each component.
    """
    if len(pointers) == 1:
        return pointers[0]
    component = split_pointer(pointer)[:3]
    beside = [each for each in pointers if split_pointer(each)[:3] == component]
    return beside[0] if component[:2] == ("components", "schemas") and beside else None


def dynamic_target(reference: JsonValue, at: Place, scope: Scope, library: Library) -> Place:
    """Return the place that a `$dynamicRef` written at *at* means in *scope*; raises `ContractError`."""
    found = library.resolve(reference, at)
    name = unquote(str(reference).partition("#")[2])
    value = library.value(found)
    if not isinstance(value, dict) or not name or value.get("$dynamicAnchor") != name:
        return found
    return dict(scope).get(name, found)
