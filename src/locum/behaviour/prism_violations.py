"""How Prism lists what is wrong: an entry for each error of its validator, part by part.

What the validator itself says stands in `ajv_sayings.py`. Source: Prism 5.14, validator/validators/utils.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from locum.behaviour.ajv_sayings import SAYINGS
from locum.behaviour.problems import describe, severity_of
from locum.contract.model import JsonObject, JsonValue, Violation

__all__ = ["entries_of", "listed", "unsupported"]

_UNBOUNDED: Final = (
    "Boundary parameter for multipart/form-data is not defined or generated in the request header. "
    "Try removing manually defined content-type from your request header if it exists."
)
#: The parts of a request in the order in which they are told.
_PARTS: Final = ("body", "header", "query", "path", "cookie")

_BYTES: Final = r"^[\w\d+\/=]*$"
#: Keywords that speak of a member by name, where the object stands that it belongs to.
_OF_THE_OWNER: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})


def entries_of(violations: Iterable[Violation]) -> Iterator[JsonObject]:
    """Yield violations as they are listed: one for each error of the validator, part by part."""
    each_error = (part for each in violations for part in ((each,) if each.parts is None else each.parts))
    ordered = sorted((told for each in each_error for told in _with_pattern(each)), key=_rank)
    return (_entry(each) for each in ordered)


def _with_pattern(violation: Violation) -> Iterator[Violation]:
    """Yield what is wrong: Prism gives text in base64 a pattern beside its format, and tells of both."""
    text = violation.received.strip("'\"")
    if violation.keyword == "format" and violation.asked == "byte" and not re.match(_BYTES, text):
        yield replace(violation, keyword="pattern", asked=_BYTES)
    yield violation


def _rank(violation: Violation) -> tuple[bool, int]:
    """Return where a violation is told: the request's before the response's, then part by part.

    The media type of a response is told before its body.
    """
    side, *rest = (str(each) for each in violation.location[:2])
    if side == "response" and violation.keyword == "media-type":
        return True, -1
    part = rest[0] if rest else ""
    return side == "response", _PARTS.index(part) if part in _PARTS else len(_PARTS)


def _entry(violation: Violation) -> JsonObject:
    side, *rest = (str(each) for each in violation.location)
    say = SAYINGS.get(violation.keyword)
    if violation.keyword == "required" and rest == ["body"] and violation.asked is None:
        return listed([side], "required", "Body parameter is required")
    if violation.keyword in {"content-type", "boundary"}:
        return listed([side], 415, unsupported([violation]))
    if violation.keyword == "deprecated" and len(rest) > 1:
        told = f"{rest[0].capitalize()} param {rest[1]} is deprecated"
        return listed([side, *rest], "deprecated", told) | {"severity": severity_of(violation)}
    if violation.keyword in _WITHOUT_CODE:
        message = _WITHOUT_CODE[violation.keyword](violation)
        whole: list[JsonValue] = [side, *(rest if violation.keyword == "reserved" else ())]
        return {"location": whole, "severity": severity_of(violation), "message": message}
    if say is None or not rest:
        return listed([side, *rest], violation.keyword, describe(violation))
    way = rest[:-1] if violation.keyword in _OF_THE_OWNER and rest[1:] else rest
    asked: JsonValue = violation.asked
    if way[0] != "body":
        # Prism looks parameters up without case, and tells them so.
        way = [way[0], *(each.lower() for each in way[1:2]), *way[2:]]
    if violation.keyword == "required" and len(rest) == len(way) + 1 and way[0] != "body":
        asked = rest[-1].lower()
    return listed([side, *way], violation.keyword, f"{_subject(side, way)} {say(asked)}")


def _undeclared(violation: Violation) -> str:
    declared = ",".join(str(each) for each in _listed_of(violation))
    return f"Unable to match the returned status code with those defined in the document: {declared}"


def _other_type(violation: Violation) -> str:
    declared = [str(each) for each in _listed_of(violation)]
    plural = "s" if declared[1:] else ""
    return (
        f'The received media type "{violation.received}" does not match the one{plural} specified in the '
        f"current response: {', '.join(declared)}"
    )


def _listed_of(violation: Violation) -> list[JsonValue]:
    return violation.asked if isinstance(violation.asked, list) else []


#: What Prism tells without a code, of the side as a whole or of a field.
_WITHOUT_CODE: Final[Mapping[str, Callable[[Violation], str]]] = {
    "status": _undeclared,
    "media-type": _other_type,
    "route": lambda violation: violation.message,
    "reserved": lambda _: "Reserved characters used in request body",
}


def _subject(side: str, way: list[str]) -> str:
    part, *inner = way
    kind = "property" if part == "body" else "parameter"
    told = f" {kind} {'.'.join(inner)}" if inner else ""
    return f"{side.capitalize()} {part}{told}"


def unsupported(violations: Iterable[Violation]) -> str:
    """Return what is told of a body whose media type is not taken."""
    if any(each.keyword == "boundary" for each in violations):
        return _UNBOUNDED
    asked = next((each.asked for each in violations if each.keyword == "content-type"), None)
    if not isinstance(asked, list) or not asked:
        return "No supported content types, but request included a non-empty body"
    return f"Supported content types: {','.join(str(each) for each in asked)}"


def listed(location: list[str], code: JsonValue, message: str) -> JsonObject:
    """Return an entry that is an error."""
    way: list[JsonValue] = [*location]
    return {"location": way, "severity": "Error", "code": code, "message": message}
