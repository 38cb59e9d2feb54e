"""A value of a document together with where it stands: how the reader walks, forgiving and telling.

What has the wrong type is reported and read as if it were absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from locum.contract.diagnostics import describe, error_at
from locum.contract.library import Library
from locum.contract.model import JsonObject, JsonValue, Place
from locum.contract.origins import Made, Written, derive
from locum.contract.pointers import below
from locum.errors import ContractError

__all__ = ["Node"]

T = TypeVar("T")
#: References that lead from one to the next; nobody writes more.
LONGEST_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Node:
    """One value; equal places of one library are equal nodes."""

    value: JsonValue
    place: Place
    library: Library

    @property
    def written(self) -> Written:
        """The value as a part of a tree to be derived."""
        return Written(self.value, self.place)

    def derive(self, kind: str, part: Made) -> Node:
        """Return *part*, put together, as a node; *kind* tells it from other trees made here."""
        place = self.library.keep_derived(kind, derive(part))
        return Node(self.library.value(place), place, self.library)

    def at(self, token: str | int) -> Place:
        """Return the place of a member, whether it exists or not."""
        return Place(uri=self.place.uri, pointer=below(self.place.pointer, token))

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str) -> Node:
        """Return the member *key*, holding `None` when there is none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, self.at(key), self.library)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object; anything else is reported and has none."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.get(key)
        elif self.value is not None:
            self.complain("an object")

    def fields(self) -> Iterator[tuple[str, Node]]:
        """Yield the members that are not extensions; a map written as a reference is followed."""
        return ((key, node) for key, node in self.entries() if not key.startswith("x-"))

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of a map from names, in which `x-rate-limit` is a name if it has an object."""
        if isinstance(self.value, dict) and isinstance(self.value.get("$ref"), str):
            try:
                yield from self.follow().entries()
            except ContractError as error:
                self.library.keep(error)
        for key, node in self.items():
            if key != "$ref" and (not key.startswith("x-") or isinstance(node.value, dict)):
                yield key, node

    def elements(self) -> Iterator[Node]:
        """Yield the items of a list; anything else is reported and has none."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(value, self.at(index), self.library)
        elif self.value is not None:
            self.complain("a list")

    def text(self, key: str, default: str = "") -> str:
        """Return a member that is text; a number is text written without quotes."""
        value = self.get(key).value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return self.typed(key, str, "text", default)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a member that is `true` or `false`."""
        return self.typed(key, bool, "true or false", default)

    def typed(self, key: str, kind: type[T], expected: str, default: T) -> T:
        """Return a member of type *kind*, or *default*, reporting any other type."""
        member = self.get(key)
        if isinstance(member.value, kind):
            return member.value
        if member.value is not None:
            member.complain(expected)
        return default

    def complain(self, expected: str) -> None:
        """Report that this value has the wrong type."""
        self.library.note(self.place, "wrong-type", f"expected {expected}, found {describe(self.value)}")

    def extensions(self) -> JsonObject:
        """Return the `x-` members as written."""
        members = self.value if isinstance(self.value, dict) else {}
        return {key: value for key, value in members.items() if key.startswith("x-")}

    def follow(self) -> Node:
        """Return what a Reference Object (3.1.1, 4.8.23) points at; `ContractError` if nothing."""
        node = self
        for _ in range(LONGEST_CHAIN):
            if not isinstance(node.value, dict) or "$ref" not in node.value:
                return node
            target = self.library.resolve(node.value["$ref"], node.place)
            node = Node(self.library.value(target), target, self.library)
        raise error_at(self.place, "reference", "the reference leads back to itself")

    def reached(self) -> Node | None:
        """Return what `follow` does; `None` where it leads nowhere, which is kept as a fault."""
        try:
            return self.follow()
        except ContractError as error:
            self.library.keep(error)
            return None

    def require_object(self, what: str) -> None:
        """Raise `ContractError` unless this is an object."""
        if not isinstance(self.value, dict):
            raise error_at(
                self.place, "wrong-type", f"{what} must be an object, but is {describe(self.value)}"
            )
