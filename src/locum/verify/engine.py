"""Runs suites against a server and makes one report: it never stops at a finding, and always reports.

Time that is over, requests that are used up, Ctrl-C, a suite that fails: what was done until then is in the
report, with what was not, and why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.exchanges import Judgement
from locum.behaviour.model import Fixtures
from locum.behaviour.resources.recognition import Recognition
from locum.behaviour.tolerances import Tolerance
from locum.catalog.entry import Entry
from locum.catalog.invariants import Promises
from locum.contract.model import Operation
from locum.generation.generator import Generator
from locum.verify.bench import Bench, Judge, Options, SuiteEntry
from locum.verify.events import Event, EventKind, Listener
from locum.verify.gaps import obstacle_of, statuses_of, succeeded_of, untested_of
from locum.verify.identities import Identities
from locum.verify.ledger import Ledger
from locum.verify.leniency import lenient
from locum.verify.model import Finding, Observed, Report, Result, Untested
from locum.verify.opening import opened
from locum.verify.seen import Seen
from locum.verify.speaking import Spoken, speak
from locum.verify.target import SpentError, Target
from locum.verify.telling import placed

__all__ = ["StoppedError", "Subject", "run"]

_ON_ONE_CONNECTION: Final = 3


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is held to what: a server, and everything that is known of its contract.

    *operations* are those that are tested; *untested* what was left out from the start, and why.
    """

    entry: Entry
    promises: Promises
    identities: Identities
    operations: tuple[Operation, ...]
    target: Target
    options: Options
    generator: Generator = field(default_factory=Generator)
    untested: tuple[Untested, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()


def run(
    subject: Subject,
    suites: Sequence[SuiteEntry],
    judges: Sequence[Judge] = (),
    listeners: Iterable[Listener] = (),
    *,
    clock: Callable[[], float] = time.time,
) -> Report:
    """Return the verdict on *subject*: every suite is played in order, every answer goes to every judge."""
    return _Run(subject, judges, tuple(listeners), clock).play(suites)


class StoppedError(Exception):
    """A listener has heard enough; the run ends with a report. Never leaves the engine."""


class _Run:
    """One verification under way. Mutable: it notes what was sent and found."""

    def __init__(
        self,
        subject: Subject,
        judges: Sequence[Judge],
        listeners: tuple[Listener, ...],
        clock: Callable[[], float],
    ) -> None:
        self.subject, self.judges, self.listeners, self.clock = subject, judges, listeners, clock
        self.began_s = clock()
        self.ledger = Ledger()
        self.traffic: list[Observed] = []
        self.untested: list[Untested] = list(subject.untested)
        self.suite = ""
        self.fixtures: Fixtures = subject.identities.fixtures(subject.entry.fixtures)
        self.bench = Bench(
            entry=replace(subject.entry, fixtures=self.fixtures),
            promises=subject.promises,
            identities=subject.identities,
            operations=subject.operations,
            generator=subject.generator,
            options=subject.options,
            target=subject.target,
            send=self.send,
            speak=self.speak,
            converse=self.converse,
            observe=self.observe,
            recognition=Recognition(subject.entry.contract, subject.entry.fixtures.resources),
            elapsed_s=lambda: self.clock() - self.began_s,
        )

    def play(self, suites: Sequence[SuiteEntry]) -> Report:
        options = self.subject.options
        chosen = [each for each in suites if options.profile in each.profiles]
        if options.is_short:
            chosen.sort(key=lambda each: not each.tells_most)
        self.began_s = self.clock()
        self.tell(Event(kind=EventKind.STARTED, suites=tuple(each.name for each in chosen)))
        interrupted = False
        try:
            for at, each in enumerate(chosen):
                if not self.play_one(each):
                    self.untested.extend(
                        Untested(what=f"suite {later.name}", reason="there was nothing left to ask with")
                        for later in chosen[at + 1 :]
                    )
                    break
        except KeyboardInterrupt:
            interrupted = True
        except StoppedError:
            pass
        finally:
            self.subject.target.close()
        report = self.report(interrupted=interrupted)
        self.tell(Event(kind=EventKind.FINISHED, report=report))
        return report

    def play_one(self, entry: SuiteEntry) -> bool:
        """Play one suite; tell whether there is time and budget for another."""
        self.suite = entry.name
        self.tell(Event(kind=EventKind.SUITE_STARTED, suite=entry.name))
        goes_on, is_idle, asked = True, bool(entry.plays), len(self.traffic)
        try:
            for result in entry.play(self.bench):
                is_idle = False
                self.add(result)
            if is_idle and len(self.traffic) == asked:
                reason = f"what is tested has no {entry.plays}"
                self.untested.append(Untested(what=f"suite {entry.name}", reason=reason))
        except SpentError as spent:
            self.untested.append(Untested(what=f"rest of suite {entry.name}", reason=str(spent)))
            goes_on = False
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 -- one suite must not take the report of the others along
            told = f"{type(error).__name__}: {error}"
            self.untested.append(Untested(what=f"suite {entry.name}", reason=f"it has failed: {told}"))
        self.tell(Event(kind=EventKind.SUITE_ENDED, suite=entry.name))
        return goes_on

    def send(
        self,
        call: Call,
        operation: Operation | None = None,
        *,
        identity: str | None = None,
        is_wrong: bool = False,
    ) -> Seen:
        """Send *call* as *identity* (`None`: who opens, `""`: nobody) and have the answer judged.

        *is_wrong* says that it is to be refused.
        """
        whole = opened(call, operation, self.bench, identity)
        at_s = self.clock()
        step = self.subject.target.send(whole)
        seen = Seen(
            call=whole,
            step=step,
            operation=operation,
            identity=identity,
            suite=self.suite,
            is_wrong=is_wrong,
        )
        self.observe(seen, at_s)
        return seen

    def speak(self, call: Call, operation: Operation) -> tuple[Spoken, Seen]:
        """Send *call* as it stands over a connection of its own; nothing is promised of its answer."""
        at_s = self.clock()
        spoken = speak(self.subject.target, call)
        seen = Seen(call=call, step=spoken.step, operation=operation, suite=self.suite, is_wire=True)
        self.observe(seen, at_s)
        return spoken, seen

    def converse(self, call: Call, operation: Operation) -> list[Seen]:
        """Send *call* three times over one connection."""
        at_s = self.clock()
        found = [
            Seen(call=call, step=step, operation=operation, suite=self.suite, is_wire=True)
            for step in self.subject.target.converse(call, _ON_ONE_CONNECTION)
        ]
        for each in found:
            self.observe(each, at_s)
        return found

    def observe(self, seen: Seen, at_s: float) -> None:
        """Note an exchange, and add what every judge says of it."""
        observed = Observed(operation=_credited(seen), suite=seen.suite, at_s=at_s, step=seen.step)
        self.traffic.append(observed)
        self.tell(Event(kind=EventKind.EXCHANGED, suite=seen.suite, observed=observed))
        for judge in self.judges:
            for result in judge(self.bench, seen):
                self.add(result)

    def add(self, result: Result) -> None:
        """Add a result of a suite or a judge, and tell of it where it brings something new."""
        if result.findings:
            result = placed(result, self.bench.contract, self.bench.operation(result.operation))
            result = replace(result, findings=tuple(map(self.lenient, result.findings)))
        fresh = self.ledger.add(result)
        if fresh or result.judgement is not Judgement.HELD:
            self.tell(
                Event(kind=EventKind.JUDGED, suite=result.suite, result=replace(result, findings=fresh))
            )

    def lenient(self, finding: Finding) -> Finding:
        """Return *finding*, or the deviation it is where the contract forgives it."""
        operation = self.bench.operation(finding.operation)
        return lenient(finding, self.subject.tolerances, operation, self.subject.target.url)

    def tell(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)

    def report(self, *, interrupted: bool) -> Report:
        contract, options = self.subject.entry.contract, self.subject.options
        statuses = statuses_of(self.traffic, self.subject.operations)
        succeeded = succeeded_of(self.traffic)
        return Report(
            contract=self.subject.entry.name,
            version=contract.version,
            document=self.subject.entry.origin,
            url=self.subject.target.url,
            profile=options.profile.value,
            seed=options.seed,
            started_at_s=self.began_s,
            took_s=self.clock() - self.began_s,
            requests=self.subject.target.requests,
            results=tuple(self.ledger),
            findings=self.ledger.findings(),
            statuses=statuses,
            declared={
                each.operation_id: tuple(spec.status for spec in each.responses)
                for each in self.subject.operations
            },
            untested=(
                *self.untested,
                *untested_of(self.subject.operations, statuses, succeeded, self.ledger),
            ),
            traffic=tuple(self.traffic),
            interrupted=interrupted,
            obstacle=obstacle_of(self.traffic, succeeded, self.untested, self.ledger),
        )


def _credited(seen: Seen) -> str:
    """Return the operation that an answer counts for: nothing is promised of those to malformed requests."""
    if seen.operation is None or (seen.is_wire and seen.operation.response_for(seen.status) is None):
        return ""
    return seen.operation_id
