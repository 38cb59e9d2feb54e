"""How much is kept at most."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a store keeps.

    *sessions* counts those beside `default`, *interactions* those of one session, *violations* those of one
    interaction. *body_bytes* is what is kept of each body, *journal_bytes* what all journals hold together,
    *record_bytes* what all sessions have written as records. *worlds* counts what handlers of one contract
    have built.
    """

    sessions: int = 1000
    interactions: int = 1000
    violations: int = 100
    body_bytes: int = 16 * 1024
    journal_bytes: int = 64 * 1024 * 1024
    record_bytes: int = 256 * 1024 * 1024
    worlds: int = 4096
