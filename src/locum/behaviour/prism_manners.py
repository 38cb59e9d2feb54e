"""The manners of Prism, down to the last word, for the verbs that take its place: scripts compare them.

How it lists what is wrong stands in `prism_violations.py`. Source: Prism 5.14, mocker/errors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from locum.behaviour.manners import Headers, Manners
from locum.behaviour.model import Cause, Refusal
from locum.behaviour.prism_bodies import alphabetized, unmade, unnamed, written_plainly
from locum.behaviour.prism_forms import form_faults
from locum.behaviour.prism_violations import entries_of, listed, unsupported
from locum.behaviour.problems import name_of_problem
from locum.contract.model import JsonObject, SecurityScheme, SecurityType, Violation

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
        document["validation"] = [_without_side(each) for each in entries_of(refusal.violations)]
    if refusal.cause is Cause.INVALID_REPLY:
        errors = [each for each in refusal.violations if not each.is_warning]
        document["validation"] = [*entries_of(errors)]
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


_PREFERENCES: Final[Mapping[str, str]] = {"code": "a number", "dynamic": "a boolean"}
_DETAILS: Final[Mapping[Cause, Callable[[Refusal], str]]] = {
    Cause.UNKNOWN_PATH: lambda refusal: (
        f"The route {refusal.facts.get('path', '')} hasn't been found in the specification file"
    ),
    Cause.UNKNOWN_METHOD: _unknown_method,
    Cause.NOT_ACCEPTABLE: lambda refusal: f"Unable to find content for {refusal.facts.get('accept', '')}",
    Cause.UNKNOWN_PREFERENCE: _unknown_preference,
    Cause.INVALID_PREFERENCE: _unread_preference,
    Cause.UNSUPPORTED_MEDIA_TYPE: lambda refusal: unsupported(refusal.violations),
    Cause.MISSING_CREDENTIAL: lambda _: _LOCKED,
    Cause.INVALID_CREDENTIAL: lambda _: _LOCKED,
    Cause.INVALID_REPLY: lambda _: _BROKEN,
    Cause.NO_RESPONSE: lambda _: "",
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


def _without_side(entry: JsonObject) -> JsonObject:
    """Return an entry of a problem document: its location starts with the part, and is left out if empty."""
    location = entry["location"]
    way = location[1:] if isinstance(location, list) else []
    rest = {name: value for name, value in entry.items() if name != "location"}
    return {"location": way, **rest} if way else rest


def _refused(refusal: Refusal) -> Headers:
    return _header([*_faults_of(refusal)])


def _relayed(refusal: Refusal | None, found: Iterable[Violation]) -> Headers:
    return _header([*(_faults_of(refusal) if refusal else ()), *entries_of(found)])


def _faults_of(refusal: Refusal) -> Iterable[JsonObject]:
    if refusal.cause in _SECURITY:
        return [listed(["request"], 401, _MISMATCH), *entries_of(refusal.further)]
    return entries_of(refusal.violations)


def _broken(violations: Iterable[Violation]) -> Headers:
    return _header([*entries_of(violations)])


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
    writes=written_plainly,
    arrange=alphabetized,
    unnamed=unnamed,
    form_faults=form_faults,
    shortest_value=0,
    takes_akin=True,
    tells_once=True,
    refuses_surplus=True,
    tells_all=True,
    is_literal=True,
    accepts_first=False,
    asks_servers=True,
    needs_responses=True,
    gives_way=True,
    takes_any_number=True,
    judges_undeclared=True,
)
