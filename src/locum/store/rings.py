"""The journals of all sessions: a ring of interactions for each, and a bound on the memory of all.

Called for every request, so it does no more than it must: it keeps references, counts bytes, and cuts only
bodies that are longer than what is kept.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import merge
from operator import attrgetter
from typing import Final

from locum.behaviour.journal import Interaction
from locum.behaviour.model import Outcome, RawRequest
from locum.store.bounds import Bounds

__all__ = ["Rings"]

#: What an interaction takes beside the bytes of its request and reply; measured, rounded up.
_OVERHEAD: Final = 2048
_PER_HEADER: Final = 160
_PER_VIOLATION: Final = 1024


@dataclass(slots=True)
class _Ring:
    """What is kept of one session, the oldest first, each with its size."""

    entries: deque[tuple[Interaction, int]] = field(default_factory=deque)
    size: int = 0


class Rings:
    """Journals by session, the least recently written first."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._rings: OrderedDict[str, _Ring] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return sum(len(ring.entries) for ring in self._rings.values())

    def add(self, interaction: Interaction) -> None:
        """Keep *interaction*; the oldest of its session goes when there are too many."""
        ring = self._rings.get(interaction.session)
        if ring is None:
            ring = self._rings[interaction.session] = _Ring()
        else:
            self._rings.move_to_end(interaction.session)
        size = _size_of(interaction)
        ring.entries.append((interaction, size))
        ring.size += size
        self._size += size
        if len(ring.entries) > self._bounds.interactions:
            self._lose(interaction.session)
        while self._size > self._bounds.journal_bytes:
            self._lose(self._crowded(interaction.session))

    def cut(self, request: RawRequest, outcome: Outcome) -> tuple[RawRequest, Outcome]:
        """Return both with no more of their bodies and violations than is kept, and what was changed done."""
        most = self._bounds.body_bytes
        if len(request.body) > most:
            request = replace(request, body=request.body[:most])
        if request.ahead is not None:
            request = replace(request, ahead=None)
        if len(outcome.reply.body) > most:
            outcome = replace(outcome, reply=replace(outcome.reply, body=outcome.reply.body[:most]))
        if outcome.changes:
            outcome = replace(outcome, changes=())
        return request, self._told(outcome)

    def _told(self, outcome: Outcome) -> Outcome:
        """Return *outcome* with the first of its violations: a query of commas may have thousands."""
        most, refusal = self._bounds.violations, outcome.refusal
        if len(outcome.violations) > most:
            outcome = replace(outcome, violations=outcome.violations[:most])
        if refusal is not None and max(len(refusal.violations), len(refusal.further)) > most:
            told, further = refusal.violations[:most], refusal.further[:most]
            outcome = replace(outcome, refusal=replace(refusal, violations=told, further=further))
        return outcome

    def count(self, session: str) -> int:
        """Return how many interactions of *session* are kept."""
        ring = self._rings.get(session)
        return len(ring.entries) if ring else 0

    def newest_first(self, session: str = "") -> Iterator[Interaction]:
        """Return the interactions of *session*, or of all, by falling number."""
        rings = [ring for name, ring in self._rings.items() if session in {"", name}]
        rows = ([each for each, _ in reversed(ring.entries)] for ring in rings)
        return merge(*rows, key=attrgetter("number"), reverse=True)

    def find(self, number: int) -> Interaction | None:
        """Return the interaction of that number if it is still kept."""
        entries = (each for ring in self._rings.values() for each, _ in ring.entries)
        return next((each for each in entries if each.number == number), None)

    def clear(self, session: str = "") -> None:
        """Forget the interactions of *session*, or of all."""
        for name in [session] if session else list(self._rings):
            ring = self._rings.pop(name, None)
            self._size -= ring.size if ring else 0

    def _crowded(self, session: str) -> str:
        """Return who must lose an interaction: *session* if it has more than its share, else the idlest."""
        ring = self._rings.get(session)
        share = self._bounds.journal_bytes // len(self._rings)
        has_too_much = ring is not None and len(ring.entries) > 1 and ring.size > share
        return session if has_too_much else next(iter(self._rings))

    def _lose(self, session: str) -> None:
        ring = self._rings[session]
        _, size = ring.entries.popleft()
        ring.size -= size
        self._size -= size
        if not ring.entries:
            del self._rings[session]


def _size_of(interaction: Interaction) -> int:
    request, reply = interaction.request, interaction.outcome.reply
    size = _OVERHEAD + len(request.path) + len(request.query) + len(request.body) + len(reply.body)
    size += len(request.headers) * _PER_HEADER
    size += len(interaction.outcome.violations) * _PER_VIOLATION
    for name, text in request.headers:
        size += len(name) + len(text)
    return size
