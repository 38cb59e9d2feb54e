"""The query parameter `__server`, by which a client says which server of the document it calls."""

from __future__ import annotations

import re
from collections.abc import Iterable

from locum.behaviour.model import Cause, Refusal
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import Server
from locum.contract.styles import read_pairs

__all__ = ["unmatched_server"]

_NAME = "__server"
_VARIABLE = re.compile(r"\\\{[^{}]+\\\}")


def unmatched_server(query: str, servers: Iterable[Server]) -> Refusal | None:
    """Return why none of *servers* is the one that *query* names; `None` if it is, or names none.

    >>> server = Server(url="https://a.test/{v}", urls=("https://a.test/v1",), open_url="https://a.test/{v}")
    >>> unmatched_server("__server=https://a.test/v2", [server])
    >>> unmatched_server("__server=https://b.test", [server]).detail
    "The server url https://b.test hasn't been matched with any of the provided servers"
    """
    url = _named(query)
    if not url:
        return None
    known = tuple(servers)
    if not known:
        detail = f"No server configuration has been provided, although {url} is set as server url"
        return Refusal(cause=Cause.NO_SERVER, status=404, detail=detail)
    if any(url in server.urls or _pattern(server).fullmatch(url) for server in known):
        return None
    detail = f"The server url {url} hasn't been matched with any of the provided servers"
    return Refusal(cause=Cause.UNKNOWN_SERVER, status=404, detail=detail)


def _pattern(server: Server) -> re.Pattern[str]:
    return re.compile(_VARIABLE.sub(".*?", re.escape(server.open_url or server.url)))


def _named(query: str) -> str:
    if _NAME not in query:
        return ""
    try:
        return next((decode(text) for name, text in read_pairs(query) if name == _NAME), "")
    except StyleError:
        return ""
