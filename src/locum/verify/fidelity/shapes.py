"""What bodies look like, learned from several of them: members, types, formats, ranges, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.contract.model import JsonValue

__all__ = ["Shape", "shapes_of", "type_of"]

#: Texts of one place that are remembered, and how long a word may be.
_WORDS: Final = 20
_LONGEST: Final = 40
_MOST: Final = 50_000
_FORMATS: Final = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "uuid": re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "uri": re.compile(r"https?://\S+"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
}


@dataclass(slots=True)
class Shape:
    """What was seen at one place of bodies. Mutable while it learns.

    *seen* counts values, *holders* the objects that could have had the member.
    """

    types: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    least: float | None = None
    most: float | None = None
    seen: int = 0
    holders: int = 0

    @property
    def is_optional(self) -> bool:
        """Whether some object did without it."""
        return self.seen < self.holders

    def learn(self, value: JsonValue) -> None:
        """Take one more value into account."""
        self.seen += 1
        self.types.add(type_of(value))
        if isinstance(value, str):
            self.formats.add(_format_of(value))
            if len(self.words) <= _WORDS and len(value) <= _LONGEST:
                self.words.add(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.least = value if self.least is None else min(self.least, value)
            self.most = value if self.most is None else max(self.most, value)


def shapes_of(bodies: Iterable[JsonValue]) -> dict[str, Shape]:
    """Return the shape of every place in *bodies*: `""` is the whole, `items/*/id` a member of each entry."""
    shapes: dict[str, Shape] = {}
    for body in bodies:
        for place, value, members in _walk(body):
            shapes.setdefault(place, Shape()).learn(value)
            for name in members:
                shapes.setdefault(_below(place, name), Shape())
    _count_holders(shapes)
    return shapes


def type_of(value: JsonValue) -> str:
    """Return the JSON type of *value*; a float that is whole is a number all the same."""
    kinds: Mapping[type, str] = {
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
        dict: "object",
    }
    return kinds.get(type(value), "null")


def _walk(body: JsonValue) -> Iterator[tuple[str, JsonValue, Iterable[str]]]:
    """Yield every value with its place; without recursion, since a server may nest as deep as it likes."""
    left: list[tuple[str, JsonValue]] = [("", body)]
    for _ in range(_MOST):
        if not left:
            return
        place, value = left.pop()
        members = value.keys() if isinstance(value, dict) else ()
        yield place, value, members
        if isinstance(value, dict):
            left += [(_below(place, name), each) for name, each in value.items()]
        elif isinstance(value, list):
            left += [(_below(place, "*"), each) for each in value]


def _count_holders(shapes: Mapping[str, Shape]) -> None:
    for place, shape in shapes.items():
        above, _, name = place.rpartition("/")
        holder = shapes.get(above)
        if place and name != "*" and holder is not None:
            shape.holders = holder.seen


def _below(place: str, name: str) -> str:
    told = name.replace("/", "~1")
    return f"{place}/{told}" if place else told


def _format_of(text: str) -> str:
    return next((name for name, pattern in _FORMATS.items() if pattern.fullmatch(text)), "text")
