"""Finds, for each operation, a call that is answered with success: what suites change one thing of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.resources.templates import variables
from locum.contract.model import Operation
from locum.verify.bench import Bench
from locum.verify.composing import SAFE, composed, is_playable
from locum.verify.exchanging import call_of
from locum.verify.seen import Seen
from locum.verify.things.finding import item_of, values_of
from locum.verify.things.making import values_of_own

__all__ = ["UNSUPPLIED", "base_of", "is_supplied", "well_formed"]

#: Stands in a promised call for a value that the tester has not supplied.
UNSUPPLIED: Final = "\0"


def is_supplied(text: str) -> bool:
    """Tell whether every value that *text* names is known."""
    return UNSUPPLIED not in text


def base_of(bench: Bench, operation: Operation) -> Seen | None:
    """Return the first well-formed call that is answered with success, with its answer.

    It is looked for once; `None` where there is none, or where the operation may not be called.
    """
    name = operation.operation_id
    if name not in bench.bases and is_playable(bench, operation):
        for call in well_formed(bench, operation):
            seen = bench.send(call, operation)
            if seen.is_success:
                bench.bases[name] = seen
                break
    return bench.bases.get(name)


def well_formed(bench: Bench, operation: Operation) -> Iterator[Call]:
    """Yield calls that should be answered well, the most promising first, without credentials.

    Those that change something change what was made for it, if that can be done; those that read end with
    something that the server itself has told of.
    """
    for promised in bench.promises.calls:
        texts = (promised.query, *promised.path.values())
        is_ours = promised.operation == operation.operation_id and promised.credential is None
        if is_ours and all(map(is_supplied, texts)):
            yield call_of(promised, operation)
    has_values = any(each.name in bench.options.values for each in operation.parameters)
    is_safe = operation.route.method in SAFE
    if not is_safe:
        yield from _about_things(bench, operation)
    calls = [composed(bench, operation), composed(bench, operation, plain=True) if has_values else None]
    yield from (each for each in calls if each is not None)
    if is_safe:
        yield from _about_things(bench, operation)


def _about_things(bench: Bench, operation: Operation) -> Iterator[Call]:
    """Yield a call about something that is there: to be read, anything; to be changed, a thing of ours."""
    path = operation.route.path
    if not variables(path):
        return
    is_safe = operation.route.method in SAFE
    found = values_of(bench, path) if is_safe else None
    if found is None and bench.options.allow_writes:
        found = values_of_own(bench, path)
        if is_safe and found is not None:
            bench.known[item_of(path)] = found
    call = composed(bench, operation, found) if found is not None else None
    if call is not None:
        yield call
