"""Changes documents as PATCH asks: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).

Both are pure: the document is not changed in place. The libraries there are change documents in place, or
raise half a dozen unrelated errors; what is needed here is one function that says what is wrong, and where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias

from locum.contract.model import JsonObject, JsonValue

__all__ = ["PatchError", "json_patch", "merge_patch"]

#: A part of a document, walked by a pointer; any JSON value.
_Any: TypeAlias = Any
_MOST_OPERATIONS: Final = 1000


class PatchError(ValueError):
    """A patch that cannot be applied; *index* counts its operations from 0."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(f"operation {index}: {message}")
        self.index = index


def merge_patch(target: JsonValue, patch: JsonValue) -> JsonValue:
    """Return *target* with *patch* merged into it; `null` takes a member away (RFC 7396, section 2).

    >>> merge_patch({"a": "b", "c": {"d": 1, "e": 2}}, {"a": None, "c": {"e": 3}})
    {'c': {'d': 1, 'e': 3}}
    """
    if not isinstance(patch, dict):
        return patch
    merged: JsonObject = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def json_patch(target: JsonValue, patch: JsonValue) -> JsonValue:
    """Return *target* with the operations of *patch* applied in their order, all or none (RFC 6902).

    Raises `PatchError` when one cannot be applied or its test fails.

    >>> json_patch({"a": [1, 2]}, [{"op": "remove", "path": "/a/0"}])
    {'a': [2]}
    """
    if not isinstance(patch, list) or len(patch) > _MOST_OPERATIONS:
        raise PatchError(0, f"a list of at most {_MOST_OPERATIONS} operations is expected")
    document: _Any = deepcopy(target)
    for index, each in enumerate(patch):
        try:
            document = _applied(document, each)
        except (LookupError, TypeError, ValueError) as error:
            raise PatchError(index, str(error.args[0]) if error.args else "cannot be applied") from error
    found: JsonValue = document
    return found


def _applied(document: _Any, operation: JsonValue) -> _Any:
    if not isinstance(operation, dict) or operation.get("op") not in _OPERATIONS:
        message = f"`op` must be one of {', '.join(_OPERATIONS)}"
        raise ValueError(message)
    return _OPERATIONS[str(operation["op"])](document, operation)


def _pointer(operation: Mapping[str, JsonValue], name: str = "path") -> list[str]:
    pointer = operation.get(name)
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        message = f"`{name}` must be a JSON Pointer"
        raise ValueError(message)
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _value(operation: Mapping[str, JsonValue]) -> JsonValue:
    if "value" not in operation:
        message = "`value` is missing"
        raise ValueError(message)
    return deepcopy(operation["value"])


def _at(document: _Any, steps: list[str]) -> _Any:
    for step in steps:
        document = document[_index(document, step)] if isinstance(document, list) else _member(document, step)
    return document


def _member(document: _Any, step: str) -> _Any:
    if not isinstance(document, dict) or step not in document:
        message = f"there is no {step!r}"
        raise LookupError(message)
    return document[step]


def _index(items: list[_Any], step: str, *, past_end: bool = False) -> int:
    if past_end and step == "-":
        return len(items)
    # Neither signs, spaces nor leading zeros (RFC 6901, section 4).
    is_plain = step.isascii() and step.isdigit() and len(step) < 10 and (step == "0" or step[0] != "0")  # noqa: PLR2004
    if not is_plain or int(step) > len(items) - (0 if past_end else 1):
        message = f"there is no item {step!r}"
        raise LookupError(message)
    return int(step)


def _put(document: _Any, steps: list[str], value: _Any) -> _Any:
    if not steps:
        return value
    parent, last = _at(document, steps[:-1]), steps[-1]
    if isinstance(parent, list):
        parent.insert(_index(parent, last, past_end=True), value)
    elif isinstance(parent, dict):
        parent[last] = value
    else:
        message = f"there is nothing to put {last!r} into"
        raise LookupError(message)  # noqa: TRY004 -- all faults of a patch are told alike
    return document


def _take(document: _Any, steps: list[str]) -> _Any:
    """Take the value at *steps* away and return it."""
    if not steps:
        message = "the whole document cannot be taken away"
        raise LookupError(message)
    parent, found = _at(document, steps[:-1]), _at(document, steps)
    del parent[_index(parent, steps[-1]) if isinstance(parent, list) else steps[-1]]
    return found


def _add(document: _Any, operation: JsonObject) -> _Any:
    return _put(document, _pointer(operation), _value(operation))


def _remove(document: _Any, operation: JsonObject) -> _Any:
    _take(document, _pointer(operation))
    return document


def _replace(document: _Any, operation: JsonObject) -> _Any:
    steps, value = _pointer(operation), _value(operation)
    if not steps:
        return value
    _at(document, steps)
    parent = _at(document, steps[:-1])
    parent[_index(parent, steps[-1]) if isinstance(parent, list) else steps[-1]] = value
    return document


def _move(document: _Any, operation: JsonObject) -> _Any:
    source, target = _pointer(operation, "from"), _pointer(operation)
    if target[: len(source)] == source and target != source:
        message = "a value cannot be moved into itself"
        raise ValueError(message)
    if target == source:
        _at(document, source)
        return document
    return _put(document, target, _take(document, source))


def _copy(document: _Any, operation: JsonObject) -> _Any:
    return _put(document, _pointer(operation), deepcopy(_at(document, _pointer(operation, "from"))))


def _test(document: _Any, operation: JsonObject) -> _Any:
    if not _same(_at(document, _pointer(operation)), _value(operation)):
        message = f"the test at {operation['path']!r} fails"
        raise ValueError(message)
    return document


def _same(one: _Any, other: _Any) -> bool:
    """Compare as JSON does: `1` and `1.0` are equal, `true` and `1` are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


_OPERATIONS: Final[Mapping[str, Callable[[_Any, JsonObject], _Any]]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}
