"""Makes results of what Schemathesis has sent and found, with identities as fine as the planner's.

Whether an answer is what the contract declares is judged by the judges, as every answer is; here is what only
the generator knows: which requests were meant to be wrong. Both its word and that of our own reader of
requests are needed to call a request wrong, or right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from locum.behaviour.crawling import MISSING, value_at
from locum.behaviour.requirements import Opaque, Requirement
from locum.contract.model import Operation, Violation
from locum.verify.bench import Bench
from locum.verify.generated.exchanges import SUITE, Exchange, chain_of, size_of
from locum.verify.generated.rulebook import Rulebook
from locum.verify.model import Result, Step
from locum.verify.seen import Seen, Undecoded
from locum.verify.severities import severity_of
from locum.verify.suites.identities import without_credentials
from locum.verify.suites.requirements import part_of
from locum.verify.telling import Rule, place_of

__all__ = ["Reading"]

ACCEPTED: Final = Rule(
    id="parameter.accepted",
    promise="A parameter that breaks its schema, or is missing, is refused as the contract declares",
    suite=SUITE,
)
BODY_ACCEPTED: Final = Rule(
    id="body.accepted",
    promise="A body that breaks its schema is refused as the contract declares",
    suite=SUITE,
)
REFUSED: Final = Rule(
    id="request.refused", promise="A request that keeps its schemas and all rules is not refused", suite=SUITE
)
SERVER_ERROR: Final = Rule(
    id="answer.server-error", promise="No request makes the server fail", suite=SUITE, source="RFC 9110, 15.6"
)
CLOSED: Final = Rule(id="auth.accepted", promise="Whoever shows no good credential is kept out", suite=SUITE)
METHOD: Final = Rule(
    id="method.undeclared",
    promise="A method that a path does not declare is refused by 405, with `Allow`",
    suite=SUITE,
    source="RFC 9110, 15.5.6",
)
TRACE: Final = Rule(id="method.trace", promise="TRACE is not answered", suite=SUITE, source="RFC 9110, 9.3.8")
#: Failures by the code that Schemathesis gives them; others of its codes are the judges' affair.
_REFUSED_CODE: Final = "ST202"
_METHOD_CODE: Final = "ST204"
_CLOSED_CODE: Final = "ST401"
_CLIENT_ERRORS: Final = range(400, 500)
_RULES: Final[Mapping[str, Rule]] = {
    "ST204": METHOD,
    "ST205": Rule(id="method.allow", promise="`Allow` lists the methods that a path declares", suite=SUITE),
    "ST301": Rule(id="resource.use-after-delete", promise="What was deleted is gone", suite=SUITE),
    "ST302": Rule(id="resource.unavailable", promise="What was made is there", suite=SUITE),
    "ST401": CLOSED,
    "ST402": Rule(
        id="auth.foreign-object", promise="What belongs to somebody is shown to nobody else", suite=SUITE
    ),
}
#: As the planner calls them.
_KINDS: Final = {"required": "missing"}
_SERVER_ERRORS: Final = range(500, 600)
_STATUSES_OF_NONE: Final = frozenset({501, 503})


@dataclass(slots=True, kw_only=True)
class Reading:
    """Reads the events of one run; *given* are the opaque values that answers have given so far."""

    bench: Bench
    book: Rulebook
    given: dict[Opaque, set[str]] = field(default_factory=dict)

    def results(self, event: Mapping[str, Any]) -> Iterator[Result]:
        """Have the exchanges of *event* judged, and yield what is found beyond that."""
        if event["kind"] != "scenario":
            yield from _troubles(event)
            return
        exchanges = [
            Exchange.read(each, self.book, self.bench.target.base_path) for each in event["exchanges"]
        ]
        for each in exchanges:
            self.bench.target.requests += 1
            self.bench.observe(each.seen, each.at_s)
            self._learn(each)
        known = {each.id: each for each in exchanges}
        # The smallest request shows best what is wrong.
        for each in sorted(exchanges, key=size_of):
            for result in self._found(each):
                yield _with_steps(result, chain_of(each, known))

    def _found(self, each: Exchange) -> Iterator[Result]:
        operation, seen = each.seen.operation, each.seen
        if not seen.is_looked_at:
            return
        if seen.status in _SERVER_ERRORS and seen.status not in _STATUSES_OF_NONE:
            yield SERVER_ERROR.broken(
                each.operation_id,
                seen.step,
                kind=str(seen.status),
                expected="an answer below 500",
                received=_excerpt(seen),
            )
            return
        for code in each.codes:
            if code in _RULES and not _is_tolerable(each, code, self.bench):
                yield self._failed(each, _RULES[code], code)
        if operation is not None and each.raw is not None:
            yield from self._negative(each, operation) if each.violations else self._positive(each, operation)

    def _failed(self, each: Exchange, rule: Rule, code: str) -> Result:
        has_credential = any(name.lower() == "authorization" for name, _ in each.seen.step.sent.headers)
        method, is_method = each.seen.call.method, rule.id.startswith("method.")
        kinds = {"ST401": "invalid-credential" if has_credential else "no-credential"}
        told = TRACE if rule is METHOD and method == "TRACE" and each.seen.is_success else rule
        return told.broken(
            each.operation_id,
            each.seen.step,
            location=method if is_method else "",
            kind=kinds.get(code, "accepted" if each.seen.is_success else str(each.seen.status)),
            expected="405 with `Allow`" if is_method else rule.promise,
            received=f"{each.seen.status}: {each.codes[code]}"[:300],
        )

    def _negative(self, each: Exchange, operation: Operation) -> Iterator[Result]:
        """Judge a request that both Schemathesis and our own reader call wrong."""
        if not each.is_negative:
            return
        violation = each.violations[0]
        rule = BODY_ACCEPTED if violation.location[1:2] == ("body",) else ACCEPTED
        if not each.seen.is_success:
            yield rule.held(operation.operation_id)
            return
        declared = [one.status for one in operation.responses if one.status.startswith("4")]
        yield rule.broken(
            operation.operation_id,
            each.seen.step,
            location=_location(violation),
            kind=_KINDS.get(violation.keyword, violation.keyword),
            expected=f"a refusal by one of {', '.join(declared)}: it {violation.message}",
            received=str(each.seen.status),
            where=place_of(self.bench.contract, violation.place),
        )

    def _positive(self, each: Exchange, operation: Operation) -> Iterator[Result]:
        """Judge a request whose parts are valid: whether the rules, and nothing else, have it refused."""
        if each.raw is None or each.seen.operation is None:
            return
        if each.seen.is_success:
            for excuse in self.book.excuses(operation, each.raw):
                if excuse.is_certain or self._is_made_up(each, operation, excuse.rule):
                    yield from self._accepted(each, excuse.rule)
            yield REFUSED.held(operation.operation_id)
            return
        is_excused = self.book.may_refuse(operation, each.raw, each.seen.status)
        if _REFUSED_CODE in each.codes and not is_excused and each.seen.blames_call:
            yield REFUSED.broken(
                operation.operation_id,
                each.seen.step,
                location=each.parameter,
                kind=str(each.seen.status),
                expected="an answer, or a refusal for what there is behind it",
                received=_excerpt(each.seen),
            )

    def _accepted(self, each: Exchange, rule: Requirement | Opaque) -> Iterator[Result]:
        options = self.bench.options
        severity = severity_of(
            rule.confidence, is_strict=options.is_strict, has_assumptions=options.has_assumptions
        )
        if severity is None or (isinstance(rule, Opaque) and not rule.statuses):
            return
        statuses = ", ".join(map(str, sorted(rule.statuses))) or "4XX"
        yield Rule(id=rule.id, promise=rule.promise, suite=SUITE, source=rule.source).broken(
            each.operation_id,
            each.seen.step,
            location=part_of(rule),
            kind="made-up" if isinstance(rule, Opaque) else "broken",
            expected=f"a refusal by {statuses}",
            received=str(each.seen.status),
            severity=severity,
            where=rule.where,
            confidence=rule.confidence,
        )

    def _is_made_up(self, each: Exchange, operation: Operation, rule: Requirement | Opaque) -> bool:
        """Tell whether a value that an answer has to give stands in none so far."""
        if each.raw is None or not isinstance(rule, Opaque) or not rule.giver:
            return False
        sent = str(self.book.opaque_value(operation, each.raw, rule))
        return sent not in self.given.get(rule, set()) and sent not in _documented(operation, rule)

    def _learn(self, each: Exchange) -> None:
        for opaque in self.book.rules.opaque:
            if opaque.giver == each.operation_id and each.seen.is_success:
                value = each.seen.value
                found = MISSING if isinstance(value, Undecoded) else value_at(value, opaque.at)
                if isinstance(found, str | int):
                    self.given.setdefault(opaque, set()).add(str(found))


def _documented(operation: Operation, opaque: Opaque) -> set[str]:
    """Return the values that the document itself shows; some servers take them."""
    return {
        str(example.value)
        for parameter in operation.parameters
        if (parameter.name, parameter.location) == (opaque.name, opaque.location)
        for example in parameter.examples
    }


def _with_steps(result: Result, before: Sequence[Step]) -> Result:
    findings = tuple(
        replace(each, steps=(*before, *each.steps), engine="schemathesis") for each in result.findings
    )
    return replace(result, findings=findings)


def _troubles(event: Mapping[str, Any]) -> Iterator[Result]:
    if event["kind"] in {"error", "fatal"}:
        told = Rule(id="generated.run", promise="Requests can be generated from the contract", suite=SUITE)
        yield told.unseen("", f"{event.get('label', '')} {event['message']}".strip().partition("\n")[0])


def _location(violation: Violation) -> str:
    """Return where a violation is: `query.limit`, `body/items/*/id`."""
    part, *rest = (str(step) if isinstance(step, str) else "*" for step in violation.location[1:])
    return "/".join((part, *rest)) if part == "body" else ".".join((part, *rest[:1]))


def _excerpt(seen: Seen) -> str:
    return f"{seen.status} {seen.content[:200].decode('utf-8', 'replace')}"


def _is_tolerable(each: Exchange, code: str, bench: Bench) -> bool:
    """Tell whether what Schemathesis calls a failure is none by what is known here."""
    if code == _CLOSED_CODE:
        return _is_any_credential_as_good(each, bench)
    return code == _METHOD_CODE and _is_refused_otherwise(each, bench)


def _is_any_credential_as_good(each: Exchange, bench: Bench) -> bool:
    """Tell whether a credential was shown, and none is known: those that are let in are made up as well."""
    is_known = bench.identities.everybody or bench.identities.headers
    return not is_known and without_credentials(each.seen.call, bench) != each.seen.call


def _is_refused_otherwise(each: Exchange, bench: Bench) -> bool:
    """Tell whether an undeclared method was refused by another status, where the contract declares no 405."""
    operation = bench.operation(each.operation_id)
    if operation is None:
        return False
    is_declared = any(one.status == "405" for one in operation.responses)
    return not is_declared and (each.seen.status in _CLIENT_ERRORS or each.seen.status in _STATUSES_OF_NONE)
