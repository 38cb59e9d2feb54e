"""Asks for the same thing in other words: media types, codings, conditions, case of header names, origins.

Source: RFC 9110, sections 5.1, 8.8.3, 12.5.1, 12.5.3 and 13.1.2; Fetch, 3.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.contract.model import HttpMethod, Operation
from locum.verify.bases import base_of
from locum.verify.bench import Bench
from locum.verify.model import Result, Severity
from locum.verify.opening import opened
from locum.verify.seen import Seen
from locum.verify.telling import Rule

__all__ = ["negotiation"]

SUITE: Final = "negotiation"
ACCEPT: Final = Rule(
    id="accept.refused",
    promise="Who takes what the contract declares is not told that there is nothing acceptable",
    suite=SUITE,
    source="RFC 9110, 12.5.1 and 15.5.7",
)
NOT_ACCEPTABLE: Final = Rule(
    id="accept.ignored",
    promise="Who takes nothing that there is, is told 406 where the contract declares it",
    suite=SUITE,
    source="RFC 9110, 15.5.7",
)
NAMES: Final = Rule(
    id="header.case", promise="Names of headers have no case", suite=SUITE, source="RFC 9110, 5.1"
)
ETAG: Final = Rule(id="etag.malformed", promise="An entity tag is one", suite=SUITE, source="RFC 9110, 8.8.3")
CONDITION: Final = Rule(
    id="condition.ignored",
    promise="Who has the current representation is told so, and who has another gets it",
    suite=SUITE,
    source="RFC 9110, 13.1.2",
)
CODING: Final = Rule(
    id="coding.different",
    promise="A content coding changes how a body is sent, and nothing in it",
    suite=SUITE,
    source="RFC 9110, 8.4 and 12.5.3",
)
UNWANTED: Final = Rule(
    id="coding.unwanted",
    promise="A body has no content coding that was ruled out",
    suite=SUITE,
    source="RFC 9110, 12.5.3",
)
#: A type that nobody has.
_NOBODY: Final = "application/x-nobody-has-this"
_ETAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def negotiation(bench: Bench) -> Iterator[Result]:
    """Play every other way to ask for what each operation was asked for."""
    for operation in bench.operations:
        known = base_of(bench, operation)
        if known is None or operation.route.method is not HttpMethod.GET:
            continue
        # What was written in between may have taken the thing away.
        base = bench.send(known.call, operation)
        if not base.is_success:
            continue
        yield from _types(bench, operation, base)
        yield from _case(bench, operation, base)
        yield from _conditions(bench, operation, base)
        yield from _codings(bench, operation, base)
        bench.send(base.call.with_header("Origin", "https://pages.example.com"), operation)


def _types(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    kind = base.media_type
    if not kind:
        return
    for accept in (
        kind,
        f"{kind.partition('/')[0]}/*",
        f"text/x-nobody;q=0.9, {kind};q=0.1",
        f"{_NOBODY}, */*;q=0.1",
        "",  # none at all: anything will do
    ):
        seen = bench.send(base.call.with_header("Accept", accept), operation)
        if not seen.is_looked_at:
            continue
        if seen.status != 406:  # noqa: PLR2004 -- RFC 9110 section 15.5.7
            yield ACCEPT.held(operation.operation_id)
        else:
            yield ACCEPT.broken(
                operation.operation_id,
                seen.step,
                location="header.accept",
                kind=re.sub(r"[^a-z*/+-]+", " ", accept).strip() or "none",
                expected=str(base.status),
                received="406",
            )
    yield from _not_acceptable(bench, operation, base)


def _not_acceptable(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    seen = bench.send(base.call.with_header("Accept", _NOBODY), operation)
    if not any(each.status == "406" for each in operation.responses) or seen.is_busy or not seen.status:
        return
    if seen.status == 406:  # noqa: PLR2004 -- RFC 9110 section 15.5.7
        yield NOT_ACCEPTABLE.held(operation.operation_id)
        return
    # HTTP itself lets a server send what it has all the same.
    yield NOT_ACCEPTABLE.broken(
        operation.operation_id,
        seen.step,
        location="header.accept",
        kind=str(seen.status),
        expected="406",
        received=str(seen.status),
        severity=Severity.DEVIATION,
    )


def _case(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    whole = opened(base.call, operation, bench, None)
    for kind, change in (("lower", str.lower), ("upper", str.upper)):
        call = replace(whole, headers=tuple((change(name), text) for name, text in whole.headers))
        seen = bench.send(call, operation, identity="")
        if not seen.is_looked_at:
            continue
        if seen.status == base.status:
            yield NAMES.held(operation.operation_id)
            continue
        yield NAMES.broken(
            operation.operation_id,
            seen.step,
            location="headers",
            kind=kind,
            expected=str(base.status),
            received=str(seen.status),
        )


def _conditions(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    name, etag = operation.operation_id, base.header("etag")
    if not etag:
        return
    if not _ETAG.fullmatch(etag):
        yield ETAG.broken(
            name, base.step, location="header.etag", expected='"…" or W/"…"', received=etag[:100]
        )
        return
    again = bench.send(base.call, operation)
    if again.header("etag") != etag:
        yield CONDITION.unseen(name, "the entity tag changes from answer to answer")
        return
    severity = Severity.WARNING if _has_other_use(bench) else Severity.FAILURE
    for kind, tag, expected in (
        ("current", etag, 304),
        ("current-of-several", f'"nobody", {etag}', 304),
        ("other", '"nobody"', base.status),
    ):
        seen = bench.send(base.call.with_header("If-None-Match", tag), operation)
        if not seen.is_looked_at:
            continue
        if seen.status == expected:
            yield CONDITION.held(name)
            continue
        yield CONDITION.broken(
            name,
            base.step,
            seen.step,
            location="header.if-none-match",
            kind=kind,
            expected=str(expected),
            received=str(seen.status),
            severity=severity,
        )


def _has_other_use(bench: Bench) -> bool:
    """Tell whether the document says what its entity tags are for, and that it is not to save answers."""
    known = {each.name.lower() for operation in bench.operations for each in operation.parameters}
    declares = any(each.status == "304" for operation in bench.operations for each in operation.responses)
    return "if-match" in known and "if-none-match" not in known and not declares


def _codings(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    plain = bench.send(base.call, operation)
    for accept in ("gzip", "deflate, gzip;q=0.5", "identity"):
        seen = bench.send(base.call.with_header("Accept-Encoding", accept), operation)
        if not seen.is_looked_at or not plain.is_success:
            continue
        coding = seen.header("content-encoding").lower()
        if accept == "identity" and coding not in {"", "identity"}:
            yield UNWANTED.broken(
                operation.operation_id,
                seen.step,
                location="header.accept-encoding",
                kind="identity",
                expected="no content coding",
                received=coding[:40],
            )
        # A body that changes by itself says nothing: only what the coding has broken is told.
        is_same = seen.is_success and not seen.is_coding_broken and type(seen.value) is type(plain.value)
        if is_same:
            yield CODING.held(operation.operation_id)
        elif not seen.is_coding_broken:
            yield CODING.broken(
                operation.operation_id,
                plain.step,
                seen.step,
                location="header.accept-encoding",
                kind=accept.partition(",")[0],
                expected=f"{plain.status}, with the same body",
                received=f"{seen.status}{f' in {coding}' if coding else ''}",
            )
