"""The suite that has Schemathesis generate requests, after the planner has played."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

from locum.behaviour.calls import Call
from locum.contract.model import Location, Operation
from locum.generation.streams import stable_seed
from locum.verify.bench import Bench, Profile
from locum.verify.composing import is_playable
from locum.verify.generated.configuration import Wanted, write_configuration
from locum.verify.generated.document import write_document
from locum.verify.generated.exchanges import SUITE
from locum.verify.generated.process import Job, JobError, events_of
from locum.verify.generated.rulebook import Rulebook
from locum.verify.generated.variables import CONTRACT, FIXTURES, NOW
from locum.verify.generated.verdicts import Reading
from locum.verify.model import Result
from locum.verify.opening import opened
from locum.verify.target import SpentError
from locum.verify.telling import Rule

__all__ = ["generated"]

RUN: Final = Rule(id="generated.run", promise="Requests can be generated from the contract", suite=SUITE)
#: Seeds that Schemathesis takes.
_SEEDS: Final = 2**31


def generated(bench: Bench) -> Iterator[Result]:
    """Play generated requests, as many as the profile wants; `fuzz` goes on until it is stopped."""
    if not any(is_playable(bench, each) for each in bench.operations):
        return
    options = bench.options
    book = Rulebook(contract=bench.contract, fixtures=bench.fixtures, rules=bench.promises, now=options.now)
    reading = Reading(bench=bench, book=book)
    first = stable_seed("schemathesis", options.seed) % _SEEDS
    for turn in count():
        yield from _round(bench, reading, (first + turn) % _SEEDS)
        if options.profile is not Profile.FUZZ:
            return


def _round(bench: Bench, reading: Reading, seed: int) -> Iterator[Result]:
    try:
        for event in events_of(_job(bench, seed)):
            yield from reading.results(event)
            _spend(bench)
        _spend(bench)
    except JobError as error:
        yield RUN.unseen("", str(error))
        if bench.options.profile is Profile.FUZZ:
            raise SpentError(str(error)) from error


def _spend(bench: Bench) -> None:
    """Raise `SpentError` once time or requests are used up; the process is then stopped."""
    limits = bench.target.limits
    if limits.requests is not None and bench.target.requests >= limits.requests:
        raise SpentError(f"the budget of {limits.requests} requests is used up")
    if bench.target.left_s <= 0:
        raise SpentError(f"the {limits.seconds:g} s given are over")


def _job(bench: Bench, seed: int) -> Job:
    options, limits = bench.options, bench.target.limits
    tested = {each.operation_id for each in bench.operations if is_playable(bench, each)}
    secrets = _Secrets(bench)
    headers = {each.operation_id: secrets.headers(each) for each in bench.operations}
    wanted = Wanted(
        profile=options.profile,
        url=bench.target.url,
        seed=seed,
        operations=len(tested),
        left_out=[each.operation_id for each in bench.contract.routes if each.operation_id not in tested],
        headers=headers,
        keys=secrets.keys,
        allows_writes=options.allow_writes,
        is_verified=limits.is_verified,
        timeout_s=limits.timeout_s,
        per_s=limits.per_s,
        seconds=None if limits.seconds is None else bench.target.left_s,
    )
    return Job(
        document=write_document(bench.contract, bench.promises.opaque),
        configuration=write_configuration(wanted),
        url=bench.target.url,
        variables={**secrets.variables, **_surroundings(bench)},
        seconds=None if limits.seconds is None else bench.target.left_s,
    )


def _surroundings(bench: Bench) -> dict[str, str]:
    """Return the variables by which the child finds the rules."""
    told = {CONTRACT: bench.entry.origin}
    if bench.entry.fixtures_origin:
        told[FIXTURES] = str(Path(bench.entry.fixtures_origin).parent)
    if bench.options.now is not None:
        told[NOW] = bench.options.now.isoformat()
    return told


class _Secrets:
    """What opens the operations, each secret in an environment variable: no file holds one. Mutable."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.variables: dict[str, str] = {}
        #: By security scheme, the variable of a secret that is sent in a query.
        self.keys: dict[str, str] = {}

    def headers(self, operation: Operation) -> dict[str, str]:
        """Return the variable of each header that opens *operation*."""
        route = operation.route
        call = opened(Call(method=route.method.value, path=route.path), operation, self.bench, None)
        schemes = self.bench.contract.security_schemes
        for name, text in call.query:
            for scheme in schemes.values():
                if scheme.location is Location.QUERY and scheme.parameter == name:
                    self.keys[scheme.name] = self._variable(text)
        return {
            name: self._variable(text)
            for name, text in (*self.bench.target.headers, *call.headers)
            if name.lower() not in {"content-type", "content-length", "host"}
        }

    def _variable(self, text: str) -> str:
        known = {secret: name for name, secret in self.variables.items()}
        name = known.get(text) or f"LOCUM_SECRET_{len(self.variables)}"
        self.variables[name] = text
        return name
