"""Cross-origin requests answered as Prism answers them, so that browser clients keep working.

Source: Fetch Standard, CORS protocol.
"""

from __future__ import annotations

from typing import Final

from locum.behaviour import RawRequest, Reply

__all__ = ["cors_headers", "is_preflight", "preflight_reply"]

_METHODS = "GET,DELETE,HEAD,PATCH,POST,PUT,OPTIONS"
#: What a request is answered that names no origin.
_TO_ANYBODY: Final = (
    ("access-control-allow-origin", "*"),
    ("access-control-allow-headers", "*"),
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "*"),
    ("vary", "origin"),
)


def is_preflight(request: RawRequest) -> bool:
    """Tell whether a browser asks for leave before the real request."""
    return (
        request.method == "OPTIONS"
        and request.header("origin") is not None
        and request.header("access-control-request-method") is not None
    )


def cors_headers(request: RawRequest) -> tuple[tuple[str, str], ...]:
    """Return the headers that let a page of any origin read the reply, credentials included."""
    if not any(name == "origin" or name.startswith("access-control-") for name, _ in request.headers):
        return _TO_ANYBODY
    return (
        ("access-control-allow-origin", request.header("origin") or "*"),
        ("access-control-allow-headers", request.header("access-control-request-headers") or "*"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", request.header("access-control-expose-headers") or "*"),
        ("vary", "origin"),
    )


def preflight_reply(request: RawRequest) -> Reply:
    """Return leave for the method that was asked for, or for every method."""
    wanted = request.header("access-control-request-method") or _METHODS
    return Reply(status=204, headers=(("access-control-allow-methods", wanted),))
