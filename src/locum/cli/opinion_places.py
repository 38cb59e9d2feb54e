"""Where the findings of openapi-spec-validator stand: it counts those of a schema from the schema.

Next: `second_opinion.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonschema.exceptions import ValidationError

from locum.contract.model import JsonValue
from locum.contract.pointers import join_pointer

__all__ = ["places_of"]


def places_of(document: JsonValue, errors: list[ValidationError]) -> list[tuple[str, ...]]:
    """Return for each of *errors* the pointers it may stand at: more where schemas are alike.

    What stands nowhere in *document*, such as in another file, has the pointer it came with.
    """
    ways = [tuple(map(str, error.absolute_path)) for error in errors]
    lost = {way for way in ways if not _leads(document, way)}
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], JsonValue]]] = {}
    if lost:
        ends = {way[-1] for way in lost}
        for place, value in _walked(document):
            if place[-1] in ends:
                for way in (way for way in lost if place[-len(way) :] == way):
                    found.setdefault(way, []).append((place, value))
    return [
        tuple(join_pointer(*place) for place, value in found.get(way, ()) if value == error.instance)
        or (join_pointer(*way),)
        for way, error in zip(ways, errors, strict=True)
    ]


def _leads(value: JsonValue, way: tuple[str, ...]) -> bool:
    for step in way:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return True


def _walked(document: JsonValue) -> Iterator[tuple[tuple[str, ...], JsonValue]]:
    """Yield every value below *document* with the way to it, in reading order; never one inside itself."""
    todo: list[tuple[tuple[str, ...], JsonValue]] = [((), document)]
    while todo:
        way, value = todo.pop()
        if way:
            yield way, value
        members = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        todo += [((*way, str(key)), member) for key, member in reversed([*members])]
