"""The kinds of things that are tested: resources as the stand-in recognises them, with what may be played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from locum.behaviour.resources.model import Part, Resource, Role
from locum.behaviour.resources.places import get_at
from locum.behaviour.resources.templates import normal
from locum.contract.model import JsonObject, JsonValue, Operation
from locum.contract.writing import write_text
from locum.verify.bench import Bench
from locum.verify.composing import is_playable
from locum.verify.seen import Seen, Undecoded

__all__ = ["Deed", "Kind", "entity_of", "key_in", "kinds_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What one operation does to things of a kind."""

    part: Part
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of thing, and the operations that may be played on it, by what they do."""

    resource: Resource
    deeds: tuple[Deed, ...]

    def deed(self, *roles: Role) -> Deed | None:
        """Return the first operation that does one of *roles*, sought in their order, at its usual place."""
        for role in roles:
            for each in self.deeds:
                if each.part.role is role and self._is_usual(each):
                    return each
        return None

    def _is_usual(self, deed: Deed) -> bool:
        """Tell whether an operation stands where its role belongs: at the entity, or at its own list."""
        path = normal(deed.operation.route.path)
        if deed.part.is_bulk:
            return False
        if deed.part.role in {Role.LIST, Role.CREATE, Role.CLEAR}:
            return bool(self.resource.collections) and path == normal(self.resource.collections[0])
        return deed.part.role in {Role.PUT_IN, Role.ACT} or path == normal(self.resource.item)


def kinds_of(bench: Bench) -> Iterator[Kind]:
    """Yield every kind of which something may be played, in the order of the document."""
    known: dict[int, tuple[Resource, list[Deed]]] = {}
    for operation in bench.operations:
        found = bench.recognition.of(operation.route) if is_playable(bench, operation) else None
        if found is not None:
            _, deeds = known.setdefault(id(found[0]), (found[0], []))
            deeds.append(Deed(part=found[1], operation=operation))
    for resource, deeds in known.values():
        yield Kind(resource=resource, deeds=tuple(deeds))


def entity_of(seen: Seen, part: Part) -> JsonObject | None:
    """Return the entity in an answer, `None` where it shows none."""
    if part.answer is None or not seen.is_success or isinstance(seen.value, Undecoded):
        return None
    found = get_at(seen.value, part.answer)
    return found if isinstance(found, dict) else None


def key_in(entity: JsonValue, resource: Resource) -> str | None:
    """Return the key of an entity as a path has it, `None` where it has none."""
    value = entity.get(resource.key) if isinstance(entity, dict) and resource.key else None
    if value is None or isinstance(value, dict | list | bool) or value == "":
        return None
    return write_text(value)
