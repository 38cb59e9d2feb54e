"""Reads `tolerances.yaml`, which says beside a document what a real server is forgiven, and is asked.

The schema below is the format; `behaviour/tolerances.py` says what each part means. Read when a server is
verified: no stand-in needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from locum.behaviour.expressions import compile_expression
from locum.behaviour.invariants import SCOPE
from locum.behaviour.tolerances import Tolerance
from locum.catalog.sheet import Fault, read_sheet
from locum.contract.model import JsonObject
from locum.errors import Diagnostic, FixtureError, UnreachableError, Where, nearest

__all__ = ["TOLERANCES_FILE", "Allowance", "load_tolerances"]

TOLERANCES_FILE: Final = "tolerances.yaml"
_NAME: Final = {"type": "string", "minLength": 1}
_NAMES: Final = {"type": "array", "items": _NAME, "minItems": 1}
_STATUSES: Final = {
    "type": "array",
    "items": {"type": "integer", "minimum": 100, "maximum": 599},
    "minItems": 1,
}
_COUNT: Final = {"type": "integer", "minimum": 1}


def _record(*required: str, **properties: object) -> object:
    """Return the schema of a mapping that has these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required],
        "properties": properties,
    }


_SCHEMA: Final = cast(
    "JsonObject",
    _record(
        budget=_record(requests=_COUNT, per_minute=_COUNT, first=_NAMES),
        tolerances={
            "type": "array",
            "items": _record(
                *("rules", "reason"),
                rules=_NAMES,
                operations=_NAMES,
                locations=_NAMES,
                kinds=_NAMES,
                statuses=_STATUSES,
                expression=_NAME,
                reason=_NAME,
                source={"type": "string"},
            ),
        },
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a sheet says: tolerances, and the budget of a run against somebody else's server.

    *requests* are those of a whole run, *per_minute* its pace; `None` is as many as it takes. *first* names
    the relations that tell the most, in order.
    """

    tolerances: tuple[Tolerance, ...] = ()
    requests: int | None = None
    per_minute: int | None = None
    first: tuple[str, ...] = ()


def load_tolerances(folder: Path, operations: Collection[str]) -> Allowance:
    """Return what `tolerances.yaml` in *folder* says; without the file, nothing is forgiven.

    Raises `FixtureError` with every fault found, and `UnreachableError` if the file cannot be read.
    """
    path = folder / TOLERANCES_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Allowance()
    except OSError as error:
        told = f"cannot be read: {error.strerror or error}"
        fault = Diagnostic(code="fixtures.unreadable", message=told, where=Where(file=str(path)))
        raise UnreachableError(fault) from error
    sheet = read_sheet(content, file=str(path), schema=_SCHEMA)
    listed = sheet.value.get("tolerances", [])
    faults = [fault for at, each in enumerate(listed) for fault in _faults(at, each, operations)]
    if faults:
        raise sheet.refusal(faults)
    budget = sheet.value.get("budget", {})
    return Allowance(
        tolerances=tuple(map(_tolerance, listed)),
        requests=budget.get("requests"),
        per_minute=budget.get("per_minute"),
        first=tuple(budget.get("first", ())),
    )


def _tolerance(each: Mapping[str, Any]) -> Tolerance:
    return Tolerance(
        rules=tuple(each["rules"]),
        operations=frozenset(each.get("operations", ())),
        locations=tuple(each.get("locations", ())),
        kinds=tuple(each.get("kinds", ())),
        statuses=frozenset(each.get("statuses", ())),
        expression=compile_expression(each["expression"], SCOPE) if "expression" in each else None,
        reason=each["reason"],
        source=each.get("source", ""),
    )


def _faults(at: int, each: Mapping[str, Any], operations: Collection[str]) -> Iterator[Fault]:
    for place, name in enumerate(each.get("operations", ())):
        if name not in operations:
            close = nearest(name, operations)
            hint = f"did you mean `{close}`?" if close else f"known: {', '.join(operations) or 'none'}"
            steps = ("tolerances", at, "operations", place)
            yield Fault("unknown-operation", f"there is no operation `{name}`", steps, hint)
    if "expression" in each:
        try:
            compile_expression(each["expression"], SCOPE)
        except FixtureError as error:
            (told,) = error.diagnostics
            code = told.code.partition(".")[2]
            yield Fault(code, told.message, ("tolerances", at, "expression"), told.hint)
