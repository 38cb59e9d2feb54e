"""What the contract would have to say to be true of the real answers, as a patch that a person reads.

Only what a real answer has broken is touched: types, null, enumerations, limits, required and undeclared
members, undeclared statuses. Each change is made in the text, read back, and given up unless it says just
what was meant; what cannot be done that way is told in words.
"""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import yaml

from locum.behaviour.phrases import PHRASES
from locum.contract.limits import Limits
from locum.contract.model import JsonValue, MediaType, Operation, Place, ResponseSpec, Violation
from locum.contract.pointers import split_pointer
from locum.contract.source import read_source
from locum.errors import ContractError
from locum.verify.fidelity.recording import Played
from locum.verify.fidelity.shapes import type_of
from locum.verify.seen import Seen, Undecoded

__all__ = ["Edit", "Proposal", "propose"]

Change = Callable[[Any], JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A unified diff, `""` for none, and what it does not cover, in words."""

    patch: str = ""
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What becomes of the value at *place*; made twice, it changes nothing the second time."""

    place: Place
    change: Change
    words: str


def propose(
    operations: Iterable[Operation],
    real: Iterable[Played],
    read: Callable[[str], str],
    shown: Callable[[str], str] = str,
    beside: Iterable[Edit] = (),
) -> Proposal:
    """Return what the contract would have to say; *read* gives the text of one of its files.

    *shown* makes of a file's address what stands in the patch. *beside* is what the fixtures would have to.
    """
    known = {each.operation_id: each for each in operations}
    by_hand: dict[str, None] = {}
    before: dict[str, str] = {}
    now: dict[str, str] = {}
    edits = (
        edit
        for name, _, seen in real
        if name in known and seen.received
        for edit in _edits(known[name], seen)
    )
    for edit in (*edits, *beside):
        uri = edit.place.uri
        if uri not in before:
            before[uri] = now[uri] = read(uri)
        changed = _applied(now[uri], edit)
        if changed is None:
            by_hand[f"{shown(uri)}#{edit.place.pointer}: {edit.words}"] = None
        else:
            now[uri] = changed
    patch = "".join(_diff(shown(uri), before[uri], now[uri]) for uri in before)
    return Proposal(patch=patch, by_hand=tuple(by_hand))


def _edits(operation: Operation, seen: Seen) -> Iterator[Edit]:
    spec = operation.response_for(seen.status)
    if spec is None:
        yield _new_status(operation, seen.status)
        return
    media = _media(spec, seen.media_type)
    if media is None or media.schema is None or isinstance(seen.value, Undecoded):
        return
    try:
        violations = media.schema.violations(seen.value, "response", "body")
    except ContractError:
        return
    for each in violations:
        if each.place is not None:
            make = _MAKERS.get(each.keyword, _unknown)
            yield make(each, each.place, _at(each, seen.value))


def _new_status(operation: Operation, status: int) -> Edit:
    place, pointer = operation.route.place, f"{operation.route.place.pointer}/responses"
    if operation.responses:
        place = operation.responses[0].place
        pointer = place.pointer.rpartition("/")[0]
    phrase = PHRASES.get(status, "Undocumented")
    return Edit(
        place=Place(uri=place.uri, pointer=pointer),
        change=partial(_with_member, name=str(status), value={"description": phrase}),
        words=f"{operation.operation_id} answers {status}, which is not declared",
    )


def _media(spec: ResponseSpec, media_type: str) -> MediaType | None:
    exact = [each for each in spec.content if each.name.partition(";")[0].strip().lower() == media_type]
    return next(iter(exact or spec.content), None)


def _at(violation: Violation, value: JsonValue) -> JsonValue:
    """Return the part of a body that a violation is about, `None` where there is none."""
    found: Any = value
    for step in violation.location[2:]:
        try:
            found = found[step]
        except (LookupError, TypeError):
            return None
    return cast("JsonValue", found)


def _wider_type(violation: Violation, place: Place, found: JsonValue) -> Edit:
    return _edit(violation, place, partial(_with_entry, entry=type_of(found)))


def _longer_list(violation: Violation, place: Place, found: JsonValue) -> Edit:
    return _edit(violation, place, partial(_with_entry, entry=found))


def _wider_limit(violation: Violation, place: Place, found: JsonValue) -> Edit:
    size = len(found) if isinstance(found, str | list) else found
    choose = min if violation.keyword.startswith("min") else max
    return _edit(violation, place, lambda limit: choose(limit, size))


def _not_required(violation: Violation, place: Place, _: JsonValue) -> Edit:
    return _edit(violation, place, lambda names: [each for each in names if each != violation.asked])


def _new_member(violation: Violation, place: Place, found: JsonValue) -> Edit:
    beside = Place(uri=place.uri, pointer=f"{place.pointer.rpartition('/')[0]}/properties")
    change = partial(_with_member, name=str(violation.asked), value={"type": type_of(found)})
    return _edit(violation, beside, change)


def _unknown(violation: Violation, place: Place, _: JsonValue) -> Edit:
    """Return an edit that cannot be made, so that it is told in words."""
    return _edit(violation, place, _refuse)


_MAKERS: Final[Mapping[str, Callable[[Violation, Place, JsonValue], Edit]]] = {
    "type": _wider_type,
    "enum": _longer_list,
    **dict.fromkeys(("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"), _wider_limit),
    "required": _not_required,
    "additionalProperties": _new_member,
}


def _edit(violation: Violation, place: Place, change: Change) -> Edit:
    where = "/".join(str(step) if isinstance(step, str) else "*" for step in violation.location[1:])
    return Edit(place=place, change=change, words=f"{where} {violation.message}")


def _refuse(_: JsonValue) -> JsonValue:
    raise ValueError("no rule says how this would be mended")


def _with_entry(listed: Any, entry: JsonValue) -> JsonValue:  # noqa: ANN401 -- any part of a document
    entries = listed if isinstance(listed, list) else [listed]
    return listed if entry in entries else [*entries, entry]


def _with_member(members: Any, name: str, value: JsonValue) -> JsonValue:  # noqa: ANN401 -- any part of a document
    return members if name in members else {name: value, **members}


def _applied(text: str, edit: Edit) -> str | None:
    """Return *text* with *edit* made, `None` where that cannot be vouched for."""
    uri, way = edit.place.uri, split_pointer(edit.place.pointer)
    try:
        expected = copy.deepcopy(read_source(text.encode(), uri, Limits()).value)
        holder, key = _holder(expected, way)
        old = holder[key]
        holder[key] = new = edit.change(old)
        if new == old:
            return text
        changed = _written(text, _node(yaml.compose(text), way), old, new)
        after = read_source(changed.encode(), uri, Limits()).value
    except (ContractError, yaml.YAMLError, LookupError, TypeError, ValueError):
        return None
    return changed if after == expected else None


def _holder(whole: Any, way: tuple[str, ...]) -> tuple[Any, Any]:  # noqa: ANN401 -- any part of a document
    """Return what holds the place at the end of *way*, and by which key."""
    *above, last = way
    found = whole
    for token in above:
        found = found[int(token)] if isinstance(found, list) else found[token]
    return found, int(last) if isinstance(found, list) else last


def _node(node: Any, way: tuple[str, ...]) -> yaml.Node:  # noqa: ANN401 -- PyYAML is not annotated here
    for token in way:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(token)]
        else:
            node = next(value for key, value in node.value if key.value == token)
    return cast("yaml.Node", node)


