"""Tells which operations a request that found none came near to, and what differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from urllib.parse import unquote

from locum.behaviour.model import RawRequest
from locum.contract.contract import Contract
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import JsonObject, Location, Operation, Route
from locum.contract.styles import read_pairs
from locum.errors import ContractError

__all__ = ["NearMiss", "near_misses"]

_VARIABLE = re.compile(r"\{[^{}/]+\}")
#: Beyond this likeness two texts have something to do with each other.
_ALIKE = 0.5
#: Texts longer than this are compared by their beginnings.
_COMPARED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An operation a request came near to; *differs* lists part, what was sent and what was expected."""

    contract: str
    route: Route
    likeness: float
    differs: tuple[JsonObject, ...]


def near_misses(raw: RawRequest, contracts: Iterable[Contract], *, most: int = 3) -> tuple[NearMiss, ...]:
    """Return the operations nearest to *raw*, the nearest first; *raw.path* is relative to each contract."""
    # Operations share most of their segments, so each pair is compared once.
    alike = cache(_segment_likeness)
    scored = [
        (_likeness(raw, route, alike), contract, route) for contract in contracts for route in contract.routes
    ]
    near = sorted((each for each in scored if each[0] >= _ALIKE), key=lambda each: -each[0])[:most]
    return tuple(
        NearMiss(
            contract=contract.name,
            route=route,
            likeness=round(likeness, 2),
            differs=tuple(_differences(raw, contract, route)),
        )
        for likeness, contract, route in near
    )


def _likeness(raw: RawRequest, route: Route, alike: Callable[[str | None, str | None], float]) -> float:
    """Return how near a request is to *route*, 0 to 1: segment by segment, the method as a tenth of it."""
    pairs = list(zip_longest(_segments(raw.path[:_COMPARED]), _segments(route.path)))
    mean = sum(alike(sent, declared) for sent, declared in pairs) / len(pairs)
    return 0.9 * mean + 0.1 * (raw.method == route.method.value)


def _segment_likeness(sent: str | None, declared: str | None) -> float:
    if sent is None or declared is None:
        return 0.0
    if _fits(sent, declared):
        return 1.0 if "{" not in declared else 0.9
    return 0.8 * SequenceMatcher(None, sent.lower(), declared.lower()).ratio()


def _segments(path: str) -> list[str]:
    return [unquote(each) for each in path.strip("/").split("/")]


def _fits(sent: str, declared: str) -> bool:
    if "{" not in declared:
        return sent == declared
    pattern = "(.+)".join(re.escape(part) for part in _VARIABLE.split(declared))
    return bool(sent) and re.fullmatch(pattern, sent, re.DOTALL) is not None


def _differences(raw: RawRequest, contract: Contract, route: Route) -> Iterator[JsonObject]:
    if raw.method != route.method.value:
        yield _difference("method", raw.method, route.method.value)
    sent, declared = _segments(raw.path[:_COMPARED]), _segments(route.path)
    if len(sent) != len(declared) or not all(map(_fits, sent, declared)):
        yield _difference("path", raw.path[:_COMPARED], route.path)
    try:
        yield from _parameters(raw, contract.operation(route))
    except ContractError:  # what cannot be read has no parameters to compare
        return


def _parameters(raw: RawRequest, operation: Operation) -> Iterator[JsonObject]:
    declared = [each for each in operation.parameters if each.location is Location.QUERY]
    names = set(_names(raw.query))
    for each in declared:
        if each.required and not any(name == each.name or name.startswith(f"{each.name}[") for name in names):
            yield _difference("parameter", "nothing", f"query parameter {each.name!r}, which is required")
    known = {each.name for each in declared}
    for name in sorted(names - known)[:5]:
        if not any(name.startswith(f"{each}[") or each.startswith(name) for each in known):
            yield _difference("parameter", f"query parameter {name[:60]!r}", "no such parameter is declared")


def _names(query: str) -> Iterator[str]:
    for name, _ in read_pairs(query[: _COMPARED * 10]):
        try:
            yield decode(name)
        except StyleError:  # not text, so the name of nothing
            continue


def _difference(part: str, sent: str, expected: str) -> JsonObject:
    return {"part": part, "sent": sent, "expected": expected}
