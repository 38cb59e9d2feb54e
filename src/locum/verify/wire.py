"""Sends one request over a socket of its own and notes every byte and how the connection ended.

No client library would show what is looked for here: half a body, a wrong length, a reset.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from locum.behaviour.calls import Call
from locum.errors import Diagnostic, UnreachableError

__all__ = ["Ended", "Observed", "exchange", "listen", "written"]

_PIECE: Final = 65536
_MOST: Final = 16 * 1024 * 1024


class Ended(StrEnum):
    """How a connection ended."""

    CLOSED = "closed"
    RESET = "reset"
    #: It did not, within the time given.
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What came back: *content* is every byte, *first_s* and *took_s* are seconds from sending."""

    content: bytes
    ended: Ended
    first_s: float
    took_s: float
    #: Seconds since the epoch when it had come.
    at_s: float

    @property
    def head(self) -> bytes:
        """Status line and headers, without the empty line behind them; `b""` while they are incomplete."""
        return self.content.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in self.content else b""

    @property
    def status(self) -> int | None:
        """The status, `None` without a head."""
        words = self.head.split(maxsplit=2)
        return int(words[1]) if len(words) > 1 and words[1].isdigit() else None

    @property
    def headers(self) -> dict[str, str]:
        """The headers by name in lower case; of equal names the last."""
        lines = (line.decode("latin-1").partition(":") for line in self.head.split(b"\r\n")[1:])
        return {name.strip().lower(): text.strip() for name, _, text in lines}

    @property
    def raw_body(self) -> bytes:
        """What stands behind the head, as it was sent."""
        return self.content.partition(b"\r\n\r\n")[2]

    @property
    def body(self) -> bytes:
        """The body, its chunks joined."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.raw_body
        joined, rest = b"", self.raw_body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            try:
                length = int(size.partition(b";")[0], 16)
            except ValueError:
                break
            joined, rest = joined + rest[:length], rest[length + 2 :]
        return joined


def exchange(
    url: str, call: Call, *, headers: Iterable[tuple[str, str]] = (), timeout_s: float, enough_s: float = 0.0
) -> Observed:
    """Send *call* to the server at *url* and read until the connection ends.

    Nothing is waited for longer than *timeout_s*; with *enough_s* no longer than that behind the first byte.
    Raises `UnreachableError` when there is no server.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as connection:
            began = time.monotonic()
            connection.sendall(written(call, parts.path, parts.netloc, headers))
            return listen(connection, began, timeout_s, enough_s)
    except (ConnectionRefusedError, socket.gaierror) as error:
        fault = Diagnostic(
            code="scenarios.unreachable",
            message=f"nothing answers at {url}: {error.strerror}",
            hint="start it with `locum serve`, or leave `--url` out",
        )
        raise UnreachableError(fault) from error


def written(call: Call, base: str, host: str, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the bytes of *call* to *host* below the path *base*; the connection ends with the answer."""
    sent = [("Host", host), ("Connection", "close"), *headers, *call.headers]
    if call.body or call.method in {"POST", "PUT", "PATCH"}:
        sent.append(("Content-Length", str(len(call.body))))
    lines = [f"{call.method} {base}{call.target} HTTP/1.1", *(f"{name}: {text}" for name, text in sent)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + call.body


def listen(connection: socket.socket, began: float, timeout_s: float, enough_s: float = 0.0) -> Observed:
    """Return what comes until the connection ends, or the time is over; *began* is when sending did."""
    content, first_s, ended = bytearray(), 0.0, Ended.OPEN
    ends = began + timeout_s
    while len(content) < _MOST and (left := ends - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            piece = connection.recv(_PIECE)
        except TimeoutError:
            break
        except ConnectionError:
            ended = Ended.RESET
            break
        if not piece:
            ended = Ended.CLOSED
            break
        if not content:
            first_s = time.monotonic() - began
            ends = min(ends, time.monotonic() + enough_s) if enough_s else ends
        content += piece
    return Observed(
        content=bytes(content),
        ended=ended,
        first_s=first_s,
        took_s=time.monotonic() - began,
        at_s=time.time(),
    )
