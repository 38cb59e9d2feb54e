"""What can be spoilt about a reply after it was decided, as values.

A `Spoil` changes the reply itself and is made by `spoiling.py`; the rest is done on the wire by the shell,
and where there is no wire only as far as ASGI goes. A reply with a fault is exempt from its contract.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from locum.generation.streams import stable_seed

__all__ = ["LONGEST_DELAY_MS", "Cut", "Delay", "Distribution", "Ending", "Fault", "Spoil", "settle"]

#: Ten minutes: longer than any client waits.
LONGEST_DELAY_MS: Final = 600_000.0
_RANGE: Final = 2**64


class Cut(StrEnum):
    """Where a connection ends too early."""

    BEFORE_STATUS = "before-status"
    AFTER_HEAD = "after-head"
    IN_BODY = "in-body"


class Ending(StrEnum):
    """How a connection ends: in good order (FIN), or reset (RST)."""

    CLOSE = "close"
    RESET = "reset"


class Spoil(StrEnum):
    """What can be wrong with a body or with what is said of it."""

    CUT_TEXT = "cut-text"
    TRAILING_COMMA = "trailing-comma"
    NAN = "nan"
    COMMENT = "comment"
    BYTE_ORDER_MARK = "byte-order-mark"
    LATIN_1 = "latin-1"
    HTML_PAGE = "html-page"
    PLAIN_TEXT = "plain-text"
    EMPTY = "empty"
    ARRAY = "array"
    BROKEN_GZIP = "broken-gzip"
    UNKNOWN_CODING = "unknown-coding"
    OVERSIZED = "oversized"


class Distribution(StrEnum):
    """How the delays of many replies are spread."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Milliseconds to wait before the first byte.

    Fixed, it is *median_ms*; uniform, between *lower_ms* and *upper_ms*; lognormal, around *median_ms* with
    *sigma*, and never more than *upper_ms*.
    """

    distribution: Distribution = Distribution.FIXED
    median_ms: float = 0.0
    sigma: float = 0.0
    lower_ms: float = 0.0
    upper_ms: float = LONGEST_DELAY_MS

    def draw(self, stream: int) -> float:
        """Return the milliseconds of the reply that *stream* stands for.

        >>> Delay(distribution=Distribution.UNIFORM, lower_ms=10, upper_ms=20).draw(2**63)
        15.0
        """
        share = (stream % _RANGE + 0.5) / _RANGE
        return max(0.0, min(_DRAWN[self.distribution](self, share), self.upper_ms, LONGEST_DELAY_MS))


_DRAWN: Final[Mapping[Distribution, Callable[[Delay, float], float]]] = {
    Distribution.FIXED: lambda delay, _: delay.median_ms,
    Distribution.UNIFORM: lambda delay, share: delay.lower_ms + share * (delay.upper_ms - delay.lower_ms),
    Distribution.LOGNORMAL: lambda delay, share: (
        delay.median_ms * math.exp(delay.sigma * NormalDist().inv_cdf(share))
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What to spoil in a reply; the default spoils nothing.

    *head_bytes_per_s* and *body_bytes_per_s* let bytes drip; 0 sends at once. *cut_after* counts bytes of the
    body, `None` is half of it. *length_error* is added to what `Content-Length` says. *chunked* sends chunks
    instead of a length, and without *last_chunk* they never end. *dated* names headers that carry an
    HTTP-date, in seconds from now: `date` is among them when the server's clock is off.
    """

    delay: Delay | None = None
    head_bytes_per_s: int = 0
    body_bytes_per_s: int = 0
    cut: Cut | None = None
    cut_after: int | None = None
    ending: Ending = Ending.CLOSE
    length_error: int = 0
    chunked: bool = False
    last_chunk: bool = True
    dated: Mapping[str, int] = field(default_factory=dict)
    spoils: tuple[Spoil, ...] = ()

    @property
    def needs_wire(self) -> bool:
        """Whether bytes have to be written that no framework would write."""
        return bool(
            self.cut
            or self.head_bytes_per_s
            or self.body_bytes_per_s
            or self.length_error
            or self.chunked
            or "date" in self.dated
        )


def settle(fault: Fault, *subject: str) -> Fault:
    """Return *fault* with its delay drawn for *subject*, so that nothing is left to chance.

    >>> settle(Fault(delay=Delay(median_ms=5)), "a").delay
    Delay(distribution=<Distribution.FIXED: 'fixed'>, median_ms=5, sigma=0.0, lower_ms=0.0, upper_ms=600000.0)
    """
    if fault.delay is None or fault.delay.distribution is Distribution.FIXED:
        return fault
    return replace(fault, delay=Delay(median_ms=fault.delay.draw(stable_seed("delay", *subject))))
