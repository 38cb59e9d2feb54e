"""Groups the routes of a contract by what they may have in common, looking at paths alone.

A family is the path of an entity, the lists it may stand in, and what lies below it. Whether it really is a
resource is found out by `recognition.py`, which looks into the operations; this costs nothing but a walk
through the routes, whatever the size of the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from locum.behaviour.resources.names import plain, singular
from locum.behaviour.resources.templates import (
    above,
    bare,
    is_variable,
    last_segment,
    normal,
    variables,
    variables_at_end,
)
from locum.contract.model import HttpMethod, Route

__all__ = ["Families", "Family", "group_routes"]

_WRITING: Final = frozenset({HttpMethod.PUT, HttpMethod.PATCH})
_SENDING: Final = frozenset({HttpMethod.POST, *_WRITING})
#: How many variables in a row may name one entity.
_MOST_IN_A_ROW: Final = 2
#: Segments that mean whoever asks.
_ONESELF: Final = frozenset({"me", "user", "self", "my", "current"})


@dataclass(slots=True, kw_only=True)
class Family:
    """Routes by the place they have: at an entity, at its list, at lists elsewhere, beside and below them."""

    item: str
    at_item: list[Route] = field(default_factory=list)
    at_list: list[Route] = field(default_factory=list)
    elsewhere: list[Route] = field(default_factory=list)
    #: `/pets/findByStatus`, `/pets/create`
    beside: list[Route] = field(default_factory=list)
    #: `/orders/{id}/cancel`, `/runs/{id}/status`
    below: list[Route] = field(default_factory=list)
    #: What is alone below an entity, or else belongs to it, and the family it would belong to.
    alone: list[Family] = field(default_factory=list)
    under: Family | None = None

    @property
    def is_alone(self) -> bool:
        """Whether the path names one thing without a variable of its own, such as `/settings`."""
        return not is_variable(last_segment(self.item))

    @property
    def stem(self) -> str:
        """The path of the entities without the variables at its end."""
        stem = self.item
        while is_variable(last_segment(stem)):
            stem = above(stem)
        return stem

    @property
    def noun(self) -> str:
        """What one entity is called."""
        return singular(last_segment(self.stem))

    def routes(self) -> Iterator[Route]:
        """Yield every route of the family."""
        for each in (self.at_item, self.at_list, self.elsewhere, self.beside, self.below):
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
    #: `/silence/{id}` by what its list is called in the singular, `/silences`.
    in_singular: dict[tuple[str, str], Family] = field(default_factory=dict)
    by_name: dict[str, list[Family]] = field(default_factory=dict)

    def add(self, family: Family) -> None:
        """Make a family of entities known by all its names."""
        self.items[normal(family.item)] = family
        self.lists[normal(above(family.item))] = family
        if len(variables(family.item)) == variables_at_end(family.item):
            self.by_name.setdefault(plain(last_segment(family.stem)), []).append(family)
        stem = last_segment(family.stem)
        if variables_at_end(family.item) == 1 and singular(stem) == plain(stem):
            self.in_singular.setdefault((normal(above(family.stem)), family.noun), family)

    def place(self, path: str, here: list[Route]) -> Family | None:
        """Put the routes of *path* into the family they belong to, and return it."""
        template = bare(path)
        name = normal(template)
        if name in self.items:
            return self.items[name]
        if name in self.lists:
            self.lists[name].at_list.extend(here)
            return self.lists[name]
        if last_segment(template).startswith("{"):
            return None
        methods = {each.method for each in here}
        if HttpMethod.GET in methods and methods & _WRITING:
            upper = self.items.get(normal(above(template)))
            alone = Family(item=template, at_item=list(here), under=upper)
            if upper is not None:
                upper.below.extend(here)
                upper.alone.append(alone)
            return alone
        return self._elsewhere(template, here) or self._beside(template, here)

    def _elsewhere(self, template: str, here: list[Route]) -> Family | None:
        """Put routes at a list that is not just above its entities into the family of these."""
        upper = above(template)
        spelled = self.in_singular.get((normal(upper), singular(last_segment(template))))
        same = self.by_name.get(plain(last_segment(template)), [])
        is_narrowed = bool(variables(template)) or plain(last_segment(upper)) in _ONESELF
        found = spelled or (same[0] if len(same) == 1 and is_narrowed else None)
        if found is not None and normal(upper) not in self.lists:
            found.elsewhere.extend(here)
            return found
        return None

    def _beside(self, template: str, here: list[Route]) -> Family | None:
        """Put routes beside the entities of a list, or below one, into its family."""
        upper = normal(above(template))
        if upper in self.lists:
            self.lists[upper].beside.extend(each for each in here if each.method is not HttpMethod.DELETE)
            return self.lists[upper]
        if upper in self.items:
            self.items[upper].below.extend(here)
            return self.items[upper]
        return None


def group_routes(routes: Iterable[Route]) -> Families:
    """Group *routes*; what belongs to no family is left out."""
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    index, items = _Index(), dict[str, Family]()
    templates = {bare(path) for path in by_path}
    for path, here in by_path.items():
        template = bare(path)
        if _names_entities(template, templates):
            items.setdefault(normal(template), Family(item=template)).at_item.extend(here)
    for family in items.values():
        index.add(family)
    found = {path: index.place(path, here) for path, here in by_path.items()}
    placed = {path: family for path, family in found.items() if family is not None}
    return Families(listed=tuple({id(each): each for each in placed.values()}.values()), by_path=placed)


def _names_entities(template: str, templates: set[str]) -> bool:
    """Tell whether *template* is the path of the entities of a list.

    Two variables in a row leave open what the first of them stands for where it is an entity itself.
    """
    count = variables_at_end(template)
    if not above(template):
        return count == 1 and "" in templates
    if count == _MOST_IN_A_ROW:
        return above(template) not in templates and bool(above(above(template)))
    return count == 1
