"""What an API asks of a request beyond its schemas, as data, and the judge of it.

A requirement says how values of one request go together, in CEL; an opaque value is one that only an earlier
answer can give. What must not live here: reading files, sending. Answers are judged by `invariants.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from locum.behaviour.exchanges import Call, Judgement, Verdict
from locum.behaviour.expressions import (
    FAILURES,
    LONGEST_LIST,
    Expression,
    Scope,
    bind,
    evaluate,
    longest_list,
)
from locum.behaviour.scopes import REQUEST_SCOPE
from locum.contract.model import JsonValue, Location, Violation
from locum.errors import Where

__all__ = ["REQUEST_SCOPE", "Asked", "Opaque", "Requirement", "broken_by", "judge_request", "unmet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as requirements see it: what was sent, by declared name, typed by its schema.

    What was left out is left out: defaults are not filled in. *now* is the time by the clock of who is asked.
    """

    operation: str
    query: Mapping[str, JsonValue] = field(default_factory=dict)
    path: Mapping[str, JsonValue] = field(default_factory=dict)
    headers: Mapping[str, JsonValue] = field(default_factory=dict)
    cookies: Mapping[str, JsonValue] = field(default_factory=dict)
    body: JsonValue = None
    now: datetime | None = None
    settings: Mapping[str, JsonValue] = field(default_factory=dict)

    def value(self, location: Location, name: str) -> JsonValue:
        """Return what was sent as a parameter; raises `KeyError` when nothing was."""
        sent = {
            Location.QUERY: self.query,
            Location.PATH: self.path,
            Location.HEADER: self.headers,
            Location.COOKIE: self.cookies,
        }
        return sent[location][name]


#: The places of a request that a requirement with `self` speaks of: where each is, and its value.
Subjects = Callable[[Asked], Iterable[tuple[str, JsonValue]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something a request to one of *operations* has to keep; one that breaks it is refused.

    *when* narrows it. *statuses* are those of the refusal, any that is declared where none is named. The
    refusal speaks of the parameter *name* at *location*, of the body without them. *kept* and *broken* are
    requests that show both. With *subjects*, `self` is each of them in turn.
    """

    id: str
    promise: str
    operations: frozenset[str]
    expression: Expression
    when: Expression | None = None
    statuses: frozenset[int] = frozenset()
    location: Location | None = None
    name: str = ""
    kept: tuple[Call, ...] = ()
    broken: tuple[Call, ...] = ()
    confidence: str = ""
    source: str = ""
    where: Where = Where()
    subjects: Subjects | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """A parameter of *operations* whose values are good because an earlier answer gave them.

    *giver* is the operation that gives them, `""` where the document does not say; *at* points into its body.
    *statuses* are those that a made-up value is refused with; without them nobody promises to refuse one.
    """

    name: str
    location: Location
    operations: frozenset[str]
    giver: str = ""
    at: str = ""
    statuses: frozenset[int] = frozenset()
    promise: str = ""
    confidence: str = ""
    source: str = ""
    where: Where = Where()

    @property
    def id(self) -> str:
        """A name for the rule, as findings have it."""
        return f"opaque.{self.name}"


def judge_request(requirements: Iterable[Requirement], asked: Asked) -> Iterator[tuple[Requirement, Verdict]]:
    """Yield each of *requirements* with what *asked* makes of it.

    One that cannot be evaluated says nothing: values that mean nothing are the schema's business.
    """
    scope: Scope | None = None
    for requirement in requirements:
        if asked.operation not in requirement.operations:
            yield requirement, _ASIDE
        elif longest_list(asked.body) > LONGEST_LIST:
            message = f"a list has more than {LONGEST_LIST:,} items"
            yield requirement, Verdict(judgement=Judgement.NOT_EVALUATED, message=message)
        elif requirement.subjects is None:
            scope = scope or bind(_seen_in(asked))
            yield requirement, _judged(requirement, scope)
        else:
            yield requirement, _judged_each(requirement, requirement.subjects(asked), asked)


def broken_by(requirements: Iterable[Requirement], asked: Asked) -> list[Requirement]:
    """Return those of *requirements* that *asked* does not keep."""
    verdicts = judge_request(requirements, asked)
    return [each for each, verdict in verdicts if verdict.judgement is Judgement.BROKEN]


def unmet(requirement: Requirement) -> Violation:
    """Return what is wrong with a request that breaks *requirement*, as a refusal tells it."""
    part = requirement.location.value if requirement.location else "body"
    location = ("request", part, requirement.name) if requirement.name else ("request", part)
    return Violation(
        location=location,
        keyword="requires",
        message=f"breaks a rule: {requirement.promise}",
        expected=requirement.expression.text,
    )


_ASIDE: Final = Verdict(judgement=Judgement.NOT_APPLICABLE)


def _judged_each(
    requirement: Requirement, subjects: Iterable[tuple[str, JsonValue]], asked: Asked
) -> Verdict:
    """Return the verdict on all subjects: broken if one is, held if one is and none is broken."""
    seen, found = _seen_in(asked), _ASIDE
    for _, subject in subjects:
        verdict = _judged(requirement, bind({**seen, "self": subject}))
        if verdict.judgement is Judgement.BROKEN:
            return verdict
        found = verdict if verdict.judgement is not Judgement.NOT_APPLICABLE else found
    return found


def _judged(requirement: Requirement, scope: Scope) -> Verdict:
    try:
        if requirement.when is not None and evaluate(requirement.when, scope) is not True:
            return _ASIDE
        kept = evaluate(requirement.expression, scope) is True
    except FAILURES as error:
        return Verdict(judgement=Judgement.NOT_EVALUATED, message=str(error).partition("\n")[0])
    if kept:
        return Verdict(judgement=Judgement.HELD)
    return Verdict(judgement=Judgement.BROKEN, message=requirement.promise)


def _seen_in(asked: Asked) -> Mapping[str, JsonValue]:
    return {
        "query": dict(asked.query),
        "path": dict(asked.path),
        "headers": dict(asked.headers),
        "cookies": dict(asked.cookies),
        "body": asked.body,
        "now": None if asked.now is None else asked.now.timestamp(),
        "settings": dict(asked.settings),
        "self": None,
    }
