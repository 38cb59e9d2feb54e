"""Words what is wrong: one violation as a sentence, all of them as a header, a refusal as a problem document.

The names of problem types and the shape of `validation` are those of Prism, which clients of stand-ins know.
Source: RFC 9457.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from locum.behaviour.model import Cause, Refusal
from locum.contract.model import JsonObject, JsonValue, Violation

__all__ = [
    "PROBLEM_TYPE",
    "describe",
    "name_of",
    "name_of_problem",
    "problem",
    "severity_of",
    "violations_header",
]

#: The media type of problem documents.
PROBLEM_TYPE: Final = "application/problem+json"
_BASE: Final = "https://stoplight.io/prism/errors#"
#: A header may be this long; most servers and clients stop at 8 KiB for all of them.
_LONGEST: Final = 4096

_INVALID: Final = ("UNPROCESSABLE_ENTITY", "Invalid request")
_UNAUTHORIZED: Final = ("UNAUTHORIZED", "Invalid security scheme used")
_FORBIDDEN: Final = ("FORBIDDEN", "The credential does not open this operation")
_NO_BODY: Final = (
    "The Prism proxy does not support sending a GET/HEAD request with a message body to an upstream "
    "server. See: https://github.com/stoplightio/prism/issues/2259"
)
_NAMES: Final[Mapping[Cause, tuple[str, str]]] = {
    Cause.UNKNOWN_PATH: ("NO_PATH_MATCHED_ERROR", "Route not resolved, no path matched"),
    Cause.UNKNOWN_METHOD: ("NO_METHOD_MATCHED_ERROR", "Route resolved, but no method matched"),
    Cause.NOT_ACCEPTABLE: (
        "NOT_ACCEPTABLE",
        "The server cannot produce a representation for your accept header",
    ),
    Cause.UNSUPPORTED_MEDIA_TYPE: ("INVALID_CONTENT_TYPE", "Invalid content type"),
    Cause.MISSING_CREDENTIAL: _UNAUTHORIZED,
    Cause.INVALID_CREDENTIAL: _UNAUTHORIZED,
    Cause.WRONG_KIND: _FORBIDDEN,
    Cause.INSUFFICIENT_SCOPE: _FORBIDDEN,
    Cause.BODY_TOO_LARGE: ("PAYLOAD_TOO_LARGE", "The body is larger than is taken here"),
    Cause.INVALID_SESSION: ("INVALID_SESSION", "The header Locum-Session names no session"),
    Cause.FOREIGN_ORIGIN: ("FORBIDDEN", "The control API is not open to this caller"),
    Cause.UNKNOWN_RESOURCE: ("NOT_FOUND", "There is no such thing"),
    Cause.CONFLICT: ("CONFLICT", "The request does not fit what is there"),
    Cause.UNKNOWN_PREFERENCE: ("NOT_FOUND", "The server cannot find the requested content"),
    Cause.UNUSABLE_OPERATION: (
        "UNUSABLE_OPERATION",
        "The document does not describe this operation well enough",
    ),
    Cause.UNKNOWN_SERVER: ("NO_SERVER_MATCHED_ERROR", "Route not resolved, no server matched"),
    Cause.NO_SERVER: (
        "NO_SERVER_CONFIGURATION_PROVIDED_ERROR",
        "Route not resolved, no server configuration provided",
    ),
    Cause.NO_RESPONSE: ("NO_RESPONSE_RESPONSE_DEFINED", "No response defined for the selected operation"),
    Cause.INVALID_REPLY: ("VIOLATIONS", "Request/Response not valid"),
    Cause.NOT_IMPLEMENTED: (
        "UPSTREAM_NOT_IMPLEMENTED",
        "The server does not support the functionality required to fulfill the request",
    ),
    Cause.UNFORWARDABLE: (
        "PROXY_UNSUPPORTED_REQUEST_BODY",
        _NO_BODY,
    ),
    Cause.UNREACHABLE: ("UNKNOWN", "The upstream gave no answer"),
    Cause.UNSATISFIABLE_SCHEMA: ("SCHEMA_TOO_COMPLEX", "No value can be made for the schema"),
}
_PARTS: Final = {"path": "path parameter", "query": "query parameter", "header": "header", "cookie": "cookie"}


def describe(violation: Violation) -> str:
    """Return one violation as a sentence without full stop.

    >>> describe(Violation(location=("request", "query", "limit"), keyword="type", message="must be text"))
    "query parameter 'limit' must be text"
    """
    part, *way = (str(each) for each in violation.location[1:]) if violation.location[1:] else ("request",)
    if part in _PARTS and way:
        return f"{_PARTS[part]} {way[0]!r}{_below(way[1:])} {violation.message}"
    return f"{part}{_below(way)} {violation.message}"


def _below(way: Iterable[str]) -> str:
    dotted = ".".join(way)
    return f" at {dotted!r}" if dotted else ""


def name_of(violation: Violation) -> str:
    """Return the name of what a violation speaks of: the parameter, or the way into the body.

    >>> name_of(Violation(location=("request", "body", "items", 3), keyword="type", message="must be text"))
    'items.3'
    """
    return ".".join(str(each) for each in violation.location[2:]) or str(violation.location[-1])


def name_of_problem(cause: Cause) -> tuple[str, str]:
    """Return the type and the title of the problem that a cause makes."""
    name, title = _NAMES.get(cause, _INVALID)
    return _BASE + name, title


def problem(refusal: Refusal, *, status: int) -> JsonObject:
    """Return *refusal* as a problem document (RFC 9457, 3)."""
    uri, title = name_of_problem(refusal.cause)
    document: JsonObject = {
        "type": uri,
        "title": title,
        "status": status,
        "detail": refusal.detail,
    }
    if refusal.violations:
        document["validation"] = [_told(each, each.location[1:]) for each in refusal.violations]
    return document


def violations_header(violations: Iterable[Violation]) -> tuple[tuple[str, str], ...]:
    """Return the header `sl-violations`: a JSON array, cut after as many violations as fit."""
    told: list[str] = []
    size = 2
    for violation in violations:
        text = json.dumps(_told(violation, violation.location), separators=(",", ":"))
        size += len(text) + 1
        if size > _LONGEST:
            break
        told.append(text)
    return (("sl-violations", f"[{','.join(told)}]"),) if told else ()


def severity_of(violation: Violation) -> str:
    """Return how serious a violation is, in the words of Prism."""
    return "Warning" if violation.is_warning else "Error"


def _told(violation: Violation, location: tuple[str | int, ...]) -> JsonObject:
    way: list[JsonValue] = [str(each) for each in location]
    return {
        "location": way,
        "severity": severity_of(violation),
        "code": violation.keyword,
        "message": describe(violation),
    }
