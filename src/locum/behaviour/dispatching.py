"""Reads how a document says that a request chooses an example: `x-microcks-operation` of an operation.

Source: Microcks, dispatchers and dispatching rules. Scripts are not run; what is not read is told by
`locum check`, and examples are joined by their names as if nothing had been said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from locum.behaviour.model import Request
from locum.contract.model import JsonObject, JsonValue, Operation
from locum.contract.pointers import split_pointer
from locum.contract.writing import write_text

__all__ = ["EXTENSION", "NO_DISPATCH", "Dispatch", "DispatchError", "read_dispatch"]

EXTENSION: Final = "x-microcks-operation"
_BY_PARAMETERS: Final = frozenset({"URI_PARTS", "URI_PARAMS", "URI_ELEMENTS", "QUERY_HEADER"})
_RANGE: Final = re.compile(r"([\[\]])\s*([^;]+?)\s*;\s*([^;]+?)\s*([\[\]])")
_SPLIT: Final = re.compile(r"&&|\?\?")


class DispatchError(Exception):
    """A dispatcher is not read; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """How a request chooses an example: by some *parameters*, by what *name_of* says, else the *fallback*."""

    parameters: frozenset[str] | None = None
    name_of: Callable[[Request], str | None] | None = None
    fallback: str | None = None


NO_DISPATCH: Final = Dispatch()


def read_dispatch(operation: Operation) -> Dispatch:
    """Return what the extension of *operation* says; raises `DispatchError` where that is not read."""
    written = operation.extensions.get(EXTENSION)
    if not isinstance(written, dict) or not written.get("dispatcher"):
        return NO_DISPATCH
    return _dispatch(str(written["dispatcher"]), written.get("dispatcherRules"))


def _dispatch(dispatcher: str, rules: JsonValue) -> Dispatch:
    if dispatcher in _BY_PARAMETERS:
        names = frozenset(each.strip() for each in _SPLIT.split(str(rules or "")) if each.strip())
        return Dispatch(parameters=names or None)
    if dispatcher == "JSON_BODY":
        return Dispatch(name_of=_by_body(_members(dispatcher, rules)))
    if dispatcher == "FALLBACK":
        told = _members(dispatcher, rules)
        first = _dispatch(str(told.get("dispatcher")), told.get("dispatcherRules"))
        fallback = str(told.get("fallback") or "") or first.fallback
        return Dispatch(parameters=first.parameters, name_of=first.name_of, fallback=fallback)
    raise DispatchError(f"the dispatcher {dispatcher[:40]} is not read")


def _members(dispatcher: str, rules: JsonValue) -> JsonObject:
    """Return rules that are an object, or JSON within text."""
    try:
        found = orjson.loads(rules) if isinstance(rules, str) else rules
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise DispatchError(f"the rules of the dispatcher {dispatcher} are no JSON object")
    return found


def _by_body(rules: JsonObject) -> Callable[[Request], str | None]:
    """Return what finds the case of a body; raises `DispatchError`."""
    operator, cases = str(rules.get("operator", rules.get("op"))), rules.get("cases")
    if operator not in _OPERATORS or not isinstance(cases, dict):
        raise DispatchError(
            f"the rules of the dispatcher JSON_BODY have no operator of {', '.join(_OPERATORS)}"
        )
    steps, is_case = split_pointer(str(rules.get("exp") or "")), _OPERATORS[operator]
    named = {str(case): str(name) for case, name in cases.items()}

    def name_of(request: Request) -> str | None:
        value = _at(request.body, steps)
        found = (name for case, name in named.items() if case != "default" and is_case(case, value))
        return next(found, named.get("default"))

    return name_of


def _at(value: JsonValue | bytes, steps: tuple[str, ...]) -> JsonValue:
    found = None if isinstance(value, bytes) else value
    for step in steps:
        if isinstance(found, list):
            found = found[int(step)] if step.isdecimal() and int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def _in_range(case: str, number: JsonValue) -> bool:
    """Tell whether *number* is in a range such as `[1;5]`, whose brackets turned away leave its ends out."""
    found = _RANGE.fullmatch(case.strip())
    try:
        value = float(number) if isinstance(number, str) else number
        least, most = (float(found[2]), float(found[3])) if found else (0.0, 0.0)
    except ValueError:
        return False
    if found is None or not isinstance(value, int | float):
        return False
    above = value >= least if found[1] == "[" else value > least
    return above and (value <= most if found[4] == "]" else value < most)


def _is_matched(case: str, value: JsonValue) -> bool:
    try:
        return value is not None and re.search(case, write_text(value)) is not None
    except re.error:
        return False


_OPERATORS: Final[Mapping[str, Callable[[str, JsonValue], bool]]] = {
    "equals": lambda case, value: value is not None and write_text(value) == case,
    "range": _in_range,
    "size": lambda case, value: isinstance(value, list) and _in_range(case, len(value)),
    "regexp": _is_matched,
    "presence": lambda case, value: (value is not None) == (case == "found"),
}
