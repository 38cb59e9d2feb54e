"""Reads overlays and lays them over a document before anything else reads it.

Source: OpenAPI Overlay Specification 1.0.0, section 4, and 1.1.0 for `copy`; targets are JSONPath (RFC 9535).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from locum.catalog.files import content_of
from locum.catalog.sheet import Fault, Sheet, read_sheet
from locum.contract.locations import is_remote, join_location, normal_location
from locum.contract.model import JsonObject, JsonValue
from locum.contract.pointers import join_pointer
from locum.contract.positions import find_positions
from locum.errors import Diagnostic, Severity, Where

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
                "properties": {
                    **dict.fromkeys(("target", "description", "copy"), _TEXT),
                    "remove": {"type": "boolean"},
                },
            },
        },
    },
}
_Steps = tuple[str | int, ...]
_Path: TypeAlias = "JSONPath | CompoundJSONPath"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """One action: what is looked for, and what is done there; *where* it stands in its overlay.

    *source* says what is copied there, where nothing else is done.
    """

    target: _Path
    written: str
    update: JsonValue
    has_update: bool
    is_removal: bool
    source: _Path | None
    where: Where


@dataclass(slots=True, kw_only=True, eq=False)
class Overlays:
    """Overlays in their order; *warnings* tells of those for others, and of actions that do nothing."""

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
            self._warn(action, "no-match", f"{action.written} finds nothing in the document")
        if action.is_removal:
            # From the end, so that places before it stay where they are.
            for steps in sorted(found, key=_late_first, reverse=True):
                _remove(document, steps)
            return document
        update = action.update
        if not action.has_update:
            sources = action.source.findall(_as_json(document)) if action.source else []
            if len(sources) != 1:
                self._warn(action, "nothing-to-do", _why_not(action, len(sources)))
                return document
            update = _as_json(sources[0])
        for steps in found:
            # Each match has its own, which a later action may change.
            document = _updated(document, steps, copy.deepcopy(update))
        return document

    def _warn(self, action: _Action, code: str, message: str) -> None:
        warning = f"{message}; the action does nothing"
        self.warnings.append(_warning(code, warning, action.where))


def read_overlays(
    paths: Iterable[Path],
    read: Callable[[str], bytes],
    document: str | None = None,
    others: Collection[str] = (),
) -> Overlays:
    """Return the overlays of *paths* in their order; *read* gives what a file holds.

    One that extends another document than *document* is told, or left out if that is one of *others*.
    Raises `UnreachableError` where there is none, `FixtureError` with every fault of one.
    """
    actions: list[_Action] = []
    warnings: list[Diagnostic] = []
    for path in paths:
        content = content_of(path, read, kind="overlay", what="overlay")
        sheet = read_sheet(content, file=str(path), schema=_SHEET)
        own = list(_actions(sheet))
        extended = _extended(sheet, path)
        if extended is not None and document is not None and extended != _absolute(document):
            if extended in map(_absolute, others):
                continue
            message = f"the overlay extends {sheet.value['extends']!r}, and is laid over {document}"
            warnings.append(_warning("other-document", message, _where(sheet, "extends")))
        actions += own
    return Overlays(actions=tuple(actions), warnings=warnings)


def _extended(sheet: Sheet, path: Path) -> str | None:
    """Return where the document is that an overlay says it extends; `None` where it says nothing."""
    written = sheet.value.get("extends")
    return join_location(_absolute(str(path)), written) if isinstance(written, str) else None


def _absolute(location: str) -> str:
    return location if is_remote(location) else normal_location(str(Path(location).absolute()))


def _actions(sheet: Sheet) -> Iterator[_Action]:
    faults: list[Fault] = []
    found = [
        {key: _path(each[key], (index, key), faults) for key in ("target", "copy") if key in each}
        for index, each in enumerate(sheet.value["actions"])
    ]
    if faults:
        raise sheet.refusal(faults)
    for index, (paths, each) in enumerate(zip(found, sheet.value["actions"], strict=True)):
        target = paths["target"]
        if target is not None:
            yield _Action(
                target=target,
                written=each["target"],
                update=each.get("update"),
                has_update="update" in each,
                is_removal=each.get("remove") is True,
                source=paths.get("copy"),
                where=_where(sheet, "actions", index),
            )


def _path(written: str, place: tuple[int, str], faults: list[Fault]) -> _Path | None:
    """Return a JSONPath compiled; what is none is among the *faults*."""
    # Imported late: few documents have an overlay, and no other start must pay for it.
    import jsonpath  # noqa: PLC0415

    try:
        return jsonpath.compile(written)
    except jsonpath.JSONPathError as error:
        reason = str(error).partition("\n")[0]
        faults.append(Fault("wrong-value", f"the {place[1]} is no JSONPath: {reason}", ("actions", *place)))
        return None


def _where(sheet: Sheet, *tokens: str | int) -> Where:
    pointer = join_pointer(*tokens)
    line, column = find_positions(sheet.source.text, [pointer]).get(pointer, (None, None))
    return Where(file=sheet.source.uri, line=line, column=column, pointer=pointer)


def _why_not(action: _Action, sources: int) -> str:
    if action.source is None:
        return "neither update, remove nor copy says what is to be done"
    return f"copy finds {sources or 'nothing'} in the document where one thing is meant"


def _warning(code: str, message: str, where: Where) -> Diagnostic:
    return Diagnostic(code=f"overlay.{code}", message=message, where=where, severity=Severity.WARNING)


def _as_json(document: object) -> Any:  # noqa: ANN401 -- the library's own word for JSON is as wide
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
    return update


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
