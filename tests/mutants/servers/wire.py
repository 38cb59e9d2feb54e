"""HTTP/1.1 on one connection, without a socket: bytes in, bytes out.

`h11` reads, since a server must be strict there; we write ourselves, since a fault may break what `h11` holds
together. Sockets are in `listen.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

import h11

from servers.exchange import Call, Reply, Site

#: Longest request line and headers together, in bytes; more is answered 431.
LONGEST_HEAD = 65_536
#: Longest body that is kept, in bytes; more is read and forgotten.
LONGEST_BODY = 1_048_576
EMPTY_STATUSES = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class Conversation:
    """What one side says to what it hears, from the first byte of a connection to the last."""

    def __init__(self, answer: Callable[[Call], Reply], refuse: Callable[[int], Reply], site: Site) -> None:
        self._answer, self._refuse, self._site = answer, refuse, site
        self._link = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)
        self._request: h11.Request | None = None
        self._body = bytearray()
        self.is_open = True
        self.answered = 0

    def hear(self, heard: bytes) -> bytes:
        """Take in *heard* (nothing means that the other side has closed) and return what to say to it."""
        said = bytearray()
        try:
            self._link.receive_data(heard)
            while self.is_open and (more := self._step()) is not None:
                said += more
        except h11.RemoteProtocolError as error:
            self.is_open = False
            said += self._write(self._refuse(error.error_status_hint), method="GET", is_last=True)
        return bytes(said)

    def _step(self) -> bytes | None:
        event = self._link.next_event()
        if isinstance(event, h11.Request):
            self._request, self._body = event, bytearray()
        elif isinstance(event, h11.Data):
            self._body += event.data[: LONGEST_BODY + 1 - len(self._body)]
        elif isinstance(event, h11.EndOfMessage):
            return self._speak()
        elif isinstance(event, h11.ConnectionClosed):
            self.is_open = False
        elif event is h11.NEED_DATA and self._link.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            return self._link.send(go_on)
        elif event is h11.NEED_DATA or event is h11.PAUSED:
            return None
        return b""

    def _speak(self) -> bytes:
        if self._request is None:
            return b""
        self.answered += 1
        body, is_cut = bytes(self._body), len(self._body) > LONGEST_BODY
        call = replace(understood(self._request), body=body, is_cut=is_cut)
        reply = self._answer(call)
        wants_close = self._site.has("E07")
        self._tell_link(reply, wants_close=wants_close)
        self.is_open = self._link.our_state is h11.DONE and self._link.their_state is h11.DONE
        if self.is_open:
            self._link.start_next_cycle()
        return self._write(reply, method=call.method, is_last=not self.is_open)

    def _tell_link(self, reply: Reply, *, wants_close: bool) -> None:
        """Let `h11` know that we answered, so that it knows whether the connection stays."""
        headers = [("content-length", "0"), *([("connection", "close")] if wants_close else [])]
        self._link.send(h11.Response(status_code=reply.status, headers=headers))
        self._link.send(h11.EndOfMessage())

    def _write(self, reply: Reply, *, method: str, is_last: bool) -> bytes:
        body = reply.text or b""
        headers = {"Content-Type": reply.media, **reply.headers} if reply.text is not None else reply.headers
        framing, framed = self._framed(body, reply.status)
        lines = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}"]
        closing = {"Connection": "close"} if is_last else {}
        lines += [
            f"{self._cased(name)}: {value}" for name, value in {**headers, **framing, **closing}.items()
        ]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        if method == "HEAD" and not self._site.has("B34"):
            return head
        return head + framed

    def _framed(self, body: bytes, status: int) -> tuple[dict[str, str], bytes]:
        if status in EMPTY_STATUSES:
            return {}, b""
        if self._site.has("E05"):
            halves = [half for half in (body[: len(body) // 2], body[len(body) // 2 :]) if half]
            chunks = b"".join(b"%x\r\n%b\r\n" % (len(half), half) for half in halves)
            return {"Transfer-Encoding": "chunked"}, chunks + b"0\r\n\r\n"
        return {"Content-Length": str(len(body))}, body

    def _cased(self, name: str) -> str:
        if self._site.has("E08"):
            return name.lower()
        return name.upper() if self._site.has("E09") else name


def understood(request: h11.Request) -> Call:
    """Return *request* as a call; an absolute target counts by its path (RFC 9112, 3.2.2)."""
    target = request.target.decode("ascii", "replace")
    scheme, is_absolute, rest = target.partition("://")
    if is_absolute and scheme.isalpha():
        target = "/" + rest.partition("/")[2] if "/" in rest else "/"
    path, _, query = target.partition("#")[0].partition("?")
    headers = tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers)
    pairs = tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))
    method = request.method.decode("ascii")
    return Call(method=method, path=unquote(path), query=pairs, headers=headers, raw_query=query)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
