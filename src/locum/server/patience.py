"""How long a client may take to send a request, so that none holds a connection for ever.

A head must be whole within a time, and a body begin; that may take the time again, and a second more for so
many bytes that have come: a slow line is waited for, and a byte now and then is not (RFC 9110, 15.5.9: 408).
"""

from __future__ import annotations

from typing import Final

__all__ = ["PATIENCE_S", "Patience"]

#: In seconds, where nothing else is said.
PATIENCE_S: Final = 30.0
#: In bytes a second; a telephone line of 1990 was faster.
_SLOWEST: Final = 500


class Patience:
    """What is waited for on one connection, from *now* on. Mutable: it sees every piece that comes.

    >>> waiting = Patience(30, now=0)
    >>> waiting.ends_at, waiting.took(50_000, now=0), waiting.ends_at
    (30.0, None, 130.0)
    """

    __slots__ = ("_bytes", "_patience_s", "has_come", "since")

    def __init__(self, patience_s: float, now: float) -> None:
        self._patience_s = patience_s
        #: From when on a request is waited for; `None` while none has begun, or one is whole.
        self.since: float | None = now
        self._bytes = 0
        #: Whether anything has come on the connection at all.
        self.has_come = False

    @property
    def ends_at(self) -> float | None:
        """When the client will have taken too long; `None` while nothing is waited for."""
        return None if self.since is None else self.since + self._patience_s + self._bytes / _SLOWEST

    def begin(self, now: float) -> None:
        """See something come at *now*: wait for a request, unless one is waited for already."""
        self.has_come = True
        if self.since is None:
            self.since, self._bytes = now, 0

    def begin_anew(self, now: float) -> None:
        """Wait from *now* on, if at all, because we were the slow ones."""
        if self.since is not None:
            self.since, self._bytes = now, 0

    def took(self, size: int, now: float) -> None:
        """See *size* bytes of the body come at *now*; with the first the time begins anew."""
        if not self._bytes:
            self.begin_anew(now)
        self._bytes += size
