"""Cross-origin requests answered so that browser clients keep working; credentials for pages of this machine.

Prism lets the pages of every origin read with credentials. Those that people write against a stand-in are
served by their own machine; for others what a browser keeps of a person is nothing to be sent along.

Source: Fetch Standard, CORS protocol.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from locum.behaviour import RawRequest, Reply

__all__ = ["cors_headers", "is_preflight", "preflight_reply"]

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
    if not any(name == "origin" or name.startswith("access-control-") for name, _ in request.headers):
        return _TO_ANYBODY
    origin = request.header("origin")
    credentials = (("access-control-allow-credentials", "true"),) if origin and _is_local(origin) else ()
    return (
        ("access-control-allow-origin", origin or "*"),
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
