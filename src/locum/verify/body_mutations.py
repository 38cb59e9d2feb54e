"""What a body is tried with: one member at a time missing, of another type, at a limit or beyond it.

Everything is made from the schema, and judged by it: what is called wrong is refused by the schema for
certain, what is called right is taken. No request is made here; `mutations.py` does the same for parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from locum.behaviour.resources.names import plain
from locum.behaviour.resources.records import required_of
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonValue
from locum.generation.words import split_words

__all__ = ["BodyMutation", "body_mutations"]

#: Levels of members that are looked into, and characters and items of one value.
_DEEPEST: Final = 3
_LONGEST: Final = 10_000
_MOST_ITEMS: Final = 100
#: One value of each type, none of which is read as another.
_OF_TYPE: Final[dict[str, JsonValue]] = {
    "string": "a word",
    "number": 12.5,
    "boolean": True,
    "array": [],
    "object": {},
}
#: Formats that every server asserts which knows of them at all.
_ASSERTED: Final = frozenset({"date", "date-time", "uuid"})
#: Words of members that another member may say something of, or that name what has to be there.
_ENTANGLED: Final = frozenset(
    {"min", "max", "minimum", "maximum", "start", "end", "from", "to", "until", "since", "id", "ids", "key"}
    | {"uuid", "ref", "code", "type", "kind", "currency", "country", "locale", "parent", "version", "name"}
)
_UNLIKE: Final = ("", "!", "é!", " ", "nobody-has-this", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMutation:
    """A body in the place of a good one; *location* leads to the member that is another: `place/room`."""

    kind: str
    location: str
    value: JsonValue
    is_valid: bool = False


_Change = tuple[str, bool, Callable[[JsonValue], JsonValue]]


def body_mutations(
    value: JsonValue, shape: Shape, is_valid: Callable[[JsonValue], bool]
) -> Iterator[BodyMutation]:
    """Yield bodies like *value*, each with one thing changed, members in turn, wrong ones first.

    *is_valid* says whether the document takes a body.
    """
    if not isinstance(value, dict | list):
        return
    root = [("wrong-type", "", False, _of_another_type(shape))]
    members: dict[str, list[tuple[str, str, bool, JsonValue]]] = {}
    for kind, location, is_right, whole in chain(root, _changes(value, shape, "", _DEEPEST)):
        members.setdefault(location, []).append((kind, location, is_right, whole))
    for wanted in (False, True):
        rows = ([each for each in found if each[2] is wanted] for found in members.values())
        for each in chain.from_iterable(zip_longest(*rows)):
            if each is not None and is_valid(each[3]) is wanted:
                yield BodyMutation(kind=each[0], location=each[1], value=each[3], is_valid=wanted)


def _changes(
    value: JsonValue, shape: Shape, location: str, depth: int
) -> Iterator[tuple[str, str, bool, JsonValue]]:
    """Yield *value* with one thing changed at or below it: what, where, whether rightly, and the whole."""
    if isinstance(value, list):
        for kind, where, is_right, item in _changes_of(value[0] if value else None, shape.item(), "*", depth):
            if value:
                yield kind, _below(location, where), is_right, [item, *value[1:]]
        return
    if not isinstance(value, dict):
        return
    required = required_of(shape)
    for name in shape.properties:
        member = shape.member(name)
        if member.find("readOnly") is True:
            continue
        if name in value and name in required:
            yield "missing", _below(location, name), False, {k: v for k, v in value.items() if k != name}
        for kind, where, is_right, part in _changes_of(value.get(name), member, name, depth):
            yield kind, _below(location, where), is_right, {**value, name: part}
    if any(node.get("additionalProperties") is False for node in shape.nodes):
        yield "unknown-member", location, False, {**value, "nobodyHasThis": "1"}


def _below(outer: str, inner: str) -> str:
    return f"{outer}/{inner}" if outer else inner


def _changes_of(
    value: JsonValue, shape: Shape, name: str, depth: int
) -> Iterator[tuple[str, str, bool, JsonValue]]:
    """Yield other values for a member called *name*, and those with something changed inside."""
    if not shape.nodes:
        return
    if shape.types < ANYTHING:
        yield "wrong-type", name, False, _of_another_type(shape)
        if "null" not in shape.types:
            yield "null", name, False, None
    yield from ((kind, name, False, each) for kind, each in _beyond(value, shape))
    if not _ENTANGLED & {*split_words(name)} and plain(name) not in _ENTANGLED:
        yield from ((kind, name, True, each) for kind, each in _within(value, shape))
    if depth and isinstance(value, dict | list) and value:
        for kind, where, is_right, whole in _changes(value, shape, "", depth - 1):
            if where:
                yield kind, f"{name}/{where}", is_right, whole


def _of_another_type(shape: Shape) -> JsonValue:
    is_number = bool(shape.types & {"integer", "number"})
    # A number in the place of a text is what servers take most easily.
    order = ("string", "array", "object") if is_number else ("number", "string", "array", "object")
    return next((_OF_TYPE[each] for each in order if each not in shape.types), None)


def _beyond(value: JsonValue, shape: Shape) -> Iterator[tuple[str, JsonValue]]:
    """Yield values that a schema of *shape* may refuse."""
    for keyword, step, kind in (
        ("minimum", -1, "below-minimum"),
        ("exclusiveMinimum", 0, "below-minimum"),
        ("maximum", 1, "above-maximum"),
        ("exclusiveMaximum", 0, "above-maximum"),
    ):
        limit = _number(shape, keyword)
        if limit is not None:
            yield kind, limit + step
    factor = _number(shape, "multipleOf")
    if factor:
        yield "not-a-multiple", factor * 1.5
    if shape.types & {"integer"} and not shape.types & {"number"}:
        yield "fraction", 1.5
    if isinstance(shape.find("enum"), list):
        yield "unknown-value", "nobody-has-this" if "string" in shape.types else -987654321
    sample = value if isinstance(value, str) and value else "a"
    shortest, longest = _number(shape, "minLength"), _number(shape, "maxLength")
    if shortest:
        yield "too-short", _stretched(sample, int(shortest) - 1)
    if longest is not None and longest < _LONGEST:
        yield "too-long", _stretched(sample, int(longest) + 1)
    if shape.has("pattern"):
        yield from (("pattern", each) for each in _UNLIKE)
    if shape.find("format") in _ASSERTED:
        yield "format", "the other day"
    yield from _of_items(value, shape, is_beyond=True)


def _within(value: JsonValue, shape: Shape) -> Iterator[tuple[str, JsonValue]]:
    """Yield values at the limits of a schema of *shape*."""
    for keyword in ("minimum", "maximum"):
        limit = _number(shape, keyword)
        if limit is not None and abs(limit) < 2**31:
            yield f"at-{keyword}", limit
    choices = shape.find("enum")
    if isinstance(choices, list):
        yield from (("enumerated", each) for each in choices if each is not None)
    sample = value if isinstance(value, str) and value else "a"
    if not shape.has("format") and not isinstance(choices, list):
        for keyword, kind in (("minLength", "shortest"), ("maxLength", "longest")):
            length = _number(shape, keyword)
            if length and length < _LONGEST:
                yield kind, _stretched(sample, int(length))
    yield from _of_items(value, shape, is_beyond=False)


def _of_items(value: JsonValue, shape: Shape, *, is_beyond: bool) -> Iterator[tuple[str, JsonValue]]:
    """Yield arrays with as many items as may just be, or one more or less."""
    if not isinstance(value, list) or not value:
        return
    fewest, most = _number(shape, "minItems"), _number(shape, "maxItems")
    if fewest:
        yield ("too-few" if is_beyond else "fewest"), value[: int(fewest) - is_beyond]
    if most is not None and most < _MOST_ITEMS and (is_beyond or shape.find("uniqueItems") is not True):
        count = int(most) + is_beyond
        yield ("too-many" if is_beyond else "most"), (value * (count // len(value) + 1))[:count]
    if is_beyond and shape.find("uniqueItems") is True:
        yield "twice", [*value, value[0]]


def _stretched(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def _number(shape: Shape, keyword: str) -> int | float | None:
    found = shape.find(keyword)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None
