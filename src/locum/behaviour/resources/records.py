"""Makes the record of an entity: of what a client sent, what a server assigns, and what time it is.

A record has the members a client sent, in the spelling the answers have; what an answer must have beside
them, and what only a server can know, is taken from what would have been invented for the same entity. What
could have been sent and was not is left out, as a server leaves out what nobody told it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, TypeAlias

from locum.behaviour.resources.names import match_name, plain
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import to_json

__all__ = [
    "Mask",
    "candidates",
    "compile_mask",
    "required_of",
    "time_of",
    "understood",
    "with_times",
    "without",
]

#: Gives what an answer shows of a record.
Mask: TypeAlias = Callable[[JsonObject], JsonObject]

_CREATED: Final = frozenset(
    [
        "created",
        "createdat",
        "createdon",
        "createdtime",
        "createdate",
        "createddate",
        "creationdate",
        "creationtime",
        "datecreated",
        "timecreated",
        "creationtimestamp",
        "createdtimestamp",
        "insertedat",
        # What happens once, and makes the entity.
        "bookedat",
        "joinedat",
        "orderedat",
        "placedat",
        "purchasedat",
        "registeredat",
        "requestedat",
        "signedupat",
        "submittedat",
        "uploadedat",
    ]
)
_UPDATED: Final = frozenset(
    [
        "updated",
        "updatedat",
        "updatedon",
        "updatedtime",
        "updateddate",
        "updatetime",
        "updatedate",
        "dateupdated",
        "modified",
        "modifiedat",
        "modifiedon",
        "modifieddate",
        "lastmodified",
        "lastmodifiedat",
        "lastmodifieddate",
        "lastupdated",
        "lastupdate",
        "lastupdatedat",
        "lastupdatetime",
        "modificationdate",
        "datemodified",
        "updatetimestamp",
        "lastupdatetimestamp",
        "timeupdated",
    ]
)
#: Whole numbers from here on count milliseconds.
_LEAST_MS: Final = 10**11
#: How deep members are looked at that travel in one direction only.
_DEEPEST: Final = 6


def required_of(shape: Shape) -> frozenset[str]:
    """Return the members that a value of *shape* must have, those of any alternative included."""
    listed = (node.get("required") for node in shape.nodes)
    return frozenset(str(name) for names in listed if isinstance(names, list) for name in names)


def without(value: JsonValue, shape: Shape, keyword: str, depth: int = _DEEPEST) -> JsonValue:
    """Return *value* without the members that *shape* marks by *keyword* (`readOnly`, `writeOnly`)."""
    if depth == 0:
        return value
    if isinstance(value, dict):
        members = ((name, part, shape.member(name)) for name, part in value.items())
        return {
            name: without(part, member, keyword, depth - 1) if isinstance(part, dict | list) else part
            for name, part, member in members
            if member.find(keyword) is not True
        }
    if isinstance(value, list):
        return [without(part, shape.item(), keyword, depth - 1) for part in value]
    return value


def understood(body: JsonValue | bytes, sent: Shape, shape: Shape) -> JsonObject:
    """Return the members of a request's *body* that may be kept, spelled as *shape* spells them."""
    if not isinstance(body, dict):
        return {}
    told = without(body, sent, "readOnly")
    required = required_of(shape)
    found: JsonObject = {}
    for name, value in told.items() if isinstance(told, dict) else ():
        spelled = name if name in required else match_name(name, shape.properties) or name
        known, meant = _named_by_key(spelled, value, shape)
        if not _has_bytes(meant) and (known != spelled or shape.member(known).find("readOnly") is not True):
            found[known] = meant
    return found


def _named_by_key(name: str, value: JsonValue, shape: Shape) -> tuple[str, JsonValue]:
    """Return a member as *shape* has it: `customer: {id}` for `customer_id`, and the other way about."""
    if name in shape.properties:
        return name, value
    if isinstance(value, dict):
        outer = match_name(f"{name}id", shape.properties)
        return (outer, value["id"]) if outer and "id" in value else (name, value)
    stem = plain(name).removesuffix("id")
    outer = match_name(stem, shape.properties) if stem and stem != plain(name) else None
    if outer is None or "id" not in shape.member(outer).properties:
        return name, value
    return outer, {"id": value}


