"""The careful YAML reader: builds the tree from PyYAML's events, with a place for every complaint.

It reads what ryaml refuses or cannot tell: merge keys, duplicate keys, aliases, tags, huge numbers.
Aliases share one value instead of copying it, and count in full against the limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from locum.contract.limits import Limits
from locum.contract.model import JsonObject, JsonValue
from locum.contract.pointers import join_pointer
from locum.contract.scalars import resolve_plain, resolve_tagged
from locum.errors import ContractError, Diagnostic, Severity, Where

__all__ = ["LOADER", "read_events"]

#: PyYAML's two readers have marks of the same shape, but not of one type.
Mark: TypeAlias = Any

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
STANDARD_TAG = "tag:yaml.org,2002:"
MERGE = "<<"
#: What to do about what PyYAML says of slips that are usual.
HINTS: Mapping[str, str] = {
    "mapping values are not allowed in this context": "put a text that holds a colon and a space into quotes",
}
#: Levels of a pointer worth showing to a person.
LONGEST_POINTER = 16


@dataclass(frozen=True, slots=True)
class Built:
    """A finished value and what it costs: values in it, levels below it."""

    value: JsonValue
    nodes: int = 1
    height: int = 0


@dataclass(slots=True)
class Frame:
    """A mapping or sequence that is still open."""

    mark: Mark
    anchor: str | None
    members: JsonObject | None = None
    items: list[JsonValue] = field(default_factory=list)
    key: str | None = None
    is_merge: bool = False
    merged: JsonObject = field(default_factory=dict)
    nodes: int = 1
    height: int = 0

    def token(self) -> str | int:
        """Name the member or item that is being read."""
        return len(self.items) if self.members is None else (self.key or "")

    def finish(self) -> Built:
        """Close the container; what it says itself wins over what it merges."""
        if self.members is None:
            return Built(self.items, self.nodes, self.height)
        members = {**self.merged, **self.members} if self.merged else self.members
        return Built(members, self.nodes, self.height)


@dataclass(slots=True)
class Tree:
    """The tree as far as it was read."""

    uri: str
    limits: Limits
    frames: list[Frame] = field(default_factory=list)
    anchors: dict[str, Built | None] = field(default_factory=dict)
    root: Built | None = None
    nodes: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(self, code: str, message: str, mark: Mark, *, hint: str = "") -> Diagnostic:
        """Make a warning about what stands at *mark*."""
        shown = [frame.token() for frame in self.frames[:LONGEST_POINTER] if not expects_key(frame)]
        return Diagnostic(
            code=f"contract.{code}",
            message=message,
            where=Where(
                file=self.uri,
                line=mark.line + 1,
                column=mark.column + 1,
                pointer=join_pointer(*shown),
            ),
            hint=hint,
            severity=Severity.WARNING,
        )

    def warn(self, code: str, message: str, mark: Mark, *, hint: str = "") -> None:
        """Note something that is odd but can be read."""
        self.diagnostics.append(self.report(code, message, mark, hint=hint))

    def refuse(self, code: str, message: str, mark: Mark, *, hint: str = "") -> ContractError:
        """Return the error that stops the reading."""
        warning = self.report(code, message, mark, hint=hint)
        return ContractError(
            Diagnostic(code=warning.code, message=warning.message, where=warning.where, hint=warning.hint)
        )

    def add(self, built: Built, mark: Mark, anchor: str | None = None) -> None:
        """Put a finished value where it belongs."""
        self.nodes += 1
        if anchor is not None:
            self.anchors[anchor] = built
        if not self.frames:
            self.root = built
            return
        frame = self.frames[-1]
        frame.nodes += built.nodes
        frame.height = max(frame.height, built.height + 1)
        if max(frame.nodes, self.nodes) > self.limits.nodes:
            message = f"the file holds more than {self.limits.nodes:,} values, aliases expanded"
            raise self.refuse("too-many-values", message, mark)
        if len(self.frames) + built.height > self.limits.depth:
            raise self.refuse("too-deep", f"nested more than {self.limits.depth} levels deep", mark)
        if frame.members is None:
            frame.items.append(built.value)
        elif frame.is_merge:
            self.merge(frame, built.value, mark)
        elif frame.key is not None:
            frame.members[frame.key] = built.value
            frame.key = None

    def merge(self, frame: Frame, value: JsonValue, mark: Mark) -> None:
        """Apply a merge key; of several mappings the first that has a member gives it."""
        sources = value if isinstance(value, list) else [value]
        for source in sources:
            if isinstance(source, dict):
                frame.merged = {**source, **frame.merged}
            else:
                self.warn("merge-key", "a merge key takes a mapping or a list of mappings", mark)
        frame.is_merge = False

    def begin_member(self, event: yaml.ScalarEvent, frame: Frame) -> None:
        """Take a scalar as the key of the next member."""
        if event.value == MERGE and event.implicit[0]:
            frame.is_merge = True
            return
        frame.key = event.value
        if frame.members is not None and event.value in frame.members:
            message = f"the key {event.value!r} appears twice in one mapping"
            self.warn("duplicate-key", message, event.start_mark, hint="the last one is used")


def read_events(text: str, uri: str, limits: Limits) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    """Parse YAML; raises `ContractError` with line and column when it cannot be read."""
    tree = Tree(uri, limits)
    documents = 0
    try:
        for event in events_of(text):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "the file holds several YAML documents; only the first is read"
                    tree.warn("several-documents", message, event.start_mark)
                    break
            take(event, tree)
    except yaml.MarkedYAMLError as error:
        raise syntax_error(error, text, uri) from error
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ContractError(
            Diagnostic(code="contract.syntax", message=f"this is not YAML: {problem}", where=Where(file=uri))
        ) from error
    return (tree.root.value if tree.root else None), tuple(tree.diagnostics)


def events_of(text: str) -> Iterator[yaml.Event]:
    """Yield PyYAML's events; a surrogate that cannot be encoded is a fault of the text like any other."""
    try:
        yield from yaml.parse(text, Loader=LOADER)
    except UnicodeEncodeError as error:
        raise yaml.YAMLError(str(error)) from error


