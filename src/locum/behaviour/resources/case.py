"""One family of routes under examination, and what has been found out about it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from locum.behaviour.resources.families import Family
from locum.behaviour.resources.model import Part
from locum.contract.coercion import Shape
from locum.contract.model import Operation, Place, Route

__all__ = ["Case"]


@dataclass(slots=True, kw_only=True)
class Case:
    """One family under examination; *shape* is what an entity looks like, *key* its member."""

    family: Family
    operations: Mapping[tuple[str, str], Operation]
    variable: str
    types: frozenset[str]
    shape: Shape | None = None
    place: Place | None = None
    key: str = ""
    reasons: list[str] = field(default_factory=list)
    parts: dict[tuple[str, str], Part] = field(default_factory=dict)

    def operation(self, route: Route) -> Operation | None:
        """Return the operation behind *route* if it can be used."""
        return self.operations.get((route.path, route.method.value))

    def add(self, part: Part) -> None:
        """Give an operation its part."""
        self.parts[part.route.path, part.route.method.value] = part
