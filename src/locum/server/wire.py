"""Offers an application the transport of its request, which ASGI has no word for, and writes whole replies.

The one place that touches private names of uvicorn; `tests/server/test_wire.py` notices when they change.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from locum.behaviour.phrases import PHRASES, UNNAMED
from locum.server.patience import PATIENCE_S, Patience
from locum.server.wiring import WIRE

__all__ = ["WiredProtocol", "wired"]

_log = logging.getLogger("locum.requests")

#: Linger for no time: the socket is reset when it is closed (socket(7), SO_LINGER).
_NO_LINGER: Final = struct.pack("ii", 1, 0)
#: Bodies up to this size are copied behind their head, which costs less than a second buffer.
_COPIED: Final = 64 * 1024
#: How long a client that is let go has to read why, in seconds.
_LINGER_S: Final = 1.0
_TOO_SLOW: Final = STATUS_LINE[408] + b"content-length: 0\r\nconnection: close\r\n\r\n"
# Uvicorn asks Python what a status is called, and Python's answer depends on its version.
STATUS_LINE.update(
    {status: f"HTTP/1.1 {status} {PHRASES.get(status, UNNAMED)}\r\n".encode() for status in STATUS_LINE}
)


class CycleWire:
    """The transport of one request; see `locum.server.wiring.Wire`."""

    __slots__ = ("_cycle", "_transport")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._transport: asyncio.Transport = cycle.transport

    def reply(self, status: int, fields: bytes, body: bytes) -> bool:
        """Send a whole reply as the cycle would, in one piece; not where it would wait or say nothing."""
        cycle = self._cycle
        if cycle.response_started or cycle.disconnected or cycle.flow.write_paused:
            return False
        lines = [STATUS_LINE[status]]
        for name, value in cycle.default_headers:
            lines += (name, b": ", value, b"\r\n")
        lines += (fields, b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
        self.take()
        cycle.waiting_for_100_continue = False
        if len(body) <= _COPIED:
            self._transport.write(b"".join((*lines, body)))
        else:
            self._transport.writelines((b"".join(lines), body))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._transport.close()
        cycle.on_response()
        return True

    def take(self) -> None:
        """Take the connection over: the server believes that it has answered."""
        self._cycle.response_started = True
        self._cycle.response_complete = True

    def write(self, content: bytes) -> None:
        """Send *content* as soon as it can be."""
        if content:
            self._transport.write(content)

    def is_open(self) -> bool:
        """Tell whether the client is still there."""
        return not self._transport.is_closing()

    def close(self) -> None:
        """Close the connection in good order, behind what was written."""
        self._transport.close()

    def reset(self) -> None:
        """Reset the connection, with what was not sent yet."""
        held = self._transport.get_extra_info("socket")
        if held is not None and self.is_open():
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()


class _Wired:
    """An application with the wire of one request in its scope, for as long as it runs.

    A wire that stayed would hold its cycle, whose scope holds the wire: garbage that only a collection ends.
    """

    __slots__ = ("_app", "_wire")

    def __init__(self, app: ASGIApp, wire: CycleWire) -> None:
        self._app = app
        self._wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {WIRE: self._wire}
        try:
            await self._app(scope, receive, send)
        finally:
            del scope["extensions"]


class WiredProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, whose requests carry their transport in `scope["extensions"]`.

    Who takes longer for a request than `patience.py` allows is answered with 408 and let go.
    """

    #: In seconds; 0 waits for ever.
    patience_s = PATIENCE_S
    _patience: Patience
    _looking: asyncio.TimerHandle | None = None
    _has_given_up = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401 -- the signature is uvicorn's
        super()._start_asgi_task(cycle, _Wired(app, CycleWire(cycle)))  # type: ignore[arg-type]  # as it calls it

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._patience = Patience(self.patience_s, self.loop.time())
        if self.patience_s:
            self._looking = self.loop.call_later(self.patience_s, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait for a request from its first byte on, be it an empty line before it."""
        if self._has_given_up:
            return
        if self._patience.since is None or not self._patience.has_come:
            self._patience.begin(self.loop.time())
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Wait for what comes behind another request in one piece as well."""
        if self._patience.since is None:
            self._patience.begin(self.loop.time())
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Wait longer for whoever sends."""
        self._patience.took(len(body), self.loop.time())
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing."""
        self._patience.since = None
        super().on_message_complete()

    def _look(self) -> None:
        """Close the connection if its client takes too long, else look again when it may."""
        now = self.loop.time()
        if self.flow.read_paused:  # by us
            self._patience.begin_anew(now)
        ends_at = self._patience.ends_at
        if ends_at is not None and ends_at <= now:
            self._give_up()
        else:
            self._looking = self.loop.call_later((ends_at or now + self.patience_s) - now, self._look)

    def _give_up(self) -> None:
        _log.info("a request is not whole after %g s: the connection is closed", self.patience_s)
        # Who has asked nothing is answered nothing: it would pass for the answer to what he asks just then.
        is_due = self._patience.has_come and self._owes_an_answer() and not self.pipeline
        if is_due and not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self._leave()
        else:
            self.transport.close()

    def _owes_an_answer(self) -> bool:
        """Tell whether nothing was said yet of what is waited for: a request is answered once."""
        cycle = self.cycle
        if cycle is None or not cycle.response_started:
            return True
        return cycle.response_complete and not cycle.more_body

    def _leave(self) -> None:
        """Close our side now, and the other when the client has had time to read (RFC 9112, 9.6)."""
        self._has_given_up = True
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write_eof()
        self._looking = self.loop.call_later(_LINGER_S, self.transport.close)


def wired(patience_s: float) -> type[WiredProtocol]:
    """Return the protocol that waits *patience_s* seconds for a request."""
    return type("WiredProtocol", (WiredProtocol,), {"patience_s": patience_s})
