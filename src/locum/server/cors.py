"""Cross-origin requests answered so that browser clients keep working; credentials for pages of this machine.

Pages that people write against a stand-in are served by their own machine; for others what a browser keeps of
a person is nothing to be sent along. Prism lets the pages of every origin read with credentials, and says so
to everybody: whoever takes its place does the same.

Source: Fetch Standard, CORS protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from locum.behaviour import RawRequest, Reply

__all__ = ["Allow", "cors_headers", "is_preflight", "preflight_reply", "prism_cors_headers"]

#: What lets a page read the reply to a request.
Allow = Callable[[RawRequest], tuple[tuple[str, str], ...]]

_LOCAL: Final = frozenset({"localhost", "test"})
_METHODS = "GET,DELETE,HEAD,PATCH,POST,PUT,OPTIONS"
#: What a request is answered that names no origin.
_TO_ANYBODY: Final = (
    ("access-control-allow-origin", "*"),
    ("access-control-allow-headers", "*"),
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
    """Return the headers that let a page of any origin read the reply, a local one with credentials."""
    for name, _ in request.headers:
        if name == "origin" or name.startswith("access-control-"):
            break
    else:
        return _TO_ANYBODY
    origin = request.header("origin")
    return _allowing(request, with_credentials=bool(origin) and _is_local(origin or ""))


def prism_cors_headers(request: RawRequest) -> tuple[tuple[str, str], ...]:
    """Return the headers that let a page of any origin read the reply with credentials, as Prism has them."""
    return _allowing(request, with_credentials=True)


def _allowing(request: RawRequest, *, with_credentials: bool) -> tuple[tuple[str, str], ...]:
    credentials = (("access-control-allow-credentials", "true"),) if with_credentials else ()
    return (
        ("access-control-allow-origin", request.header("origin") or "*"),
        ("access-control-allow-headers", request.header("access-control-request-headers") or "*"),
        *credentials,
        ("access-control-expose-headers", request.header("access-control-expose-headers") or "*"),
        ("vary", "origin"),
    )


def _is_local(origin: str) -> bool:
    """Tell whether a page comes from this machine, or from a name that only exists for tests (RFC 6761)."""
    try:
        host = urlsplit(origin).hostname or ""
        return ip_address(host).is_loopback
    except ValueError:
        return origin.partition("://")[2].partition(":")[0].rpartition(".")[2].lower() in _LOCAL


def preflight_reply(request: RawRequest) -> Reply:
    """Return leave for the method that was asked for, or for every method."""
    wanted = request.header("access-control-request-method") or _METHODS
    return Reply(status=204, headers=(("access-control-allow-methods", wanted),))
