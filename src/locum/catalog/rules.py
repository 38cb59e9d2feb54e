"""All rules of one contract: those in its document, and those that lie beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from locum.behaviour.requirements import Requirement
from locum.behaviour.world import DEFAULT_INSTANT
from locum.catalog.document_rules import read_document_rules, requirements_at_root, requirements_in
from locum.catalog.entry import Entry
from locum.catalog.invariants import Promises, load_promises, read_requirements
from locum.contract.contract import Contract
from locum.contract.model import Operation
from locum.errors import FixtureError

__all__ = ["load_rules", "requirements_by"]


def load_rules(
    entry: Entry, values: Mapping[str, str] | None = None, now: datetime = DEFAULT_INSTANT
) -> Promises:
    """Return every rule of *entry*; *values* replace those that its sheet brings along.

    Those of them that depend on the time are told at *now*.

    A broken rule of the document is left out, and told in `diagnostics`. Raises `FixtureError` with every
    fault of the sheet, and `UnreachableError` if it cannot be read.
    """
    own = read_document_rules(entry.contract)
    if not entry.fixtures_origin:
        return own
    operations = [route.operation_id for route in entry.contract.routes]
    beside = load_promises(Path(entry.fixtures_origin).parent, operations, values, now)
    return Promises(
        invariants=(*beside.invariants, *own.invariants),
        relations=(*beside.relations, *own.relations),
        requirements=(*beside.requirements, *own.requirements),
        opaque=(*beside.opaque, *own.opaque),
        calls=beside.calls,
        unchecked=beside.unchecked,
        diagnostics=own.diagnostics,
    )


def requirements_by(
    contract: Contract, sheet: bytes, *, file: str
) -> Callable[[Operation], tuple[Requirement, ...]]:
    """Return what tells the requirements of an operation: those of the *sheet*, then those of the document.

    Either is read when an operation is first asked for, so that serving without any costs nothing. A rule
    that cannot be used is left out: `locum check` tells of it.
    """
    names = [route.operation_id for route in contract.routes]

    @cache
    def beside() -> tuple[Requirement, ...]:
        try:
            return read_requirements(sheet, file=file, operations=names)
        except FixtureError:
            return ()

    def requirements(operation: Operation) -> tuple[Requirement, ...]:
        found = (*beside(), *requirements_at_root(contract), *requirements_in(operation))
        return tuple(each for each in found if operation.operation_id in each.operations)

    return requirements
