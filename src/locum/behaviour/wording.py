"""Puts the truth of a refusal, or of a status, into a body of the contract's own error schema.

A member is filled in by its name, where its type agrees and the body stays valid; everything else stays as
the example or the generator made it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from locum.behaviour.model import Refusal
from locum.behaviour.phrases import PHRASES
from locum.behaviour.problems import describe, name_of, problem
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue, Schema, Violation

__all__ = ["put_status", "put_truth"]

_Way = tuple[str, ...]
#: What may be put at a place, the best first.
_Offers = Iterator[tuple[_Way, list[JsonValue]]]
_Offer = Callable[["_Truth", int, Shape], list[JsonValue]]

_DEEPEST: Final = 4
_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Truth:
    """What is to be told: a sentence, words for a code, the type of a problem, what is wrong."""

    detail: str
    words: tuple[str, ...]
    uri: JsonValue
    violations: tuple[Violation, ...] = ()


def put_status(body: JsonValue, *, status: int, schema: Schema, shape: Shape) -> JsonValue:
    """Return *body*, of an error that was asked for by its *status* alone, saying what that status means.

    *body* must be valid when it comes in.
    """
    phrase = _phrase(status)
    truth = _Truth(detail=phrase, words=(_plain_phrase(status),), uri="about:blank")
    return _put(body, truth, status=status, schema=schema, shape=shape)


def put_truth(body: JsonValue, refusal: Refusal, *, status: int, schema: Schema, shape: Shape) -> JsonValue:
    """Return *body* with message, code, status, title and list of errors made true, still valid by *schema*.

    *body* must be valid when it comes in.
    """
    truth = _Truth(
        detail=refusal.detail,
        words=(refusal.cause.value.replace("-", "_"), _plain_phrase(status)),
        uri=problem(refusal, status=status)["type"],
        violations=refusal.violations,
    )
    return _put(body, truth, status=status, schema=schema, shape=shape)


def _put(body: JsonValue, truth: _Truth, *, status: int, schema: Schema, shape: Shape) -> JsonValue:
    if isinstance(body, str):
        return truth.detail if schema.is_valid(truth.detail) else body
    if not isinstance(body, dict):
        return body
    for way, candidates in _offers(body, truth, status, shape, ()):
        attempts = (_placed(body, way, candidate) for candidate in candidates)
        body = next((attempt for attempt in attempts if schema.is_valid(attempt)), body)
    return body


def _placed(body: JsonObject, way: _Way, value: JsonValue) -> JsonObject:
    """Return *body* with *value* at *way*; objects on the way are made where they are not there."""
    inner = body.get(way[0])
    below = _placed(inner if isinstance(inner, dict) else {}, way[1:], value) if way[1:] else value
    return {**body, way[0]: below}


def _offers(body: JsonObject, truth: _Truth, status: int, shape: Shape, above: _Way) -> _Offers:
    """Yield what may be put where, members in their order; the name of a kind of error stays as it is."""
    discriminator = shape.find("discriminator")
    kind = discriminator.get("propertyName") if isinstance(discriminator, dict) else None
    for name in dict.fromkeys([*body, *shape.properties]):
        if name == kind:
            continue
        member, inner = shape.member(name), body.get(name)
        plain = _plain(name)
        is_object = "object" in member.types and bool(member.properties)
        if len(above) < _DEEPEST and (isinstance(inner, dict) or (is_object and plain in _WRAPPERS)):
            yield from _offers(
                inner if isinstance(inner, dict) else {}, truth, status, member, (*above, name)
            )
        found = [
            candidate
            for names, offer in _TABLE
            if plain in names
            for candidate in offer(truth, status, member)
        ]
        if found:
            yield (*above, name), found


def _plain(name: str) -> str:
    """Return a name without case and separators: `error_message` and `ErrorMessage` are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _statuses(_: _Truth, status: int, member: Shape) -> list[JsonValue]:
    return [status] if "integer" in member.types else [str(status)]


def _number_codes(_: _Truth, status: int, member: Shape) -> list[JsonValue]:
    return [status] if "integer" in member.types and "string" not in member.types else []


def _messages(truth: _Truth, _: int, member: Shape) -> list[JsonValue]:
    if "string" in member.types:
        return [truth.detail]
    if "array" in member.types and "string" in member.item().types:
        return _lists(truth, 0, member) or [[truth.detail]]
    return []


def _titles(_: _Truth, status: int, member: Shape) -> list[JsonValue]:
    return [_phrase(status)] if "string" in member.types else []


def _codes(truth: _Truth, status: int, member: Shape) -> list[JsonValue]:
    """Offer words for the cause, and for the status, in the usual spellings; the schema picks."""
    if "string" not in member.types:
        return []
    words: list[JsonValue] = [
        spell(word) for word in truth.words for spell in (str.lower, str.upper, _kebab, _camel, _title)
    ]
    if member.find("format") in {"uri", "uri-reference"}:
        return [truth.uri]
    return [*words, str(status)]


def _phrase(status: int) -> str:
    return PHRASES.get(status, "Error")


def _plain_phrase(status: int) -> str:
    return re.sub(r"[^a-z]+", "_", _phrase(status).lower())


def _kebab(word: str) -> str:
    return word.replace("_", "-")


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


def _title(word: str) -> str:
    return word.replace("_", " ").capitalize()


def _outcomes(_: _Truth, __: int, member: Shape) -> list[JsonValue]:
    return [False] if "boolean" in member.types else []


def _lists(truth: _Truth, _: int, member: Shape) -> list[JsonValue]:
    if not truth.violations or "array" not in member.types:
        return []
    entries = [_entry(each, member.item()) for each in truth.violations[:_MOST]]
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
