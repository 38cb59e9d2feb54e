"""What a server below may offer beside ASGI: the transport of a request, in the scope's extensions."""

from __future__ import annotations

from typing import Final, Protocol

from starlette.types import Scope

__all__ = ["WIRE", "Wire", "wire_of"]

#: The name of the transport in the scope's extensions.
WIRE: Final = "locum.wire"


class Wire(Protocol):
    """The transport of one request; what it is taken over for is written to it by nobody else."""

    def reply(self, status: int, fields: bytes, body: bytes) -> bool:
        """Send a whole reply at once, and tell whether it could be; if not, nothing was sent.

        *fields* are the lines of the head, each with its end, `Content-Length` among them; of the framing
        only `Connection` is added.
        """
        ...

    def take(self) -> None:
        """Take the connection over from the server."""
        ...

    def write(self, content: bytes) -> None:
        """Send *content* as soon as it can be."""
        ...

    def is_open(self) -> bool:
        """Tell whether the client is still there."""
        ...

    def close(self) -> None:
        """Close the connection in good order, behind what was written."""
        ...

    def reset(self) -> None:
        """Reset the connection, with what was not sent yet."""
        ...


def wire_of(scope: Scope) -> Wire | None:
    """Return the transport of the request, if the server below offers it."""
    wire: Wire | None = (scope.get("extensions") or {}).get(WIRE)
    return wire
