"""Which contract a request is meant for: by the vendor's `Host`, else by the longest prefix of its path.

A contract may stand under several prefixes. Where one prefix leads to a path that is not there, the next
shorter one is tried, so that a base path and the root can both be served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from locum.behaviour import StandIn
from locum.contract import Contract, Server
from locum.server.routing import Match, Router

__all__ = ["Found", "Mount", "Mounts", "base_paths", "further_paths", "hosts_of"]

#: Scheme and authority, be they variables.
_ORIGIN: Final = re.compile(r"\A(?:[^/?#:]*:)?//[^/?#]*")
_VARIABLE: Final = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One contract and where it stands: below each of *prefixes*, and at its base paths for each of *hosts*.

    *base_path* is the prefix told to people; prefixes have no slash at their end. In one, `{name}` stands for
    any text without a slash.
    """

    stand_in: StandIn
    router: Router
    base_path: str
    prefixes: tuple[str, ...]
    hosts: frozenset[str] = frozenset()
    base_paths: tuple[str, ...] = ()


class Found(NamedTuple):
    """What stands at a path: its mount, the rest of the path below the prefix, and the match if any."""

    mount: Mount
    prefix: str
    rest: str
    match: Match | None


class Mounts:
    """All contracts that are served together."""

    def __init__(self) -> None:
        self._by_host: dict[str, list[tuple[str, Mount]]] = {}
        self._by_prefix: list[tuple[str, Mount]] = []

    def __iter__(self) -> Iterator[Mount]:
        return iter({id(mount): mount for _, mount in self._by_prefix}.values())

    def add(self, mount: Mount) -> None:
        """Serve *mount* too; of two that claim the same place the first keeps it."""
        self._by_prefix = _longest_first([*self._by_prefix, *((prefix, mount) for prefix in mount.prefixes)])
        for host in mount.hosts:
            claimed = [*self._by_host.get(host, []), *((path, mount) for path in mount.base_paths)]
            self._by_host[host] = _longest_first(claimed)

    def claims(self, host: str) -> bool:
        """Tell whether a contract is served under the name *host*."""
        return _bare(host) in self._by_host

    def find(self, host: str, path: str, method: str) -> Found | None:
        """Return what stands at *path* for *host*, or `None` when no contract is near."""
        if self._by_host and (named := self._by_host.get(_bare(host))):
            return _first_match(named, path, method) or _first_match(self._by_prefix, path, method)
        return _first_match(self._by_prefix, path, method)


def _longest_first(places: Sequence[tuple[str, Mount]]) -> list[tuple[str, Mount]]:
    # What is written out is meant before what an open prefix might mean.
    return sorted(places, key=lambda place: ("{" in place[0], -len(place[0])))


def _first_match(places: Sequence[tuple[str, Mount]], path: str, method: str) -> Found | None:
    nearest: Found | None = None
    for written, mount in places:
        prefix = _filled(written, path) if "{" in written else written
        if not path.startswith(prefix) or path[len(prefix) : len(prefix) + 1] not in {"/", ""}:
            continue
        rest = path[len(prefix) :] or "/"
        match = mount.router.match(rest, method)
        if match is not None:
            return Found(mount=mount, prefix=prefix, rest=rest, match=match)
        nearest = nearest or Found(mount=mount, prefix=prefix, rest=rest, match=None)
    return nearest


def _filled(template: str, path: str) -> str:
    """Return the beginning of *path* that *template* stands for, or *template* itself."""
    found = _pattern(template).match(path)
    return found[0] if found else template


@lru_cache(maxsize=512)
def _pattern(template: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(template)
    return re.compile("".join("[^/]+" if index % 2 else re.escape(part) for index, part in enumerate(parts)))


def _bare(host: str) -> str:
    """Return *host* without its port, in lower case."""
    return host.lower() if host.startswith("[") else host.partition(":")[0].lower()


def base_paths(contract: Contract) -> tuple[str, ...]:
    """Return the paths of the contract's servers, in document order, without a slash at their end.

    A server without a path, and a contract without servers, stand at `""` (OpenAPI 3.1.1, 4.8.5).
    """
    paths = [_path_of(url) for server in contract.servers for url in server.urls]
    return tuple(dict.fromkeys(paths or [""]))


def further_paths(contract: Contract) -> tuple[str, ...]:
    """Return where the contract stands too: at the servers of operations, and whatever free variables are.

    In a path, `{name}` stands for any text without a slash.
    """
    own = [_path_of(url) for route in contract.routes for server in route.servers for url in server.urls]
    open_paths = [_path_of(_ORIGIN.sub("", server.open_url)) for server in servers_of(contract)]
    return tuple(dict.fromkeys([*own, *(path for path in open_paths if "{" in path)]))


def servers_of(contract: Contract) -> Iterator[Server]:
    """Yield the servers of the contract, then those of its operations."""
    yield from contract.servers
    for route in contract.routes:
        yield from route.servers


def hosts_of(contract: Contract) -> frozenset[str]:
    """Return the host names of the contract's servers, in lower case."""
    names = (_host_of(url) for server in servers_of(contract) for url in server.urls)
    return frozenset(name for name in names if name)


def _path_of(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return f"/{path.strip('/')}" if path.strip("/") else ""


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
