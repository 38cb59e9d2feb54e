"""Scenarios that are played on a session: on which requests, and how often.

What has been counted is part of the session's state, and every count is a change like any other. Which
request is hit depends on its number and the seed alone, so that the same run hits the same requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from locum.generation.streams import stable_seed

__all__ = ["Activation", "Pattern", "counted", "due", "fires"]

_RANGE: Final = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Which requests are hit; what is said holds together, the default hits them all.

    *times* hits that many and lets the rest succeed; *every* hits each second, third …; *probability* hits
    that share, drawn by *seed*; *since* and *until* are times of the session's clock, the end left out.
    """

    times: int | None = None
    every: int = 1
    probability: float = 1.0
    seed: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A scenario on a session: *scenario* is its id, *operations* empty means all of *contract*.

    *seen* requests were looked at so far, and *fired* of them were hit.
    """

    contract: str
    scenario: str
    operations: frozenset[str] = frozenset()
    pattern: Pattern = Pattern()
    seen: int = 0
    fired: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others of its session."""
        return self.contract, self.scenario

    def concerns(self, contract: str, operation_id: str) -> bool:
        """Tell whether requests to an operation are looked at."""
        return self.contract == contract and (not self.operations or operation_id in self.operations)


def fires(each: Activation, session: str, now: datetime) -> bool:
    """Tell whether the next request is hit.

    >>> from datetime import UTC
    >>> third = Activation(contract="a", scenario="b", pattern=Pattern(every=3), seen=2)
    >>> fires(third, "default", datetime(2024, 1, 1, tzinfo=UTC))
    True
    """
    pattern, number = each.pattern, each.seen + 1
    if pattern.times is not None and each.fired >= pattern.times:
        return False
    if number % pattern.every:
        return False
    if (pattern.since and now < pattern.since) or (pattern.until and now >= pattern.until):
        return False
    if pattern.probability >= 1.0:
        return True
    drawn = stable_seed(pattern.seed, "activation", session, each.contract, each.scenario, str(number))
    return drawn < pattern.probability * _RANGE


def due(
    activations: Iterable[Activation], *, contract: str, operation_id: str, session: str, now: datetime
) -> tuple[Activation | None, tuple[tuple[Activation, bool], ...]]:
    """Return the first activation that hits the next request, and all that look at it with whether they hit.

    Those behind the first that hits do not look at the request: it is not theirs.
    """
    looked: list[tuple[Activation, bool]] = []
    for each in activations:
        if not each.concerns(contract, operation_id):
            continue
        is_hit = fires(each, session, now)
        looked.append((each, is_hit))
        if is_hit:
            return each, tuple(looked)
    return None, tuple(looked)


def counted(each: Activation, *, is_hit: bool) -> Activation:
    """Return *each* after one request more."""
    return replace(each, seen=each.seen + 1, fired=each.fired + is_hit)
