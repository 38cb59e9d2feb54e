"""What a suite is given: the contract and its promises, who may call, and one function that sends.

A suite is a function from a `Bench` to results, which it yields as it goes; the engine makes one report of
those of all suites, and of what the judges say of every answer that any suite has brought about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from locum.behaviour.calls import Call
from locum.behaviour.model import Fixtures
from locum.behaviour.resources.model import Resource
from locum.behaviour.resources.recognition import Recognition
from locum.catalog.entry import Entry
from locum.catalog.invariants import Promises
from locum.contract.contract import Contract
from locum.contract.model import Operation
from locum.generation.generator import Generator
from locum.verify.agreed import Agreed
from locum.verify.identities import Identities
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.speaking import Spoken
from locum.verify.target import Target

__all__ = ["Bench", "Judge", "Options", "Profile", "Suite", "SuiteEntry"]


class Profile(StrEnum):
    """How much is tried."""

    #: Seconds, for every push.
    QUICK = "quick"
    FULL = "full"
    #: Until stopped, or until the time is over.
    FUZZ = "fuzz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server is held to its contract.

    *is_strict* lets what a vendor's pages say, and no more, fail as well; *has_assumptions* looks at what is
    only assumed. *now* is the clock of the server, `None` where it is not known; *trusts_date* takes it from
    the header `Date`. *values* are those that the tester has supplied, *supposed* those that nobody but the
    fixtures has named. *is_short* says that requests are few, so that what tells the most goes first: the
    relations that *first* names, and the suites that are marked.
    """

    profile: Profile = Profile.FULL
    seed: str = "0"
    allow_writes: bool = False
    #: Whether methods that the contract does not declare may be tried, those that write included.
    may_probe_writes: bool = False
    is_strict: bool = False
    has_assumptions: bool = False
    now: datetime | None = None
    trusts_date: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    supposed: frozenset[str] = frozenset()
    is_short: bool = False
    first: tuple[str, ...] = ()
    #: Words of the command line that other engines need.
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everything a suite works with.

    *operations* are those to be tested, read already, in the document's order. *send* sends one call to an
    operation (or to none) and returns what came of it, judged; it raises `SpentError` when time or requests
    are used up, which a suite lets pass.
    """

    entry: Entry
    promises: Promises
    identities: Identities
    operations: tuple[Operation, ...]
    generator: Generator
    options: Options
    target: Target
    send: Callable[..., Seen]
    #: Sends one call over a connection of its own, and gives every byte that comes back.
    speak: Callable[[Call, Operation], tuple[Spoken, Seen]]
    #: Sends one call three times over one connection.
    converse: Callable[[Call, Operation], list[Seen]]
    #: Takes an exchange that a suite has seen by other means, and when it was (since the epoch): notes it,
    #: and has it judged.
    observe: Callable[[Seen, float], None]
    #: Which operations create, read, list, change and delete the same kind of thing.
    recognition: Recognition
    #: Seconds since the run began: what a clock that runs has gone on since.
    elapsed_s: Callable[[], float] = lambda: 0.0
    #: By operation id, the first call that was answered with success; suites fill and read it.
    bases: dict[str, Seen] = field(default_factory=dict)
    #: By path template of a thing, the values that name one; `things/finding.py` fills and reads it.
    known: dict[str, Mapping[str, str] | None] = field(default_factory=dict)
    #: By path, what was made and not deleted yet, and the values of its path; `judges/leavings.py` keeps it.
    made: dict[str, tuple[Resource, Mapping[str, str]]] = field(default_factory=dict)
    #: Answers that are long and were judged before; judges fill and read it.
    judged: set[tuple[str, ...]] = field(default_factory=set)
    #: What is known of how members of answers agree; `judges/agreements.py` keeps it.
    agreed: Agreed = field(default_factory=Agreed)

    @property
    def contract(self) -> Contract:
        """The contract the server is held to."""
        return self.entry.contract

    @property
    def fixtures(self) -> Fixtures:
        """What lies beside the contract."""
        return self.entry.fixtures

    def operation(self, name: str) -> Operation | None:
        """Return an operation that is tested by its id."""
        return next((each for each in self.operations if each.operation_id == name), None)


#: Plays something and tells what came of it; several results of one rule and operation are made one.
Suite: TypeAlias = Callable[[Bench], Iterator[Result]]
#: Looks at every answer, whoever asked for it.
Judge: TypeAlias = Callable[[Bench, Seen], Iterator[Result]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteEntry:
    """A suite with its name and the profiles it belongs to."""

    name: str
    play: Suite
    profiles: frozenset[Profile] = frozenset(Profile)
    #: Whether it goes before the others where requests are few.
    tells_most: bool = False
    #: What of the document it is played on: told where there is nothing of it, `""` where that is plain.
    plays: str = ""
