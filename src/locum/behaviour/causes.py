"""The words for why a request is refused."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Cause"]


class Cause(StrEnum):
    """Why a request is refused. The value is the name used in fixtures and in error types."""

    UNKNOWN_PATH = "unknown-path"
    UNKNOWN_METHOD = "method-not-allowed"
    NOT_ACCEPTABLE = "not-acceptable"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    MISSING_CREDENTIAL = "missing-credential"
    INVALID_CREDENTIAL = "invalid-credential"
    WRONG_KIND = "wrong-kind"
    INSUFFICIENT_SCOPE = "insufficient-scope"
    MISSING_PARAMETER = "missing-parameter"
    INVALID_PARAMETER = "invalid-parameter"
    MISSING_BODY = "missing-body"
    MALFORMED_BODY = "malformed-body"
    INVALID_BODY = "invalid-body"
    BODY_TOO_LARGE = "body-too-large"
    FOREIGN_RESOURCE = "foreign-resource"
    UNKNOWN_RESOURCE = "unknown-resource"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate-limited"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server-error"
    INVALID_PREFERENCE = "invalid-preference"
    UNKNOWN_PREFERENCE = "unknown-preference"
    #: Of `__server`: no such server is declared, or none at all.
    UNKNOWN_SERVER = "unknown-server"
    NO_SERVER = "no-server"
    #: The operation declares no response.
    NO_RESPONSE = "no-response"
    INVALID_SESSION = "invalid-session"
    FOREIGN_ORIGIN = "foreign-origin"
    UNUSABLE_OPERATION = "unusable-operation"
    UNSATISFIABLE_SCHEMA = "unsatisfiable-schema"
    INVALID_REPLY = "invalid-reply"
    #: Of a proxy: the real API says that it cannot, was not to be asked, gave no answer.
    NOT_IMPLEMENTED = "upstream-not-implemented"
    UNFORWARDABLE = "unforwardable"
    UNREACHABLE = "unreachable"
