"""Calls three times in a row, and looks whether what a server tells of the calls left goes down.

Source: draft-ietf-httpapi-ratelimit-headers, and the older names with `X-`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from locum.contract.model import Header, HttpMethod, Operation
from locum.verify.bases import base_of
from locum.verify.bench import Bench
from locum.verify.confidence import confidence_of
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.severities import severity_of
from locum.verify.telling import Rule, place_of

__all__ = ["rates"]

FALLING: Final = Rule(
    id="rate.falling", promise="Each call takes one off the calls that are left", suite="rates"
)
_NAME: Final = re.compile(r"(?:x-)?rate-?limit-(remaining|limit|reset)")
_CALLS: Final = 3


def rates(bench: Bench) -> Iterator[Result]:
    """Play every operation whose answers are declared to tell how many calls are left."""
    for operation in bench.operations:
        header = _declared(operation)
        base = base_of(bench, operation) if header is not None else None
        if header is None or base is None or operation.route.method is not HttpMethod.GET:
            continue
        answers = [bench.send(base.call, operation) for _ in range(_CALLS)]
        yield from _judged(bench, operation, header, answers)


def _declared(operation: Operation) -> Header | None:
    headers = (each for spec in operation.responses if spec.status == "200" for each in spec.headers)
    return next((each for each in headers if _word(each.name) == "remaining"), None)


def _word(name: str) -> str:
    found = _NAME.fullmatch(name.lower())
    return found[1] if found else ""


def _judged(bench: Bench, operation: Operation, header: Header, answers: list[Seen]) -> Iterator[Result]:
    told = [_told(each) for each in answers]
    left = [each.get("remaining") for each in told]
    numbers = [each for each in left if each is not None]
    if len(numbers) < _CALLS or not all(each.is_success for each in answers):
        return
    windows, limits = ({each.get(word) for each in told} for word in ("reset", "limit"))
    # A window that moves lets calls back in. Where all are left all the time, none are counted, as by who
    # switches its limits on later; one that is taken off is taken off again by the next call.
    if len(windows) > 1:
        yield FALLING.unseen(operation.operation_id, "each call was told to be in a window of its own")
    elif {*numbers} == limits:
        yield FALLING.unseen(operation.operation_id, "no call is taken off at all")
    elif numbers[-1] < numbers[0] or numbers[0] == 0:
        yield FALLING.held(operation.operation_id)
    else:
        # No standard demands it; who documents the header may.
        severity = severity_of(
            confidence_of(bench.contract, header.place) or "INFER",
            is_strict=bench.options.is_strict,
            has_assumptions=bench.options.has_assumptions,
        )
        if severity is not None:
            yield FALLING.broken(
                operation.operation_id,
                *(each.step for each in answers),
                location=f"header.{header.name.lower()}",
                expected="less from call to call",
                received=", ".join(map(str, numbers)),
                severity=severity,
                where=place_of(bench.contract, header.place),
            )


def _told(seen: Seen) -> dict[str, int]:
    words = ((_word(name), text.strip()) for name, text in seen.headers.items())
    return {word: int(text) for word, text in words if word and text.isdigit()}
