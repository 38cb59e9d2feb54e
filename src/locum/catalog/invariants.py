"""Reads `invariants.yaml`, which says beside a document what its answers promise, alone and together.

The schema below is the format; `behaviour/invariants.py` and `behaviour/relations.py` say what each part
means. Read when asked for: no server needs it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from locum.behaviour.crawling import Paging
from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.exchanges import Call
from locum.behaviour.expressions import Expression, compile_expression
from locum.behaviour.invariants import SCOPE, Invariant
from locum.behaviour.relations import Kind, Relation
from locum.catalog.sheet import Fault, Sheet, read_sheet
from locum.contract.model import JsonObject
from locum.contract.pointers import join_pointer
from locum.contract.positions import find_positions
from locum.errors import Diagnostic, FixtureError, UnreachableError, Where, nearest

__all__ = ["Promises", "load_promises", "read_promises"]

_TEXT: Final = {"type": "string"}
_NAME: Final = {"type": "string", "minLength": 1}
_NAMES: Final = {"type": "array", "items": _NAME, "minItems": 1}
_COUNTS: Final = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1}
_POINTER: Final = {"type": "string", "pattern": "^(/.*)?$"}
_POINTERS: Final = {"type": "array", "items": _POINTER, "minItems": 1}
_STATUSES: Final = {
    "type": "array",
    "items": {"type": "integer", "minimum": 100, "maximum": 599},
    "minItems": 1,
}
_LABEL: Final = {"enum": ["SEED", "CALC", "V-H", "V-M", "INFER", "ASSUMED"]}
#: `{name}` in a path value or a query stands for one of `values`.
_VALUE: Final = re.compile(r"\{([a-z_]+)\}")


def _record(*required: str, **properties: object) -> object:
    """Return the schema of a mapping that has these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required],
        "properties": properties,
    }