def take(event: yaml.Event, tree: Tree) -> None:
    """Let one event grow *tree*."""
    if isinstance(event, yaml.ScalarEvent):
        take_scalar(event, tree)
    elif isinstance(event, yaml.CollectionStartEvent):
        open_frame(event, tree)
    elif isinstance(event, yaml.CollectionEndEvent):
        frame = tree.frames.pop()
        tree.add(frame.finish(), frame.mark, frame.anchor)
    elif isinstance(event, yaml.AliasEvent):
        take_alias(event, tree)


def take_scalar(event: yaml.ScalarEvent, tree: Tree) -> None:
    """Add a scalar, or use it as the next key."""
    frame = tree.frames[-1] if tree.frames else None
    if frame is not None and frame.members is not None and frame.key is None and not frame.is_merge:
        if event.anchor is not None:
            tree.anchors[event.anchor] = Built(event.value)
        tree.begin_member(event, frame)
        return
    tree.add(Built(scalar_value(event, tree)), event.start_mark, event.anchor)


def scalar_value(event: yaml.ScalarEvent, tree: Tree) -> JsonValue:
    """Return what a scalar means by its tag, or unquoted by its looks."""
    text: str = event.value
    if event.tag and event.tag != "!":
        if not event.tag.startswith(STANDARD_TAG):
            tree.warn(
                "unknown-tag", f"the tag {event.tag!r} means nothing here and is ignored", event.start_mark
            )
            return text
        return resolve_tagged(text, event.tag)
    return resolve_plain(text) if event.implicit[0] else text


def open_frame(event: yaml.CollectionStartEvent, tree: Tree) -> None:
    """Begin a mapping or a sequence."""
    if tree.frames and expects_key(tree.frames[-1]):
        raise tree.refuse("key", "a mapping or a list cannot be a key", event.start_mark)
    if event.tag and event.tag != "!" and not event.tag.startswith(STANDARD_TAG):
        tree.warn("unknown-tag", f"the tag {event.tag!r} means nothing here and is ignored", event.start_mark)
    if len(tree.frames) >= tree.limits.depth:
        raise tree.refuse("too-deep", f"nested more than {tree.limits.depth} levels deep", event.start_mark)
    if event.anchor is not None:
        tree.anchors[event.anchor] = None
    members: JsonObject | None = {} if isinstance(event, yaml.MappingStartEvent) else None
    tree.frames.append(Frame(event.start_mark, event.anchor, members))


def expects_key(frame: Frame) -> bool:
    """Tell whether the next value would be a key."""
    return frame.members is not None and frame.key is None and not frame.is_merge


def take_alias(event: yaml.AliasEvent, tree: Tree) -> None:
    """Add what an alias stands for."""
    if event.anchor not in tree.anchors:
        raise tree.refuse("syntax", f"the alias *{event.anchor} has no anchor before it", event.start_mark)
    built = tree.anchors[event.anchor]
    if built is None:
        hint = "what holds itself needs a name: put it below components, and refer to that by $ref"
        message = f"the alias *{event.anchor} stands inside itself"
        raise tree.refuse("syntax", message, event.start_mark, hint=hint)
    frame = tree.frames[-1]
    if not expects_key(frame):
        tree.add(built, event.start_mark)
    elif isinstance(built.value, str):
        frame.key = built.value
    else:
        raise tree.refuse("key", "a key must be text", event.start_mark)


def syntax_error(error: yaml.MarkedYAMLError, text: str, uri: str) -> ContractError:
    """Word what PyYAML said, with the place it names."""
    mark = error.problem_mark or error.context_mark
    problem = ", ".join(part for part in (error.problem, error.context) if part)
    # The end of the text may stand on a line of its own, which `split` does not see.
    lines = text.split("\n", mark.line + 1) if mark else []
    rest = lines[mark.line][mark.column :] if mark and mark.line < len(lines) else ""
    return ContractError(
        Diagnostic(
            code="contract.syntax",
            message=f"this is not YAML: {problem}",
            where=Where(file=uri, line=mark.line + 1, column=mark.column + 1) if mark else Where(file=uri),
            hint="indent with spaces, not with tabs" if rest.startswith("\t") else HINTS.get(problem, ""),
        )
    )
