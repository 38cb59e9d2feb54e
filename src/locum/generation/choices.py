"""Choosing among alternatives, and testing what could not be settled when the schema was compiled."""

from __future__ import annotations

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Check, unmet
from locum.generation.nodes import Make, Node
from locum.generation.streams import mix, stable_seed

__all__ = ["choice_node", "guarded", "is_null", "tested_node"]

_CHOICE = stable_seed("choice")
_RETRY = stable_seed("retry")
#: How often another stream is tried before a value known to be good is taken.
_TRIES = 12
#: How many streams are searched for the value that is fallen back on.
_SEARCHED = 48


def choice_node(pointer: str, groups: tuple[tuple[Node, ...], ...]) -> Node:
    """Return the node that picks one of *groups* by stream, and in it the first member that works."""
    everything = tuple(node for group in groups for node in group)
    if len(everything) == 1:
        return everything[0]
    return Node(pointer, choices=everything, assemble=lambda node: _assemble_choice(node, groups))


def _assemble_choice(node: Node, groups: tuple[tuple[Node, ...], ...]) -> Make:
    usable: list[Make] = []
    #: Those that end soonest, for when recursion closes.
    closing: list[Make] = []

    def settle() -> None:
        alive: list[Node] = []
        ends = [node.call(group[0]) for group in groups if is_null(group)]
        # What is tried below may lead back here.
        closing[:] = ends
        # The ones that end soonest come first: what is tried later may contain this very choice.
        for group in sorted(groups, key=lambda each: min(member.floor for member in each)):
            working = next(filter(_works, group), None) if not is_null(group) else None
            if working is not None:
                alive.append(working)
                least = min(each.floor for each in alive)
                usable.append(node.call(working))
                closing[:] = [node.call(each) for each in alive if node.component < 0 or each.floor == least]
        if ends and (not usable or node.component >= 0):
            closing[:] = ends
            usable.extend(() if usable else ends)

    def make(stream: int, depth: int) -> JsonValue:
        among = usable if depth > 0 else closing
        if not among:
            raise unmet("anyOf", node.pointer, "none of the alternatives can be made")
        start = mix(stream, _CHOICE) % len(among)
        return _first_success(among[start:] + among[:start], stream, depth)

    node.settle = settle
    return make


def is_null(group: tuple[Node, ...]) -> bool:
    """Tell whether the alternative *group* is `null` and nothing else."""
    return all(node.values == (None,) for node in group)


def _first_success(usable: list[Make], stream: int, depth: int) -> JsonValue:
    for make in usable[:-1]:
        try:
            return make(stream, depth)
        except GenerationError:
            continue
    return usable[-1](stream, depth)


def _works(node: Node) -> bool:
    if node.floor == float("inf"):
        return False
    try:
        # A node that fails for one stream and all that are tried instead fails for every one.
        node.make(_RETRY, 0)
    except GenerationError:
        return False
    return True


def tested_node(inner: Node, is_valid: Check, keyword: str) -> Node:
    """Return the node that gives only those values of *inner* that pass *is_valid*."""
    return Node(
        inner.pointer,
        needs=(inner,),
        is_fragile=True,
        assemble=lambda node: guarded(node.call(inner), is_valid, node.pointer, keyword),
    )


def guarded(make: Make, is_valid: Check, pointer: str, keyword: str) -> Make:
    """Return a closure that tries other streams until a value passes, then falls back on one that did."""
    spare: dict[int, int] = {}

    def search(depth: int) -> JsonValue:
        # The same walk for every caller, so that the value stays a function of the stream.
        if depth not in spare:
            found = next((turn for turn in range(_SEARCHED) if is_good(mix(_RETRY, turn), depth)), None)
            if found is None:
                raise unmet(keyword, pointer, "no value was found that satisfies it together with the rest")
            spare[depth] = found
        return make(mix(_RETRY, spare[depth]), depth)

    def is_good(stream: int, depth: int) -> bool:
        value = _attempt(make, stream, depth)
        return value is not _FAILED and is_valid(value)

    def guard(stream: int, depth: int) -> JsonValue:
        for turn in range(_TRIES):
            value = _attempt(make, mix(stream, turn) if turn else stream, depth)
            if value is not _FAILED and is_valid(value):
                return value
        return search(depth)

    return guard


#: Stands for a value that could not be made; compared by identity.
_FAILED: JsonValue = {}


def _attempt(make: Make, stream: int, depth: int) -> JsonValue:
    try:
        return make(stream, depth)
    except GenerationError:
        return _FAILED
