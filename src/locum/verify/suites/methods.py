"""Asks each path by every method: HEAD tells what GET tells, OPTIONS and 405 name the methods there are.

Source: RFC 9110, sections 9.1, 9.3.2, 9.3.7, 9.3.8, 10.2.1 and 15.5.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.contract.model import HttpMethod, Operation
from locum.errors import ContractError
from locum.verify.bases import base_of
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.paths import is_same_path, methods_of
from locum.verify.seen import Seen
from locum.verify.telling import Rule

__all__ = ["methods"]

SUITE: Final = "methods"
HEAD: Final = Rule(
    id="method.head",
    promise="HEAD is answered as GET is, without a body",
    suite=SUITE,
    source="RFC 9110, 9.1 and 9.3.2",
)
OPTIONS: Final = Rule(
    id="method.options",
    promise="OPTIONS names the methods of a path",
    suite=SUITE,
    source="RFC 9110, 9.3.7 and 10.2.1",
)
UNDECLARED: Final = Rule(
    id="method.undeclared",
    promise="A method that the contract does not declare is refused, with 405 where that is declared",
    suite=SUITE,
    source="RFC 9110, 15.5.6",
)
ALLOW: Final = Rule(
    id="method.allow",
    promise="`Allow` names the methods of a path, and none that was just refused",
    suite=SUITE,
    source="RFC 9110, 10.2.1",
)
TRACE: Final = Rule(
    id="method.trace",
    promise="TRACE does not send a request back",
    suite=SUITE,
    source="RFC 9110, 9.3.8; CWE-693",
)
#: Tried where writing is allowed, or the server is of this machine.
_WRITING: Final = ("POST", "PUT", "PATCH", "DELETE")
#: Ask for no change, or for nothing that anybody has.
_HARMLESS: Final = ("TRACE", "LOCUM")
#: Headers of HEAD and GET that must agree (RFC 9110, 9.3.2 and 8.6); others may be left out, or change.
_AGREEING: Final = ("content-type", "etag", "last-modified")


def methods(bench: Bench) -> Iterator[Result]:
    """Play every method against every path that some operation was answered on."""
    asked: set[str] = set()
    for operation in bench.operations:
        base = base_of(bench, operation)
        if base is None:
            continue
        if operation.route.method is HttpMethod.GET:
            yield from _head(bench, operation, base)
        if operation.route.path not in asked:
            asked.add(operation.route.path)
            yield from _options(bench, operation, base)
            yield from _others(bench, operation, base)


def _head(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    if _has_own_head(bench, operation, base.status):
        return
    # What was written in between may have taken the thing away.
    base = bench.send(base.call, operation)
    call, name = replace(base.call, method="HEAD"), operation.operation_id
    spoken, seen = bench.speak(call, operation)
    if not seen.is_looked_at or spoken.observed is None:
        return
    problem, expected, received = _difference(base, seen, spoken.observed.raw_body)
    if problem and not _is_steady(bench, operation, base):
        return
    if not problem:
        yield HEAD.held(name)
        return
    yield HEAD.broken(
        name,
        base.step,
        seen.step,
        location="HEAD",
        kind=problem,
        expected=expected,
        received=received,
    )


def _has_own_head(bench: Bench, operation: Operation, status: int) -> bool:
    """Tell whether the document declares HEAD by itself, and never answered as GET was: 204 for 200, say."""
    heads = (each for each in bench.contract.routes if each.method is HttpMethod.HEAD)
    own = next((each for each in heads if is_same_path(each.path, operation.route.path)), None)
    try:
        return own is not None and bench.contract.operation(own).response_for(status) is None
    except ContractError:
        return True  # what it says cannot be read


def _is_steady(bench: Bench, operation: Operation, base: Seen) -> bool:
    """Tell whether GET is answered as it was before HEAD: else it was not HEAD that made the difference."""
    again = bench.send(base.call, operation)
    return (again.status, again.content) == (base.status, base.content) and all(
        again.header(name) == base.header(name) for name in (*_AGREEING, "content-length")
    )


def _difference(base: Seen, seen: Seen, body: bytes) -> tuple[str, str, str]:
    """Return how HEAD differs from GET, and in what; three empty texts where it does not."""
    if seen.status != base.status:
        return "status", str(base.status), str(seen.status)
    if body:
        return "body", "no body", f"{len(body)} bytes"
    for name in _AGREEING:
        told = seen.header(name)
        if told and _plain(told) != _plain(base.header(name)):
            return name, base.header(name), told
    length, own = seen.header("content-length"), base.header("content-length")
    if (
        length
        and own
        and length != own
        and not (seen.header("content-encoding") or base.header("content-encoding"))
    ):
        return "content-length", own, length
    return "", "", ""


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).lower()


def _options(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    seen = bench.send(replace(base.call, method="OPTIONS", body=b""), operation)
    if not seen.is_looked_at:
        return
    name = operation.operation_id
    if seen.status >= 500 and seen.status != 501:  # noqa: PLR2004 -- RFC 9110 section 15.6.2
        yield OPTIONS.broken(
            name,
            seen.step,
            location="OPTIONS",
            kind="server-error",
            expected="an answer",
            received=str(seen.status),
        )
    elif seen.is_success and seen.header("allow"):
        missing = methods_of(bench.contract, operation.route.path) - _listed(seen.header("allow"))
        yield _allow(bench, seen, operation, "missing" if missing else "")


def _others(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    declared = methods_of(bench.contract, operation.route.path)
    tried = (*_HARMLESS, *_WRITING) if bench.options.may_probe_writes else _HARMLESS
    for method in tried:
        if method in declared:
            continue
        seen = bench.send(replace(base.call, method=method, body=b""), operation, is_wrong=True)
        if not seen.is_looked_at:
            continue
        yield from _refused(seen, operation, method)
        if seen.status == 405 and "allow" in seen.headers:  # noqa: PLR2004 -- RFC 9110 section 15.5.6
            listed = _listed(seen.header("allow"))
            problem = "missing" if declared - listed else "refused" if method in listed else ""
            yield _allow(bench, seen, operation, problem)


def _refused(seen: Seen, operation: Operation, method: str) -> Iterator[Result]:
    name = operation.operation_id
    if method == "TRACE" and seen.is_success:
        yield TRACE.broken(
            name, seen.step, location="TRACE", kind="accepted", expected="405", received=str(seen.status)
        )
        return
    # Nobody has to know of a method that does not exist (RFC 9110, 9.1).
    fitting = {405, 501} if method == "LOCUM" else {405}
    is_declared = any(each.status == "405" for each in operation.responses)
    fits = seen.status in fitting if is_declared else seen.is_refusal or seen.status == 501  # noqa: PLR2004 -- RFC 9110 section 15
    if method == "LOCUM" and seen.is_refusal:
        fits = True
    if fits:
        yield UNDECLARED.held(name)
        return
    yield UNDECLARED.broken(
        name,
        seen.step,
        location=method,
        kind="accepted" if seen.is_success else str(seen.status),
        expected="405" if is_declared else "a refusal",
        received=str(seen.status),
    )


def _allow(bench: Bench, seen: Seen, operation: Operation, problem: str) -> Result:
    """Return what is to be said of `Allow`: a declared method is *missing*, or the one *refused* is there."""
    if not problem:
        return ALLOW.held(operation.operation_id)
    return ALLOW.broken(
        operation.operation_id,
        seen.step,
        location=f"{seen.call.method} header.allow",
        kind=problem,
        expected=", ".join(sorted(methods_of(bench.contract, operation.route.path))),
        received=seen.header("allow")[:200] or "nothing",
    )


def _listed(text: str) -> frozenset[str]:
    return frozenset(each.strip().upper() for each in text.split(",") if each.strip())
