"""Small declared edits of a JSON value: how a scenario lets a body drift from its contract.

A place is a JSON Pointer (RFC 6901) in which `*` stands for every member or item. An edit whose place is not
there changes nothing. Values are never changed in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from locum.contract.model import JsonValue

__all__ = ["Edit", "EditKind", "edit"]


class EditKind(StrEnum):
    """What an edit does at its place."""

    #: Put *value*, which makes the member if its parent is there.
    SET = "set"
    REMOVE = "remove"
    #: Put what stands at *to* (a pointer).
    COPY = "copy"
    #: Call the member *to*.
    RENAME = "rename"
    #: Write it in another way: *to* is `string`, `number`, `upper` or `lower`.
    CONVERT = "convert"
    #: Put *to* where the regular expression *pattern* matches; `\\1` is its first group.
    REPLACE = "replace"
    #: Multiply a number by *value*.
    MULTIPLY = "multiply"
    #: Add *value* to a number, or items to a list.
    ADD = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit; which of *value*, *to* and *pattern* count is told by *kind*."""

    kind: EditKind
    at: str
    value: JsonValue = None
    to: str = ""
    pattern: str = ""


class _Gone:
    """Stands for a member that is not there, or shall not be."""


_GONE: Final = _Gone()
_Result: TypeAlias = "JsonValue | _Gone"
_Change: TypeAlias = "Callable[[_Result], _Result]"


def edit(value: JsonValue, edits: Sequence[Edit]) -> JsonValue:
    """Return *value* with *edits* made in their order.

    >>> edit({"a": {"b": 1}}, [Edit(kind=EditKind.CONVERT, at="/a/*", to="string")])
    {'a': {'b': '1'}}
    """
    for each in edits:
        steps = _steps(each.at)
        if each.kind is EditKind.RENAME:
            value = _kept(_changed(value, steps[:-1], _renaming(steps[-1] if steps else "", each.to)), value)
        else:
            value = _kept(_changed(value, steps, _CHANGES[each.kind](each, value)), value)
    return value


def _kept(made: _Result, before: JsonValue) -> JsonValue:
    return before if isinstance(made, _Gone) else made


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _changed(value: _Result, steps: Sequence[str], change: _Change) -> _Result:
    """Return *value* with *change* made at every place that *steps* lead to."""
    if not steps:
        return change(value)
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict):
        names = list(value) if step == "*" else [step]
        made = {name: _changed(value.get(name, _GONE), rest, change) for name in names}
        joined: dict[str, _Result] = {**value, **made}
        return {name: each for name, each in joined.items() if not isinstance(each, _Gone)}
    if isinstance(value, list):
        listed = [
            _changed(each, rest, change) if _names(step, index, value) else each
            for index, each in enumerate(value)
        ]
        return [each for each in listed if not isinstance(each, _Gone)]
    return value


def _names(step: str, index: int, items: list[JsonValue]) -> bool:
    """Tell whether *step* names the item at *index*; `-` is the last one."""
    return step in {"*", str(index)} or (step == "-" and index == len(items) - 1)


def _found(value: JsonValue, steps: Sequence[str]) -> _Result:
    found: _Result = value
    for step in steps:
        if isinstance(found, dict):
            found = found.get(step, _GONE)
        elif isinstance(found, list):
            index = next((each for each in range(len(found)) if _names(step, each, found)), None)
            found = _GONE if index is None else found[index]
        else:
            return _GONE
    return found


def _renaming(name: str, to: str) -> _Change:
    def change(value: _Result) -> _Result:
        if not isinstance(value, dict):
            return value
        return {to if each == name else each: inner for each, inner in value.items()}

    return change


def _setting(each: Edit, _: JsonValue) -> _Change:
    return lambda _: each.value


def _removing(_: Edit, __: JsonValue) -> _Change:
    return lambda _: _GONE


def _copying(each: Edit, root: JsonValue) -> _Change:
    source = _found(root, _steps(each.to))
    return lambda value: value if isinstance(source, _Gone) else source


def _converting(each: Edit, _: JsonValue) -> _Change:
    return _CONVERTED[each.to]


def _replacing(each: Edit, _: JsonValue) -> _Change:
    pattern = re.compile(each.pattern)
    return lambda value: pattern.sub(each.to, value) if isinstance(value, str) else value


def _multiplying(each: Edit, _: JsonValue) -> _Change:
    factor = each.value
    return lambda value: (
        round(value * factor, 6) if _is_number(value) and _is_number(factor) else value  # type: ignore[operator,arg-type]  # both are numbers
    )


def _adding(each: Edit, _: JsonValue) -> _Change:
    more = each.value

    def change(value: _Result) -> _Result:
        if isinstance(value, list):
            return [*value, *(more if isinstance(more, list) else [more])]
        if _is_number(value) and _is_number(more):
            return value + more  # type: ignore[operator]  # both are numbers
        return value

    return change


def _is_number(value: _Result) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _to_string(value: _Result) -> _Result:
    return str(value) if _is_number(value) else value


def _to_number(value: _Result) -> _Result:
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return value


_CONVERTED: Final[Mapping[str, _Change]] = {
    "string": _to_string,
    "number": _to_number,
    "upper": lambda value: value.upper() if isinstance(value, str) else value,
    "lower": lambda value: value.lower() if isinstance(value, str) else value,
}
_CHANGES: Final[Mapping[EditKind, Callable[[Edit, JsonValue], _Change]]] = {
    EditKind.SET: _setting,
    EditKind.REMOVE: _removing,
    EditKind.COPY: _copying,
    EditKind.CONVERT: _converting,
    EditKind.REPLACE: _replacing,
    EditKind.MULTIPLY: _multiplying,
    EditKind.ADD: _adding,
}
