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

#: Dates may be out of reach: what a server keeps is not the document's to say.
_DATED: Final = re.compile(r"\d{4}-\d{2}")


def judge_acceptance(
    bench: Bench, seen: Seen, rule: Rule, parameter: Parameter, kind: str
) -> Iterator[Result]:
    """Tell whether a valid value was taken; it may lead to nothing that is there."""
    operation = seen.operation
    if operation is None or not seen.is_looked_at:
        return
    texts = texts_in(seen.call, operation, parameter)
    refused = seen.blames_call or seen.status >= 500  # noqa: PLR2004 -- RFC 9110 section 15.6
    if not refused:
        yield rule.held(operation.operation_id)
        return
    is_unsaid = is_opaque(bench, operation, parameter) or any(map(_DATED.search, texts))
    if seen.blames_call and (is_unsaid or breaks(seen.call, operation, bench)):
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
    if operation is None or not seen.is_looked_at:
        return
    is_refused = seen.is_refusal and not seen.is_beside_the_point
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
