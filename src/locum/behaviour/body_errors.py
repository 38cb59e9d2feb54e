"""Why a body cannot be read: raised while decoding, told by `checking.py`."""

from __future__ import annotations

from collections.abc import Sequence

from locum.behaviour.model import Cause
from locum.contract.model import Violation

__all__ = ["BodyError", "malformed", "too_large", "unbounded", "unsupported", "wrong_part", "wrong_root"]


class BodyError(Exception):
    """A body that cannot be read; *headers* go into the refusal."""

    def __init__(
        self, cause: Cause, violations: Sequence[Violation], headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(cause, violations, headers)
        self.cause = cause
        self.violations = tuple(violations)
        self.headers = headers


def malformed(what: str, why: str) -> BodyError:
    """Return the error of a body that is not what its media type says."""
    violation = Violation(
        location=("request", "body"),
        keyword="syntax",
        message=f"is not {what}: {why}",
        expected=what,
    )
    return BodyError(Cause.MALFORMED_BODY, [violation])


def unsupported(received: str, expected: Sequence[str], header: str = "accept") -> BodyError:
    """Return the error of a media type, charset or coding that is not taken in.

    RFC 9110, 15.5.16: the refusal says in `Accept` or `Accept-Encoding` what is.
    """
    choices = ", ".join(expected)
    name = "content-encoding" if header == "accept-encoding" else "content-type"
    violation = Violation(
        location=("request", "header", name),
        keyword="content-type",
        message=f"is {received[:80]!r}; taken here: {choices or 'no body at all'}",
        expected=choices,
        received=received[:80],
        asked=list(expected),
    )
    headers = ((header, choices),) if choices else ()
    return BodyError(Cause.UNSUPPORTED_MEDIA_TYPE, [violation], headers)


def unbounded(media_type: str) -> BodyError:
    """Return the error of a multipart body whose `Content-Type` names no boundary (RFC 2046, 5.1.1).

    It is a fault of the header: nothing can be said of the body.
    """
    expected = f"{media_type}; boundary=..."
    violation = Violation(
        location=("request", "header", "content-type"),
        keyword="boundary",
        message="names no boundary",
        expected=expected,
        received=media_type,
    )
    return BodyError(Cause.UNSUPPORTED_MEDIA_TYPE, [violation])


def wrong_root(received: str, expected: str) -> BodyError:
    """Return the error of an XML body whose root is another element than the one declared."""
    violation = Violation(
        location=("request", "body"),
        keyword="xml",
        message=f"has the root <{received[:40]}>, not <{expected}>",
        expected=f"<{expected}>",
        received=f"<{received[:40]}>",
    )
    return BodyError(Cause.INVALID_BODY, [violation])


def wrong_part(name: str, received: str, expected: str) -> BodyError:
    """Return the error of a part of a form that has another media type than its encoding allows."""
    violation = Violation(
        location=("request", "body", name),
        keyword="content-type",
        message=f"is {received[:80]!r}; taken here: {expected}",
        expected=expected,
        received=received[:80],
    )
    return BodyError(Cause.INVALID_BODY, [violation])


def too_large(limit: int) -> BodyError:
    """Return the error of a body beyond *limit* bytes."""
    violation = Violation(
        location=("request", "body"),
        keyword="syntax",
        message=f"is larger than {limit} bytes when unpacked",
        expected=f"at most {limit} bytes",
    )
    return BodyError(Cause.BODY_TOO_LARGE, [violation])
