"""Sends a reply with a fault: late, slowly, cut short, with a wrong length or date.

What no framework would write goes to the transport itself, which the server below offers in the scope's
extensions (see `wiring.py`). Without one, in an application called in the same process,
a fault is done as far as ASGI goes: delays whole, a cut as a shorter body, a wrong length not at all.
Sources: RFC 9112 (framing), RFC 9110, 6.6.1 (`Date`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate
from typing import Final

from starlette.types import Scope, Send

from locum.behaviour.faults import Cut, Ending, Fault
from locum.behaviour.model import Reply
from locum.behaviour.phrases import PHRASES, UNNAMED
from locum.server.door import has_body, head_of, send_reply
from locum.server.wiring import Wire, wire_of

__all__ = ["send_spoilt"]

#: Slices of a second in which bytes drip.
_SLICES: Final = 10
#: Nothing drips longer.
_LONGEST_DRIP_S: Final = 600.0
_Headers = tuple[tuple[str, str], ...]


async def send_spoilt(  # noqa: PLR0913 -- the same as for any reply, and what is wrong with it
    reply: Reply, fault: Fault, scope: Scope, send: Send, *, head: bool, extra: _Headers = ()
) -> None:
    """Send *reply* with *fault* done to it; for a `HEAD` request the head alone."""
    now_s = time.time()
    dates = tuple((name, _http_date(now_s + offset)) for name, offset in fault.dated.items())
    named = {name for name, _ in dates}
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in named)
    reply = replace(reply, headers=(*kept, *dates))
    if fault.delay is not None:
        await asyncio.sleep(fault.delay.median_ms / 1000)
    wire = wire_of(scope)
    if not fault.needs_wire:
        await send_reply(reply, scope, send, head=head, extra=extra)
    elif wire is None:
        await _send_as_far_as_possible(reply, fault, scope, send, head=head, extra=extra)
    else:
        wire.take()
        await _write(wire, fault, _head(reply, fault, extra, now_s), _body(reply, fault, head=head))


async def _write(wire: Wire, fault: Fault, head: bytes, body: bytes) -> None:
    if fault.cut is not Cut.BEFORE_STATUS:
        async for piece in _dripping(head, fault.head_bytes_per_s):
            if not wire.is_open():
                return
            wire.write(piece)
    if fault.cut not in {Cut.BEFORE_STATUS, Cut.AFTER_HEAD}:
        async for piece in _dripping(body, fault.body_bytes_per_s):
            if not wire.is_open():
                return
            wire.write(piece)
    if fault.ending is Ending.RESET:
        # What was written leaves with the next turns of the loop; a reset would overtake it.
        await asyncio.sleep(0.05)
        wire.reset()
    else:
        wire.close()


async def _dripping(content: bytes, bytes_per_s: int) -> AsyncIterator[bytes]:
    """Yield *content*, so many bytes in a second; at once for 0."""
    if not bytes_per_s:
        yield content
        return
    size = max(1, bytes_per_s // _SLICES)
    pause_s = size / bytes_per_s
    ends = time.monotonic() + _LONGEST_DRIP_S
    for start in range(0, len(content), size):
        if start:
            await asyncio.sleep(pause_s)
        if time.monotonic() > ends:
            return
        yield content[start : start + size]


def _head(reply: Reply, fault: Fault, extra: _Headers, now_s: float) -> bytes:
    lines = [b"HTTP/1.1 %d %b" % (reply.status, PHRASES.get(reply.status, UNNAMED).encode())]
    pairs = head_of(reply, extra)
    if not any(name == b"date" for name, _ in pairs):
        pairs.append((b"date", _http_date(now_s).encode()))
    if fault.chunked:
        pairs.append((b"transfer-encoding", b"chunked"))
    elif has_body(reply.status):
        pairs.append((b"content-length", b"%d" % max(0, len(reply.body) + fault.length_error)))
    pairs.append((b"connection", b"close"))
    lines += [b"%b: %b" % pair for pair in pairs]
    return b"\r\n".join([*lines, b"", b""])


def _body(reply: Reply, fault: Fault, *, head: bool) -> bytes:
    if head or not has_body(reply.status):
        return b""
    body = reply.body
    if fault.cut is Cut.IN_BODY:
        return body[: len(body) // 2 if fault.cut_after is None else fault.cut_after]
    if not fault.chunked:
        return body
    end = b"0\r\n\r\n" if fault.last_chunk else b""
    return b"%x\r\n%b\r\n%b" % (len(body), body, end) if body else end


async def _send_as_far_as_possible(  # noqa: PLR0913 -- as above
    reply: Reply, fault: Fault, scope: Scope, send: Send, *, head: bool, extra: _Headers
) -> None:
    if fault.cut in {Cut.BEFORE_STATUS, Cut.AFTER_HEAD}:
        reply = replace(reply, body=b"")
    elif fault.cut is Cut.IN_BODY:
        reply = replace(reply, body=_body(reply, fault, head=False))
    if not fault.body_bytes_per_s:
        await send_reply(reply, scope, send, head=head, extra=extra)
        return
    pairs = [*head_of(reply, extra), (b"content-length", b"%d" % len(reply.body))]
    await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
    async for piece in _dripping(b"" if head else reply.body, fault.body_bytes_per_s):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _http_date(at_s: float) -> str:
    return formatdate(at_s, usegmt=True)
