"""Tells `locum check` of what `x-microcks-operation` says and nobody heeds here."""

from __future__ import annotations

from collections.abc import Iterator

from locum.behaviour.dispatching import EXTENSION, DispatchError, read_dispatch
from locum.contract import Contract, Route
from locum.contract.diagnostics import diagnostic_at
from locum.contract.model import Place
from locum.contract.pointers import below
from locum.errors import ContractError, Diagnostic, Severity

__all__ = ["dispatch_hints"]


def dispatch_hints(contract: Contract) -> tuple[Diagnostic, ...]:
    """Return a warning for each dispatcher that is not read, and for each delay."""
    return contract.locate([each for route in contract.routes for each in _in_operation(contract, route)])


def _in_operation(contract: Contract, route: Route) -> Iterator[Diagnostic]:
    try:
        operation = contract.operation(route)
    except ContractError:  # told already, as what it is
        return
    written = operation.extensions.get(EXTENSION)
    place = Place(uri=route.place.uri, pointer=below(route.place.pointer, EXTENSION))
    try:
        read_dispatch(operation)
    except DispatchError as error:
        message, hint = (
            f"{error}; examples are joined by their names alone",
            "name parameters, a body or a fallback",
        )
        yield diagnostic_at(place, "x-microcks", message, hint=hint, severity=Severity.WARNING)
    if isinstance(written, dict) and written.get("delay"):
        message, hint = "the delay is not kept", "ask for one by a scenario"
        yield diagnostic_at(place, "x-microcks", message, hint=hint, severity=Severity.WARNING)
