"""Finds the operation behind a method and a path, at a cost that does not grow with their number.

Static paths are one dictionary look-up, and a static path that fits is the path, whatever the method, as
OpenAPI asks (3.1.1, 4.8.8.2) and as testing tools expect. Templated ones walk a tree of segments in which a
concrete segment is tried before a templated one, and a more specific template (`{id}.json`) before a plain
one (`{id}`). Among equals the document's order decides.
Nothing here knows a framework: paths come in as they were sent, percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from locum.contract.model import Route
from locum.contract.words import allowed
from locum.server.nearest_paths import NearestPaths

__all__ = ["Match", "Router"]

_VARIABLE = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A path that is known: *routes* by method, and the text behind each template variable.

    *twins* are what stands there too, by templates that differ in the names of their variables alone: which
    one is meant, only the values can tell.
    """

    routes: Mapping[str, Route]
    values: Mapping[str, str] = field(default_factory=dict)
    twins: tuple[Match, ...] = ()

    @property
    def allow(self) -> str:
        """Return the value of `Allow`: what is declared, `HEAD` with `GET`, and `OPTIONS`."""
        return allowed(self.routes)


@dataclass(slots=True)
class _Leaf:
    """A path that ends here: its variables in order of appearance, its routes by method."""

    names: tuple[str, ...]
    routes: dict[str, Route]
    #: What ends at the same place under other names, itself included.
    family: list[_Leaf] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class _Node:
    """One segment of the tree."""

    concrete: dict[str, _Node] = field(default_factory=dict)
    #: Templated segments, most specific first: (specificity, pattern, node); no pattern takes anything.
    templated: list[tuple[int, re.Pattern[str] | None, _Node]] = field(default_factory=list)
    #: What takes one segment or more.
    greedy: _Node | None = None
    leaves: list[_Leaf] = field(default_factory=list)


class Router:
    """The routes of one contract, compiled.

    What stands for a variable has *shortest* characters or more; a value without any is left out.
    """

    def __init__(self, routes: Iterable[Route], *, shortest: int = 1) -> None:
        self._routes = tuple(routes)
        self._shortest = shortest
        self._root = _Node()
        static: dict[str, dict[str, Route]] = {}
        for route in self._routes:
            if "{" in route.path:
                self._add_templated(route)
            else:
                static.setdefault(route.path, {})[route.method.value] = route
        self._static = {path: Match(routes=routes) for path, routes in static.items()}

    def match(self, path: str, method: str) -> Match | None:
        """Return what stands at *path*, or `None`.

        Where several templates fit, and no static path, one that declares *method* is preferred to a more
        specific one that does not; where none does, the match lists the methods of all of them.
        """
        static = self._static.get(path) or (self._static.get(unquote(path)) if "%" in path else None)
        if static is not None:
            return static
        known: list[Match] = []
        for found in self._walk(path):
            if method in found.routes or (method == "HEAD" and "GET" in found.routes):
                return found
            known.append(found)
        if len(known) <= 1:
            return known[0] if known else None
        routes = {name: route for match in reversed(known) for name, route in match.routes.items()}
        return Match(routes=routes, values=known[0].values)

    def nearest(self, path: str) -> str:
        """Return the path of the contract that *path*, which is not there, comes nearest to, or `""`."""
        return self._nearest_paths.find(path)

    @cached_property
    def _nearest_paths(self) -> NearestPaths:
        return NearestPaths(route.path for route in self._routes)

    def _add_templated(self, route: Route) -> None:
        node, names = self._root, []
        for segment in _segments(route.path):
            names += _VARIABLE.findall(segment)
            if segment[1:-1] in route.greedy:
                node.greedy = node = node.greedy or _Node()
            else:
                node = _child(node, segment)
        for leaf in node.leaves:
            if leaf.names == tuple(names):
                leaf.routes[route.method.value] = route
                return
        node.leaves.append(_Leaf(tuple(names), {route.method.value: route}, node.leaves))

    def _walk(self, path: str) -> Iterator[Match]:
        segments = [unquote(segment, errors="replace") for segment in _segments(path)]
        for leaf, values in _descend(self._root, segments, 0, (), self._shortest):
            twins = (
                Match(routes=each.routes, values=_named(each, values))
                for each in leaf.family
                if each is not leaf
            )
            yield Match(
                routes=leaf.routes,
                values=_named(leaf, values),
                twins=tuple(twins) if len(leaf.family) > 1 else (),
            )


def _named(leaf: _Leaf, values: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in zip(leaf.names, values, strict=True) if value}


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _child(node: _Node, segment: str) -> _Node:
    if "{" not in segment:
        return node.concrete.setdefault(segment, _Node())
    literal = _VARIABLE.sub("", segment)
    pattern = _segment_pattern(segment) if literal or segment.count("{") > 1 else None
    for _, known, child in node.templated:
        if (known.pattern if known else None) == (pattern.pattern if pattern else None):
            return child
    child = _Node()
    node.templated.append((len(literal), pattern, child))
    node.templated.sort(key=lambda entry: -entry[0])
    return child


def _segment_pattern(segment: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(segment)
    return re.compile(
        "".join("(.+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts)), re.DOTALL
    )


def _descend(
    node: _Node, segments: list[str], index: int, values: tuple[str, ...], shortest: int
) -> Iterator[tuple[_Leaf, tuple[str, ...]]]:
    if index == len(segments):
        for leaf in node.leaves:
            yield leaf, values
        return
    segment = segments[index]
    concrete = node.concrete.get(segment)
    if concrete is not None:
        yield from _descend(concrete, segments, index + 1, values, shortest)
    if len(segment) < shortest:
        return
    for _, pattern, child in node.templated:
        if pattern is None:
            yield from _descend(child, segments, index + 1, (*values, segment), shortest)
        elif found := pattern.fullmatch(segment):
            yield from _descend(child, segments, index + 1, (*values, *found.groups()), shortest)
    if node.greedy is not None:
        for end in range(len(segments), index, -1):
            value = "/".join(segments[index:end])
            yield from _descend(node.greedy, segments, end, (*values, value), shortest)
