"""Trees made out of parts of a document, and where each part was written.

What another version of the specification says differently is rebuilt in the words of OpenAPI 3. A `Derived`
tree knows the origin of all of it, so a reference inside it, and every complaint about it, counts from the
document as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from locum.contract.model import JsonObject, JsonValue, Place
from locum.contract.pointers import below

__all__ = ["IMPLIED", "PRODUCES", "Derived", "Made", "Part", "Written", "derive"]


#: A member of what is made, by a name that no document has: the document does not say it, but it is usual.
IMPLIED: Final = "\0implied"
#: Another: the media types of every answer of an operation of 2.0, whatever its status.
PRODUCES: Final = "\0produces"


@dataclass(frozen=True, slots=True)
class Written:
    """A part taken over as it stands at *place*."""

    value: JsonValue = field(repr=False)
    place: Place


@dataclass(frozen=True, slots=True)
class Made:
    """A part made of others, on behalf of what stands at *place*."""

    part: Part
    place: Place


Part: TypeAlias = "Written | Made | JsonValue | Mapping[str, Part] | Sequence[Part]"


@dataclass(frozen=True, slots=True)
class Derived:
    """A tree, and the places its parts come from, by pointer; `""` is always among them."""

    value: JsonValue = field(repr=False)
    origins: Mapping[str, Place] = field(repr=False)

    def origin(self, pointer: str) -> Place:
        """Return where the author wrote what *pointer* leads to, or what it was made for."""
        rest = ""
        while pointer not in self.origins:
            pointer, _, token = pointer.rpartition("/")
            rest = f"/{token}{rest}"
        found = self.origins[pointer]
        return Place(uri=found.uri, pointer=found.pointer + rest)


def derive(part: Made) -> Derived:
    """Put the parts together.

    >>> at = Place(uri="a.yaml", pointer="/x")
    >>> tree = derive(Made({"type": "http", "name": Written("N", Place(uri="a.yaml", pointer="/y"))}, at))
    >>> tree.value, tree.origin("/name").pointer, tree.origin("/type").pointer
    ({'type': 'http', 'name': 'N'}, '/y', '/x/type')
    """
    origins: dict[str, Place] = {}
    return Derived(assemble(part, "", origins), origins)


def assemble(part: Part, pointer: str, origins: dict[str, Place]) -> JsonValue:
    """Return the value of *part*, noting its origins below *pointer*."""
    if isinstance(part, Written):
        origins[pointer] = part.place
        return part.value
    if isinstance(part, Made):
        origins[pointer] = part.place
        return assemble(part.part, pointer, origins)
    if isinstance(part, Mapping):
        members: JsonObject = {
            key: assemble(each, below(pointer, key), origins) for key, each in part.items()
        }
        return members
    if isinstance(part, Sequence) and not isinstance(part, str):
        return [assemble(each, below(pointer, index), origins) for index, each in enumerate(part)]
    return part
