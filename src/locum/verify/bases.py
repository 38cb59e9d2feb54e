"""Finds, for each operation, a call that is answered with success: what suites change one thing of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.calls import Call, compose
from locum.behaviour.scenarios import Natural
from locum.contract.model import HttpMethod, Location, Operation
from locum.verify.bench import Bench
from locum.verify.exchanging import call_of
from locum.verify.seen import Seen

__all__ = ["SAFE", "UNSUPPLIED", "base_of", "is_playable", "is_supplied", "well_formed"]

#: Methods that ask for no change (RFC 9110, 9.2.1); others are sent only where writing is allowed.
SAFE: Final = frozenset({HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.QUERY})
#: Stands in a promised call for a value that the tester has not supplied.
UNSUPPLIED: Final = "\0"


def is_playable(bench: Bench, operation: Operation) -> bool:
    """Tell whether *operation* may be called at all."""
    return bench.options.allow_writes or operation.route.method in SAFE


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
    """Yield calls that should be answered well, the most promising first, without credentials."""
    for promised in bench.promises.calls:
        texts = (promised.query, *promised.path.values())
        is_ours = promised.operation == operation.operation_id and promised.credential is None
        if is_ours and all(map(is_supplied, texts)):
            yield call_of(promised, operation)
    for natural in _naturals(bench, operation):
        call = compose(
            natural,
            operation,
            contract=bench.contract,
            fixtures=bench.fixtures,
            generator=bench.generator,
        )
        if call is not None:
            yield call


def _naturals(bench: Bench, operation: Operation) -> Iterator[Natural]:
    """Yield what is asked for by the tester's values, and by none."""
    values, name = bench.options.values, operation.operation_id
    given = {each.name: values[each.name] for each in operation.parameters if each.name in values}
    if given:
        located = {each.name: each.location for each in operation.parameters}
        yield Natural(
            operation=name,
            query={key: text for key, text in given.items() if located[key] is Location.QUERY},
            path_values={key: text for key, text in given.items() if located[key] is Location.PATH},
            headers={key.lower(): text for key, text in given.items() if located[key] is Location.HEADER},
            credential="",
        )
    yield Natural(operation=name, credential="")
