"""Recognises resources: which operations create, read, list, change and delete the same kind of thing.

Told by paths, by the shapes of bodies, by names of members and by Links; what is not sure is no resource,
and its operations are answered as if each stood alone. A resource is recognised when one of its operations
is first needed, so that a large document costs nothing at the start.
"""

from __future__ import annotations

from collections.abc import Iterator

from locum.behaviour.corrections import Correction
from locum.behaviour.resources.bodies import said_of
from locum.behaviour.resources.case import Case
from locum.behaviour.resources.examining import examine, parameter_of, variable_of, variable_types
from locum.behaviour.resources.families import Families, Family, group_routes
from locum.behaviour.resources.model import Part, Resource, Role, Steps
from locum.behaviour.resources.placing import place
from locum.behaviour.resources.templates import above, bare, last_segment, normal, variables, variables_at_end
from locum.behaviour.resources.values import read_value
from locum.contract.coercion import ANYTHING
from locum.contract.contract import Contract
from locum.contract.model import HttpMethod, Operation, Route
from locum.errors import ContractError

__all__ = ["Recognition"]

_WRITERS = (Role.CREATE, Role.REPLACE, Role.PATCH, Role.DELETE, Role.PUT_IN, Role.CLEAR)


class Recognition:
    """The resources of one contract, each recognised on first use.

    *corrections* are those of the fixtures.
    """

    def __init__(self, contract: Contract, corrections: tuple[Correction, ...] = ()) -> None:
        self._contract = contract
        self._corrections = {normal(each.path): each for each in corrections}
        self._families: Families | None = None
        self._found: dict[int, Resource | str] = {}
        self._values: dict[str, Resource | None] = {}

    def of(self, route: Route) -> tuple[Resource, Part] | None:
        """Return the resource *route* belongs to and the part it plays, if it does."""
        family = self.families.by_path.get(route.path)
        resource = self.resource(family) if family else None
        if resource is None and family is not None and family.under is not None:
            resource = self.resource(family.under)
        part = resource.parts.get((route.path, route.method.value)) if resource else None
        return (resource, part) if resource and part else None

    def value(self, route: Route) -> tuple[Resource, Part] | None:
        """Return the value that is kept at the path of *route* and its part, where no resource is."""
        found = self._value(route.path)
        part = found.parts.get((route.path, route.method.value)) if found else None
        return (found, part) if found and part else None

    def values(self) -> tuple[Resource, ...]:
        """Return every value that is kept by itself."""
        paths = dict.fromkeys(each.path for each in self._contract.routes if each.method is HttpMethod.PUT)
        return tuple(value for value in map(self._value, paths) if value is not None)

    def _value(self, path: str) -> Resource | None:
        if path not in self._values:
            self._values[path] = self._recognised_value(path)
        return self._values[path]

    def _recognised_value(self, path: str) -> Resource | None:
        told = self._corrections.get(normal(bare(path)))
        found = None if told is not None and told.ignore else read_value(self._contract, path)
        is_taken = found is not None and any(self.of(each.route) for each in found.parts.values())
        return None if is_taken else found

    @property
    def families(self) -> Families:
        """The families of the contract, grouped on first use."""
        if self._families is None:
            self._families = group_routes(self._contract.routes)
        return self._families

    def resource(self, family: Family) -> Resource | None:
        """Return the resource that *family* is, or `None`."""
        found = self._settled(family)
        return found if isinstance(found, Resource) else None

    def doubts(self) -> dict[str, str]:
        """Return why each family is no resource, by its path."""
        found = {each.item: self._settled(each) for each in self.families.listed if not self._serves(each)}
        for value in self.values():
            found.pop(value.item, None)
        return {path: why for path, why in found.items() if isinstance(why, str)}

    def _serves(self, family: Family) -> bool:
        """Tell whether what might be alone belongs to the entity above it."""
        under = self.resource(family.under) if family.under and self.resource(family) is None else None
        return under is not None and any(bare(path) == family.item for path, _ in under.parts)

    def _settled(self, family: Family) -> Resource | str:
        if id(family) not in self._found:
            self._found[id(family)] = self._recognise(family)
        return self._found[id(family)]

    def all(self) -> tuple[Resource, ...]:
        """Return every resource; reads every operation that may belong to one."""
        found = (self.resource(each) for each in self.families.listed)
        return tuple(each for each in found if each is not None)

    def _recognise(self, family: Family) -> Resource | str:
        told = self._corrections.get(normal(family.item)) or self._corrections.get(normal(above(family.item)))
        if told is not None and told.ignore:
            return "the fixtures say so"
        alone = {route.path for each in family.alone if self.resource(each) for route in each.at_item}
        family.below = [each for each in family.below if each.path not in alone]
        case = Case(
            family=family,
            operations=dict(self._operations(family)),
            variable=variable_of(family),
            types=ANYTHING,
        )
        case.types = variable_types(case)
        examine(case, told.key if told else "")
        place(case)
        return _concluded(case, told)

    def _operations(self, family: Family) -> Iterator[tuple[tuple[str, str], Operation]]:
        for route in family.routes():
            try:
                yield (route.path, route.method.value), self._contract.operation(route)
            except ContractError:
                continue


def _scopes(case: Case, templates: tuple[str, ...]) -> Iterator[tuple[str, Steps]]:
    """Yield the variables that say what stands in an entity beside its key, and the way to it."""
    for name in dict.fromkeys(name for each in templates for name in variables(each)):
        found = said_of(case.shape, name) if case.shape and name != case.variable else None
        if found is not None and found != (case.key,):
            yield name, found


def _concluded(case: Case, told: Correction | None) -> Resource | str:
    """Return the resource if there is something to show and something that agrees with it, else the doubt."""
    roles = {each.role for each in case.parts.values()}
    if case.shape is None or not roles & {Role.READ, Role.LIST}:
        return "no GET answers with something that is surely an entity"
    if not roles & set(_WRITERS) and not {Role.READ, Role.LIST} <= roles:
        return "nothing lists, creates, changes or deletes what can be read"
    family = case.family
    if not case.key and variables_at_end(family.item) > 1:
        return "two variables in a row, and no member is the key"
    elsewhere = dict.fromkeys(bare(each.path) for each in family.elsewhere)
    collections = () if family.is_alone else (above(family.item), *elsewhere)
    return Resource(
        name=last_segment(family.stem) or "/",
        item=family.item,
        variable=case.variable,
        key=case.key,
        scopes=dict(_scopes(case, (family.item, *collections))),
        collections=collections if case.key else (),
        parts=case.parts,
        parameter=parameter_of(case),
        reasons=tuple(case.reasons),
        population=told.population if told else None,
        invents=told.invents if told else True,
    )
