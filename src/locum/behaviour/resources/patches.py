"""Changes documents as PATCH asks: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).

Both are pure: the document is not changed in place, only what lies above a change is made anew. The libraries
there are change documents in place, or raise half a dozen unrelated errors; what is needed here is one
function that says what is wrong, and where, and that no sender can let grow without end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from locum.contract.depth import MOST_NESTED
from locum.contract.model import JsonObject, JsonValue

__all__ = ["PatchError", "json_patch", "merge_patch"]

#: A part of a document, walked by a pointer; any JSON value.
_Any: TypeAlias = Any
_MOST_OPERATIONS: Final = 1000
#: What a patch may leave: characters, with some for each value.
_HEAVIEST: Final = 16 * 1024 * 1024
_EACH: Final = 16


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

    Raises `PatchError` when one cannot be applied, its test fails, or they leave too large a document.

    >>> json_patch({"a": [1, 2]}, [{"op": "remove", "path": "/a/0"}])
    {'a': [2]}
    """
    if not isinstance(patch, list) or len(patch) > _MOST_OPERATIONS:
        raise PatchError(0, f"a list of at most {_MOST_OPERATIONS} operations is expected")
    document: _Any = target
    for index, each in enumerate(patch):
        try:
            document = _applied(document, each)
        except (LookupError, TypeError, ValueError) as error:
            raise PatchError(index, str(error.args[0]) if error.args else "cannot be applied") from error
    if not _is_bounded(document):
        raise PatchError(len(patch) - 1, "the document would be too large, or nest too deep")
    found: JsonValue = document
    return found


def _is_bounded(document: _Any) -> bool:
    """Tell whether *document*, written out, is of a size that can be kept.

    Values are shared where they were copied, so that forty copies of a document into itself take no room
    here; only what is written out would be 2 to the power of 40 times as long.
    """
    weight = 0
    waiting = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        names = sum(map(len, value)) if isinstance(value, dict) else 0
        weight += _EACH + names + (len(value) if isinstance(value, str) else 0)
        if weight > _HEAVIEST or depth > MOST_NESTED:
            return False
        waiting.extend((each, depth + 1) for each in inner)
    return True


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
    return operation["value"]


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
    *above, last = steps
    parent = _at(document, above)
    if isinstance(parent, list):
        at = _index(parent, last, past_end=True)
        return _set(document, above, [*parent[:at], value, *parent[at:]])
    if isinstance(parent, dict):
        return _set(document, above, {**parent, last: value})
    message = f"there is nothing to put {last!r} into"
    raise LookupError(message)


def _set(document: _Any, steps: list[str], value: _Any) -> _Any:
    """Return *document* with *value* in the place of what stands at *steps*; only what lies above is made."""
    passed = [document]
    for step in steps:
        passed.append(_at(passed[-1], [step]))
    for step, parent in zip(reversed(steps), reversed(passed[:-1]), strict=True):
        made = parent.copy()
        made[_index(made, step) if isinstance(made, list) else step] = value
        value = made
    return value


def _taken(document: _Any, steps: list[str]) -> _Any:
    """Return *document* without the value at *steps*."""
    if not steps:
        message = "the whole document cannot be taken away"
        raise LookupError(message)
    _at(document, steps)
    *above, last = steps
    left = _at(document, above).copy()
    del left[_index(left, last) if isinstance(left, list) else last]
    return _set(document, above, left)


def _add(document: _Any, operation: JsonObject) -> _Any:
    return _put(document, _pointer(operation), _value(operation))


def _remove(document: _Any, operation: JsonObject) -> _Any:
    return _taken(document, _pointer(operation))


def _replace(document: _Any, operation: JsonObject) -> _Any:
    return _set(document, _pointer(operation), _value(operation))


def _move(document: _Any, operation: JsonObject) -> _Any:
    source, target = _pointer(operation, "from"), _pointer(operation)
    value = _at(document, source)
    if target == source:
        return document
    if target[: len(source)] == source:
        message = "a value cannot be moved into itself"
        raise ValueError(message)
    return _put(_taken(document, source), target, value)


def _copy(document: _Any, operation: JsonObject) -> _Any:
    return _put(document, _pointer(operation), _at(document, _pointer(operation, "from")))


def _test(document: _Any, operation: JsonObject) -> _Any:
    if not _same(_at(document, _pointer(operation)), _value(operation)):
        message = f"the test at {operation['path']!r} fails"
        raise ValueError(message)
    return document


def _same(one: _Any, other: _Any) -> bool:
    """Compare as JSON does: `1` and `1.0` are equal, `true` and `1` are not."""
    waiting = [(one, other)]
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            waiting.extend((one[name], other[name]) for name in one)
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            waiting.extend(zip(one, other, strict=True))
        elif isinstance(one, bool) != isinstance(other, bool) or one != other:
            return False
    return True


_OPERATIONS: Final[Mapping[str, Callable[[_Any, JsonObject], _Any]]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}
