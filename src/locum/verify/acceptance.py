"""Judges whether a call that the contract allows was let in, and one that it forbids kept out.

Statuses are those that the contract declares, never a list of our own: what is not declared is told by
`judges/conformance.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from locum.contract.model import Parameter
from locum.verify.asking import breaks, is_opaque
from locum.verify.bench import Bench
from locum.verify.editing import texts_in
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule, place_of

__all__ = ["judge_acceptance", "judge_refusal"]

#: Says that the call itself was wrong; what is not there, or not allowed, may well be.
_FAULTED: Final = frozenset({400, 405, 406, 411, 413, 414, 415, 422, 431})
#: Says something of the caller or the method, of which nothing was changed.
_BESIDE_THE_POINT: Final = frozenset({401, 405, 406, 407, 411})
#: Dates may be out of reach: what a server keeps is not the document's to say.
_DATED: Final = re.compile(r"\d{4}-\d{2}")


def judge_acceptance(
    bench: Bench, seen: Seen, rule: Rule, parameter: Parameter, kind: str
) -> Iterator[Result]:
    """Tell whether a valid value was taken; it may lead to nothing that is there."""
    operation = seen.operation
    if operation is None or seen.received is None or seen.is_busy:
        return
    texts = texts_in(seen.call, operation, parameter)
    refused = seen.status in _FAULTED or seen.status >= 500  # noqa: PLR2004 -- RFC 9110 section 15.6
    if not refused:
        yield rule.held(operation.operation_id)
        return
    is_unsaid = is_opaque(bench, operation, parameter) or any(map(_DATED.search, texts))
    if seen.status in _FAULTED and (is_unsaid or breaks(seen.call, operation, bench)):
        return
    yield rule.broken(
        operation.operation_id,
        seen.step,
        location=f"{parameter.location.value}.{parameter.name}",
        kind=kind,
        expected=f"{parameter.name}={', '.join(texts)[:100]} is taken",
        received=f"{seen.status} {seen.content[:200].decode('utf-8', 'replace')}",
        where=place_of(bench.contract, parameter.place),
    )


def judge_refusal(bench: Bench, seen: Seen, rule: Rule, parameter: Parameter, kind: str) -> Iterator[Result]:
    """Tell whether an invalid value was refused, as the client's fault and by a status that fits."""
    operation = seen.operation
    if operation is None or seen.received is None or seen.is_busy:
        return
    is_refused = 400 <= seen.status < 500 and seen.status not in _BESIDE_THE_POINT  # noqa: PLR2004 -- RFC 9110 section 15.5
    if is_refused:
        yield rule.held(operation.operation_id)
        return
    texts = texts_in(seen.call, operation, parameter)
    declared = [each.status for each in operation.responses if each.status.startswith("4")]
    yield rule.broken(
        operation.operation_id,
        seen.step,
        location=f"{parameter.location.value}.{parameter.name}",
        kind=kind,
        expected=f"{parameter.name}={', '.join(texts)[:100]} is refused by one of {', '.join(declared)}",
        received=str(seen.status),
        where=place_of(bench.contract, parameter.place),
    )