_CALL: Final = _record(
    operation=_NAME,
    path={"type": "object", "additionalProperties": _TEXT},
    query=_TEXT,
    credential=_TEXT,
)
_CALLS: Final = {"type": "array", "items": _CALL, "minItems": 1}
_PAGING: Final = _record(
    "items", items=_POINTER, token=_POINTER, cursor=_NAME, link=_POINTER, page=_NAME, size=_NAME
)
_INVARIANT: Final = _record(
    *("id", "promise", "expression", "confidence"),
    id=_NAME,
    promise=_NAME,
    operations=_NAMES,
    statuses=_STATUSES,
    expression=_NAME,
    when=_NAME,
    breaks={"type": "array", "items": _record("at", "value", at=_POINTER, value={}), "minItems": 1},
    confidence=_LABEL,
    source=_TEXT,
)
_RELATION: Final = _record(
    *("id", "promise", "kind", "calls", "confidence"),
    id=_NAME,
    promise=_NAME,
    kind={"enum": [kind.value for kind in Kind]},
    calls=_CALLS,
    paging=_NAME,
    sizes=_COUNTS,
    key=_POINTERS,
    order=_POINTERS,
    is_descending={"type": "boolean"},
    parameter=_NAME,
    offsets=_COUNTS,
    at=_POINTERS,
    amount=_POINTER,
    tolerance={"type": "number", "minimum": 0},
    statuses=_STATUSES,
    confidence=_LABEL,
    source=_TEXT,
)
_SCHEMA: Final = cast(
    "JsonObject",
    _record(
        values={"type": "object", "additionalProperties": _TEXT, "propertyNames": {"pattern": "^[a-z_]+$"}},
        operation=_NAME,
        paging={"type": "object", "additionalProperties": _PAGING},
        calls=_CALLS,
        invariants={"type": "array", "items": _INVARIANT},
        relations={"type": "array", "items": _RELATION},
        unchecked={"type": "object", "additionalProperties": _NAME},
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What a sheet says: promises, calls whose answers show them, and why some are not checked."""

    invariants: tuple[Invariant, ...] = ()
    relations: tuple[Relation, ...] = ()
    calls: tuple[Call, ...] = ()
    unchecked: Mapping[str, str]


def load_promises(
    folder: Path, operations: Collection[str], values: Mapping[str, str] | None = None
) -> Promises:
    """Return what `invariants.yaml` in *folder* says; without the file, nothing is promised.

    Raises `FixtureError` with every fault found, and `UnreachableError` if the file cannot be read.
    """
    path = folder / "invariants.yaml"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Promises(unchecked={})
    except OSError as error:
        told = f"cannot be read: {error.strerror or error}"
        raise UnreachableError(
            Diagnostic(code="fixtures.unreadable", message=told, where=Where(file=str(path)))
        ) from error
    return read_promises(content, file=str(path), operations=operations, values=values)


def read_promises(
    content: bytes, *, file: str, operations: Collection[str], values: Mapping[str, str] | None = None
) -> Promises:
    """Return what *content* of *file* promises about *operations*; *values* replace those it brings along.

    Raises `FixtureError` with every fault found, each with its line.
    """
    sheet = read_sheet(content, file=file, schema=_SCHEMA)
    value = sheet.value
    given = {**value.get("values", {}), **(values or {})}
    faults = [*_wrong_names(value, operations, given), *_wrong_expressions(value)]
    if faults:
        raise sheet.refusal(faults)
    reading = _Reading(
        operation=value.get("operation", ""),
        values=given,
        paging={name: Paging(**each) for name, each in value.get("paging", {}).items()},
    )
    return Promises(
        invariants=tuple(map(reading.invariant, *_listed(sheet, "invariants"))),
        relations=tuple(map(reading.relation, *_listed(sheet, "relations"))),
        calls=tuple(reading.call(each) for each in value.get("calls", ())),
        unchecked=value.get("unchecked", {}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Makes values of what a sheet says, once nothing in it is wrong."""

    operation: str
    values: Mapping[str, str]
    paging: Mapping[str, Paging]

    def invariant(self, each: Mapping[str, Any], where: Where) -> Invariant:
        operations = frozenset(each.get("operations", (self.operation,)))
        made = {
            **each,
            "operations": operations,
            "statuses": frozenset(each.get("statuses", (200,))),
            "expression": _compiled(each["expression"]),
            "when": _compiled(each["when"]) if "when" in each else None,
            "breaks": tuple(Edit(kind=EditKind.SET, **one) for one in each.get("breaks", ())),
            "where": where,
        }
        return Invariant(**made)

    def relation(self, each: Mapping[str, Any], where: Where) -> Relation:
        tuples = {
            name: tuple(each[name]) for name in ("sizes", "key", "order", "offsets", "at") if name in each
        }
        made = {
            **each,
            **tuples,
            "kind": Kind(each["kind"]),
            "calls": tuple(self.call(call) for call in each["calls"]),
            "paging": self.paging[each["paging"]] if "paging" in each else None,
            "statuses": frozenset(each.get("statuses", ())),
            "where": where,
        }
        return Relation(**made)

    def call(self, each: Mapping[str, Any]) -> Call:
        return Call(
            operation=each.get("operation", self.operation),
            path={name: self.filled(text) for name, text in each.get("path", {}).items()},
            query=self.filled(each.get("query", "")),
            credential=each.get("credential"),
        )

    def filled(self, text: str) -> str:
        return _VALUE.sub(lambda found: self.values[found[1]], text)


def _listed(sheet: Sheet, part: str) -> tuple[list[Mapping[str, Any]], list[Where]]:
    """Return what stands in a *part* of a sheet, and where each stands."""
    listed = sheet.value.get(part, [])
    pointers = [join_pointer(part, index) for index in range(len(listed))]
    positions = find_positions(sheet.source.text, pointers)
    places = [(pointer, positions.get(pointer, (None, None))) for pointer in pointers]
    return listed, [
        Where(file=sheet.source.uri, line=line, column=column, pointer=pointer)
        for pointer, (line, column) in places
    ]


def _compiled(text: str) -> Expression:
    return compile_expression(text, SCOPE)


def _wrong_expressions(value: Mapping[str, Any]) -> Iterator[Fault]:
    for index, each in enumerate(value.get("invariants", ())):
        for name in ("expression", "when"):
            if name in each:
                try:
                    _compiled(each[name])
                except FixtureError as error:
                    (told,) = error.diagnostics
                    code = told.code.partition(".")[2]
                    yield Fault(code, told.message, ("invariants", index, name), told.hint)


def _wrong_names(
    value: Mapping[str, Any], operations: Collection[str], given: Mapping[str, str]
) -> Iterator[Fault]:
    seen: set[str] = set()
    for part in ("invariants", "relations"):
        for index, each in enumerate(value.get(part, ())):
            if each["id"] in seen:
                yield Fault("duplicate-id", f"another promise is called `{each['id']}`", (part, index, "id"))
            seen.add(each["id"])
            for at, name in enumerate(each.get("operations", ())):
                yield from _unless_known("operation", name, operations, (part, index, "operations", at))
            if "paging" in each:
                yield from _unless_known(
                    "paging", each["paging"], value.get("paging", {}), (part, index, "paging")
                )
    if "operation" in value:
        yield from _unless_known("operation", value["operation"], operations, ("operation",))
    for steps, call in _calls_in(value):
        name = call.get("operation", value.get("operation", ""))
        yield from _unless_known("operation", name, operations, (*steps, "operation"))
        for text in (call.get("query", ""), *call.get("path", {}).values()):
            for word in _VALUE.findall(text):
                yield from _unless_known("value", word, given, steps)


def _calls_in(value: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    for at, call in enumerate(value.get("calls", ())):
        yield ("calls", at), call
    for index, each in enumerate(value.get("relations", ())):
        for at, call in enumerate(each["calls"]):
            yield ("relations", index, "calls", at), call


def _unless_known(
    kind: str, name: str, known: Collection[str], steps: tuple[str | int, ...]
) -> Iterator[Fault]:
    if name not in known:
        close = nearest(name, known)
        hint = f"did you mean `{close}`?" if close else f"known: {', '.join(known) or 'none'}"
        yield Fault(f"unknown-{kind}", f"there is no {kind} `{name}`", steps, hint)