def _has_bytes(value: object) -> bool:
    """Tell whether a value of a form holds a file, which no record does."""
    if isinstance(value, dict | list):
        return any(_has_bytes(each) for each in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, bytes)


def compile_mask(shape: Shape) -> Mask:
    """Return what an answer of *shape* shows of a record: what it names, and all where it is open."""
    names, is_open = required_of(shape).union(shape.properties), shape.is_open
    has_secrets = b'"writeOnly":true' in to_json(shape.root)

    def shown(record: JsonObject) -> JsonObject:
        kept = record if is_open else {name: value for name, value in record.items() if name in names}
        told = without(kept, shape, "writeOnly") if has_secrets else kept
        return told if isinstance(told, dict) else kept

    return shown


def candidates(
    told: JsonObject, invented: JsonObject, *, shape: Shape, sent: Shape, fixed: JsonObject
) -> Iterator[JsonObject]:
    """Yield records for what was *told*, the best first; *fixed* holds what cannot be otherwise.

    *invented* is the same entity as the generated world knows it, *sent* what requests look like.
    """
    sendable = {plain(name) for name in sent.properties}
    required = required_of(shape)
    assigned = {
        name: value
        for name, value in invented.items()
        if name in required or plain(name) not in sendable or shape.member(name).find("readOnly") is True
    }
    defaults = dict(_defaults(sent, shape))
    empty = {name: None for name in required if name not in told and _may_be_null(shape, name, sendable)}
    yield _ordered({**assigned, **empty, **defaults, **told, **fixed}, shape)
    needed = {name: value for name, value in invented.items() if name in required}
    yield _ordered({**needed, **told, **fixed}, shape)
    yield _ordered({**told, **fixed}, shape)
    yield _ordered({**invented, **told, **fixed}, shape)


def _defaults(sent: Shape, shape: Shape) -> Iterable[tuple[str, JsonValue]]:
    for name in sent.properties:
        member, spelled = sent.member(name), match_name(name, shape.properties)
        if spelled is not None and member.has("default"):
            yield spelled, member.find("default")


def _may_be_null(shape: Shape, name: str, sendable: set[str]) -> bool:
    return (
        plain(name) in sendable and "null" in shape.member(name).types and not shape.member(name).has("enum")
    )


def _ordered(record: JsonObject, shape: Shape) -> JsonObject:
    """Return *record* with its members in the order of the document."""
    known = {name: record[name] for name in shape.properties if name in record}
    return {**known, **record}


def with_times(
    record: JsonObject, told: JsonObject, invented: JsonObject, *, now: datetime, is_new: bool
) -> JsonObject:
    """Return *record* with the times at which it was created and changed, unless they were *told*."""
    found = dict(record)
    for name in record:
        spelled = plain(name)
        if name in told or (spelled not in _UPDATED and not (is_new and spelled in _CREATED)):
            continue
        written = _written(found.get(name, invented.get(name)), now)
        if written is not None:
            found[name] = written
    return found


def time_of(member: Shape, now: datetime) -> JsonValue:
    """Return *now* as *member* has times; `None` where it has none."""
    likes: dict[JsonValue, str] = {"date-time": "0000-00-00T", "date": "0000-00-00"}
    if "string" in member.types and member.find("format") in likes:
        return _written(likes[member.find("format")], now)
    return _written(0, now) if member.types <= {"integer", "null"} else None


def _written(like: JsonValue, now: datetime) -> JsonValue:
    """Return *now* in the way that *like* is written; `None` where that is no time."""
    now = now.astimezone(UTC)
    if isinstance(like, bool) or like is None:
        return None
    if isinstance(like, int | float):
        return int(now.timestamp() * (1000 if like >= _LEAST_MS else 1))
    if not isinstance(like, str):
        return None
    if "," in like:
        return format_datetime(now)
    if len(like) == len("2024-02-15") and like[4:5] == "-":
        return now.date().isoformat()
    return now.isoformat(timespec="seconds").replace("+00:00", "Z") if like[10:11] in {"T", "t"} else None
