"""Tells `locum check` of names in `x-faker` that nothing is known of: values are made up in their place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from locum.contract import Contract
from locum.contract.diagnostics import diagnostic_at
from locum.contract.inspection import schemas_of
from locum.contract.model import Operation, Schema
from locum.contract.schema import DocumentSchema
from locum.errors import ContractError, Diagnostic, Severity, nearest
from locum.generation.fakerjs import KNOWN_FAKERS, unknown_fakers

__all__ = ["faker_hints"]


def faker_hints(contract: Contract) -> tuple[Diagnostic, ...]:
    """Return a warning for each unknown name in an `x-faker`, with the nearest that is known."""
    found = dict.fromkeys(chain.from_iterable(map(_in_operation, contract.readable_operations())))
    return tuple(contract.locate(found))


def _in_operation(operation: Operation) -> Iterator[Diagnostic]:
    try:
        for schema, _ in schemas_of(operation):
            yield from _in_schema(schema)
    except ContractError:  # told already, as what it is
        return


def _in_schema(schema: Schema) -> Iterator[Diagnostic]:
    for way, name in unknown_fakers(schema.bundle()):
        place = schema.origin([*way]) if isinstance(schema, DocumentSchema) else schema.place
        close = nearest(name, KNOWN_FAKERS)
        yield diagnostic_at(
            place,
            "x-faker",
            f"nothing is known of {name!r}; a value is made up in its place",
            hint=f"did you mean {close}?" if close else "",
            severity=Severity.WARNING,
        )
