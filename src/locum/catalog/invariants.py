"""Reads `invariants.yaml`, which says beside a document what requests have to keep and answers promise.

`rules.schema.json` is the format; `behaviour/invariants.py`, `relations.py` and `requirements.py` say what
each part means. What stands in the document itself is read by `document_rules.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from locum.behaviour.crawling import Paging
from locum.behaviour.exchanges import Call
from locum.behaviour.invariants import Invariant
from locum.behaviour.relations import Relation
from locum.behaviour.requirements import Opaque, Requirement
from locum.behaviour.world import DEFAULT_INSTANT
from locum.catalog.clock_values import told_at
from locum.catalog.rule_making import Making, unless_known, wrong_calls, wrong_expressions
from locum.catalog.rule_schema import rule_schema
from locum.catalog.sheet import Fault, Sheet, read_sheet
from locum.contract.pointers import join_pointer
from locum.contract.positions import find_positions
from locum.errors import Diagnostic, UnreachableError, Where

__all__ = ["RULES_FILE", "Promises", "load_promises", "read_promises", "read_requirements"]

RULES_FILE: Final = "invariants.yaml"
#: The parts of a sheet that hold rules, and what one item of each is called in the schema.
_PARTS: Final = {
    "invariants": "invariant",
    "requires": "requirement",
    "opaque": "opaque",
    "relations": "relation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The rules of an API: what it promises, what it asks, and calls whose answers show it.

    *unchecked* says why some are not checked; *diagnostics* what of a document's own rules cannot be used.
    """

    invariants: tuple[Invariant, ...] = ()
    relations: tuple[Relation, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    calls: tuple[Call, ...] = ()
    unchecked: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def load_promises(
    folder: Path,
    operations: Collection[str],
    values: Mapping[str, str] | None = None,
    now: datetime = DEFAULT_INSTANT,
) -> Promises:
    """Return what `invariants.yaml` in *folder* says at *now*; without the file, nothing is promised.

    Raises `FixtureError` with every fault found, and `UnreachableError` if the file cannot be read.
    """
    path = folder / RULES_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Promises()
    except OSError as error:
        told = f"cannot be read: {error.strerror or error}"
        raise UnreachableError(
            Diagnostic(code="fixtures.unreadable", message=told, where=Where(file=str(path)))
        ) from error
    return read_promises(content, file=str(path), operations=operations, values=values, now=now)


def read_promises(
    content: bytes,
    *,
    file: str,
    operations: Collection[str],
    values: Mapping[str, str] | None = None,
    now: datetime = DEFAULT_INSTANT,
) -> Promises:
    """Return what *content* of *file* promises about *operations*; *values* replace those it brings along.

    Values that depend on the time are those of *now*.

    Raises `FixtureError` with every fault found, each with its line.
    """
    sheet, making = _sheet(content, file, operations, values, now)
    return Promises(
        invariants=tuple(map(making.invariant, *_listed(sheet, "invariants"))),
        relations=tuple(map(making.relation, *_listed(sheet, "relations"))),
        requirements=tuple(map(making.requirement, *_listed(sheet, "requires"))),
        opaque=tuple(map(making.opaque, *_listed(sheet, "opaque"))),
        calls=tuple(making.call(each) for each in sheet.value.get("calls", ())),
        unchecked=sheet.value.get("unchecked", {}),
    )


def read_requirements(content: bytes, *, file: str, operations: Collection[str]) -> tuple[Requirement, ...]:
    """Return what a sheet asks of requests, without the lines it stands at: all that a server needs of it.

    Raises as `read_promises`.
    """
    if b"requires" not in content:
        return ()
    sheet, making = _sheet(content, file, operations, None, DEFAULT_INSTANT)
    return tuple(making.requirement(each, Where(file=file)) for each in sheet.value.get("requires", ()))


def _sheet(
    content: bytes,
    file: str,
    operations: Collection[str],
    values: Mapping[str, str] | None,
    now: datetime,
) -> tuple[Sheet, Making]:
    sheet = read_sheet(content, file=file, schema=rule_schema())
    value = sheet.value
    given = told_at({**value.get("values", {}), **(values or {})}, now)
    faults = list(_faults(value, operations, given))
    if faults:
        raise sheet.refusal(faults)
    paging = {name: Paging(**each) for name, each in value.get("paging", {}).items()}
    return sheet, Making(operation=value.get("operation", ""), values=given, paging=paging)


def _listed(sheet: Sheet, part: str) -> tuple[list[Mapping[str, Any]], list[Where]]:
    """Return what stands in a *part* of a sheet, and where each stands."""
    listed = sheet.value.get(part, [])
    pointers = [join_pointer(part, index) for index in range(len(listed))]
    positions = find_positions(sheet.source.text, pointers) if pointers else {}
    places = [(pointer, positions.get(pointer, (None, None))) for pointer in pointers]
    return listed, [
        Where(file=sheet.source.uri, line=line, column=column, pointer=pointer)
        for pointer, (line, column) in places
    ]


def _faults(
    value: Mapping[str, Any], operations: Collection[str], given: Mapping[str, str]
) -> Iterator[Fault]:
    seen: set[str] = set()
    usual = value.get("operation", "")
    if usual:
        yield from unless_known("operation", usual, operations, ("operation",))
    yield from wrong_calls(value, (), operations=operations, values=given, usual=usual)
    for part, kind in _PARTS.items():
        for index, each in enumerate(value.get(part, ())):
            steps = (part, index)
            name = each.get("id")
            if name in seen:
                yield Fault("duplicate-id", f"another promise is called `{name}`", (*steps, "id"))
            seen |= {name} if name else set()
            for at, operation in enumerate(each.get("operations", ())):
                yield from unless_known("operation", operation, operations, (*steps, "operations", at))
            if isinstance(each.get("paging"), str):
                yield from unless_known("paging", each["paging"], value.get("paging", {}), (*steps, "paging"))
            if "from" in each:
                giver = each["from"]["operation"]
                yield from unless_known("operation", giver, operations, (*steps, "from", "operation"))
            yield from wrong_expressions(each, kind, steps)
            yield from wrong_calls(each, steps, operations=operations, values=given, usual=usual)
