"""Requests that reach no operation, as refusals: what was asked, what there is, and the nearest of it."""

from __future__ import annotations

from locum.behaviour import Cause, RawRequest, Refusal
from locum.server.mounts import Mounts
from locum.server.routing import Match, Router

__all__ = ["too_large", "undeclared_method", "unknown_path", "unknown_place"]

_SHOWN = 120


def unknown_path(head: RawRequest, rest: str, router: Router) -> Refusal:
    """Return the refusal of a path that the contract does not have; *rest* is the path below its prefix.

    Whoever asks for the prefix alone looks for a beginning, and is told where there is one.
    """
    prefix = head.path.removesuffix(rest)
    if rest in {"", "/"}:
        beside = f"the document is at {prefix}/openapi.json, a page to try it out at {prefix}/ui/"
        return _unknown(f"no operation at {_shown(head.path)}; {beside}", head)
    close = router.nearest(rest[:_SHOWN])
    meant = f"; the nearest is {prefix}{close}" if close else ""
    return _unknown(f"no operation at {_shown(head.path)}{meant}", head)


def unknown_place(head: RawRequest, mounts: Mounts) -> Refusal:
    """Return the refusal of a path below no contract."""
    known = ", ".join(mount.base_path or "/" for mount in mounts)
    return _unknown(f"no contract is served at {_shown(head.path)}; served: {known or 'none'}", head)


def undeclared_method(head: RawRequest, match: Match) -> Refusal:
    """Return the refusal of a method that the path does not declare (RFC 9110, 15.5.6)."""
    return Refusal(
        cause=Cause.UNKNOWN_METHOD,
        status=405,
        detail=f"{_shown(head.path)} does not take {head.method[:20]}; it takes {match.allow}",
        facts=_asked(head),
        headers=(("allow", match.allow),),
    )


def too_large(limit: int) -> Refusal:
    """Return the refusal of a body of more than *limit* bytes; the rest of it is not read."""
    return Refusal(
        cause=Cause.BODY_TOO_LARGE,
        status=413,
        detail=f"the body is larger than {limit} bytes",
        headers=(("connection", "close"),),
    )


def _unknown(detail: str, head: RawRequest) -> Refusal:
    return Refusal(cause=Cause.UNKNOWN_PATH, status=404, detail=detail, facts=_asked(head))


def _asked(head: RawRequest) -> dict[str, str]:
    return {"path": head.path, "method": head.method}


def _shown(path: str) -> str:
    return path if len(path) <= _SHOWN else f"{path[:_SHOWN]}…"
