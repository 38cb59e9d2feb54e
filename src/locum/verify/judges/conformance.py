"""Holds every answer to what the document declares: status, media type, headers, body.

What HTTP and JSON themselves demand is in `protocol.py`, what no body may give away in `leaks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.media_ranges import parse_media
from locum.contract.model import (
    Header,
    JsonValue,
    Location,
    MediaType,
    Operation,
    Parameter,
    Place,
    ResponseSpec,
    Violation,
)
from locum.contract.styles import UNREADABLE, compile_parameters
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.confidence import confidence_of, demanded_when_verifying
from locum.verify.judges.undeclared import STATUS, undeclared
from locum.verify.judges.xml_answers import kept, value_of
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen, Undecoded
from locum.verify.severities import severity_of
from locum.verify.telling import Rule, place_of

__all__ = ["conformance", "is_conformant", "location_of", "media_of"]

SUITE: Final = "conformance"
MEDIA: Final = Rule(
    id="media-type.undeclared",
    promise="Every body has a media type that the contract declares for its status",
    suite=SUITE,
)
BODY: Final = Rule(
    id="schema.body", promise="Every body satisfies the schema that the contract declares", suite=SUITE
)
EMPTY: Final = Rule(id="body.missing", promise="A body is sent where the contract declares one", suite=SUITE)
REQUIRED: Final = Rule(
    id="header.missing", promise="Every header that the contract requires is sent", suite=SUITE
)
HEADER: Final = Rule(
    id="schema.header", promise="Every header satisfies the schema that the contract declares", suite=SUITE
)
RETRY: Final = Rule(
    id="retry-after.missing",
    promise="Who is told to come back is told when, as the contract declares",
    suite=SUITE,
    source="RFC 9110, 10.2.3; RFC 6585, 4",
)
_BODILESS: Final = frozenset({204, 205, 304})
#: What a path answers to methods that it does not have.
_OF_ANY_METHOD: Final = frozenset({405, 501})
_BUSY: Final = frozenset({429, 503})
#: Findings of one body: what is wrong in every item is told once.
_MOST: Final = 20


def conformance(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Judge an answer to an operation by its declared response."""
    operation = seen.operation
    if operation is None or seen.received is None or seen.is_wire or _is_condition_met(seen):
        return
    spec = operation.response_for(seen.status)
    if seen.call.method not in {operation.route.method.value, "HEAD"} and seen.status not in _OF_ANY_METHOD:
        return  # the document says nothing of other methods
    if spec is None and (seen.call.method != operation.route.method.value or _is_unacceptable(seen)):
        return
    if spec is None:
        yield from undeclared(seen, operation)
        return
    yield STATUS.held(operation.operation_id)
    severity = _severity(bench, spec.place)
    if severity is None:
        return
    yield from _headers(bench, seen, operation, spec, severity)
    if seen.call.method != "HEAD" and seen.status not in _BODILESS and spec.content:
        yield from _body(bench, seen, operation, spec, severity)


def _is_condition_met(seen: Seen) -> bool:
    """Tell whether an answer is what a condition asks for: no contract has to declare it (RFC 9110, 13)."""
    return seen.status == 304 and any(name.lower().startswith("if-") for name, _ in seen.call.headers)  # noqa: PLR2004


def _is_unacceptable(seen: Seen) -> bool:
    """Tell whether an answer says that nothing acceptable is there, to who does not take everything."""
    asked = next((text for name, text in seen.call.headers if name.lower() == "accept"), "*/*")
    return seen.status == 406 and "*/*" not in asked  # noqa: PLR2004 -- RFC 9110 section 15.5.7


def is_conformant(seen: Seen) -> bool:
    """Tell whether the body of an answer satisfies its declared schema, and that can be read."""
    spec = seen.operation.response_for(seen.status) if seen.operation is not None else None
    media = media_of(seen, spec) if spec is not None else None
    if media is None or media.schema is None or isinstance(seen.value, Undecoded):
        return False
    try:
        return media.schema.is_valid(seen.value)
    except ContractError:
        return False


def location_of(violation: Violation) -> str:
    """Return where a violation is, items of arrays without their number: `body/items/*/id`."""
    steps = violation.location[1:] if violation.location[:1] == ("response",) else violation.location
    return "/".join("*" if isinstance(step, int) else step for step in steps)


def _severity(bench: Bench, place: Place) -> Severity | None:
    """Return what breaking what stands at *place* does, `None` if it is not to be looked at.

    A server that is held to every word fails for whatever the document says, however it came to say it.
    """
    if bench.options.is_strict:
        return Severity.FAILURE
    label = confidence_of(bench.contract, place)
    return severity_of(label, is_strict=False, has_assumptions=bench.options.has_assumptions)


