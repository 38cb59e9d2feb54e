"""Which members may not travel in a direction: `readOnly` not in requests, `writeOnly` not in answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from locum.contract.library import Library
from locum.contract.model import Direction, JsonObject, JsonValue, Place
from locum.contract.pointers import below
from locum.errors import ContractError

__all__ = ["barred_names"]

BARRING: Mapping[Direction, str] = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}
TRANSPARENT = frozenset({"$ref", "allOf"})


def barred_names(value: JsonObject, place: Place, library: Library, direction: Direction) -> frozenset[str]:
    """Return the properties of *value*, and of what its `allOf` adds, that may not travel this way."""
    mark = BARRING[direction]
    return frozenset(
        name
        for whole, at in parts_of(value, place, library)
        for name, member in members(whole.get("properties"))
        if is_marked(member, Place(uri=at.uri, pointer=below(at.pointer, "properties", name)), library, mark)
    )


def is_marked(value: JsonValue, place: Place, library: Library, mark: str) -> bool:
    """Tell whether a property carries *mark*, itself or through a reference or an `allOf`."""
    if isinstance(value, dict) and not TRANSPARENT & value.keys():
        return value.get(mark) is True
    return any(part.get(mark) is True for part, _ in parts_of(value, place, library))


def parts_of(value: JsonValue, place: Place, library: Library) -> Iterator[tuple[JsonObject, Place]]:
    """Yield every object that *value* is made of through `$ref` and `allOf`, each once."""
    seen: set[Place] = set()
    todo = [(value, place)]
    while todo:
        value, place = todo.pop()
        if not isinstance(value, dict) or place in seen:
            continue
        seen.add(place)
        yield value, place
        if "$ref" in value:
            todo.extend(landing(value["$ref"], place, library))
        parts = value.get("allOf")
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            todo.append((part, Place(uri=place.uri, pointer=below(place.pointer, "allOf", index))))


def landing(reference: JsonValue, place: Place, library: Library) -> list[tuple[JsonValue, Place]]:
    """Return what a reference points at, or nothing; the translation reports why."""
    try:
        target = library.resolve(reference, place)
        return [(library.value(target), target)]
    except ContractError:
        return []


def members(value: JsonValue) -> Iterable[tuple[str, JsonValue]]:
    """Return the members of what should be an object."""
    return value.items() if isinstance(value, dict) else ()
