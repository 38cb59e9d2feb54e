"""The manners of Prism, down to the last word, for the verbs that take its place: scripts compare them.

What its validator says stands in `ajv_sayings.py`. Sources: Prism 5.14, mocker/errors and
validator/validators/utils.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from locum.behaviour.ajv_sayings import SAYINGS
from locum.behaviour.manners import Headers, Manners
from locum.behaviour.model import Cause, Refusal
from locum.behaviour.prism_bodies import text_alone, unmade
from locum.behaviour.prism_forms import form_faults
from locum.behaviour.problems import describe, name_of_problem, severity_of
from locum.contract.model import JsonObject, JsonValue, SecurityScheme, SecurityType, Violation

__all__ = ["PRISM_MANNERS"]

#: Beyond this many characters the list is cut, and says so first.
_LONGEST: Final = 8 * 1024 - 100
_MISMATCH: Final = "Invalid security scheme used"
_UNSPECIFIED: Final = (
    "no HTTP {kind} response was found in the spec, so Prism is generating this error for you."
)
_INVALID: Final = f"Your request is not valid and {_UNSPECIFIED.format(kind='validation')}"
_LOCKED: Final = (
    f"Your request does not fullfil the security requirements and {_UNSPECIFIED.format(kind='unauthorized')}"
)
_BROKEN: Final = (
    "Your request/response is not valid and the --errors flag is set, so Prism is generating this error "
    "for you."
)
_SECURITY: Final = frozenset({Cause.MISSING_CREDENTIAL, Cause.INVALID_CREDENTIAL})
_CHECKED: Final = frozenset(
    {Cause.MISSING_PARAMETER, Cause.INVALID_PARAMETER, Cause.MISSING_BODY, Cause.INVALID_BODY}
)
#: The parts of a request in the order in which they are told.
_PARTS: Final = ("body", "header", "query", "path", "cookie")

_BYTES: Final = r"^[\w\d+\/=]*$"
#: Keywords that speak of a member by name, where the object stands that it belongs to.
_OF_THE_OWNER: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})
#: The challenge of each kind of scheme; API keys have none.
_CHALLENGES: Final[Mapping[str, str]] = {
    "basic": 'Basic realm="*"',
    "digest": 'Digest realm="*", nonce="abc123"',
    "bearer": "Bearer",
    SecurityType.OAUTH2: "OAuth2",
    SecurityType.OPENID_CONNECT: "OpenID",
}


def _problem(refusal: Refusal, status: int) -> JsonObject:
    if refusal.cause is Cause.UNSATISFIABLE_SCHEMA:
        return unmade(refusal, status)
    uri, title = name_of_problem(refusal.cause)
    detail = _detail(refusal)
    document: JsonObject = {"type": uri, "title": title, "status": status, "detail": detail}
    if refusal.cause is Cause.UNREACHABLE:
        # Prism passes on what Node.js says, and nothing else.
        return {**document, "type": "FetchError", "title": refusal.detail, "detail": ""}
    if refusal.cause in _SECURITY:
        tags = _tags(refusal)
        return {**document, "headers": {"WWW-Authenticate": tags}} if tags else document
    if refusal.cause in _CHECKED or refusal.cause is Cause.MALFORMED_BODY:
        document["validation"] = [_without_side(each) for each in _entries(refusal.violations)]
    if refusal.cause is Cause.INVALID_REPLY:
        errors = [each for each in refusal.violations if not each.is_warning]
        document["validation"] = [*_entries(errors)]
    return document


def _detail(refusal: Refusal) -> str:
    word = _DETAILS.get(refusal.cause)
    if word is None:
        return _INVALID if refusal.cause in _CHECKED else refusal.detail
    return word(refusal)


def _unknown_preference(refusal: Refusal) -> str:
    facts = refusal.facts
    if "example" in facts:
        kind = facts["media_type"]
        return f"Response for contentType: {kind} and exampleKey: {facts['example']} does not exist."
    if "status" in facts:
        return f"Requested status code {facts['status']} is not defined in the document."
    return refusal.detail


def _unknown_method(refusal: Refusal) -> str:
    path, method = refusal.facts["path"], refusal.facts["method"].lower()
    return f'The route {path} has been matched, but it does not have "{method}" method defined'


def _unread_preference(refusal: Refusal) -> str:
    wrong = refusal.violations[0] if refusal.violations else None
    if wrong is None or wrong.asked not in _PREFERENCES:
        return refusal.detail
    kind = _PREFERENCES[str(wrong.asked)]
    return f'optional property "{wrong.asked}"\n└─ cannot decode "{wrong.received}", should be {kind}'


def _unsupported(refusal: Refusal) -> str:
    asked = next((each.asked for each in refusal.violations if each.keyword == "content-type"), None)
    if not isinstance(asked, list) or not asked:
        return "No supported content types, but request included a non-empty body"
    return f"Supported content types: {','.join(str(each) for each in asked)}"


_PREFERENCES: Final[Mapping[str, str]] = {"code": "a number", "dynamic": "a boolean"}
_DETAILS: Final[Mapping[Cause, Callable[[Refusal], str]]] = {
    Cause.UNKNOWN_PATH: lambda refusal: (
        f"The route {refusal.facts.get('path', '')} hasn't been found in the specification file"
    ),
    Cause.UNKNOWN_METHOD: _unknown_method,
    Cause.NOT_ACCEPTABLE: lambda refusal: f"Unable to find content for {refusal.facts.get('accept', '')}",
    Cause.UNKNOWN_PREFERENCE: _unknown_preference,
    Cause.INVALID_PREFERENCE: _unread_preference,
    Cause.UNSUPPORTED_MEDIA_TYPE: _unsupported,
    Cause.MISSING_CREDENTIAL: lambda _: _LOCKED,
    Cause.INVALID_CREDENTIAL: lambda _: _LOCKED,
    Cause.INVALID_REPLY: lambda _: _BROKEN,
    Cause.UNFORWARDABLE: lambda _: "",
}


def _tags(refusal: Refusal) -> str:
    """Return the challenges of the schemes for which nothing was presented, several joined by a comma."""
    return ",".join(filter(None, (_challenge(each) for each in refusal.unmet)))


def _challenge(scheme: SecurityScheme) -> str:
    word = scheme.http_scheme if scheme.type is SecurityType.HTTP else scheme.type
    return _CHALLENGES.get(word or "", "")


def _challenges(refusal: Refusal) -> Headers:
    if refusal.cause not in _SECURITY:
        return refusal.headers
    kept = tuple(pair for pair in refusal.headers if pair[0] != "www-authenticate")
    tags = _tags(refusal)
    return (*kept, ("www-authenticate", tags)) if tags else kept


def _entries(violations: Iterable[Violation]) -> Iterator[JsonObject]:
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


def _rank(violation: Violation) -> int:
    part = str(violation.location[1]) if violation.location[1:] else ""
    return _PARTS.index(part) if part in _PARTS else len(_PARTS)


def _entry(violation: Violation) -> JsonObject:
    side, *rest = (str(each) for each in violation.location)
    say = SAYINGS.get(violation.keyword)
    if violation.keyword == "required" and rest == ["body"] and violation.asked is None:
        return _listed([side], "required", "Body parameter is required")
    if violation.keyword == "content-type":
        return _listed(
            [side],
            415,
            _unsupported(
                Refusal(cause=Cause.UNSUPPORTED_MEDIA_TYPE, status=415, detail="", violations=(violation,))
            ),
        )
    if violation.keyword == "deprecated" and len(rest) > 1:
        told = f"{rest[0].capitalize()} param {rest[1]} is deprecated"
        return _listed([side, *rest], "deprecated", told) | {"severity": severity_of(violation)}
    if violation.keyword in _WITHOUT_CODE:
        message = _WITHOUT_CODE[violation.keyword](violation)
        whole: list[JsonValue] = [side, *(rest if violation.keyword == "reserved" else ())]
        return {"location": whole, "severity": severity_of(violation), "message": message}
    if say is None or not rest:
        return _listed([side, *rest], violation.keyword, describe(violation))
    way = rest[:-1] if violation.keyword in _OF_THE_OWNER and rest[1:] else rest
    asked: JsonValue = violation.asked
    if way[0] != "body":
        # Prism looks parameters up without case, and tells them so.
        way = [way[0], *(each.lower() for each in way[1:2]), *way[2:]]
    if violation.keyword == "required" and len(rest) == len(way) + 1 and way[0] != "body":
        asked = rest[-1].lower()
    return _listed([side, *way], violation.keyword, f"{_subject(side, way)} {say(asked)}")


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


def _listed(location: list[str], code: JsonValue, message: str) -> JsonObject:
    way: list[JsonValue] = [*location]
    return {"location": way, "severity": "Error", "code": code, "message": message}


def _without_side(entry: JsonObject) -> JsonObject:
    """Return an entry of a problem document: its location starts with the part, and is left out if empty."""
    location = entry["location"]
    way = location[1:] if isinstance(location, list) else []
    rest = {name: value for name, value in entry.items() if name != "location"}
    return {"location": way, **rest} if way else rest


def _refused(refusal: Refusal) -> Headers:
    return _header([*_faults_of(refusal)])


def _relayed(refusal: Refusal | None, found: Iterable[Violation]) -> Headers:
    return _header([*(_faults_of(refusal) if refusal else ()), *_entries(found)])


def _faults_of(refusal: Refusal) -> Iterable[JsonObject]:
    if refusal.cause in _SECURITY:
        return [_listed(["request"], 401, _MISMATCH)]
    return _entries(refusal.violations)


def _broken(violations: Iterable[Violation]) -> Headers:
    return _header([*_entries(violations)])


def _header(entries: list[JsonObject]) -> Headers:
    if not entries:
        return ()
    text = json.dumps(entries, separators=(",", ":"))
    cut = f"Too many violations! {text[:_LONGEST]}" if len(text) > _LONGEST else text
    return (("sl-violations", cut),)


PRISM_MANNERS: Final = Manners(
    problem=_problem,
    refused=_refused,
    broken=_broken,
    relayed=_relayed,
    challenge=_challenges,
    is_truthful=False,
    is_plain=True,
    prefers_json=False,
    xml_root="xml",
    fixes_headers=True,
    implies_methods=False,
    joins_examples=False,
    warns=True,
    settles=True,
    gives_up=True,
    writes=text_alone,
    form_faults=form_faults,
    shortest_value=0,
)
