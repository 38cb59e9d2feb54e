"""Sends what is too large, malformed or mischievous: the server goes on, and never blames itself for it.

What a client sends wrongly is the client's fault (RFC 9110, 15.5): an answer 5xx, none at all within the
time, or a trace, is a fault of the server, whatever the contract says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from locum.behaviour.calls import Call
from locum.contract.model import Location, Operation
from locum.verify.bases import base_of
from locum.verify.bench import Bench, Profile
from locum.verify.exchanging import path_values
from locum.verify.model import Result
from locum.verify.opening import opened
from locum.verify.seen import Seen
from locum.verify.speaking import Spoken
from locum.verify.telling import Rule
from locum.verify.wire import Ended

__all__ = ["BLAME", "robustness"]

SUITE: Final = "robustness"
BLAME: Final = Rule(
    id="robust.server-error",
    promise="What a client sends wrongly never makes a server fail",
    suite=SUITE,
    source="RFC 9110, 15.5 and 15.6",
)
HANG: Final = Rule(
    id="robust.hang",
    promise="Whatever is sent, the server answers or closes the connection",
    suite=SUITE,
    source="RFC 9112, 9.5",
)
FRAME: Final = Rule(
    id="wire.length",
    promise="A body has the length that its header tells, and one header tells it",
    suite=SUITE,
    source="RFC 9112, 6.2 and 6.3",
)
PERSISTENT: Final = Rule(
    id="wire.keep-alive",
    promise="Several requests on one connection are each answered",
    suite=SUITE,
    source="RFC 9112, 9.3",
)
#: Says that a method or a version is not supported, which may be true.
#: Parameters of one operation that malformed texts are sent in.
_MOST: Final[Mapping[Profile, int]] = {Profile.QUICK: 2, Profile.FULL: 20, Profile.FUZZ: 100}
_HONEST: Final = frozenset({501, 505})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mischief:
    """One thing that is sent; *call* goes out as it stands."""

    kind: str
    call: Call


def robustness(bench: Bench) -> Iterator[Result]:
    """Play all that against every operation that is answered."""
    for operation in bench.operations:
        base = base_of(bench, operation)
        if base is None:
            continue
        whole = opened(base.call, operation, bench, None)
        for mischief in _mischief(whole, operation, most=_MOST[bench.options.profile]):
            yield from _judged(operation, mischief.kind, *bench.speak(mischief.call, operation))
        yield from _framed(bench, operation, whole)
        yield from _kept_alive(bench, operation, whole)


def _mischief(call: Call, operation: Operation, *, most: int) -> Iterator[Mischief]:
    yield Mischief(kind="long-target", call=replace(call, query=(*call.query, ("x-long", "a" * 16_000))))
    yield Mischief(kind="long-header", call=call.with_header("X-Long", "a" * 64_000))
    many = tuple((f"X-Many-{at}", "1") for at in range(300))
    yield Mischief(kind="many-headers", call=replace(call, headers=(*call.headers, *many)))
    parts = tuple((f"x{at}", "1") for at in range(2_000))
    yield Mischief(kind="many-parameters", call=replace(call, query=(*call.query, *parts)))
    for kind, text in _TEXTS.items():
        yield from islice(_in_parameters(call, operation, kind, text), most)
    yield Mischief(
        kind="body-with-get", call=replace(call.with_header("Content-Type", "application/json"), body=b"{")
    )
    yield Mischief(
        kind="length-that-is-none", call=replace(call, headers=(*call.headers, ("Content-Length", "abc")))
    )
    yield Mischief(kind="range", call=call.with_header("Range", "bytes=9-1,a-b"))
    yield Mischief(kind="condition", call=call.with_header("If-Modified-Since", "the other day"))
    yield Mischief(kind="accept-nonsense", call=call.with_header("Accept", ";;q=x,/,*"))
    yield Mischief(kind="accept-nonsense-coding", call=call.with_header("Accept-Encoding", "gzip;q=oops, ,;"))
    yield Mischief(kind="cookie-nonsense", call=call.with_header("Cookie", "=;;=\x01; a"))
    yield Mischief(kind="authorization-nonsense", call=call.with_header("Authorization", "\xff\xfe \x80"))
    yield Mischief(kind="long-credential", call=call.with_header("Authorization", f"Bearer {'a' * 9_000}"))
    if call.body:
        yield from _bodies(call)


#: Texts already written for a target, that no encoder would write.
_TEXTS: Final = {
    "bad-utf-8": "%ff%fe",
    "overlong-utf-8": "%c0%af",
    "bad-percent": "%zz",
    "lone-percent": "%",
    "null": "%00",
    "newline": "a%0d%0ab",
    "surrogate": "%ed%a0%80",
    "emoji": "%F0%9F%92%A9",
    "traversal": "..%2f..%2fetc%2fpasswd",
    "quote": "%27%22%3B--",
    "template": "%7B%7B7*7%7D%7D",
    "huge-number": "9" * 400,
    "exponent": "1e999",
    "nan": "NaN",
}


def _in_parameters(call: Call, operation: Operation, kind: str, text: str) -> Iterator[Mischief]:
    for parameter in operation.parameters:
        if parameter.location is Location.QUERY:
            kept = tuple(pair for pair in call.query if pair[0] != parameter.name)
            changed = replace(call, query=(*kept, (_sendable(parameter.name), text)))
            yield Mischief(kind=f"{kind}-in-{parameter.name}", call=changed)
        elif parameter.location is Location.PATH:
            path = operation.route.path
            for name, value in path_values(path, call.path).items():
                path = path.replace(f"{{{name}}}", text if name == parameter.name else _sendable(value))
            yield Mischief(kind=f"{kind}-in-{parameter.name}", call=replace(call, path=path))
    if not operation.parameters:
        yield Mischief(kind=f"{kind}-in-query", call=replace(call, query=(*call.query, ("x", text))))


def _sendable(text: str) -> str:
    return text.replace(" ", "%20").replace("[", "%5B").replace("]", "%5D").replace("/", "%2F")


def _bodies(call: Call) -> Iterator[Mischief]:
    typed = call.with_header("Content-Type", "application/json")
    for kind, body in (
        ("empty-body", b""),
        ("cut-body", b"{"),
        ("not-json", b"<a/>"),
        ("bad-utf-8-body", b'"\xff\xfe"'),
        ("deep-body", b"[" * 20_000),
        ("deep-objects", b'{"a":' * 20_000),
        ("large-body", b'"' + b"a" * 2_000_000 + b'"'),
        ("huge-number-body", b"9" * 5_000),
        ("null-body", b"null"),
        ("array-body", b"[]"),
        ("nan-body", b"NaN"),
        ("duplicate-keys-body", b'{"a":1,"a":2}'),
    ):
        yield Mischief(kind=kind, call=replace(typed, body=body))
    yield Mischief(
        kind="unknown-type", call=call.with_header("Content-Type", "application/x-nobody-has-this")
    )
    yield Mischief(kind="type-nonsense", call=call.with_header("Content-Type", ";;/="))
    yield Mischief(
        kind="charset-nonsense", call=call.with_header("Content-Type", "application/json; charset=nobody")
    )


def _judged(operation: Operation, kind: str, spoken: Spoken, seen: Seen) -> Iterator[Result]:
    name = operation.operation_id
    if seen.received is None:
        observed = spoken.observed
        if observed is not None and observed.ended is Ended.OPEN:
            yield HANG.broken(
                name,
                seen.step,
                location=kind,
                kind="timeout",
                expected="an answer, or an end",
                received="nothing",
            )
        return
    if seen.is_busy:
        return
    if seen.status < 500 or seen.status in _HONEST:  # noqa: PLR2004 -- RFC 9110 section 15.6
        yield BLAME.held(name)
        return
    yield BLAME.broken(
        name, seen.step, location=kind, kind="server-error", expected="4xx", received=str(seen.status)
    )


def _framed(bench: Bench, operation: Operation, call: Call) -> Iterator[Result]:
    spoken, seen = bench.speak(call, operation)
    if spoken.observed is None or seen.received is None:
        return
    told, body = seen.header("content-length"), spoken.observed.raw_body
    if "transfer-encoding" in seen.headers and told:
        yield FRAME.broken(
            operation.operation_id,
            seen.step,
            location="header.content-length",
            kind="both",
            expected="`Content-Length` or `Transfer-Encoding`",
            received="both",
        )
    if "transfer-encoding" in seen.headers or not told:
        return
    if told.isdigit() and int(told) == len(body):
        yield FRAME.held(operation.operation_id)
        return
    yield FRAME.broken(
        operation.operation_id,
        seen.step,
        location="header.content-length",
        expected=f"{len(body)}",
        received=told[:40],
    )


def _kept_alive(bench: Bench, operation: Operation, call: Call) -> Iterator[Result]:
    """Send three requests on one connection, and look whether each is answered as the first is."""
    answers = bench.converse(call, operation)
    statuses = [seen.status for seen in answers]
    if not statuses or any(seen.is_busy for seen in answers):
        return
    if len(set(statuses)) == 1:
        yield PERSISTENT.held(operation.operation_id)
        return
    yield PERSISTENT.broken(
        operation.operation_id,
        *(seen.step for seen in answers),
        location="connection",
        expected="answers alike",
        received=", ".join(str(each or "none") for each in statuses),
    )
