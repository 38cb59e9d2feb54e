"""Takes a port and serves an application on it until told to stop."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import FrameType
from typing import Final, Never

import uvicorn
from starlette.types import ASGIApp

from locum.errors import Diagnostic, UnreachableError
from locum.server.wire import wired

__all__ = ["serve_on", "take_port", "url_of"]

_REASONS: Final = {
    errno.EADDRINUSE: (
        "is taken by another process",
        "stop that process, or let `--port 0` take a free port",
    ),
    errno.EACCES: (
        "may not be taken by this user",
        "ports below 1024 are reserved; take a higher one with `--port`",
    ),
    errno.EADDRNOTAVAIL: ("is not an address of this machine", "`--host 0.0.0.0` listens on all of them"),
}


def take_port(host: str, port: int) -> list[socket.socket]:
    """Return sockets bound to every address of *host* on one port; 0 takes any that is free.

    Raises `UnreachableError` when the host is unknown or the port is taken.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise _refused(
            host, port, "is no known host", "`--host 127.0.0.1` listens on this machine alone"
        ) from error
    with ExitStack() as stack:
        bound: list[socket.socket] = []
        faults: list[OSError] = []
        for family, _, _, _, address in dict.fromkeys(addresses):
            taken = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            try:
                _bind(taken, family, (str(address[0]), bound[0].getsockname()[1] if bound else port))
            except OSError as error:
                faults.append(error)
            else:
                bound.append(taken)
        # A name may also stand for an address that is switched off here (`::1`); that alone is no fault.
        serious = [fault for fault in faults if not bound or fault.errno == errno.EADDRINUSE]
        if serious:
            reason, hint = _REASONS.get(
                serious[0].errno or 0, (f"cannot be taken: {serious[0].strerror}", "")
            )
            raise _refused(host, port, reason, hint) from serious[0]
        stack.pop_all()
    return bound


def url_of(host: str, sockets: Sequence[socket.socket]) -> str:
    """Return the address clients use."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{sockets[0].getsockname()[1]}"


def serve_on(
    sockets: list[socket.socket], app: ASGIApp, announce: Callable[[], None], *, patience_s: float
) -> None:
    """Serve *app* until SIGINT or SIGTERM; *announce* is called once requests are answered.

    A client has *patience_s* seconds for its request, as `server/patience.py` counts them.
    """
    config = uvicorn.Config(
        app,
        loop="auto",
        http=wired(patience_s),
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
    )
    # Uvicorn raises the signal again once it has stopped in good order; to stop when told is no failure.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    _Announcing(config, announce).run(sockets=sockets)


def _leave(*_: object) -> Never:
    sys.exit(0)


class _Announcing(uvicorn.Server):
    """A server that says when it is ready: uvicorn has no hook for it."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in good order, within seconds; whoever is impatient loses nothing by a second Ctrl-C."""
        if not self.should_exit:
            super().handle_exit(sig, frame)


def _bind(taken: socket.socket, family: int, address: tuple[str, int]) -> None:
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    taken.bind(address)
    taken.set_inheritable(True)


def _refused(host: str, port: int, reason: str, hint: str) -> UnreachableError:
    message = f"{host}:{port} {reason}"
    return UnreachableError(Diagnostic(code="serve.cannot-listen", message=message, hint=hint))
