"""Choosing among alternatives, and testing what could not be settled when the schema was compiled."""

from __future__ import annotations

from itertools import islice

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Check, unmet
from locum.generation.nodes import Make, Node
from locum.generation.streams import mix, stable_seed

__all__ = ["choice_node", "guarded", "tested_node"]

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
    alive: list[tuple[float, Make]] = []

    def wake() -> None:
        # Not before the first value is made: until then a recursive alternative is not complete.
        working = [each for group in groups for each in islice(filter(_works, group), 1)]
        if not working:
            raise unmet("anyOf", node.pointer, "none of the alternatives can be made")
        # At once, since another thread may be looking.
        alive[:] = [(each.floor, node.call(each)) for each in working]

    def make(stream: int, depth: int) -> JsonValue:
        if not alive:
            wake()
        if depth <= 0:
            least = min(floor for floor, _ in alive)
            usable = (
                [each for floor, each in alive if floor == least] if node.component >= 0 else alive_makes()
            )
        else:
            usable = alive_makes()
        start = mix(stream, _CHOICE) % len(usable)
        return _first_success(usable[start:] + usable[:start], stream, depth)

    def alive_makes() -> list[Make]:
        return [each for _, each in alive]

    return make


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
    spare: dict[int, int | None] = {}

    def search(depth: int) -> JsonValue:
        # The same walk for every caller, so that the value stays a function of the stream.
        if depth not in spare:
            turns = (turn for turn in range(_SEARCHED) if is_good(mix(_RETRY, turn), depth))
            spare[depth] = next(turns, None)
        turn = spare[depth]
        if turn is None:
            raise unmet(keyword, pointer, "no value was found that satisfies it together with the rest")
        return make(mix(_RETRY, turn), depth)

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
