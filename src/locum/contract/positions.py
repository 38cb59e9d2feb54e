"""Pointers to lines and columns: one pass over a file's events, made only when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from locum.contract.events import LOADER
from locum.contract.pointers import split_pointer
from locum.contract.tabs import INDENTING_TABS, without_tabs

__all__ = ["find_positions"]

Position: TypeAlias = tuple[int, int]
Tokens: TypeAlias = tuple[str, ...]

JSON_START = re.compile(r"\s*[{\[]")
#: Written in pairs in JSON, unknown to YAML.
SURROGATES = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..")


@dataclass(slots=True)
class Wanted:
    """A node of the tree of asked places."""

    below: dict[str, Wanted] = field(default_factory=dict)
    position: Position | None = None


@dataclass(slots=True)
class Open:
    """A container on the way; *wanted* is `None` where nobody asks."""

    wanted: Wanted | None
    is_mapping: bool
    index: int = 0
    member: Wanted | None = None
    has_key: bool = False


def find_positions(text: str, pointers: Iterable[str]) -> Mapping[str, Position]:
    """Return line and column, from 1, of each of *pointers*, or of the nearest place above it.

    A member is found at its key. Aliases are not looked through: their place is where the alias stands.
    """
    asked = {pointer: split_pointer(pointer) for pointer in pointers}
    root = wanted(asked.values())
    # The careful reader reports the fault; up to it, places are known.
    if not is_walked(readable(text), root) and INDENTING_TABS.search(text):
        for spaced in without_tabs(text):
            again = wanted(asked.values())
            if is_walked(spaced, again):
                root = again
                break
    return {pointer: position for pointer, tokens in asked.items() if (position := nearest(root, tokens))}


def readable(text: str) -> str:
    """Replace what JSON allows and PyYAML does not, keeping every column."""
    if not JSON_START.match(text):
        return text
    return SURROGATES.sub(r"\\u0041\\u0041", text.replace("\t", " "))


def wanted(asked: Iterable[Tokens]) -> Wanted:
    """Return the tree of asked places, none of them found yet."""
    root = Wanted()
    for tokens in asked:
        grow(root, tokens)
    return root


def is_walked(text: str, root: Wanted) -> bool:
    """Note positions until the end, or until what is no YAML, and tell whether it was the end."""
    try:
        walk(text, root)
    except (yaml.YAMLError, UnicodeEncodeError):
        return False
    return True


def grow(root: Wanted, tokens: Tokens) -> None:
    """Add one asked place to the tree."""
    for token in tokens:
        root = root.below.setdefault(token, Wanted())


def nearest(root: Wanted, tokens: Tokens) -> Position | None:
    """Return the position of the last known place on the way to *tokens*."""
    found = root.position
    for token in tokens:
        root = root.below[token]
        found = root.position or found
    return found


def walk(text: str, root: Wanted) -> None:
    """Note the position of every wanted node of *root*."""
    stack: list[Open] = []
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            if not stack:
                return
        elif isinstance(event, yaml.NodeEvent):
            wanted = root if not stack else step(stack[-1], event)
            if wanted is not None and wanted.position is None:
                mark = event.start_mark
                wanted.position = (mark.line + 1, mark.column + 1) if mark else None
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(Open(wanted, isinstance(event, yaml.MappingStartEvent)))


def step(container: Open, event: yaml.NodeEvent) -> Wanted | None:
    """Return the wanted node *event* is the key, the value or the item of."""
    if container.wanted is None and not container.is_mapping:
        return None
    if not container.is_mapping:
        container.index += 1
        return container.wanted.below.get(str(container.index - 1)) if container.wanted else None
    container.has_key = not container.has_key
    if not container.has_key:
        return container.member
    key = event.value if isinstance(event, yaml.ScalarEvent) else None
    container.member = container.wanted.below.get(key) if container.wanted and key is not None else None
    return container.member if key is not None else None
