"""Offers an application the transport of its request, which ASGI has no word for, and writes replies at once.

The one place that touches private names of uvicorn; `tests/server/test_wire.py` notices when they change.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from locum.server.faults import WIRE

__all__ = ["WiredProtocol"]

#: Linger for no time: the socket is reset when it is closed (socket(7), SO_LINGER).
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class CycleWire:
    """The transport of one request; see `locum.server.faults.Wire`."""

    __slots__ = ("_cycle", "_transport")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._transport: asyncio.Transport = cycle.transport

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


class HeadWithBody:
    """The transport of one request, on which the head of its reply leaves with the first bytes of the body.

    ASGI hands over the two apart; written apart, each costs a call of the kernel and a packet. A body that is
    not there by the next turn of the loop is not waited for.
    """

    __slots__ = ("_cycle", "_head", "_loop", "_transport")

    def __init__(self, cycle: RequestResponseCycle, loop: asyncio.AbstractEventLoop) -> None:
        self._cycle = cycle
        self._loop = loop
        self._transport: asyncio.Transport = cycle.transport
        #: `None` before there is a head, empty behind it.
        self._head: bytes | None = None

    def write(self, content: bytes) -> None:
        """Send *content*, a head with what comes next."""
        if self._head is None and self._cycle.response_started:
            self._head = content
            self._loop.call_soon(self._send_head)
        elif self._head:
            self._transport.writelines((self._head, content))
            self._head = b""
        else:
            self._transport.write(content)

    def _send_head(self) -> None:
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        """Close the connection behind what was written."""
        self._send_head()
        self._transport.close()

    def is_closing(self) -> bool:
        """Tell whether the connection is closed, or about to be."""
        return self._transport.is_closing()


class WiredProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, whose requests carry their transport in `scope["extensions"]`."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401 -- the signature is uvicorn's
        cycle.scope["extensions"] = {WIRE: CycleWire(cycle)}  # type: ignore[dict-item]  # ours
        cycle.transport = HeadWithBody(cycle, self.loop)  # type: ignore[assignment]  # all that a cycle asks of it
        super()._start_asgi_task(cycle, app)
