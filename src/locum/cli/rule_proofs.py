"""Proves the rules of a contract on the stand-in: each is looked at, holds, and can be broken.

A rule that no answer is spoken of by, or that nothing breaks, says less than its author thinks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Final
from urllib.parse import unquote

import orjson

from locum.behaviour import Outcome, RawRequest, StandIn
from locum.behaviour.calls import Call, authorized, compose
from locum.behaviour.crawling import Send
from locum.behaviour.edits import edit
from locum.behaviour.exchanges import Call as Promised
from locum.behaviour.exchanges import Exchange, Judgement
from locum.behaviour.invariants import Invariant, judge
from locum.behaviour.mutations import spoiled
from locum.behaviour.relations import Kind, Relation, play
from locum.behaviour.request_cases import Cases, make_cases
from locum.behaviour.requirements import Requirement
from locum.behaviour.scenarios import Natural
from locum.behaviour.session import NO_SNAPSHOT
from locum.catalog import Entry
from locum.catalog.invariants import Promises
from locum.contract.model import JsonValue, Operation
from locum.errors import Diagnostic, Severity, Where
from locum.generation import Generator
from locum.verify.exchanging import call_of, path_values

__all__ = ["answers_of", "prove_rules"]

#: Changes tried of one answer, answers tried for one invariant, and answers tried for one relation.
_MOST_CHANGES: Final = 400
_MOST_ANSWERS: Final = 3
_MOST_STEPS: Final = 40
#: Seeds for which an operation without a handler is asked for made-up answers.
_SEEDS: Final = ("1", "2", "3", "4")
_UNSEEN: Final = "rules.unseen"
_BASE_URL: Final = "https://stand-in.example.test"


def prove_rules(entry: Entry, rules: Promises) -> tuple[Diagnostic, ...]:
    """Return what cannot be proven of *rules*; nothing where all is well."""
    if not (rules.invariants or rules.relations or rules.requirements):
        return ()
    mock = _Mock(entry)
    heard = mock.answers(rules.calls)
    found = [diagnostic for each in rules.invariants for diagnostic in _of_invariant(each, heard, mock)]
    if any(each.code == _UNSEEN for each in found):
        # Some rules speak of a time alone: of a month, of its first second.
        heard = [*heard, *_Mock(entry, now=_next_month(mock.now)).answers(rules.calls)]
        found = [diagnostic for each in rules.invariants for diagnostic in _of_invariant(each, heard, mock)]
    found += [diagnostic for each in rules.relations for diagnostic in _of_relation(each, mock)]
    found += [diagnostic for each in rules.requirements for diagnostic in _of_requirement(each, mock)]
    return tuple(found)


def answers_of(entry: Entry, calls: Iterable[Promised]) -> tuple[Exchange, ...]:
    """Return what the stand-in answers to *calls*, and to a usual call of each operation."""
    return tuple(_Mock(entry).answers(calls))


@dataclass(slots=True, eq=False)
class _Mock:
    """The stand-in of one contract, asked without a socket; remembers what it has answered."""

    entry: Entry
    now: datetime = NO_SNAPSHOT.now
    generator: Generator = field(default_factory=Generator)
    told: dict[str, Exchange] = field(default_factory=dict)
    stand_in: StandIn = field(init=False)
    operations: dict[str, Operation] = field(init=False)

    def __post_init__(self) -> None:
        entry = self.entry
        self.stand_in = StandIn(
            contract=entry.contract,
            generator=self.generator,
            fixtures=entry.fixtures,
            handlers=entry.handlers,
        )
        self.operations = {each.operation_id: each for each in entry.contract.readable_operations()}

    def ask(self, promised: Promised) -> Exchange:
        """Return what a call is answered."""
        key = str(promised)
        if key not in self.told:
            operation = self.operations[promised.operation]
            contract, fixtures = self.entry.contract, self.entry.fixtures
            call = call_of(promised, operation)
            opened = authorized(call, operation, contract, fixtures, promised.credential)
            self.told[key] = replace(self.send(opened or call, operation), call=promised)
        return self.told[key]

    def send(self, call: Call, operation: Operation, *headers: tuple[str, str]) -> Exchange:
        """Return what a request is answered; a reply that comes later is none."""
        query = "&".join(f"{name}={text}" for name, text in call.query)
        values = path_values(operation.route.path, call.path)
        raw = RawRequest(
            method=call.method,
            path=call.path,
            path_values={name: unquote(text) for name, text in values.items()},
            query=query,
            headers=tuple((name.lower(), text) for name, text in (*call.headers, *headers)),
            body=call.body,
            base_url=_BASE_URL,
        )
        outcome = self.stand_in.respond(operation.route, raw, replace(NO_SNAPSHOT, now=self.now))
        reply = outcome.reply if isinstance(outcome, Outcome) else None
        return Exchange(
            call=Promised(operation=operation.operation_id, path=values, query=query),
            status=reply.status if reply else 0,
            body=_json(reply.body) if reply else None,
            headers={name.lower(): text for name, text in reply.headers} if reply else {},
            now=self.now,
        )

    def usual(self, operation: Operation) -> Call | None:
        """Return the request that is answered well."""
        return compose(
            Natural(operation=operation.operation_id),
            operation,
            contract=self.entry.contract,
            fixtures=self.entry.fixtures,
            generator=self.generator,
        )

    def answers(self, calls: Iterable[Promised]) -> list[Exchange]:
        """Return the answers to *calls*, and to a usual call of each operation, the shortest first."""
        return sorted(self._answers(calls), key=lambda exchange: len(str(exchange.body)))

    def _answers(self, calls: Iterable[Promised]) -> Iterator[Exchange]:
        yield from (self.ask(call) for call in calls if call.operation in self.operations)
        for name, operation in self.operations.items():
            call = self.usual(operation)
            if call is None:
                continue
            yield self.send(call, operation)
            if name not in self.entry.handlers:
                for seed in _SEEDS:
                    yield self.send(call, operation, ("prefer", f"dynamic=true, seed={seed}"))

    @property
    def makes_up(self) -> bool:
        """Whether answers are made up, so that no rule between their values can be kept."""
        return not self.entry.handlers


def _next_month(now: datetime) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _of_invariant(rule: Invariant, heard: list[Exchange], mock: _Mock) -> Iterator[Diagnostic]:
    verdicts = [(each, judge(rule, each)) for each in heard if each.call.operation in rule.operations]
    held = [each for each, one in verdicts if one.judgement is Judgement.HELD]
    # What no answer has is a slip of the pen, and not optional.
    wrong = Judgement.BROKEN, *(() if held else (Judgement.NOT_EVALUATED,))
    broken = next((one for _, one in verdicts if one.judgement in wrong), None)
    if broken is not None:
        hint = "values are made up: give an example, or a handler, that keeps it" if mock.makes_up else ""
        severity = Severity.WARNING if mock.makes_up else Severity.ERROR
        yield _told(
            "not-kept",
            f"an answer of the stand-in breaks `{rule.id}`: {broken.message}",
            rule.where,
            hint,
            severity,
        )
    elif not held:
        hint = "add a call to `calls` beside the document whose answer it speaks of"
        yield _told("unseen", f"no answer of the stand-in is spoken of by `{rule.id}`", rule.where, hint)
    elif not any(_is_caught(rule, each) for each in held[:_MOST_ANSWERS]):
        hint = "say in `breaks` which change of an answer it catches, or make it say more"
        yield _told("toothless", f"no change of an answer breaks `{rule.id}`", rule.where, hint)


def _is_caught(rule: Invariant, exchange: Exchange) -> bool:
    declared = replace(exchange, body=edit(exchange.body, rule.breaks))
    changed = [declared] if rule.breaks else islice(spoiled(exchange), _MOST_CHANGES)
    return any(judge(rule, each).judgement is Judgement.BROKEN for each in changed)


def _of_relation(rule: Relation, mock: _Mock) -> Iterator[Diagnostic]:
    if any(call.operation not in mock.operations for call in rule.calls):
        return
    heard: list[Exchange] = []

    def listen(call: Promised) -> Exchange:
        heard.append(mock.ask(call))
        return heard[-1]

    verdict = play(rule, listen)
    if verdict.judgement is Judgement.BROKEN:
        severity = Severity.WARNING if mock.makes_up else Severity.ERROR
        hint = "values are made up: only a handler can keep it" if mock.makes_up else ""
        yield _told(
            "not-kept", f"the stand-in breaks `{rule.id}`: {verdict.message}", rule.where, hint, severity
        )
    elif verdict.judgement is not Judgement.HELD:
        yield _told("unseen", f"`{rule.id}` says nothing of the stand-in: {verdict.message}", rule.where)
    elif not _is_noticed(rule, heard, mock):
        yield _told("toothless", f"no change of one answer breaks `{rule.id}`", rule.where)


def _is_noticed(rule: Relation, heard: list[Exchange], mock: _Mock) -> bool:
    """Tell whether the relation is broken when one of the answers it asks for is another.

    One that holds that answers differ is broken when all are the first.
    """
    if rule.kind is Kind.VARIED:
        return play(rule, lambda _: heard[0]).judgement is Judgement.BROKEN
    places = [*range(min(len(heard), _MOST_STEPS))]
    return any(
        play(rule, _with(mock, at, spoilt)).judgement is Judgement.BROKEN
        for at in reversed(places)
        for spoilt in islice(spoiled(heard[at]), _MOST_CHANGES)
    )


def _with(mock: _Mock, at: int, spoilt: Exchange) -> Send:
    """Return what asks the stand-in, and gets *spoilt* for the answer at *at*."""
    numbers = count()
    return lambda call: spoilt if next(numbers) == at else mock.ask(call)


def _of_requirement(rule: Requirement, mock: _Mock) -> Iterator[Diagnostic]:
    for name in sorted(rule.operations & mock.operations.keys()):
        operation = mock.operations[name]
        kept = [(mock.ask(call)) for call in rule.kept if call.operation == name]
        broken = [(mock.ask(call)) for call in rule.broken if call.operation == name]
        cases = _cases(rule, operation, mock) if not (kept and broken) else Cases()
        kept = kept or ([mock.send(cases.kept, operation)] if cases.kept else [])
        broken = broken or ([mock.send(cases.broken, operation)] if cases.broken else [])
        told = " or ".join(map(str, sorted(rule.statuses))) or "400 or 422"
        refusals = rule.statuses or frozenset({400, 422})
        for word, exchanges in (("keeps", kept), ("breaks", broken)):
            if not exchanges:
                hint = f"add one under `{'kept' if word == 'keeps' else 'broken'}`"
                yield _told(
                    "no-request", f"no request to {name} was found that {word} `{rule.id}`", rule.where, hint
                )
        for each in kept:
            if each.status in refusals:
                message = f"{each.call} keeps `{rule.id}` and is answered {each.status}"
                yield _told("not-kept", message, rule.where, "", Severity.ERROR)
        for each in broken:
            if each.status not in refusals:
                message = f"{each.call} breaks `{rule.id}` and is answered {each.status}, not {told}"
                yield _told("not-refused", message, rule.where, "", Severity.ERROR)


def _cases(rule: Requirement, operation: Operation, mock: _Mock) -> Cases:
    base = mock.usual(operation)
    if base is None:
        return Cases()
    settings = mock.entry.fixtures.settings
    return make_cases(rule, operation, base, generator=mock.generator, now=NO_SNAPSHOT.now, settings=settings)


def _told(
    code: str, message: str, where: Where, hint: str = "", severity: Severity = Severity.WARNING
) -> Diagnostic:
    return Diagnostic(code=f"rules.{code}", message=message, where=where, hint=hint, severity=severity)


def _json(body: bytes) -> JsonValue:
    try:
        found: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found