def _written(text: str, node: yaml.Node, old: JsonValue, new: JsonValue) -> str:
    """Return *text* with *new* where *old* stands, in the manner of what is there."""
    start, end = node.start_mark.index, node.end_mark.index
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if isinstance(node, yaml.MappingNode) and isinstance(new, dict) and isinstance(old, dict) and old:
        at, behind = (start, "\n" + " " * node.start_mark.column) if is_block else (start + 1, ", ")
        added = [f"{_flow(name)}: {_flow(value)}" for name, value in new.items() if name not in old]
        return text[:at] + "".join(line + behind for line in added) + text[at:]
    if is_block and isinstance(node, yaml.SequenceNode) and isinstance(new, list) and isinstance(old, list):
        return _in_block_list(text, node, old, new)
    return text[:start] + _flow(new) + text[end:]


def _in_block_list(text: str, node: yaml.SequenceNode, old: list[JsonValue], new: list[JsonValue]) -> str:
    """Return *text* with entries added behind the last, and without the lines of those that are gone."""
    last = _end_of_line(text, node.value[-1].end_mark.index)
    line = "\n" + " " * node.start_mark.column + "- "
    text = text[:last] + "".join(line + _flow(each) for each in new if each not in old) + text[last:]
    for value, entry in reversed([*zip(old, node.value, strict=True)]):
        if value not in new:
            begins = text.rindex("\n", 0, entry.start_mark.index)
            ends = _end_of_line(text, entry.end_mark.index)
            text = text[:begins] + text[ends:]
    return text


def _end_of_line(text: str, index: int) -> int:
    """Return where the line ends: a comment belongs to what it stands beside."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def _flow(value: JsonValue) -> str:
    """Return *value* on one line, as JSON and YAML both read it, with spaces as people write them."""
    return json.dumps(value, ensure_ascii=False)


def _diff(uri: str, before: str, now: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), now.splitlines(keepends=True), f"a/{uri}", f"b/{uri}"
    )
    return "".join(lines)
