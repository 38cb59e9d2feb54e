"""Tells `locum check` of what `x-microcks-operation` says and nobody heeds here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from locum.behaviour.dispatching import EXTENSION, DispatchError, read_dispatch
from locum.contract import Contract
from locum.contract.diagnostics import diagnostic_at
from locum.contract.model import Operation, Place
from locum.contract.pointers import below
from locum.errors import Diagnostic, Severity

__all__ = ["dispatch_hints"]


def dispatch_hints(contract: Contract) -> tuple[Diagnostic, ...]:
    """Return a warning for each dispatcher that is not read, and for each delay."""
    return contract.locate(chain.from_iterable(map(_in_operation, contract.readable_operations())))


def _in_operation(operation: Operation) -> Iterator[Diagnostic]:
    written, at = operation.extensions.get(EXTENSION), operation.route.place
    place = Place(uri=at.uri, pointer=below(at.pointer, EXTENSION))
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
