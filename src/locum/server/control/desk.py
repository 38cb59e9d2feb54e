"""What the operations of the control API work on, and how they say that something is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from locum.behaviour import Cause, Refusal
from locum.behaviour.redaction import Redaction
from locum.catalog import Entry
from locum.errors import nearest
from locum.generation import Generator
from locum.server.messenger import Messenger
from locum.store import Store

__all__ = ["Desk", "conflict", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The store, the contracts served by name, what is secret in their journals, who makes and sends."""

    store: Store
    entries: Mapping[str, Entry]
    redaction: Redaction
    messenger: Messenger
    generator: Generator

    def no_session(self, session: str) -> Refusal | None:
        """Return the refusal of a session that nobody has used."""
        if self.store.knows(session):
            return None
        return missing("session", session, self.store.names())

    def no_contract(self, contract: str) -> Refusal | None:
        """Return the refusal of a contract that is not served."""
        return None if contract in self.entries else missing("contract", contract, self.entries)


def missing(kind: str, name: str, known: Iterable[str]) -> Refusal:
    """Return the refusal of something that is not there, with the nearest that is."""
    close = nearest(name[:100], known)
    meant = f"; did you mean {close!r}?" if close else ""
    return Refusal(
        cause=Cause.UNKNOWN_RESOURCE, status=404, detail=f"there is no {kind} {name[:100]!r}{meant}"
    )


def conflict(detail: str) -> Refusal:
    """Return the refusal of a request that does not fit what is there."""
    return Refusal(cause=Cause.CONFLICT, status=409, detail=detail)
