"""Tells where two descriptions of one thing differ that should be the same.

Only members that both have are compared, and of those only what nobody but the sender decides: a server may
assign keys, versions, states and times, write an instant or a number in another way, and order a set.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from locum.behaviour.resources.names import plain
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue
from locum.errors import Where
from locum.generation.words import split_words
from locum.verify.model import Result, Step
from locum.verify.telling import Rule

__all__ = [
    "Difference",
    "differences",
    "instant_of",
    "is_senders",
    "is_shared",
    "lost",
    "rekeyed",
    "remade",
    "unkept",
]

#: What a server says of a thing by itself, whatever it was told.
_ASSIGNED: Final = frozenset(
    {"id", "uuid", "guid", "version", "revision", "etag", "status", "state", "phase", "progress", "self"}
    | {
        "href",
        "url",
        "uri",
        "link",
        "links",
        "meta",
        "metadata",
        "owner",
        "creator",
        "author",
        "kind",
        "type",
    }
)
#: Words of names that are secrets, or speak of when something was done, by whom, and how often.
_OWN_WORDS: Final = frozenset(
    {"password", "secret", "token", "pin", "cvv", "created", "updated", "modified", "changed", "accessed"}
    | {"seen", "generated", "requested", "timestamp", "hash", "checksum", "etag", "revision", "count"}
    | {"update", "modification", "creation", "edited"}
    | {"counts", "views", "uptime", "age", "elapsed", "remaining", "expires", "nonce", "request", "trace"}
)
_LOOSE_FORMATS: Final = frozenset({"email", "idn-email", "hostname", "idn-hostname", "uri", "url", "uuid"})
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A member that says one thing here and another there; *location* leads to it: `address/city`."""

    location: str
    expected: JsonValue
    received: JsonValue

    def breaks(self, rule: Rule, operation: str, *steps: Step, kind: str, where: Where = Where()) -> Result:
        """Return that *rule* is broken on an *operation* by this."""
        return rule.broken(
            operation,
            *steps,
            location=f"body/{self.location}",
            kind=kind,
            expected=repr(self.expected)[:200],
            received="nothing" if self.received is None else repr(self.received)[:200],
            where=where,
        )


def unkept(sent: JsonValue, shown: JsonValue, ours: Shape, theirs: Shape, key: str) -> Iterator[Difference]:
    """Yield the members of *sent* that *shown* has with another value.

    *ours* is what the document says of a request, *theirs* what it says of an answer; a member is compared
    where both say the same of it.
    """
    for name, value in _members(sent):
        told = shown.get(name) if isinstance(shown, dict) else None
        here, there = ours.member(name), theirs.member(name)
        if value is None or told is None or not is_senders(name, ours, theirs, key):
            continue
        if isinstance(value, dict) and isinstance(told, dict):
            found = unkept(value, told, here, there, "")
            yield from (_below(name, each) for each in found)
        elif not _agree(value, told, here):
            yield Difference(location=name, expected=value, received=told)


def lost(sent: JsonValue, shown: JsonObject, ours: Shape, theirs: Shape, key: str) -> Iterator[Difference]:
    """Yield the scalars of *sent* that an answer has a member for and *shown* has not."""
    for name, value in _members(sent):
        is_said = isinstance(value, str | int | float) and value not in ("", 0, False)
        if not is_said or name in shown or name == key or _is_assigned(name):
            continue
        if name in theirs.properties and _is_same(ours.member(name), theirs.member(name)):
            yield Difference(location=name, expected=value, received=None)


def differences(
    one: JsonValue, other: JsonValue, shape: Shape, depth: int = _DEEPEST
) -> Iterator[Difference]:
    """Yield where two answers about one thing differ, in members that both have and that keep still."""
    for name, value in _members(one):
        told = other.get(name) if isinstance(other, dict) else None
        if value is None or told is None or _moves(name):
            continue
        inner = shape.member(name)
        if isinstance(value, dict) and isinstance(told, dict) and depth:
            yield from (_below(name, each) for each in differences(value, told, inner, depth - 1))
        elif not _agree(value, told, inner):
            yield Difference(location=name, expected=value, received=told)


def remade(before: JsonObject, after: JsonObject, shape: Shape) -> Iterator[Difference]:
    """Yield when a thing was made, where that has changed."""
    for name, value in before.items():
        is_own = shape.member(name).find("readOnly") is True
        if "created" in split_words(name) and is_own and after.get(name, value) != value:
            yield Difference(location=name, expected=value, received=after[name])


def rekeyed(before: JsonObject, after: JsonObject, sent: JsonObject, key: str) -> Iterator[Difference]:
    """Yield the key of a thing where a change that was *sent* without it has changed it."""
    was, told = before.get(key), after.get(key)
    is_one = isinstance(was, str | int) and isinstance(told, str | int)
    if is_one and sent.get(key, was) == was and str(told).casefold() != str(was).casefold():
        yield Difference(location=key, expected=was, received=told)


def _members(value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, dict):
        yield from value.items()


def _below(name: str, inner: Difference) -> Difference:
    return Difference(location=f"{name}/{inner.location}", expected=inner.expected, received=inner.received)


def is_senders(name: str, ours: Shape, theirs: Shape, key: str) -> bool:
    """Tell whether nobody but the sender decides what a member says: it is read back as it was sent."""
    return name != key and not _is_assigned(name) and is_shared(name, ours, theirs)


def is_shared(name: str, ours: Shape, theirs: Shape) -> bool:
    """Tell whether a request and an answer declare a member alike, and neither for itself alone."""
    return _is_same(ours.member(name), theirs.member(name))


def _is_assigned(name: str) -> bool:
    return plain(name) in _ASSIGNED or _moves(name)


def _moves(name: str) -> bool:
    """Tell whether a member may change by itself."""
    return bool(_OWN_WORDS & {*split_words(name)})


def _is_same(here: Shape, there: Shape) -> bool:
    if not here.nodes or not there.nodes or here.find("writeOnly") is True or there.find("readOnly") is True:
        return False
    is_own = here.find("readOnly") is True or there.find("writeOnly") is True or here.has("const")
    return (
        not is_own
        and bool((here.types & there.types) - {"null"})
        and here.find("format") == there.find("format")
        and here.find("enum") == there.find("enum")
    )


def _agree(one: JsonValue, other: JsonValue, shape: Shape) -> bool:
    """Tell whether two values are the same, or no two that can be compared."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other or type(one) is not type(other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    if isinstance(one, str) and isinstance(other, str):
        return _texts_agree(one, other, shape)
    if isinstance(one, list) and isinstance(other, list):
        return _lists_agree(one, other)
    return True  # of another form: shown in another way


def _texts_agree(one: str, other: str, shape: Shape) -> bool:
    if one.strip() == other.strip():
        return True
    if shape.find("format") in _LOOSE_FORMATS:
        return one.strip("/ ").casefold() == other.strip("/ ").casefold() or shape.find("format") != "uuid"
    left, right = instant_of(one), instant_of(other)
    if left is not None and right is not None:
        # Some keep seconds, and some a day.
        return abs((left - right).total_seconds()) < 1 or "T" not in one + other
    return left is not None and right is None


def instant_of(text: str) -> datetime | None:
    """Return the instant or the day that a text names, in UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _lists_agree(one: list[JsonValue], other: list[JsonValue]) -> bool:
    """Compare lists of plain values as sets: they may have been put into order, and freed of doubles."""
    if any(isinstance(each, dict | list) for each in (*one, *other)):
        return True
    return {*map(orjson.dumps, one)} == {*map(orjson.dumps, other)}
