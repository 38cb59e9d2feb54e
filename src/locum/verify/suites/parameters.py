"""Tries every parameter, one at a time beside good values: at its limits, beyond them, of other types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.contract.model import Operation, Parameter
from locum.errors import ContractError
from locum.verify.acceptance import judge_acceptance, judge_refusal
from locum.verify.asking import is_opaque
from locum.verify.bases import base_of, well_formed
from locum.verify.bench import Bench
from locum.verify.composing import is_playable
from locum.verify.editing import texts_in, with_texts
from locum.verify.model import Result
from locum.verify.mutations import Mutation, mutations_of
from locum.verify.seen import Seen
from locum.verify.telling import Rule

__all__ = ["parameters"]

REFUSED: Final = Rule(
    id="parameter.accepted",
    promise="A parameter that breaks its schema, or is missing, is refused as the contract declares",
    suite="parameters",
)
TAKEN: Final = Rule(
    id="parameter.refused", promise="A parameter at the limits of its schema is taken", suite="parameters"
)


def parameters(bench: Bench) -> Iterator[Result]:
    """Play everything that can be tried of each parameter of each operation."""
    for operation in bench.operations:
        if not is_playable(bench, operation):
            continue
        for parameter in operation.parameters:
            try:
                yield from _tried(bench, operation, parameter)
            except ContractError as error:
                yield REFUSED.unseen(operation.operation_id, str(error).partition("\n")[0])


def _tried(bench: Bench, operation: Operation, parameter: Parameter) -> Iterator[Result]:
    base = base_of(bench, operation)
    call = base.call if base is not None else next(well_formed(bench, operation), None)
    if call is None:
        return
    for mutation in mutations_of(parameter, texts_in(call, operation, parameter)):
        if mutation.is_valid and (base is None or is_opaque(bench, operation, parameter)):
            continue
        seen = bench.send(
            with_texts(call, operation, parameter, mutation.texts),
            operation,
            is_wrong=not mutation.is_valid,
        )
        yield from _judged(bench, seen, parameter, mutation, has_base=base is not None)


def _judged(
    bench: Bench, seen: Seen, parameter: Parameter, mutation: Mutation, *, has_base: bool
) -> Iterator[Result]:
    if mutation.is_valid:
        yield from judge_acceptance(bench, seen, TAKEN, parameter, mutation.kind)
    elif has_base or seen.is_success:
        yield from judge_refusal(bench, seen, REFUSED, parameter, mutation.kind)
