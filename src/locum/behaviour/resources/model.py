"""What was recognised of a contract's resources, as frozen values.

A *resource* is a kind of thing that operations create, read, list, change and delete; an *entity* is one of
them, known by its path (`/owners/5/pets/7`) however a request reached it. Read `recognition.py` next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from locum.behaviour.resources.templates import bare
from locum.contract.coercion import coercer, shape_of
from locum.contract.model import JsonValue, Parameter, Route
from locum.errors import ContractError

__all__ = ["NO_PAGING", "Effect", "Filter", "Match", "Paging", "Part", "Resource", "Role", "Sorting", "Steps"]

#: The way into a body: names of members, from outside in.
Steps: TypeAlias = tuple[str, ...]


class Role(StrEnum):
    """What an operation does to a resource."""

    LIST = "list"
    CREATE = "create"
    #: Creates or replaces, by the key in the body.
    PUT_IN = "put-in"
    CLEAR = "clear"
    READ = "read"
    REPLACE = "replace"
    PATCH = "patch"
    DELETE = "delete"
    #: Does something else to one entity, such as `/orders/{id}/cancel`.
    ACT = "act"
    #: Shows some of one entity, such as `/runs/{id}/status`.
    VIEW = "view"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The query parameters by which a list is turned over; `""` where there is none.

    *page* counts from *first_page*; *offset* counts entities; *cursor* is what an answer gave; *after* and
    *before* are keys of entities. *size* says how many entities a page has, *usual* if it is not sent.
    """

    size: str = ""
    page: str = ""
    offset: str = ""
    cursor: str = ""
    after: str = ""
    before: str = ""
    usual: int = 0
    first_page: int = 1

    @property
    def is_known(self) -> bool:
        """Whether any page but the first can be asked for."""
        return bool(self.page or self.offset or self.cursor or self.after)


NO_PAGING: Final = Paging()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """The query parameters that name the member to sort by, and the direction; `""` where there is none."""

    by: str = ""
    direction: str = ""


class Match(StrEnum):
    """How a parameter narrows a list by a member."""

    EQUAL = "value"
    LEAST = "least value"
    MOST = "greatest value"
    ABOVE = "value below that"
    BELOW = "value above that"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The member that a parameter narrows a list by, and how."""

    member: Steps
    match: Match = Match.EQUAL

    @property
    def told(self) -> str:
        """What the parameter means, in words."""
        return f"{self.match.value} of {'.'.join(self.member)!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an action makes of an entity: what *members* become, and which *times* become now."""

    members: Mapping[str, JsonValue]
    times: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part one operation plays for a resource.

    *answer* leads to the entity, or to the list, in the body of a success; `None` where it shows neither.
    *element* leads from an entry of the list to the entity, *sent* to the entity in the body of a request.
    *filters* maps query parameters to what they narrow by; *search* names the one that looks for text
    anywhere, *keys* the one that lists the keys of the entities wanted. A parameter `page.size` is the member
    of an object.
    *told_key* leads to the key of a new entity where an answer tells nothing else of it. *is_below* says that
    the path has a segment behind that of the entity or list, *is_bulk* that several are sent at once,
    *asks_in_body* that filters and pages stand in the body of the request.
    """

    role: Role
    route: Route
    answer: Steps | None = None
    element: Steps = ()
    sent: Steps = ()
    paging: Paging = NO_PAGING
    sorting: Sorting = Sorting()
    filters: Mapping[str, Filter] = field(default_factory=dict)
    search: str = ""
    keys: str = ""
    told_key: Steps | None = None
    is_below: bool = False
    is_bulk: bool = False
    asks_in_body: bool = False
    #: The parameter that says which members are wanted.
    fields: str = ""
    effect: Effect | None = None
    why: str = ""

    @property
    def format(self) -> str:
        """What the path has at its end to name a format, such as `.json`."""
        path = self.route.path.rstrip("/")
        return path[len(bare(path)) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of thing.

    *item* is the template of its entities, whose last variable is *variable* and stands for the member *key*.
    Without a variable there is one entity only; without a key entities cannot be listed.
    *collections* are the templates of the lists, the one above the entities first, declared or not.
    *scopes* lead to what other variables say of an entity, such as its owner.
    *parts* are the operations by path and method. *reasons* tell how all this was found.
    """

    name: str
    item: str
    variable: str = ""
    key: str = ""
    collections: tuple[str, ...] = ()
    scopes: Mapping[str, Steps] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], Part] = field(default_factory=dict)
    #: What the document says of the variable.
    parameter: Parameter | None = None
    reasons: tuple[str, ...] = ()
    population: int | None = None
    invents: bool = True

    def takes(self, key: str) -> bool:
        """Tell whether the path of an entity may say *key*."""
        schema = self.parameter.schema if self.parameter else None
        if schema is None:
            return True
        try:
            return schema.is_valid(coercer(shape_of(schema.bundle()))(key))
        except ContractError:
            return True

    def part(self, *roles: Role) -> Part | None:
        """Return the first part that plays one of *roles*, sought in their order."""
        found = (each for role in roles for each in self.parts.values() if each.role is role)
        return next(found, None)
