"""Which suites are played, in this order, and which judges look at every answer."""

from __future__ import annotations

from typing import Final

from locum.verify.bench import Judge, SuiteEntry
from locum.verify.generated.suite import generated
from locum.verify.judges.agreements import agreements
from locum.verify.judges.conformance import conformance
from locum.verify.judges.invariants import invariants
from locum.verify.judges.leaks import leaks
from locum.verify.judges.leavings import leavings
from locum.verify.judges.protocol import protocol
from locum.verify.suites.addresses import addresses
from locum.verify.suites.bodies import bodies
from locum.verify.suites.examples import examples
from locum.verify.suites.identities import identities
from locum.verify.suites.lists import lists
from locum.verify.suites.methods import methods
from locum.verify.suites.negotiation import negotiation
from locum.verify.suites.parameters import parameters
from locum.verify.suites.rates import rates
from locum.verify.suites.relations import relations
from locum.verify.suites.requirements import requirements
from locum.verify.suites.resources import resources
from locum.verify.suites.robustness import robustness
from locum.verify.suites.tenants import tenants
from locum.verify.suites.tidying import tidying

__all__ = ["JUDGES", "SUITES"]

#: Fast and readable before slow and random.
SUITES: Final[tuple[SuiteEntry, ...]] = (
    SuiteEntry(name="examples", play=examples),
    SuiteEntry(name="relations", play=relations, tells_most=True, plays="relations between calls"),
    SuiteEntry(name="lists", play=lists, plays="lists of things that are recognised"),
    SuiteEntry(name="resources", play=resources, plays="recognised things that may be made"),
    SuiteEntry(name="requirements", play=requirements, tells_most=True, plays="rules of parameters"),
    SuiteEntry(name="identities", play=identities, tells_most=True, plays="operations that ask who calls"),
    SuiteEntry(name="tenants", play=tenants, tells_most=True, plays="operations that ask who calls"),
    SuiteEntry(name="rates", play=rates, plays="headers that tell how many calls are left"),
    SuiteEntry(name="methods", play=methods),
    SuiteEntry(name="addresses", play=addresses, plays="operations that are read"),
    SuiteEntry(name="negotiation", play=negotiation),
    SuiteEntry(name="parameters", play=parameters),
    SuiteEntry(name="bodies", play=bodies, plays="bodies of requests that may be sent"),
    SuiteEntry(name="robustness", play=robustness),
    SuiteEntry(name="generated", play=generated),
    SuiteEntry(name="tidying", play=tidying),
)
JUDGES: Final[tuple[Judge, ...]] = (protocol, conformance, invariants, agreements, leaks, leavings)
