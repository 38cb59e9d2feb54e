"""Puts the truth of a refusal into a body of the contract's own error schema.

A member is filled in by its name, where its type agrees and the body stays valid; everything else stays as
the example or the generator made it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

from locum.behaviour.model import Refusal
from locum.behaviour.problems import describe, name_of, problem
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue, Schema, Violation

__all__ = ["put_truth"]

_Way = tuple[str, ...]
#: What may be put at a place, the best first.
_Offers = Iterator[tuple[_Way, list[JsonValue]]]
_Offer = Callable[[Refusal, int, Shape], list[JsonValue]]

_DEEPEST: Final = 4
_KNOWN: Final = frozenset(HTTPStatus)
_MOST: Final = 20


def put_truth(body: JsonValue, refusal: Refusal, *, status: int, schema: Schema, shape: Shape) -> JsonValue:
    """Return *body* with message, code, status, title and list of errors made true, still valid by *schema*.

    *body* must be valid when it comes in.
    """
    if isinstance(body, str):
        return refusal.detail if schema.is_valid(refusal.detail) else body
    if not isinstance(body, dict):
        return body
    for way, candidates in _offers(body, refusal, status, shape, ()):
        attempts = (_placed(body, way, candidate) for candidate in candidates)
        body = next((attempt for attempt in attempts if schema.is_valid(attempt)), body)
    return body


def _placed(body: JsonObject, way: _Way, value: JsonValue) -> JsonObject:
    """Return *body* with *value* at *way*; objects on the way are made where they are not there."""
    inner = body.get(way[0])
    below = _placed(inner if isinstance(inner, dict) else {}, way[1:], value) if way[1:] else value
    return {**body, way[0]: below}


def _offers(body: JsonObject, refusal: Refusal, status: int, shape: Shape, above: _Way) -> _Offers:
    """Yield what may be put where, members in their order."""
    for name in dict.fromkeys([*body, *shape.properties]):
        member, inner = shape.member(name), body.get(name)
        plain = _plain(name)
        is_object = "object" in member.types and bool(member.properties)
        if len(above) < _DEEPEST and (isinstance(inner, dict) or (is_object and plain in _WRAPPERS)):
            yield from _offers(
                inner if isinstance(inner, dict) else {}, refusal, status, member, (*above, name)
            )
        found = [
            candidate
            for names, offer in _TABLE
            if plain in names
            for candidate in offer(refusal, status, member)
        ]
        if found:
            yield (*above, name), found


def _plain(name: str) -> str:
    """Return a name without case and separators: `error_message` and `ErrorMessage` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _statuses(_: Refusal, status: int, member: Shape) -> list[JsonValue]:
    return [status] if "integer" in member.types else [str(status)]


def _number_codes(_: Refusal, status: int, member: Shape) -> list[JsonValue]:
    return [status] if "integer" in member.types and "string" not in member.types else []


def _messages(refusal: Refusal, _: int, member: Shape) -> list[JsonValue]:
    if "string" in member.types:
        return [refusal.detail]
    if "array" in member.types and "string" in member.item().types:
        return _lists(refusal, 0, member) or [[refusal.detail]]
    return []


def _titles(_: Refusal, status: int, member: Shape) -> list[JsonValue]:
    return [_phrase(status)] if "string" in member.types else []


def _codes(refusal: Refusal, status: int, member: Shape) -> list[JsonValue]:
    """Offer words for the cause, and for the status, in the usual spellings; the schema picks."""
    if "string" not in member.types:
        return []
    own, usual = refusal.cause.value.replace("-", "_"), _plain_phrase(status)
    words: list[JsonValue] = [
        spell(word) for word in (own, usual) for spell in (str.lower, str.upper, _kebab, _camel, _title)
    ]
    if member.find("format") in {"uri", "uri-reference"}:
        return [problem(refusal, status=status)["type"]]
    return [*words, str(status)]


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in _KNOWN else "Error"


def _plain_phrase(status: int) -> str:
    return re.sub(r"[^a-z]+", "_", _phrase(status).lower())


def _kebab(word: str) -> str:
    return word.replace("_", "-")


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


def _title(word: str) -> str:
    return word.replace("_", " ").capitalize()


def _outcomes(_: Refusal, __: int, member: Shape) -> list[JsonValue]:
    return [False] if "boolean" in member.types else []


def _lists(refusal: Refusal, _: int, member: Shape) -> list[JsonValue]:
    if not refusal.violations or "array" not in member.types:
        return []
    entries = [_entry(each, member.item()) for each in refusal.violations[:_MOST]]
    return [entries, entries[:1]]


def _entry(violation: Violation, shape: Shape) -> JsonValue:
    if "string" in shape.types or "object" not in shape.types:
        return describe(violation)
    entry: JsonObject = {}
    for name in shape.properties:
        plain, member = _plain(name), shape.member(name)
        text = next((tell(violation) for names, tell in _ENTRY if plain in names), None)
        if text is None:
            continue
        way: list[JsonValue] = [str(each) for each in violation.location[1:]]
        entry[name] = text if "string" in member.types else way if "array" in member.types else text
    return entry


_MESSAGES: Final = frozenset(
    {
        "message",
        "msg",
        "detail",
        "details",
        "description",
        "errordescription",
        "errormessage",
        "reason",
        "text",
    }
    | {"usermessage", "developermessage", "longmessage", "explanation", "faultstring", "summary", "messages"}
)
_CODES: Final = frozenset({"code", "errorcode", "error", "errortype", "type", "reasoncode", "errorkey"})
_STATUSES: Final = frozenset({"status", "statuscode", "httpstatus", "httpstatuscode", "httpcode"})
_LISTS: Final = frozenset(
    {
        "errors",
        "detail",
        "details",
        "violations",
        "validationerrors",
        "fielderrors",
        "invalidparams",
        "issues",
    }
    | {"validation", "fields", "causes"}
)
_PLACES: Final = frozenset(
    {"field", "name", "parameter", "param", "path", "property", "location", "loc", "target", "pointer"}
)
#: Members that hold the error when the contract wraps it.
_WRAPPERS: Final = frozenset({"error", "fault", "problem", "err"})
_TABLE: Final[tuple[tuple[frozenset[str], _Offer], ...]] = (
    (_STATUSES, _statuses),
    (frozenset({"code", "errorcode"}), _number_codes),
    (_MESSAGES, _messages),
    (frozenset({"title", "errortitle", "statustext", "shortmessage"}), _titles),
    (_CODES, _codes),
    (frozenset({"success", "ok", "successful"}), _outcomes),
    (_LISTS, _lists),
)
_ENTRY: Final[tuple[tuple[frozenset[str], Callable[[Violation], str]], ...]] = (
    (_MESSAGES, lambda violation: violation.message),
    (_PLACES, name_of),
    (_CODES, lambda violation: violation.keyword),
)
