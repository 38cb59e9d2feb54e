"""Tells `locum check` of refusals that an operation is bound to make and declares no status for.

A client that is made from the document does not expect them, and a tool that holds a server to it calls them
undocumented. One hint speaks of all operations that lack the same, where the first of them stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from locum.contract import Contract
from locum.contract.diagnostics import diagnostic_at
from locum.contract.model import JsonValue, Location, Operation, Parameter
from locum.errors import ContractError, Diagnostic, Severity

__all__ = ["refusal_hints"]

#: Members of a schema of text that refuse none.
_SILENT: Final = frozenset(
    {"$schema", "default", "deprecated", "description", "example", "examples", "readOnly", "title"}
    | {"type", "writeOnly"}
)
_MOST_NAMED: Final = 3


def refusal_hints(contract: Contract) -> tuple[Diagnostic, ...]:
    """Return a hint for each kind of refusal that operations cannot but make and do not declare."""
    operations = list(_readable(contract))
    found = (_hint(kind, operations) for kind in _KINDS.items())
    return tuple(contract.locate([each for each in found if each is not None]))


def _readable(contract: Contract) -> Iterator[Operation]:
    for route in contract.routes:
        try:
            yield contract.operation(route)
        except ContractError:  # told already, as what it is
            continue


def _hint(
    kind: tuple[tuple[int, ...], tuple[str, Callable[[Operation], bool]]], operations: list[Operation]
) -> Diagnostic | None:
    statuses, (why, asks) = kind
    lacking = [each for each in operations if asks(each) and not any(map(each.response_for, statuses))]
    if not lacking:
        return None
    names = [f"{each.route.method.value} {each.route.path}" for each in lacking]
    more = len(names) - _MOST_NAMED
    named = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    verb = "declare" if len(names) > 1 else "declares"
    return diagnostic_at(
        lacking[0].route.place,
        "undeclared-refusal",
        f"{named} {verb} no status for {why}",
        hint=f"declare {' or '.join(map(str, statuses))}, {statuses[0] // 100}XX or default",
        severity=Severity.HINT,
    )


def _asks_for_credentials(operation: Operation) -> bool:
    return bool(operation.security) and all(each.schemes for each in operation.security)


def _can_be_asked_wrongly(operation: Operation) -> bool:
    if operation.request_body is not None:
        return True
    return any(map(_refuses, operation.parameters))


def _refuses(parameter: Parameter) -> bool:
    """Tell whether a value, or its absence, can be wrong."""
    if parameter.required and parameter.location is not Location.PATH:
        return True
    try:
        bundle: Mapping[str, JsonValue] = parameter.schema.bundle() if parameter.schema else {}
    except ContractError:
        return False
    return bundle.get("type", "string") != "string" or not bundle.keys() <= _SILENT


_KINDS: Final[Mapping[tuple[int, ...], tuple[str, Callable[[Operation], bool]]]] = {
    (401, 403): ("those who show no credentials", _asks_for_credentials),
    (400, 422): ("a request that is wrong", _can_be_asked_wrongly),
}
