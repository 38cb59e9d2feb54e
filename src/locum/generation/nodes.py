"""The graph that a schema is compiled into, and what is worked out on it before closures are made.

A node stands for one schema in one role; recursion makes the graph cyclic, which is why a node is a cell
that is filled in after it was made. Nodes live during one compilation and in the closures that come out
of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.errors import GenerationError

__all__ = [
    "Make",
    "Node",
    "reachable",
    "set_components",
    "set_floors",
    "set_fragility",
    "settle",
    "sizes_by_depth",
]

#: Maps a stream and the levels left inside recursive parts to a value.
Make: TypeAlias = Callable[[int, int], JsonValue]


@dataclass(slots=True, eq=False)
class Node:
    """One schema in one role.

    *needs* must all end for a value to end; of *choices* one must; *optional* may be left out.
    *floor* counts the levels of its smallest value, infinite where there is none.
    *component* numbers the cycle a node belongs to. *is_fragile*: making a value can fail for some streams.
    """

    pointer: str
    needs: tuple[Node, ...] = ()
    choices: tuple[Node, ...] = ()
    optional: tuple[Node, ...] = ()
    #: How many of each child there are on average: the size of an array.
    repeat: float = 1.0
    assemble: Callable[[Node], Make] | None = None
    #: Finds out, before the first value is made, which choices work.
    settle: Callable[[], None] | None = None
    #: Every value there is, where they are listed and immutable.
    values: tuple[JsonValue, ...] = ()
    #: Siblings of one family share a stream, so that they agree.
    family: int | None = None
    is_fragile: bool = False
    #: Whether others refer to this very node, so that it must not be copied.
    is_shared: bool = False
    failure: GenerationError | None = None
    floor: float = math.inf
    component: int = -1
    _make: Make | None = None

    @property
    def make(self) -> Make:
        """The closure of the node, made on first use."""
        if self._make is None:
            if self.assemble is None:
                raise self.failure or GenerationError()
            self._make = self.assemble(self)
        return self._make

    def prepare(self) -> None:
        """Make the closure and find out which choices work, if there is any value at all."""
        if self.floor < math.inf:
            _ = self.make
            if self.settle is not None:
                self.settle()

    def become(self, other: Node) -> None:
        """Fill this cell with what *other* is, or will be."""
        if other.is_shared:
            self.choices, self.assemble = (other,), lambda node: node.call(other)
            return
        self.needs, self.choices, self.optional = other.needs, other.choices, other.optional
        self.repeat, self.values, self.family = other.repeat, other.values, other.family
        self.assemble, self.is_fragile = other.assemble, other.is_fragile

    def children(self) -> tuple[Node, ...]:
        """Return every node that a value of this one may contain."""
        return (*self.needs, *self.choices, *self.optional)

    def holds(self, child: Node) -> bool:
        """Tell whether *child* may contain this node again."""
        return self.component >= 0 and child.component == self.component

    def call(self, child: Node) -> Make:
        """Return the closure of *child*, one level further down where it may contain this node again."""
        if not self.holds(child):
            return child.make
        step = 0 if self.choices else 1

        def descend(stream: int, depth: int) -> JsonValue:
            # Looked up late: the child may not be assembled yet.
            return child.make(stream, depth - step if depth > step else 0)

        return descend


def reachable(root: Node) -> list[Node]:
    """Return *root* and everything below it, each once."""
    found = {id(root): root}
    waiting = [root]
    while waiting:
        for child in waiting.pop().children():
            if id(child) not in found:
                found[id(child)] = child
                waiting.append(child)
    return list(found.values())


def settle(root: Node) -> None:
    """Assemble every node that can end, and settle its choices after those of everything below it."""
    entered = {id(root)}
    work = [(root, iter(root.children()))]
    while work:
        node, children = work[-1]
        child = next(children, None)
        if child is None:
            work.pop()
            node.prepare()
        elif id(child) not in entered:
            entered.add(id(child))
            work.append((child, iter(child.children())))


def set_floors(root: Node) -> None:
    """Work out for each node how many levels its smallest value has: the least fixed point."""
    pending = reachable(root)
    changed = True
    while changed:
        changed = False
        for node in reversed(pending):
            floor = _floor(node)
            if floor < node.floor:
                node.floor, changed = floor, True


def _floor(node: Node) -> float:
    if node.assemble is None:
        return math.inf
    deepest = max((need.floor for need in node.needs), default=-1.0)
    nearest = min((choice.floor for choice in node.choices), default=-1.0)
    return 1 + max(deepest, nearest)


def set_fragility(root: Node) -> None:
    """Mark every node of which a value may fail: all it needs must hold, and one of its choices."""
    pending = reachable(root)
    changed = True
    while changed:
        changed = False
        for node in reversed(pending):
            choices = bool(node.choices) and all(each.is_fragile for each in node.choices)
            if not node.is_fragile and (choices or any(each.is_fragile for each in node.needs)):
                node.is_fragile = changed = True


def set_components(root: Node) -> None:  # noqa: C901  # one algorithm, in the order of its paper
    """Give the nodes of each cycle of the graph a number of their own; the others keep -1.

    Source: Tarjan 1972, written without recursion.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[Node] = []
    waiting: set[int] = set()
    work: list[tuple[Node, Iterator[Node]]] = []

    def enter(node: Node) -> None:
        index[id(node)] = low[id(node)] = len(index)
        stack.append(node)
        waiting.add(id(node))
        work.append((node, iter(node.children())))

    def leave(node: Node) -> None:
        work.pop()
        if work:
            parent = id(work[-1][0])
            low[parent] = min(low[parent], low[id(node)])
        if low[id(node)] == index[id(node)]:
            at = next(i for i in range(len(stack) - 1, -1, -1) if stack[i] is node)
            cycle = stack[at:]
            del stack[at:]
            waiting.difference_update(id(each) for each in cycle)
            if len(cycle) > 1 or node in node.children():
                for each in cycle:
                    each.component = index[id(node)]

    enter(root)
    while work:
        node, children = work[-1]
        child = next(children, None)
        if child is None:
            leave(node)
        elif id(child) not in index:
            enter(child)
        elif id(child) in waiting:
            low[id(node)] = min(low[id(node)], index[id(child)])


def sizes_by_depth(root: Node) -> Callable[[int], float]:
    """Return the function from a depth to how many scalars a value of *root* has, at a guess from above."""
    sizes: dict[tuple[int, int], float] = {}

    def size(node: Node, depth: int) -> float:
        key = (id(node), depth)
        if key not in sizes:
            sizes[key] = 1.0
            sizes[key] = measure(node, depth)
        return sizes[key]

    def below(node: Node, child: Node, depth: int) -> float:
        if not node.holds(child) or node.choices:
            return size(child, depth)
        return size(child, depth - 1) if depth > 0 else 1.0

    def measure(node: Node, depth: int) -> float:
        usable = (each for each in node.optional if depth > 0 or not node.holds(each))
        total = sum(below(node, each, depth) for each in (*node.needs, *usable)) * node.repeat
        return total + max((below(node, each, depth) for each in node.choices), default=0.0) or 1.0

    return lambda depth: size(root, depth)
