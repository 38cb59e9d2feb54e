"""Parameters that narrow a list by more than one value: bounds, and operators by name.

`min_price`, `createdSince` and `price[lte]` say how much, or when, at least or at most;
`filter[name][contains]` says what with. Told by names, where the entity has a member they can speak of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from locum.behaviour.resources.model import Filter, Match
from locum.behaviour.resources.names import plain
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonValue
from locum.contract.writing import write_text
from locum.generation.words import split_words

__all__ = ["OPERATORS", "is_time", "is_within", "read_range", "time_member"]

_LEAST: Final = frozenset(
    {"min", "minimum", "gte", "ge", "from", "since", "after", "start", "least", "lower"}
)
_MOST: Final = frozenset(
    {"max", "maximum", "lte", "le", "to", "until", "till", "before", "end", "most", "upper"}
)
_BEYOND: Final = {"gt": Match.ABOVE, "lt": Match.BELOW}
#: Words that say no more than that a time is meant.
_TIMELY: Final = frozenset({"date", "time", "datetime", "timestamp", "at", "on"})
_TIMES: Final = frozenset({"date", "date-time"})
#: What is made is dated by one of these, where a parameter names no member.
_MADE: Final = ("created", "creation", "inserted", "issued", "placed", "booked")


def read_range(name: str, shape: Shape, members: Mapping[str, Shape]) -> Filter | None:
    """Return the bound that the parameter *name* of *shape* is, of one of *members*; `None` if it is none.

    >>> from locum.contract.coercion import shape_of
    >>> number, text = shape_of({"type": "integer"}), shape_of({"type": "string", "format": "date-time"})
    >>> read_range("min_price", number, {"price": number}).told
    "least value of 'price'"
    >>> read_range("createdSince", text, {"createdAt": text}).told
    "least value of 'createdAt'"
    """
    words = list(split_words(name))
    for place in (0, -1):
        match = _match(words[place]) if words else None
        rest = words[1:] if place == 0 else words[:-1]
        member = _member(rest, shape, members) if match else None
        if match is not None and member is not None:
            return Filter(member=(member,), match=match)
    return None


def _match(word: str) -> Match | None:
    if word in _LEAST:
        return Match.LEAST
    return Match.MOST if word in _MOST else _BEYOND.get(word)


def _member(rest: list[str], shape: Shape, members: Mapping[str, Shape]) -> str | None:
    """Return the member that the words beside a bound name; without any, when an entity was made."""
    if set(rest) <= _TIMELY:
        return _made_at(members) if is_time(shape) else None
    wanted = "".join(rest)
    by_name = {plain(each): each for each in members}
    found = by_name.get(wanted) or time_member(wanted, members)
    return found if found and (_is_number(members[found]) or is_time(members[found])) else None


def time_member(wanted: str, members: Mapping[str, Shape]) -> str | None:
    """Return the time among *members* that is called *wanted* but for words that say it is one."""
    found = [
        name
        for name in members
        if is_time(members[name])
        and "".join(each for each in split_words(name) if each not in _TIMELY | {"utc"}) == wanted
    ]
    return found[0] if len(found) == 1 else None


def _made_at(members: Mapping[str, Shape]) -> str | None:
    times = [name for name, member in members.items() if is_time(member)]
    made = [name for name in times if plain(name).startswith(_MADE) or plain(name).endswith("created")]
    for found in (made, times):
        if len(found) == 1:
            return found[0]
    return None


def is_time(shape: Shape) -> bool:
    """Tell whether values are times, days, or lists of them."""
    if "array" in shape.types < ANYTHING:
        return is_time(shape.item())
    return "string" in shape.types < ANYTHING and shape.find("format") in _TIMES


def _is_number(shape: Shape) -> bool:
    return shape.types < ANYTHING and bool(shape.types & {"integer", "number"})


def is_within(value: JsonValue, match: Match, bound: JsonValue) -> bool:
    """Tell whether *value* is on the right side of *bound*; one that cannot be compared is not.

    >>> is_within("2024-05-01T10:00:00Z", Match.MOST, "2024-05-01"), is_within(3, Match.ABOVE, 3)
    (True, False)
    """
    if isinstance(value, list):
        return any(is_within(each, match, bound) for each in value)
    pair = _comparable(value, bound)
    if pair is None:
        return False
    one, other = pair
    return {
        Match.LEAST: one >= other,
        Match.MOST: one <= other,
        Match.ABOVE: one > other,
        Match.BELOW: one < other,
    }.get(match, one == other)


def _comparable(value: JsonValue, bound: JsonValue) -> tuple[float, float] | None:
    """Return both as numbers; a whole day where *bound* is one."""
    one, other = _number(value), _number(bound)
    if one is not None and other is not None:
        return one, other
    moment, limit = _moment(value), _moment(bound)
    if moment is None or limit is None:
        return None
    if len(str(bound)) == len("2024-02-15"):
        return float(moment.date().toordinal()), float(limit.date().toordinal())
    return moment.timestamp(), limit.timestamp()


def _number(value: JsonValue) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _moment(value: JsonValue) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        return None


def _texts(value: JsonValue) -> Iterator[str]:
    for each in value if isinstance(value, list) else write_text(value).split(","):
        yield write_text(each).strip()


def _says(value: JsonValue, text: JsonValue) -> bool:
    return write_text(text).strip("%*").lower() in write_text(value).lower()


#: What is asked with an operator of this name, of the value of a member.
OPERATORS: Final[Mapping[str, Callable[[JsonValue, JsonValue], bool]]] = {
    **dict.fromkeys(("eq", "is", "equals"), lambda value, asked: write_text(value) == write_text(asked)),
    **dict.fromkeys(("ne", "neq", "not"), lambda value, asked: write_text(value) != write_text(asked)),
    **dict.fromkeys(("contains", "like", "ilike", "icontains"), _says),
    **dict.fromkeys(
        ("in", "oeq", "oneof", "any"), lambda value, asked: write_text(value) in set(_texts(asked))
    ),
    **dict.fromkeys(("nin", "notin"), lambda value, asked: write_text(value) not in set(_texts(asked))),
    **dict.fromkeys(("gte", "ge", "min", "from"), lambda value, asked: is_within(value, Match.LEAST, asked)),
    **dict.fromkeys(("lte", "le", "max", "to"), lambda value, asked: is_within(value, Match.MOST, asked)),
    "gt": lambda value, asked: is_within(value, Match.ABOVE, asked),
    "lt": lambda value, asked: is_within(value, Match.BELOW, asked),
}
