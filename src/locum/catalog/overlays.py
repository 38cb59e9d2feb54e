"""Reads overlays and lays them over a document before anything else reads it.

Source: OpenAPI Overlay Specification 1.0.0, section 4; targets are JSONPath (RFC 9535).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from locum.catalog.sheet import Fault, Sheet, read_sheet
from locum.contract.model import JsonObject, JsonValue
from locum.contract.pointers import join_pointer
from locum.contract.positions import find_positions
from locum.errors import Diagnostic, Severity, UnreachableError, Where

if TYPE_CHECKING:
    from jsonpath import JSONPath
    from jsonpath.path import CompoundJSONPath

__all__ = ["Overlays", "read_overlays"]

_TEXT: Final[JsonObject] = {"type": "string"}
_SHEET: Final[JsonObject] = {
    "type": "object",
    "required": ["overlay", "actions"],
    "properties": {
        "overlay": {"type": "string", "pattern": r"^1\.\d+\.\d+"},
        "info": {"type": "object"},
        "extends": _TEXT,
        "actions": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["target"],
                "properties": {"target": _TEXT, "description": _TEXT, "remove": {"type": "boolean"}},
            },
        },
    },
}
_Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """One action: what is looked for, and what is done there; *where* it stands in its overlay."""

    target: JSONPath | CompoundJSONPath
    written: str
    update: JsonValue
    has_update: bool
    is_removal: bool
    where: Where


@dataclass(slots=True, kw_only=True, eq=False)
class Overlays:
    """Overlays in their order; *warnings* tells of actions that found nothing to do."""

    actions: tuple[_Action, ...] = ()
    warnings: list[Diagnostic] = field(default_factory=list)

    def lay_over(self, document: JsonValue) -> JsonValue:
        """Return *document* with every action done, one after the other; *document* itself stays."""
        amended = copy.deepcopy(document) if self.actions else document
        for action in self.actions:
            amended = self._done(action, amended)
        return amended

    def _done(self, action: _Action, document: JsonValue) -> JsonValue:
        found: list[_Steps] = [match.parts for match in action.target.finditer(_as_json(document))]
        if not found:
            self.warnings.append(_nothing(action))
        if action.is_removal:
            # From the end, so that places before it stay where they are.
            for steps in sorted(found, key=_late_first, reverse=True):
                _remove(document, steps)
            return document
        if action.has_update:
            for steps in found:
                document = _updated(document, steps, action.update)
        return document


def read_overlays(paths: Iterable[Path], read: Callable[[str], bytes]) -> Overlays:
    """Return the overlays of *paths* in their order; *read* gives what a file holds.

    Raises `UnreachableError` where there is none, `FixtureError` with every fault of one.
    """
    return Overlays(actions=tuple(action for path in paths for action in _actions(path, read)))


def _actions(path: Path, read: Callable[[str], bytes]) -> Iterator[_Action]:
    try:
        content = read(str(path))
    except OSError as error:
        raise UnreachableError(
            Diagnostic(
                code="overlay.unreadable",
                message=f"the overlay cannot be read: {error.strerror or error}",
                where=Where(file=str(path)),
            )
        ) from error
    sheet = read_sheet(content, file=str(path), schema=_SHEET)
    targets = [_target(each["target"]) for each in sheet.value["actions"]]
    faults = [
        Fault("wrong-value", f"the target is no JSONPath: {each}", ("actions", index, "target"))
        for index, each in enumerate(targets)
        if isinstance(each, str)
    ]
    if faults:
        raise sheet.refusal(faults)
    for index, (target, each) in enumerate(zip(targets, sheet.value["actions"], strict=True)):
        if not isinstance(target, str):
            yield _Action(
                target=target,
                written=each["target"],
                update=each.get("update"),
                has_update="update" in each,
                is_removal=each.get("remove") is True,
                where=_where(sheet, index),
            )


def _target(written: str) -> JSONPath | CompoundJSONPath | str:
    """Return a target compiled, or why it is none."""
    # Imported late: few documents have an overlay, and no other start must pay for it.
    import jsonpath  # noqa: PLC0415

    try:
        return jsonpath.compile(written)
    except jsonpath.JSONPathError as error:
        return str(error).partition("\n")[0]


def _where(sheet: Sheet, index: int) -> Where:
    pointer = join_pointer("actions", index)
    line, column = find_positions(sheet.source.text, [pointer]).get(pointer, (None, None))
    return Where(file=sheet.source.uri, line=line, column=column, pointer=pointer)


def _nothing(action: _Action) -> Diagnostic:
    return Diagnostic(
        code="overlay.no-match",
        message=f"{action.written} finds nothing in the document; the action does nothing",
        where=action.where,
        severity=Severity.WARNING,
    )


def _as_json(document: JsonValue) -> Any:  # noqa: ANN401 -- the library's own word for JSON is as wide
    return document


def _late_first(steps: _Steps) -> list[tuple[int, int, str]]:
    return [(1, each, "") if isinstance(each, int) else (0, 0, each) for each in steps]


def _remove(document: JsonValue, steps: _Steps) -> None:
    """Take away what stands at *steps*; the root stays, and what went with another is gone already."""
    holder = _at(document, steps[:-1])
    if not steps or holder is None:
        return
    last = steps[-1]
    if isinstance(holder, dict):
        holder.pop(str(last), None)
    elif isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        del holder[last]


def _updated(document: JsonValue, steps: _Steps, update: JsonValue) -> JsonValue:
    if not steps:
        return _merged(document, update)
    holder, last = _at(document, steps[:-1]), steps[-1]
    if isinstance(holder, dict):
        holder[str(last)] = _merged(holder[str(last)], update)
    elif isinstance(holder, list) and isinstance(last, int):
        holder[last] = _merged(holder[last], update)
    return document


def _merged(old: JsonValue, update: JsonValue) -> JsonValue:
    """Merge objects member by member, append to lists, and replace anything else (section 4.4.3)."""
    if isinstance(old, dict) and isinstance(update, dict):
        return {**old, **{key: _merged(old[key], new) if key in old else new for key, new in update.items()}}
    if isinstance(old, list):
        return [*old, *update] if isinstance(update, list) else [*old, update]
    return copy.deepcopy(update)


def _at(document: JsonValue, steps: _Steps) -> JsonValue:
    found: JsonValue = document
    for step in steps:
        if isinstance(found, dict):
            found = found.get(str(step))
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found
