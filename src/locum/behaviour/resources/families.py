"""Groups the routes of a contract by what they may have in common, looking at paths alone.

A family is the path of an entity, the lists it may stand in, and what lies below it. Whether it really is a
resource is found out by `recognition.py`, which looks into the operations; this costs nothing but a walk
through the routes, whatever the size of the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from locum.behaviour.resources.names import plain, singular
from locum.behaviour.resources.templates import above, is_variable, last_segment, normal, variables
from locum.contract.model import HttpMethod, Route

__all__ = ["Families", "Family", "group_routes"]

_WRITING = frozenset({HttpMethod.PUT, HttpMethod.PATCH})


@dataclass(slots=True, kw_only=True)
class Family:
    """Routes by the place they have: at an entity, at its list, at lists elsewhere, beside and below them."""

    item: str
    at_item: list[Route] = field(default_factory=list)
    at_list: list[Route] = field(default_factory=list)
    elsewhere: list[Route] = field(default_factory=list)
    #: `/pets/findByStatus`
    finders: list[Route] = field(default_factory=list)
    #: `/orders/{id}/cancel`
    actions: list[Route] = field(default_factory=list)

    @property
    def is_alone(self) -> bool:
        """Whether the path names one thing without a variable of its own, such as `/settings`."""
        return not is_variable(last_segment(self.item))

    @property
    def noun(self) -> str:
        """What one entity is called."""
        return singular(last_segment(self.item if self.is_alone else above(self.item)))

    def routes(self) -> Iterator[Route]:
        """Yield every route of the family."""
        for each in (self.at_item, self.at_list, self.elsewhere, self.finders, self.actions):
            yield from each


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """The families of a contract, and which of them each path belongs to."""

    listed: tuple[Family, ...]
    by_path: dict[str, Family]


@dataclass(slots=True, kw_only=True)
class _Index:
    """Families by the normal path of their entities, by that of their list, and by the name of their list."""

    items: dict[str, Family] = field(default_factory=dict)
    lists: dict[str, Family] = field(default_factory=dict)
    by_name: dict[str, list[Family]] = field(default_factory=dict)

    def add(self, family: Family) -> None:
        """Make a family of entities known by all its names."""
        self.items[normal(family.item)] = family
        self.lists[normal(above(family.item))] = family
        if len(variables(family.item)) == 1:
            self.by_name.setdefault(plain(last_segment(above(family.item))), []).append(family)

    def place(self, path: str, here: list[Route]) -> Family | None:
        """Put the routes of *path* into the family they belong to, and return it."""
        name = normal(path)
        if name in self.items:
            return self.items[name]
        if last_segment(path).startswith("{"):
            return None
        if name in self.lists:
            self.lists[name].at_list.extend(here)
            return self.lists[name]
        methods = {each.method for each in here}
        if HttpMethod.GET in methods and methods & _WRITING:
            return Family(item=path.rstrip("/"), at_item=list(here))
        return self._beside(path, here)

    def _beside(self, path: str, here: list[Route]) -> Family | None:
        """Put routes below a list, at a list elsewhere, or below an entity into its family."""
        upper = normal(above(path))
        if upper in self.lists:
            self.lists[upper].finders.extend(each for each in here if each.method is HttpMethod.GET)
            return self.lists[upper]
        same = self.by_name.get(plain(last_segment(path)), [])
        if len(same) == 1 and variables(path):
            same[0].elsewhere.extend(here)
            return same[0]
        if upper in self.items:
            doing = (each for each in here if each.method in {HttpMethod.POST, HttpMethod.PUT})
            self.items[upper].actions.extend(doing)
            return self.items[upper]
        return None


def group_routes(routes: Iterable[Route]) -> Families:
    """Group *routes*; what belongs to no family is left out."""
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    index, items = _Index(), dict[str, Family]()
    for path, here in by_path.items():
        # Two variables in a row leave open what the first of them stands for.
        if is_variable(last_segment(path)) and above(path) and not is_variable(last_segment(above(path))):
            items.setdefault(normal(path), Family(item=path.rstrip("/"))).at_item.extend(here)
    for family in items.values():
        index.add(family)
    found = {path: index.place(path, here) for path, here in by_path.items()}
    placed = {path: family for path, family in found.items() if family is not None}
    return Families(listed=tuple({id(each): each for each in placed.values()}.values()), by_path=placed)
