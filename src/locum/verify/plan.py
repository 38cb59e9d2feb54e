"""Which suites are played, in this order, and which judges look at every answer."""

from __future__ import annotations

from typing import Final

from locum.verify.bench import Judge, SuiteEntry

__all__ = ["JUDGES", "SUITES"]

SUITES: Final[tuple[SuiteEntry, ...]] = ()
JUDGES: Final[tuple[Judge, ...]] = ()
