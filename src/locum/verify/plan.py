"""Which suites are played, in this order, and which judges look at every answer."""

from __future__ import annotations

from typing import Final

from locum.verify.bench import Judge, SuiteEntry
from locum.verify.judges.conformance import conformance
from locum.verify.judges.invariants import invariants
from locum.verify.judges.leaks import leaks
from locum.verify.judges.protocol import protocol
from locum.verify.suites.examples import examples
from locum.verify.suites.parameters import parameters
from locum.verify.suites.relations import relations

__all__ = ["JUDGES", "SUITES"]

#: Fast and readable before slow and random.
SUITES: Final[tuple[SuiteEntry, ...]] = (
    SuiteEntry(name="examples", play=examples),
    SuiteEntry(name="relations", play=relations),
    SuiteEntry(name="parameters", play=parameters),
)
JUDGES: Final[tuple[Judge, ...]] = (protocol, conformance, invariants, leaks)
