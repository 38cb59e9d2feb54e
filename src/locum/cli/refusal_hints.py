"""Tells `locum check` of refusals that an operation is bound to make and declares no status for.

A client that is made from the document does not expect them, and a tool that holds a server to it calls them
undocumented. One hint speaks of all operations that lack the same, where the first of them stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from locum.contract import Contract
from locum.contract.diagnostics import diagnostic_at
from locum.contract.keywords import ANNOTATIONS, IDENTIFIERS, KNOWN
from locum.contract.model import JsonValue, Location, Operation, Parameter
from locum.errors import ContractError, Diagnostic, Severity

__all__ = ["refusal_hints"]

#: Members of a schema of text that may refuse some: all that are known and not of those that only describe.
_REFUSING: Final = KNOWN - ANNOTATIONS - IDENTIFIERS - {"type", "contentSchema"}
_MOST_NAMED: Final = 3


def refusal_hints(contract: Contract) -> tuple[Diagnostic, ...]:
    """Return a hint for each kind of refusal that operations cannot but make and do not declare."""
    operations = list(contract.readable_operations())
    found = (_hint(kind, operations) for kind in _KINDS)
    return tuple(contract.locate([each for each in found if each is not None]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A refusal: the statuses that may be declared for it, whom it is for, and who is bound to make it."""

    statuses: tuple[int, ...]
    whom: str
    is_bound: Callable[[Operation], bool]


def _hint(kind: _Kind, operations: Iterable[Operation]) -> Diagnostic | None:
    """Return the hint for all of *operations* that make a refusal of *kind* and declare none."""
    bound = filter(kind.is_bound, operations)
    lacking = [each for each in bound if not any(map(each.response_for, kind.statuses))]
    if not lacking:
        return None
    names = [f"{each.route.method.value} {each.route.path}" for each in lacking]
    more = len(names) - _MOST_NAMED
    named = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    verb = "declare" if len(names) > 1 else "declares"
    return diagnostic_at(
        lacking[0].route.place,
        "undeclared-refusal",
        f"{named} {verb} no status for {kind.whom}",
        hint=f"declare {' or '.join(map(str, kind.statuses))}, {kind.statuses[0] // 100}XX or default",
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
    return bundle.get("type", "string") != "string" or not _REFUSING.isdisjoint(bundle)


_KINDS: Final = (
    _Kind(statuses=(401, 403), whom="those who show no credentials", is_bound=_asks_for_credentials),
    _Kind(statuses=(400, 422), whom="a request that is wrong", is_bound=_can_be_asked_wrongly),
)
