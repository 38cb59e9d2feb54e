"""Plays what an API promises about several answers together as a plan of requests, and judges the answers.

What one answer promises alone is an invariant (`invariants.py`). What must not live here: files, sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import pairwise
from typing import Final, TypeAlias

import orjson

from locum.behaviour.crawling import (
    BrokenError,
    Missing,
    Paging,
    Send,
    UnseenError,
    answered,
    crawl,
    value_at,
)
from locum.behaviour.exchanges import Call, Judgement, Verdict
from locum.behaviour.relation_kinds import Kind, Relation
from locum.contract.model import JsonValue

__all__ = ["Kind", "Relation", "play"]


_Player: TypeAlias = "Callable[[Relation, Send], None]"


def play(relation: Relation, send: Send) -> Verdict:
    """Return whether the answers that *send* gives keep the promise."""
    try:
        _PLAYERS[relation.kind](relation, send)
    except BrokenError as broken:
        return Verdict(judgement=Judgement.BROKEN, message=f"{relation.promise}: {broken}")
    except UnseenError as unseen:
        return Verdict(judgement=Judgement.NOT_EVALUATED, message=str(unseen))
    return Verdict(judgement=Judgement.HELD)


def _same(relation: Relation, send: Send) -> None:
    calls = relation.calls * 2 if len(relation.calls) == 1 else relation.calls
    first, *others = [send(call) for call in calls]
    if not 200 <= first.status < 300:  # noqa: PLR2004 -- RFC 9110 section 15.3
        raise UnseenError(f"{first.call} answered {first.status}")
    for other in others:
        if other.status != first.status:
            raise BrokenError(f"{first.call} answered {first.status}, and {other.call} {other.status}")
        for pointer in relation.at or ("",):
            if value_at(first.body, pointer) != value_at(other.body, pointer):
                raise BrokenError(
                    f"{first.call} and {other.call} differ{f' at {pointer}' if pointer else ''}"
                )


def _pages(relation: Relation, send: Send) -> None:
    (call, *_), reference = relation.calls, None
    for size in relation.sizes or (None,):
        items = crawl(send, call, _paging(relation), size)
        keys = _keys(relation, items)
        if len(set(keys)) != len(keys):
            raise BrokenError(f"{call} lists an item twice in pages of {size}")
        if reference is not None and items != reference:
            raise BrokenError(f"{call} lists something else in pages of {size}")
        reference = items
    if not reference:
        raise UnseenError(f"{call} lists nothing")
    _in_order(relation, reference)


def _in_order(relation: Relation, items: Sequence[JsonValue]) -> None:
    ranks = [[_text_or_number(value_at(item, each)) for each in relation.order] for item in items]
    for before, after in pairwise(reversed(ranks) if relation.is_descending else ranks):
        if before > after:
            raise BrokenError(f"{relation.calls[0]} lists {after} after {before}")


def _offset(relation: Relation, send: Send) -> None:
    (call, *_), paging = relation.calls, _paging(relation)
    whole = crawl(send, call, paging)
    if not whole:
        raise UnseenError(f"{call} lists nothing")
    for offset in relation.offsets:
        skipped = call.with_query(**{relation.parameter: str(offset)})
        if crawl(send, skipped, paging) != whole[offset:]:
            raise BrokenError(f"{skipped} is not {call} without its first {offset}")


def _empty(relation: Relation, send: Send) -> None:
    for call in relation.calls:
        if crawl(send, call, _paging(relation)):
            raise BrokenError(f"{call} lists something")


def _subset(relation: Relation, send: Send) -> None:
    whole, *parts = _lists(relation, send)
    for call, part in zip(relation.calls[1:], parts, strict=True):
        rest = iter(whole)
        if not all(key in rest for key in part):
            raise BrokenError(f"{call} is not {relation.calls[0]} with items left out")


def _union(relation: Relation, send: Send) -> None:
    whole, *parts = _lists(relation, send)
    _equal_sets(relation, set(whole), {key for part in parts for key in part})


def _intersection(relation: Relation, send: Send) -> None:
    whole, first, *others = _lists(relation, send)
    _equal_sets(relation, set(whole), set(first).intersection(*others))


def _equal_sets(relation: Relation, whole: set[bytes], expected: set[bytes]) -> None:
    for keys, words in ((whole - expected, "beyond"), (expected - whole, "without")):
        if keys:
            raise BrokenError(
                f"{relation.calls[0]} is {words} the {relation.kind} of its parts by {min(keys).decode()}"
            )


def _disjoint(relation: Relation, send: Send) -> None:
    seen: set[bytes] = set()
    for call, keys in zip(relation.calls, _lists(relation, send), strict=True):
        if shared := seen & set(keys):
            raise BrokenError(f"{call} lists {min(shared).decode()}, which another list has too")
        seen |= set(keys)


def _reversed(relation: Relation, send: Send) -> None:
    whole, *parts = _lists(relation, send)
    for call, part in zip(relation.calls[1:], parts, strict=True):
        if part != whole[::-1]:
            raise BrokenError(f"{call} is not {relation.calls[0]} reversed")


def _sum(relation: Relation, send: Send) -> None:
    whole, *parts = relation.calls
    if relation.at:
        total = _number(value_at(answered(send, whole).body, relation.at[0]), whole)
    else:
        total = _amount(relation, send, whole)
    _add_up(relation, total, [_amount(relation, send, part) for part in parts], "")


def _amount(relation: Relation, send: Send, call: Call) -> float:
    items = crawl(send, call, _paging(relation))
    return sum(_number(value_at(item, relation.amount), call) for item in items)


def _additive(relation: Relation, send: Send) -> None:
    whole, *parts = [answered(send, call) for call in relation.calls]
    for pointer in relation.at:
        total = _number(value_at(whole.body, pointer), whole.call)
        _add_up(
            relation, total, [_number(value_at(part.body, pointer), part.call) for part in parts], pointer
        )


def _add_up(relation: Relation, total: float, parts: Sequence[float], pointer: str) -> None:
    if abs(total - sum(parts)) > relation.tolerance:
        place = f" at {pointer}" if pointer else ""
        raise BrokenError(f"{relation.calls[0]} is {total}{place}, its parts are {sum(parts)} together")


def _monotone(relation: Relation, send: Send) -> None:
    heard = [exchange for exchange in map(send, relation.calls) if exchange.status == HTTPStatus.OK]
    if not heard[1:]:
        raise UnseenError("fewer than two of the calls were answered")
    for earlier, later in pairwise(heard):
        for pointer in relation.at:
            before, after = (_number(value_at(each.body, pointer), each.call) for each in (earlier, later))
            if before > after:
                raise BrokenError(
                    f"{pointer} falls from {before} at {earlier.call} to {after} at {later.call}"
                )


def _refused(relation: Relation, send: Send) -> None:
    for call in relation.calls:
        status = send(call).status
        if status not in relation.statuses:
            expected = " or ".join(str(each) for each in sorted(relation.statuses))
            raise BrokenError(f"{call} answered {status}, not {expected}")


def _lists(relation: Relation, send: Send) -> list[list[bytes]]:
    """Return the keys of the items of each call; the first list must have some."""
    lists = [_keys(relation, crawl(send, call, _paging(relation))) for call in relation.calls]
    if not any(lists):
        raise UnseenError(f"{relation.calls[0]} lists nothing")
    return lists


def _keys(relation: Relation, items: Iterable[JsonValue]) -> list[bytes]:
    return [orjson.dumps(_key(relation, item), option=orjson.OPT_SORT_KEYS) for item in items]


def _key(relation: Relation, item: JsonValue) -> JsonValue:
    found = [value_at(item, pointer) for pointer in relation.key]
    return [None if isinstance(each, Missing) else each for each in found] if found else item


def _paging(relation: Relation) -> Paging:
    if relation.paging is None:
        raise UnseenError("it does not say how the list is paged")
    return relation.paging


def _number(value: JsonValue | Missing, call: Call) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BrokenError(f"{call} has no number where one is promised")
    return value


def _text_or_number(value: JsonValue | Missing) -> tuple[float, str]:
    if isinstance(value, int | float):
        return (value, "")
    if isinstance(value, str):
        return (0, value)
    raise BrokenError("an item has neither text nor number where the order is told")


_PLAYERS: Final[Mapping[Kind, _Player]] = {
    Kind.SAME: _same,
    Kind.PAGES: _pages,
    Kind.OFFSET: _offset,
    Kind.SUBSET: _subset,
    Kind.UNION: _union,
    Kind.INTERSECTION: _intersection,
    Kind.DISJOINT: _disjoint,
    Kind.REVERSED: _reversed,
    Kind.SUM: _sum,
    Kind.ADDITIVE: _additive,
    Kind.MONOTONE: _monotone,
    Kind.EMPTY: _empty,
    Kind.REFUSED: _refused,
}