def _headers(
    bench: Bench, seen: Seen, operation: Operation, spec: ResponseSpec, severity: Severity
) -> Iterator[Result]:
    for header in spec.headers:
        name = header.name.lower()
        if name == "content-type":
            continue
        if name not in seen.headers:
            yield from _absent(bench, seen, operation, header, severity)
            continue
        problem = _header_problem(header, seen.headers[name])
        if problem is None:
            yield HEADER.held(operation.operation_id)
            continue
        yield HEADER.broken(
            operation.operation_id,
            seen.step,
            location=f"header.{name}",
            kind=problem.keyword,
            expected=problem.expected or problem.message,
            received=seen.headers[name][:200],
            severity=severity,
            where=place_of(bench.contract, header.place),
        )


def _absent(
    bench: Bench, seen: Seen, operation: Operation, header: Header, severity: Severity
) -> Iterator[Result]:
    name, rule = header.name.lower(), None
    if header.required:
        rule = REQUIRED
    elif name == "retry-after" and seen.status in _BUSY:
        # It is declared for nothing else; HTTP itself only allows it.
        rule, severity = RETRY, severity if bench.options.is_strict else Severity.WARNING
    if rule is not None:
        yield rule.broken(
            operation.operation_id,
            seen.step,
            location=f"header.{name}",
            kind=str(seen.status),
            expected=f"the header {header.name}",
            received="no such header",
            severity=severity,
            where=place_of(bench.contract, header.place),
        )


def _header_problem(header: Header, text: str) -> Violation | None:
    if header.schema is None or header.media_type is not None:
        return None
    parameter = Parameter(
        name=header.name,
        location=Location.HEADER,
        required=False,
        style=header.style,
        explode=header.explode,
        schema=header.schema,
        place=header.place,
    )
    try:
        read = compile_parameters([parameter]).read({}, "", ((header.name.lower(), text),))
    except ContractError:
        return None
    if read.violations:
        return read.violations[0]
    value = read.headers.get(header.name, UNREADABLE)
    if value is UNREADABLE or header.schema.is_valid(value):
        return None
    return next(iter(header.schema.violations(value, "response", "header", header.name)), None)


def _body(
    bench: Bench, seen: Seen, operation: Operation, spec: ResponseSpec, severity: Severity
) -> Iterator[Result]:
    name, place = operation.operation_id, spec.place
    if not seen.content:
        yield EMPTY.broken(
            name,
            seen.step,
            kind=spec.status,
            expected=f"a body of {' or '.join(each.name for each in spec.content)}",
            received="no body",
            severity=severity,
            where=place_of(bench.contract, place),
        )
        return
    media = media_of(seen, spec)
    if media is None:
        yield MEDIA.broken(
            name,
            seen.step,
            location=spec.status,
            kind=seen.media_type or "missing",
            expected=" or ".join(each.name for each in spec.content),
            received=seen.header("content-type") or "no Content-Type",
            severity=severity,
            where=place_of(bench.contract, place),
        )
        return
    yield MEDIA.held(name)
    value = value_of(seen, media)
    if not isinstance(value, Undecoded):  # else `protocol.py` tells
        yield from _schema(bench, seen, operation, media, value)


def _schema(
    bench: Bench, seen: Seen, operation: Operation, media: MediaType, value: JsonValue
) -> Iterator[Result]:
    schema = media.schema
    if schema is None:
        return
    try:
        if schema.is_valid(value):
            yield BODY.held(operation.operation_id)
            return
        found = kept(schema.violations(value, "response", "body"), seen, media)
    except ContractError as error:
        yield BODY.unseen(operation.operation_id, str(error).partition("\n")[0])
        return
    told: dict[tuple[str, str], Violation] = {}
    for each in found:
        told.setdefault((location_of(each), each.keyword), each)
    for (location, keyword), each in [*told.items()][:_MOST]:
        severity = _of_member(bench, each, media.place)
        if severity is None:
            continue
        yield BODY.broken(
            operation.operation_id,
            seen.step,
            location=f"{seen.status} {location}",
            kind=keyword,
            expected=each.expected or each.message,
            received=each.received,
            severity=severity,
            where=place_of(bench.contract, each.place or media.place),
        )


def _of_member(bench: Bench, violation: Violation, usual: Place) -> Severity | None:
    """Return how severe a violation is: a document may demand less of a real server than of a stand-in."""
    severity = _severity(bench, violation.place or usual)
    if violation.keyword != "required" or bench.options.is_strict:
        return severity
    demanded = demanded_when_verifying(bench.contract, violation.place)
    if demanded is None or violation.location[-1] in demanded:
        return severity
    return Severity.DEVIATION


def media_of(seen: Seen, spec: ResponseSpec) -> MediaType | None:
    """Return the declared media type of a body, the narrowest that includes what was sent."""
    sent = parse_media(seen.header("content-type"))
    if not sent.type or not sent.subtype:
        return None
    fitting = [each for each in spec.content if parse_media(each.name).includes(sent)]
    return max(fitting, key=lambda each: parse_media(each.name).specificity, default=None)
