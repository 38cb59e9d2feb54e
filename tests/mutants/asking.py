"""Ask a server of the bench without a socket, as a client with a credential would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from judging import Answer, read
from servers.build import conversation_maker
from servers.exchange import Site
from servers.wire import Conversation
from table import secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody who asks one server, each time on a connection of its own."""

    contract: str
    converse: Callable[[], Conversation]

    def send(self, method: str, target: str, *, by: str | None = None, **headers: str) -> Answer:
        """Send a request and read the reply; underscores in names of headers stand for hyphens."""
        given = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if by is not None:
            given["Authorization"] = secrets(self.contract)[by]
        return self.send_with(method, target, given)

    def send_with(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """Send a request with just these headers."""
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        request = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return read(self.converse().hear(request), is_head=method == "HEAD")

    def get(self, target: str, by: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the JSON of a good answer."""
        answer = self.send("GET", target, by=by)
        assert answer.status == 200, answer.body
        return answer.content


def client(contract: str, site: Site | None = None) -> Client:
    """Return a client of a server whose wall clock never moves."""
    return Client(contract=contract, converse=conversation_maker(contract, site or Site(), clock=lambda: 0.0))


def onomondo_pages(asked: Client, target: str, by: str = "full-key") -> Iterator[list[dict[str, Any]]]:
    """Follow the page tokens from *target* to the end."""
    token, joint = "", "&" if "?" in target else "?"
    while True:
        content = asked.get(f"{target}{token and joint + 'next_page=' + quote(token)}", by)
        yield content["usage"]
        if not content["pagination"]["has_more"]:
            return
        token = content["pagination"]["next_page"]


def talkdesk_pages(asked: Client, target: str, by: str = "scoped-token") -> Iterator[dict[str, Any]]:
    """Follow the `next` links from *target* to the end."""
    while True:
        content = asked.get(target, by)
        yield content
        if "next" not in content["_links"]:
            return
        parts = urlsplit(content["_links"]["next"]["href"])
        target = f"{parts.path}?{parts.query}"
