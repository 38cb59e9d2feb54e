"""What was compiled for one operation, kept by whoever owns the plan; filled in on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from locum.behaviour.asked_servers import unmatched_server
from locum.behaviour.authorization import Authorize, compile_authorizer
from locum.behaviour.checking import Checker, compile_checker
from locum.behaviour.contents import Content, Generates, compile_content
from locum.behaviour.degrading import usable_request, written_alone
from locum.behaviour.joined_examples import NO_JOINS, Joins, compile_joins, is_called, status_of
from locum.behaviour.judges import NO_JUDGES, Judge
from locum.behaviour.manners import OWN_MANNERS, Manners
from locum.behaviour.media_ranges import without_parameters
from locum.behaviour.model import Cause, Fixtures, Preferences, RawRequest, Refusal
from locum.behaviour.negotiation import Choice, choose_media, choose_response, is_bodiless
from locum.behaviour.reply_headers import MakeHeaders, compile_headers
from locum.behaviour.reply_judging import JudgeReply, compile_reply_judge
from locum.behaviour.requirements import Requirement
from locum.contract.contract import Contract
from locum.contract.model import Operation, ResponseSpec, Server

__all__ = ["Answerable", "Plan", "compile_plan", "names_one_thing"]

#: Different `Accept` texts kept per operation; a client that makes up more is served without.
_KEPT: Final = 128
_ANYTHING: Final = "*/*"
#: Statuses of refusals whose example may be chosen.
_OF_ERRORS: Final = frozenset({400, 415, 422})
_OF_SECURITY: Final = frozenset({401})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """A response that was chosen: its status, its headers, and its content if it has any."""

    status: int
    spec: ResponseSpec
    make_headers: MakeHeaders
    content: Content | None


@dataclass(slots=True, kw_only=True, eq=False)
class Plan:
    """One operation, ready to be played."""

    operation: Operation
    authorize: Authorize
    generator: Generates
    judges: Mapping[str, Judge] = field(default_factory=dict)
    requirements: tuple[Requirement, ...] = ()
    manners: Manners = OWN_MANNERS
    servers: tuple[Server, ...] = ()
    #: Gives the value of `Allow`.
    allow: Callable[[], str] = str
    compiled_checker: Checker | None = None
    chosen: dict[tuple[int | None, str | None], Answerable | Refusal] = field(default_factory=dict)
    contents: dict[tuple[str, str, bool], Content] = field(default_factory=dict)
    headers: dict[tuple[str, bool], MakeHeaders] = field(default_factory=dict)
    reply_judges: dict[str, JudgeReply] = field(default_factory=dict)
    compiled_joins: Joins | None = None

    @property
    def checker(self) -> Checker:
        """The checker, compiled on first use; raises `ContractError` as `Schema.bundle` does."""
        if self.compiled_checker is None:
            asked = usable_request(self.operation)
            self.compiled_checker = compile_checker(
                asked,
                self.judges,
                self.requirements,
                self.manners.form_faults,
                refuses_surplus=self.manners.refuses_surplus,
                takes_akin=self.manners.takes_akin,
            )
        return self.compiled_checker

    def unfit(self, code: int | None, raw: RawRequest) -> Refusal | None:
        """Return why nothing that is declared can answer *raw*, where it is custom to see to that first."""
        elsewhere = unmatched_server(raw.query, self.servers) if self.manners.asks_servers else None
        if elsewhere is not None:
            return elsewhere
        chosen = self.choose(code, raw.header("accept")) if self.manners.accepts_first else None
        is_unfit = isinstance(chosen, Refusal) and chosen.cause is Cause.NOT_ACCEPTABLE
        return chosen if is_unfit and isinstance(chosen, Refusal) else None

    def misheard(self, refusal: Refusal) -> Refusal:
        """Return the refusal of preferences that mean nothing, as custom has it."""
        told = refusal.violations[0] if len(refusal.violations) == 1 else None
        is_number = told is not None and told.asked == "code" and told.received.isdecimal()
        if told is None or not is_number or not self.manners.takes_any_number:
            return refusal
        found = choose_response(self.operation, int(told.received))
        return found if isinstance(found, Refusal) else refusal

    def wished(self, refusal: Refusal, preferences: Preferences) -> Refusal:
        """Return *refusal* as told by the example that was asked for with its status, where it is custom."""
        statuses = _OF_SECURITY if refusal.status in _OF_SECURITY else _OF_ERRORS
        is_heard = not self.manners.is_truthful and preferences.code in statuses
        return replace(refusal, example=preferences.example) if is_heard else refusal

    def told_whole(self, refusal: Refusal, raw: RawRequest) -> Refusal:
        """Return *refusal* with all else that is wrong with *raw*, where it is custom to tell it."""
        found = self.checker.check(raw) if self.manners.tells_all else None
        return replace(refusal, further=found.violations) if isinstance(found, Refusal) else refusal

    @property
    def joins(self) -> Joins:
        """The examples that requests name, compiled on first use."""
        if self.compiled_joins is None:
            self.compiled_joins = compile_joins(self.operation) if self.manners.joins_examples else NO_JOINS
        return self.compiled_joins

    def judge_reply(self, spec: ResponseSpec) -> JudgeReply:
        """Return what judges replies by *spec*; raises `ContractError` as `Schema.bundle` does."""
        if spec.status not in self.reply_judges:
            judge = compile_reply_judge(
                spec,
                judges_undeclared=self.manners.judges_undeclared,
                takes_akin=self.manners.takes_akin,
            )
            self.reply_judges[spec.status] = judge
        return self.reply_judges[spec.status]

    def code_for(self, wanted: Preferences) -> int | None:
        """Return the status that is asked for: by itself, or by an example that only another response has."""
        if wanted.code is not None or wanted.example is None or not self.manners.joins_examples:
            return wanted.code
        usual = self.choose(None, None)
        content = usual.content if isinstance(usual, Answerable) else None
        is_usual = content is not None and _has_example(content, wanted.example)
        return None if is_usual else status_of(wanted.example, self.operation)

    def settled(self, wanted: Preferences, accept: str | None) -> Answerable | Refusal:
        """Return the response for what is *wanted*; one that cannot be had may give way to the usual one."""
        found = self.choose(self.code_for(wanted), accept)
        if wanted.code is None or not self.manners.gives_way or _is_had(found, wanted.example):
            return found
        usual = self.choose(None, accept)
        return usual if _is_had(usual, wanted.example) else found

    def choose(self, code: int | None, accept: str | None) -> Answerable | Refusal:
        """Return the response for a valid request that asks for *code* and accepts *accept*."""
        key = (code, accept)
        if key in self.chosen:
            return self.chosen[key]
        found = self._choose(code, accept)
        if len(self.chosen) < _KEPT:
            self.chosen[key] = found
        return found

    def _choose(self, code: int | None, accept: str | None) -> Answerable | Refusal:
        if self.manners.needs_responses and code is None and not self.operation.responses:
            return Refusal(cause=Cause.NO_RESPONSE, status=500, detail="the operation declares no response")
        chosen = choose_response(self.operation, code)
        if isinstance(chosen, Refusal):
            return chosen
        status, spec = chosen
        if is_bodiless(status):
            return self.answerable(status, spec, None)
        if not spec.content:
            is_barred = accept and _ANYTHING not in accept and self.manners.unnamed(spec)
            return _not_acceptable(spec, accept) if is_barred else self.answerable(status, spec, None)
        choice = self._media(spec, accept)
        return self.answerable(status, spec, choice) if choice else _not_acceptable(spec, accept)

    def _media(self, spec: ResponseSpec, accept: str | None) -> Choice | None:
        choose = partial(choose_media, spec.content, prefers_json=self.manners.prefers_json)
        choice = choose(accept)
        bare = "" if choice or not self.manners.takes_akin else without_parameters(accept or "")
        return choose(bare) if bare else choice

    def answerable(self, status: int, spec: ResponseSpec, choice: Choice | None) -> Answerable:
        """Return the response with *choice* as its content; raises as `Schema.bundle` does."""
        content = None
        if choice is not None:
            key = (spec.status, choice.media.name + choice.content_type, choice.must_be_text)
            if key not in self.contents:
                self.contents[key] = compile_content(
                    choice, self.generator, self.manners.xml_root, self.manners.writes
                )
            content = self.contents[key]
        make_headers = self.headers_of(spec, is_dynamic=False)
        return Answerable(status=status, spec=spec, make_headers=make_headers, content=content)

    def headers_of(self, spec: ResponseSpec, *, is_dynamic: bool) -> MakeHeaders:
        """Return what makes the headers of *spec*, as fixed as custom has it unless *is_dynamic*."""
        is_fixed = self.manners.fixes_headers and not is_dynamic
        key = (spec.status, is_fixed)
        if key not in self.headers:
            self.headers[key] = compile_headers(
                spec.headers, self.generator, is_fixed=is_fixed, allow=self.allow
            )
        return self.headers[key]


def compile_plan(  # noqa: PLR0913 -- everything a plan depends on is an argument
    operation: Operation,
    *,
    contract: Contract,
    fixtures: Fixtures,
    generator: Generates,
    judges: Mapping[str, Judge] = NO_JUDGES,
    requirements: tuple[Requirement, ...] = (),
    manners: Manners = OWN_MANNERS,
) -> Plan:
    """Compile what is needed of *operation* at once; the rest follows when it is asked for."""
    return Plan(
        operation=written_alone(operation) if manners.is_literal else operation,
        authorize=compile_authorizer(operation, contract.security_schemes, fixtures, realm=contract.name),
        generator=generator,
        judges=judges,
        requirements=requirements,
        manners=manners,
        servers=operation.route.servers or contract.servers,
        allow=partial(contract.allowed, operation.route.path),
    )


def names_one_thing(operation: Operation) -> bool:
    """Tell whether the path ends in a variable, so that every call under one path speaks of one thing."""
    return "{" in operation.route.path.rstrip("/").rpartition("/")[2]


def _is_had(found: Answerable | Refusal, example: str | None) -> bool:
    """Tell whether *found* is acceptable, and has the example that is asked for."""
    if isinstance(found, Refusal):
        return found.cause is not Cause.NOT_ACCEPTABLE
    return example is None or found.content is None or _has_example(found.content, example)


def _has_example(content: Content, name: str) -> bool:
    return any(is_called(each, name) for each in content.written_examples)


def _not_acceptable(spec: ResponseSpec, accept: str | None) -> Refusal:
    declared = ", ".join(each.name for each in spec.content)
    detail = f"nothing that {(accept or '')[:100]!r} accepts is declared; declared: {declared}"
    facts = {"accept": accept or ""}
    return Refusal(cause=Cause.NOT_ACCEPTABLE, status=406, detail=detail, facts=facts)
