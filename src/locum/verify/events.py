"""What a verification tells while it runs: to a progress line, to a stream of JSON, to whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from locum.verify.model import Observed, Report, Result

__all__ = ["Event", "EventKind", "Listener"]


class EventKind(StrEnum):
    """What happened."""

    STARTED = "started"
    SUITE_STARTED = "suite-started"
    #: A request was sent; *observed* tells which.
    EXCHANGED = "exchanged"
    #: A suite or a judge has looked at something; *result* tells what came of it.
    JUDGED = "judged"
    SUITE_ENDED = "suite-ended"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; what does not belong to its kind is empty."""

    kind: EventKind
    suite: str = ""
    observed: Observed | None = None
    result: Result | None = None
    report: Report | None = None
    #: Suites that will run, told at the start.
    suites: tuple[str, ...] = ()


Listener: TypeAlias = Callable[[Event], None]
