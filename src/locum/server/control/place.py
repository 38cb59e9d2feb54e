"""Where the control API stands, and whom it lets near: programs of this machine, no page of another origin.

A web page can make its visitor's browser send requests here. Two things give it away: the header `Origin`,
and, where it made its own host name point here (DNS rebinding), the header `Host`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from locum.behaviour import Cause, RawRequest, Refusal
from locum.server.mounts import Found, Mount, Mounts

__all__ = ["CONTROL_PATH", "ControlPlace"]

CONTROL_PATH: Final = "/_locum/api"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPlace:
    """The control API at `CONTROL_PATH`; *has_token* means that every caller must show one.

    *mounted* returns the same mount each time, made when it is first asked for: most runs never ask.
    *host* is the name the server listens on.
    """

    mounted: Callable[[], Mount]
    has_token: bool = False
    host: str = ""

    def holds(self, head: RawRequest, mounts: Mounts) -> bool:
        """Tell whether a request is meant for the control API; below a vendor's host name nothing is."""
        if not head.path.startswith(CONTROL_PATH) or head.path[len(CONTROL_PATH) :][:1] not in {"", "/"}:
            return False
        return not mounts.claims(head.header("host") or "")

    def find(self, head: RawRequest) -> Found:
        """Return what stands at the path of a request that is meant for the control API."""
        rest = head.path[len(CONTROL_PATH) :] or "/"
        mount = self.mounted()
        match = mount.router.match(rest, head.method)
        return Found(mount=mount, prefix=CONTROL_PATH, rest=rest, match=match)

    def guard(self, head: RawRequest) -> Refusal | None:
        """Return the refusal of a request that a page of another origin may have caused."""
        host, origin = head.header("host") or "", head.header("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return _refused(f"pages of {origin[:100]!r} may not use the control API")
        if not self.has_token and not self._is_own(host):
            return _refused(
                f"{host[:100]!r} is no name of this machine: "
                "call it by address or as localhost, or set a control token"
            )
        return None

    def _is_own(self, host: str) -> bool:
        """Tell whether no stranger can have made *host* point here: an address, or no public name."""
        name = _without_port(host).rstrip(".").lower()
        last = name.rpartition(".")[2]
        return "." not in name or name == self.host or last in {"localhost", "test"} or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _refused(detail: str) -> Refusal:
    return Refusal(cause=Cause.FOREIGN_ORIGIN, status=403, detail=detail)
