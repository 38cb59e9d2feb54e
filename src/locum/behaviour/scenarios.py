"""The catalogue of what can go wrong: each scenario by id and name, with the two ways that lead there.

A natural request leads there without any switch; what is forced is put in the place of the answer, or done
to it. What must not live here: playing a scenario (`forcing.py`), counting (`activations.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from locum.behaviour.activations import Pattern
from locum.behaviour.causes import Cause
from locum.behaviour.edits import Edit
from locum.behaviour.faults import Fault
from locum.contract.model import JsonValue
from locum.errors import nearest

__all__ = ["Force", "Natural", "Pace", "Scenario", "find_scenario", "scenarios_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """After each so many *calls* the session's clock goes on by so many *seconds*."""

    calls: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Natural:
    """A request that leads to a scenario by itself.

    What is not said is as in a request that is answered well: *query*, *headers* and *path_values* stand in
    the place of that request's own; a value `None` leaves out what it has. *credential* is the id of one,
    `""` sends none, `None` the one that opens the operation. *path* is another path below the contract's
    base. *times* is how often it is sent until it happens, at *pace*. *clock* and *settings* are how the
    session begins.
    """

    operation: str
    method: str = ""
    path: str = ""
    path_values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str | tuple[str, ...] | None] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    credential: str | None = None
    body: str | None = None
    times: int = 1
    pace: Pace | None = None
    clock: str = ""
    settings: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """What is answered instead, or done to the answer.

    The first that is there is the answer: *cause* in the contract's own words, of *parameter* if it names
    one; the declared *example* of *status*; *body*, or *text* as it stands, with *status*; else the usual
    answer to the request without the query parameters *ignored*, given when the session's clock shows
    *clock* if that is set. Then *headers*, *edits* and *fault* are put to it.
    """

    cause: Cause | None = None
    parameter: str = ""
    detail: str = ""
    status: int | None = None
    example: str = ""
    body: JsonValue = None
    text: str = ""
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    clock: datetime | None = None
    edits: tuple[Edit, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Something that can go wrong with a call, in words that a person would use.

    *operations* empty means all of the contract. *status* is what the client sees, `None` where there is
    none. *request* is what shows best that it is forced, where a usual request does not. *pattern* is
    how it is played on a session when nothing else is said. *confidence* and *source* tell where it is known
    from. What *is_derived* was made from the document, and is forced by its status.
    """

    id: str
    name: str
    title: str = ""
    contract: str = ""
    operations: frozenset[str] = frozenset()
    status: int | None = None
    naturals: tuple[Natural, ...] = ()
    force: Force | None = None
    request: Natural | None = None
    pattern: Pattern = field(default_factory=Pattern)
    source: str = ""
    confidence: str = ""
    is_derived: bool = False

    def speaks_of(self, operation_id: str) -> bool:
        """Tell whether it can happen to an operation."""
        return not self.operations or operation_id in self.operations


def scenarios_for(scenarios: Iterable[Scenario], operation_id: str) -> list[Scenario]:
    """Return those that can be forced on an operation."""
    return [each for each in scenarios if each.force is not None and each.speaks_of(operation_id)]


def find_scenario(scenarios: Iterable[Scenario], asked: str) -> Scenario | str:
    """Return the scenario whose id or name is *asked*, in any case, else the nearest id or name.

    `E1-16` finds the first of `E1-16a`, `E1-16b`, ….
    """
    known = [each for each in scenarios if each.force is not None]
    wanted = asked.strip().lower()
    for is_meant in (
        lambda each: wanted in {each.id.lower(), each.name.lower()},
        lambda each: each.id.lower().rstrip("abcdefghijklmnopqrstuvwxyz") == wanted,
    ):
        found = next(filter(is_meant, known), None)
        if found is not None:
            return found
    return nearest(wanted, [word for each in known for word in (each.name, each.id)])
