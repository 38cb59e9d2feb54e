"""Words the refusals of the handlers; the contract's fixtures put them into its own error shape.

A refusal is raised where it is found, and given back by the handler, which is `refusing`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from locum.behaviour import Cause, Refusal, Request, World
from locum.contract import Violation

__all__ = ["Refused", "forbidden", "invalid", "missing", "refusing", "unauthorized", "unknown"]

Answer = TypeVar("Answer")
#: RFC 6750, 3.1; a key was sent, so the error is named.
_CHALLENGE: Final = 'Bearer realm="onomondo", error="invalid_token"'


class Refused(Exception):  # noqa: N818 -- it is the caller who erred
    """Carries a refusal out of a handler."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def refusing(
    handler: Callable[[Request, World], Answer],
) -> Callable[[Request, World], Answer | Refusal]:
    """Return *handler* with a refusal given back where one is raised."""

    @wraps(handler)
    def answer(request: Request, world: World) -> Answer | Refusal:
        try:
            return handler(request, world)
        except Refused as refused:
            return refused.refusal

    return answer


def invalid(part: str, name: str, message: str) -> Refused:
    """Return the refusal of a value; *part* is `path` or `query`, *name* that of the parameter."""
    return _wrong(Cause.INVALID_PARAMETER, part, name, message)


def missing(part: str, name: str) -> Refused:
    """Return the refusal of a request without a parameter that a setting demands."""
    return _wrong(Cause.MISSING_PARAMETER, part, name, "is required")


def forbidden(detail: str) -> Refused:
    """Return the refusal of what belongs to others, or lies outside of the key's tags (E1-09, E1-11)."""
    return Refused(Refusal(cause=Cause.FOREIGN_RESOURCE, status=403, detail=detail))


def unknown(detail: str) -> Refused:
    """Return the refusal of what does not exist (E1-10, E1-11)."""
    return Refused(Refusal(cause=Cause.UNKNOWN_RESOURCE, status=404, detail=detail))


def unauthorized(detail: str) -> Refused:
    """Return the refusal of a key that was sent in a way the settings forbid (R1-01)."""
    headers = (("www-authenticate", _CHALLENGE),)
    return Refused(Refusal(cause=Cause.INVALID_CREDENTIAL, status=401, detail=detail, headers=headers))


def _wrong(cause: Cause, part: str, name: str, message: str) -> Refused:
    keyword = "required" if cause is Cause.MISSING_PARAMETER else "syntax"
    violation = Violation(location=("request", part, name), keyword=keyword, message=message)
    kind = "path parameter" if part == "path" else "query parameter"
    detail = f"{kind} {name!r} {message}"
    return Refused(Refusal(cause=cause, status=400, detail=detail, violations=(violation,)))
