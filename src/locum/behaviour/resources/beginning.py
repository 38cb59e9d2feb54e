"""What a new entity is at its beginning, of what only a server knows: unused, and nothing has ended."""

from __future__ import annotations

from math import ceil
from typing import Final

from locum.behaviour.resources.names import plain
from locum.behaviour.resources.records import required_of
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue
from locum.generation.words import split_words

__all__ = ["unused"]

#: What has not happened yet to what was just created.
_LATER: Final = frozenset(
    [
        *("archived", "cancelled", "canceled", "closed", "completed", "deactivated", "deleted", "disabled"),
        *("ended", "finished", "merged", "paid", "published", "refunded", "rejected", "removed", "resolved"),
        *("revoked", "shipped", "suspended", "terminated", "voided"),
    ]
)
#: What a status is called at the beginning, the earliest first.
_BEGINNINGS: Final = (
    *("new", "created", "draft", "requested", "submitted", "initial", "initiated", "initializing", "queued"),
    *("pending", "scheduled", "unpaid", "open", "opened", "received", "placed", "active", "enabled", "valid"),
)
#: Last words of numbers that grow by use, and the one that may count a list beside it.
_GROWING: Final = frozenset({"sold", "view", "views"})
_COUNT: Final = "count"
#: Keywords beside which a number need not begin at its minimum.
_PARTICULAR: Final = ("const", "enum", "exclusiveMinimum", "multipleOf")


def unused(invented: JsonObject, told: JsonObject, *, shape: Shape, sent: Shape) -> JsonObject:
    """Return *invented* as nobody has used it yet: what the server counts begins at 0, or at its minimum.

    A count stays beside a list that has entries, of which it may be the number. Times of what comes later are
    empty, and a status is what it begins with.
    """
    sendable = {plain(name) for name in sent.properties}
    has_entries = any(isinstance(each, list) and each for each in (*invented.values(), *told.values()))
    words = _GROWING if has_entries else {*_GROWING, _COUNT}
    found = dict(invented)
    required = required_of(shape)
    for name in [name for name in invented if _is_later(name) and plain(name) not in sendable]:
        if "null" in shape.member(name).types:
            found[name] = None
        elif name not in required:
            del found[name]
    for name, member in ((name, shape.member(name)) for name in tuple(found)):
        is_assigned = plain(name) not in sendable or member.find("readOnly") is True
        if is_assigned and name not in told and plain(name).endswith(("status", "state")):
            found[name] = _beginning(member, found[name])
        if is_assigned and split_words(name)[-1:] and split_words(name)[-1] in words and _is_whole(member):
            least = member.find("minimum")
            found[name] = max(0, ceil(least)) if isinstance(least, int | float) else 0
    return found


def _beginning(member: Shape, value: JsonValue) -> JsonValue:
    """Return the one of the values of a status that things begin with, *value* where none is called so."""
    listed = member.find("enum")
    choices = (
        {plain(each): each for each in listed if isinstance(each, str)} if isinstance(listed, list) else {}
    )
    return next((choices[each] for each in _BEGINNINGS if each in choices), value)


def _is_later(name: str) -> bool:
    """Tell whether a member says when something happened that comes after being created."""
    words = split_words(name)
    return bool(words) and words[-1] in {"at", "on", "date", "time"} and not _LATER.isdisjoint(words)


def _is_whole(member: Shape) -> bool:
    """Tell whether *member* is a whole number that may begin anywhere."""
    is_particular = any(member.has(each) for each in _PARTICULAR)
    return "integer" in member.types and member.types <= {"integer", "null"} and not is_particular
