"""Calls every operation as the document shows it: promised calls, each documented value, and all together.

Every answer is judged as any other; what is new here is that a documented value must not be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.calls import Call
from locum.contract.model import JsonValue, Location, Operation, Parameter
from locum.contract.writing import write_parameter
from locum.verify.acceptance import judge_acceptance
from locum.verify.bases import base_of, is_supplied
from locum.verify.bench import Bench
from locum.verify.composing import is_playable
from locum.verify.documented import documented_values
from locum.verify.editing import with_texts
from locum.verify.exchanging import call_of
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule

__all__ = ["examples"]

ACCEPTED: Final = Rule(
    id="example.refused", promise="A value that the contract documents is not refused", suite="examples"
)


def examples(bench: Bench) -> Iterator[Result]:
    """Play the documented calls of every operation."""
    for operation in bench.operations:
        if not is_playable(bench, operation):
            yield ACCEPTED.unseen(operation.operation_id, "it writes, and `--allow-writes` was not given")
            continue
        base = base_of(bench, operation)
        if base is None:
            yield ACCEPTED.unseen(operation.operation_id, "no call was answered with success")
            continue
        _promised(bench, operation)
        for parameter in operation.parameters:
            for value in documented_values(parameter):
                yield from _alone(bench, operation, base, parameter, value)
        _together(bench, operation, base)


def _promised(bench: Bench, operation: Operation) -> None:
    """Send the calls whose answers show the invariants."""
    known = {each.id for each in bench.fixtures.credentials}
    for promised in bench.promises.calls:
        texts = (promised.query, *promised.path.values())
        is_ours = promised.operation == operation.operation_id and all(map(is_supplied, texts))
        if is_ours and (not promised.credential or promised.credential in known):
            bench.send(call_of(promised, operation), operation, identity=promised.credential)


def _alone(
    bench: Bench, operation: Operation, base: Seen, parameter: Parameter, value: JsonValue
) -> Iterator[Result]:
    call = _with_value(base.call, operation, parameter, value)
    if call is None or call.target == base.call.target:
        return
    seen = bench.send(call, operation)
    yield from judge_acceptance(bench, seen, ACCEPTED, parameter, "documented")


def _with_value(call: Call, operation: Operation, parameter: Parameter, value: JsonValue) -> Call | None:
    """Return *call* with *value* as *parameter*; `None` where it cannot be written."""
    emptied = with_texts(call, operation, parameter, ())
    pairs = write_parameter(parameter, value)
    if parameter.location is Location.QUERY:
        return Call(
            method=call.method,
            path=call.path,
            query=(*emptied.query, *pairs),
            headers=call.headers,
            body=call.body,
        )
    if parameter.location is Location.PATH or parameter.location is Location.HEADER:
        text = value if isinstance(value, str) else pairs[0][1]
        return with_texts(call, operation, parameter, [text])
    return None


def _together(bench: Bench, operation: Operation, base: Seen) -> None:
    """Send every optional parameter at once; what they mean together is for relations to say."""
    call = base.call
    for parameter in operation.parameters:
        if parameter.required or parameter.location is not Location.QUERY:
            continue
        value = next(iter(documented_values(parameter)), None)
        if value is not None:
            call = _with_value(call, operation, parameter, value) or call
    if call.target != base.call.target:
        bench.send(call, operation)
