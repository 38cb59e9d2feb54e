"""Tells this machine from all others by their names."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Final

__all__ = ["is_loopback"]

#: The first byte of every address of this machine (RFC 1122, 3.2.1.3).
_LOOPBACK: Final = 127


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine, so that a server listening on it is reached from here alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return _is_old_spelling(host)


def _is_old_spelling(host: str) -> bool:
    """Tell whether *host* is an address of this machine as `inet_aton` reads it: `2130706433`, `127.1`."""
    try:
        # Whatever stands behind a space is not looked at.
        return host.split() == [host] and socket.inet_aton(host)[0] == _LOOPBACK
    except (OSError, ValueError):  # a zero, letters beyond ASCII
        return False
