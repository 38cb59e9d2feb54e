"""Leaves that need no words: listed values, booleans, null."""

from __future__ import annotations

import copy

from locum.contract.model import JsonValue
from locum.generation.bundle import Check, unmet
from locum.generation.context import Site
from locum.generation.examples import scalar_examples
from locum.generation.nodes import Node

__all__ = ["boolean_node", "leaf_node", "null_node", "value_node"]


def leaf_node(pointer: str, values: tuple[JsonValue, ...]) -> Node:
    """Return the node that gives one of *values*, which are immutable and known to be valid."""
    if len(values) == 1:
        only = values[0]
        return Node(pointer, values=values, assemble=lambda _: lambda _stream, _depth: only)
    count = len(values)
    return Node(pointer, values=values, assemble=lambda _: lambda stream, _depth: values[stream % count])


def value_node(is_valid: Check, values: list[JsonValue], keyword: str, pointer: str) -> Node:
    """Return the node of those of *values* that are valid, `null` only where there is no other."""
    valid = tuple(value for value in values if is_valid(value))
    if not valid:
        raise unmet(keyword, pointer, "none of the listed values satisfies the rest of the schema")
    chosen = tuple(value for value in valid if value is not None) or valid
    if not any(isinstance(value, list | dict) for value in chosen):
        return leaf_node(pointer, chosen)
    # Whoever receives a value may write into it.
    return Node(
        pointer, assemble=lambda _: lambda stream, _depth: copy.deepcopy(chosen[stream % len(chosen)])
    )


def boolean_node(site: Site) -> Node:
    """Return the node of a boolean."""
    given = tuple(each for each in scalar_examples(site) if isinstance(each, bool))
    return leaf_node(site.pointer, given[:1] or (True, False))


def null_node(site: Site) -> Node:
    """Return the node of `null`."""
    return leaf_node(site.pointer, (None,))
