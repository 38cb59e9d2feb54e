"""Composes calls of an operation from what is known: the contract's own, the tester's values, found ids."""

from __future__ import annotations

from collections.abc import Mapping

from locum.behaviour.calls import Call, compose
from locum.behaviour.scenarios import Natural
from locum.contract.model import HttpMethod, Location, Operation
from locum.verify.bench import Bench

__all__ = ["SAFE", "composed", "is_playable"]

#: Methods that ask for no change (RFC 9110, 9.2.1); others are sent only where writing is allowed.
SAFE = frozenset({HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.QUERY})


def is_playable(bench: Bench, operation: Operation) -> bool:
    """Tell whether *operation* may be called at all."""
    return bench.options.allow_writes or operation.route.method in SAFE


def composed(
    bench: Bench, operation: Operation, path_values: Mapping[str, str] | None = None, *, plain: bool = False
) -> Call | None:
    """Return a well-formed call, without a credential, with the tester's values and these in its path.

    *plain* leaves out the tester's. `None` comes back where no call can be made.
    """
    values = {} if plain else bench.options.values
    given = {each.name: values[each.name] for each in operation.parameters if each.name in values}
    located = {each.name: each.location for each in operation.parameters}
    natural = Natural(
        operation=operation.operation_id,
        query={key: text for key, text in given.items() if located[key] is Location.QUERY},
        path_values={
            **{key: text for key, text in given.items() if located[key] is Location.PATH},
            **(path_values or {}),
        },
        headers={key.lower(): text for key, text in given.items() if located[key] is Location.HEADER},
        credential="",
    )
    return compose(
        natural, operation, contract=bench.contract, fixtures=bench.fixtures, generator=bench.generator
    )
