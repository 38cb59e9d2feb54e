"""Makes results of what Schemathesis has sent and found, with identities as fine as the planner's.

Whether an answer is what the contract declares is judged by the judges, as every answer is; here is what only
the generator knows: which requests were meant to be wrong. Both its word and that of our own reader of
requests are needed to call a request wrong, or right.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from locum.behaviour.calls import Call
from locum.behaviour.crawling import MISSING, value_at
from locum.behaviour.model import RawRequest
from locum.behaviour.requirements import Opaque, Requirement
from locum.contract.model import Operation, Violation
from locum.verify.bench import Bench
from locum.verify.generated.rulebook import Rulebook, raw_of
from locum.verify.model import Received, Result, Sent, Step
from locum.verify.seen import Seen, Undecoded
from locum.verify.severities import severity_of
from locum.verify.telling import Rule, place_of

__all__ = ["SUITE", "Reading"]

SUITE: Final = "generated"
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
IGNORED: Final = Rule(
    id="auth.ignored", promise="Nobody is let in without a credential that opens", suite=SUITE
)
METHOD: Final = Rule(
    id="method.undeclared",
    promise="A method that a path does not declare is refused by 405, with `Allow`",
    suite=SUITE,
    source="RFC 9110, 15.5.6",
)
#: Failures by the code that Schemathesis gives them; others of its codes are the judges' affair.
_REFUSED_CODE: Final = "ST202"
_RULES: Final[Mapping[str, Rule]] = {
    "ST204": METHOD,
    "ST205": METHOD,
    "ST301": Rule(id="resource.use-after-delete", promise="What was deleted is gone", suite=SUITE),
    "ST302": Rule(id="resource.unavailable", promise="What was made is there", suite=SUITE),
    "ST401": IGNORED,
    "ST402": Rule(
        id="auth.foreign-object", promise="What belongs to somebody is shown to nobody else", suite=SUITE
    ),
}
#: As the planner calls them.
_KINDS: Final = {"required": "missing"}
#: Says that the request itself was at fault.
_FAULTED: Final = frozenset({400, 405, 406, 411, 413, 414, 415, 422, 431})
#: Undone already where these headers told of it.
_UNDONE: Final = frozenset({"content-encoding", "transfer-encoding"})
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
        exchanges = [_Exchange.read(each, self) for each in event["exchanges"]]
        for each in exchanges:
            self.bench.target.requests += 1
            self.bench.observe(each.seen, each.at_s)
            self._learn(each)
        known = {each.id: each for each in exchanges}
        # The smallest request shows best what is wrong.
        for each in sorted(exchanges, key=_size):
            for result in self._found(each):
                yield _with_steps(result, _chain(each, known))

    def _found(self, each: _Exchange) -> Iterator[Result]:
        operation, seen = each.seen.operation, each.seen
        if seen.received is None or seen.is_busy:
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
            if code in _RULES:
                yield self._failed(each, _RULES[code], code)
        if operation is not None and each.raw is not None:
            yield from self._negative(each, operation) if each.violations else self._positive(each, operation)

    def _failed(self, each: _Exchange, rule: Rule, code: str) -> Result:
        has_credential = any(name.lower() == "authorization" for name, _ in each.seen.step.sent.headers)
        kinds = {"ST401": "invalid-credential" if has_credential else "no-credential"}
        is_method = rule is METHOD
        return rule.broken(
            each.operation_id,
            each.seen.step,
            location=each.seen.call.method if is_method else "",
            kind=kinds.get(code, str(each.seen.status)),
            expected="405 with `Allow`" if is_method else rule.promise,
            received=f"{each.seen.status}: {each.codes[code]}"[:300],
        )

    def _negative(self, each: _Exchange, operation: Operation) -> Iterator[Result]:
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

    def _positive(self, each: _Exchange, operation: Operation) -> Iterator[Result]:
        """Judge a request whose parts are valid: whether the rules, and nothing else, have it refused."""
        if each.raw is None or each.seen.operation is None:
            return
        excuses = self.book.excuses(operation, each.raw)
        if each.seen.is_success:
            for excuse in excuses:
                if excuse.is_certain or self._is_made_up(each, operation, excuse.rule):
                    yield from self._accepted(each, excuse.rule)
            yield REFUSED.held(operation.operation_id)
            return
        is_excused = any(each.seen.status in excuse.statuses for excuse in excuses)
        if _REFUSED_CODE in each.codes and not is_excused and each.seen.status in _FAULTED:
            yield REFUSED.broken(
                operation.operation_id,
                each.seen.step,
                location=each.parameter,
                kind=str(each.seen.status),
                expected="an answer, or a refusal for what there is behind it",
                received=_excerpt(each.seen),
                where=place_of(self.bench.contract, operation),
            )

    def _accepted(self, each: _Exchange, rule: Requirement | Opaque) -> Iterator[Result]:
        options = self.bench.options
        severity = severity_of(
            rule.confidence, is_strict=options.is_strict, has_assumptions=options.has_assumptions
        )
        if severity is None or (isinstance(rule, Opaque) and not rule.statuses):
            return
        part = rule.location.value if rule.location is not None else "body"
        statuses = ", ".join(map(str, sorted(rule.statuses))) or "4XX"
        yield Rule(id=rule.id, promise=rule.promise, suite=SUITE, source=rule.source).broken(
            each.operation_id,
            each.seen.step,
            location=f"{part}.{rule.name}" if rule.name else part,
            kind="made-up" if isinstance(rule, Opaque) else "broken",
            expected=f"a refusal by {statuses}",
            received=str(each.seen.status),
            severity=severity,
            where=rule.where,
            confidence=rule.confidence,
        )

    def _is_made_up(self, each: _Exchange, operation: Operation, rule: Requirement | Opaque) -> bool:
        """Tell whether a value that an answer has to give stands in none so far."""
        if each.raw is None or not isinstance(rule, Opaque) or not rule.giver:
            return False
        sent = str(self.book.opaque_value(operation, each.raw, rule))
        return sent not in self.given.get(rule, set()) and sent not in _documented(operation, rule)

    def _learn(self, each: _Exchange) -> None:
        for opaque in self.book.rules.opaque:
            if opaque.giver == each.operation_id and each.seen.is_success:
                value = each.seen.value
                found = MISSING if isinstance(value, Undecoded) else value_at(value, opaque.at)
                if isinstance(found, str | int):
                    self.given.setdefault(opaque, set()).add(str(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    """One exchange of a scenario; *violations* are what our own reader has against the request.

    *codes* are the failures that Schemathesis tells of it, with their messages.
    """

    id: str
    parent: str | None
    operation_id: str
    seen: Seen
    at_s: float
    raw: RawRequest | None
    is_negative: bool
    parameter: str
    violations: tuple[Violation, ...]
    codes: Mapping[str, str]

    @classmethod
    def read(cls, told: Mapping[str, Any], reading: Reading) -> _Exchange:
        """Return what the child process has told of an exchange."""
        book = reading.book
        declared = book.operation(told["method"], told["path"])
        sent = told["request"]
        operation = declared if declared and sent["method"] == told["method"] else None
        step = _step(told)
        raw = raw_of(operation, step.sent.url, dict(step.sent.headers), step.sent.body) if operation else None
        violations = book.violations(operation, raw) if operation and raw else ()
        seen = Seen(
            call=_call(step.sent, reading.bench.target.base_path),
            step=step,
            operation=operation,
            suite=SUITE,
            is_wrong=told["is_negative"] and bool(violations),
        )
        parameter = f"{told['location']}.{told['parameter']}" if told["parameter"] else ""
        return cls(
            id=told["id"],
            parent=told["parent"],
            operation_id=declared.operation_id if declared else "",
            seen=seen,
            at_s=told["at_s"],
            raw=raw,
            is_negative=told["is_negative"],
            parameter=parameter,
            violations=violations,
            codes={each["code"]: each["message"] for each in told["checks"] if "code" in each},
        )


def _documented(operation: Operation, opaque: Opaque) -> set[str]:
    """Return the values that the document itself shows; some servers take them."""
    return {
        str(example.value)
        for parameter in operation.parameters
        if (parameter.name, parameter.location) == (opaque.name, opaque.location)
        for example in parameter.examples
    }


def _step(told: Mapping[str, Any]) -> Step:
    request, response = told["request"], told["response"]
    sent = Sent(
        method=request["method"],
        url=request["url"],
        headers=tuple((name, text) for name, text in request["headers"]),
        body=base64.b64decode(request["body"]),
    )
    if response is None or not response["is_whole"]:
        return Step(sent=sent, failure="no whole answer: the connection failed, or the time was over")
    received = Received(
        status=response["status"],
        headers=tuple((name, text) for name, text in response["headers"] if name.lower() not in _UNDONE),
        body=base64.b64decode(response["body"]),
        took_s=response["took_s"],
        http_version=f"HTTP/{response['http_version']}",
    )
    return Step(sent=sent, received=received)


def _call(sent: Sent, base_path: str) -> Call:
    parts = urlsplit(sent.url)
    pairs = (each.partition("=") for each in parts.query.split("&") if each)
    return Call(
        method=sent.method,
        path=parts.path.removeprefix(base_path),
        query=tuple((name, text) for name, _, text in pairs),
        headers=sent.headers,
        body=sent.body,
    )


def _size(each: _Exchange) -> tuple[int, str]:
    sent = each.seen.step.sent
    return len(sent.url) + len(sent.body), sent.url


def _chain(each: _Exchange, known: Mapping[str, _Exchange]) -> tuple[Step, ...]:
    """Return the exchanges that led to one, the first one first."""
    steps: list[Step] = []
    at: _Exchange | None = known.get(each.parent or "")
    while at is not None and len(steps) < len(known):
        steps.insert(0, at.seen.step)
        at = known.get(at.parent or "")
    return tuple(steps)


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
