"""What is known of how members of answers agree: a document's rules, what clients may say, what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from locum.behaviour.agreement_judging import Agreement, agreements_of
from locum.behaviour.coherence import Places, compile_places
from locum.behaviour.resources.bodies import readable_shape
from locum.contract.coercion import Shape
from locum.contract.model import JsonValue, MediaType, Operation
from locum.generation.words import plain

__all__ = ["Agreed", "Key", "key_of", "rules_of_media", "said_by_clients"]

#: One rule at one place: where, what it speaks of, and whose value it tells.
Key: TypeAlias = tuple[str, ...]
#: The rules of one body, and those that the document's own examples contradict.
Held: TypeAlias = tuple[Places | None, frozenset[Key]]

_DEEPEST: Final = 5


@dataclass(slots=True, kw_only=True)
class Agreed:
    """What a run has learned. Mutable: `judges/agreements.py` keeps it.

    *said* are the members of requests, with what they are members of, once they were looked for. *seen*
    counts how often a rule held at a place, *longest* is the longest list of which a count was right.
    """

    rules: dict[tuple[str, str, str], Held] = field(default_factory=dict)
    said: frozenset[tuple[str, str]] | None = None
    is_written: bool = False
    seen: dict[Key, int] = field(default_factory=dict)
    longest: dict[Key, int] = field(default_factory=dict)

    def note(self, key: Key, agreement: Agreement) -> None:
        """Note that a rule held."""
        self.seen[key] = self.seen.get(key, 0) + 1
        self.longest[key] = max(self.longest.get(key, 0), agreement.length)


def key_of(agreement: Agreement) -> Key:
    """Return which rule at which place was looked at."""
    return (*agreement.location, agreement.rule.about.name, *agreement.rule.sources, *agreement.rule.targets)


def rules_of_media(media: MediaType) -> Held:
    """Return the rules of bodies of *media*; what its examples do otherwise means something else there.

    A schema that cannot be read has none.
    """
    shape = readable_shape(media.schema)
    places = compile_places(shape) if shape is not None else None
    if shape is None or places is None:
        return None, frozenset()
    seen = (each for value in _examples(media, shape) for each in agreements_of(value, places))
    return places, frozenset(key_of(each) for each in seen if not each.holds)


def _examples(media: MediaType, shape: Shape) -> Iterator[JsonValue]:
    yield from (each.value for each in media.examples)
    if shape.has("example"):
        yield shape.find("example")
    listed = shape.find("examples")
    yield from listed if isinstance(listed, list) else []


def said_by_clients(operations: Iterable[Operation]) -> frozenset[tuple[str, str]]:
    """Return the members that requests may have, each with the member it is part of, `""` for the body."""
    found: set[tuple[str, str]] = set()
    for operation in operations:
        for media in operation.request_body.content if operation.request_body is not None else ():
            shape = readable_shape(media.schema)
            found.update(_members(shape, "", _DEEPEST) if shape is not None else ())
    return frozenset(found)


def _members(shape: Shape, container: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth == 0:
        return
    if shape.types == {"array"}:
        yield from _members(shape.item(), container, depth - 1)
    for name in shape.properties:
        yield container, plain(name)
        if shape.member(name).types & {"array", "object"}:
            yield from _members(shape.member(name), plain(name), depth - 1)
