"""Plays what an API promises about several answers together as a plan of requests, and judges the answers.

What one answer promises alone is an invariant (`invariants.py`). What must not live here: files, sending.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    items_of,
    value_at,
)
from locum.behaviour.exchanges import Call, Exchange, Judgement, Verdict
from locum.behaviour.relation_kinds import Kind, Relation
from locum.behaviour.relation_reading import (
    keys_of,
    lists_of,
    number_of,
    paging_of,
    rank_of,
    spread,
    told_at,
)
from locum.contract.model import JsonValue

__all__ = ["Kind", "Relation", "play"]


#: Values of a list that a selection asks for, and answers that have to be there to be called alike.
_MOST_GROUPS: Final = 8
_FEWEST_VARIED: Final = 3

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
    told = [each for each in relation.at or ("",) if not isinstance(value_at(first.body, each), Missing)]
    if not told:
        raise UnseenError(f"{first.call} tells nothing at {' or '.join(relation.at)}")
    for other in others:
        if other.status != first.status:
            raise BrokenError(f"{first.call} answered {first.status}, and {other.call} {other.status}")
        for pointer in told:
            if value_at(first.body, pointer) != value_at(other.body, pointer):
                raise BrokenError(
                    f"{first.call} and {other.call} differ{f' at {pointer}' if pointer else ''}"
                )


def _pages(relation: Relation, send: Send) -> None:
    (call, *_), reference = relation.calls, None
    for size in relation.sizes or (None,):
        heard: list[Exchange] = []
        items = crawl(_noting(send, heard), call, paging_of(relation), size)
        _counted(relation, heard, len(items))
        keys = keys_of(relation, items)
        if len(set(keys)) != len(keys):
            raise BrokenError(f"{call} lists an item twice in pages of {size}")
        if reference is not None and items != reference:
            raise BrokenError(f"{call} lists something else in pages of {size}")
        reference = items
    if not reference:
        raise UnseenError(f"{call} lists nothing")
    _in_order(relation, reference)


def _noting(send: Send, heard: list[Exchange]) -> Send:
    def listen(call: Call) -> Exchange:
        heard.append(send(call))
        return heard[-1]

    return listen


def _counted(relation: Relation, heard: Sequence[Exchange], count: int) -> None:
    """Hold what pages tell of the whole list to the items there were."""
    for page in heard if relation.total else ():
        told = value_at(page.body, relation.total)
        if not isinstance(told, Missing) and told != count:
            raise BrokenError(f"{page.call} tells of {told} items, and there are {count}")


def _in_order(relation: Relation, items: Sequence[JsonValue]) -> None:
    ranks = [[rank_of(value_at(item, each)) for each in relation.order] for item in items]
    for before, after in pairwise(reversed(ranks) if relation.is_descending else ranks):
        if before > after:
            raise BrokenError(f"{relation.calls[0]} lists {after} after {before}")


def _offset(relation: Relation, send: Send) -> None:
    (call, *_), paging = relation.calls, paging_of(relation)
    whole = crawl(send, call, paging)
    if not whole:
        raise UnseenError(f"{call} lists nothing")
    for offset in relation.offsets:
        skipped = call.with_query(**{relation.parameter: str(offset)})
        if crawl(send, skipped, paging) != whole[offset:]:
            raise BrokenError(f"{skipped} is not {call} without its first {offset}")
        for size in relation.sizes:
            _first_page(send, skipped.with_query(**{paging.size: str(size)}), paging, whole[offset:])


def _first_page(send: Send, call: Call, paging: Paging, expected: Sequence[JsonValue]) -> None:
    """Hold one page to the start of what is left; how many items it holds is for others to say."""
    items = [*items_of(answered(send, call), paging)]
    if items != [*expected[: len(items)]] or bool(items) != bool(expected):
        raise BrokenError(f"{call} does not begin with the items that the offset leaves")


def _empty(relation: Relation, send: Send) -> None:
    for call in relation.calls:
        if relation.statuses and not 200 <= (status := send(call).status) < 300:  # noqa: PLR2004 -- RFC 9110 section 15.3
            _in_statuses(relation, call, status)
        elif crawl(send, call, paging_of(relation)):
            raise BrokenError(f"{call} lists something")


def _in_statuses(relation: Relation, call: Call, status: int) -> None:
    if status not in relation.statuses:
        expected = " or ".join(str(each) for each in sorted(relation.statuses))
        raise BrokenError(f"{call} answered {status}, not {expected}")


def _subset(relation: Relation, send: Send) -> None:
    whole, *parts = lists_of(relation, send)
    for call, part in zip(relation.calls[1:], parts, strict=True):
        rest = iter(whole)
        if not all(key in rest for key in part):
            raise BrokenError(f"{call} is not {relation.calls[0]} with items left out")


def _union(relation: Relation, send: Send) -> None:
    whole, *parts = lists_of(relation, send)
    _equal_sets(relation, set(whole), {key for part in parts for key in part})


def _intersection(relation: Relation, send: Send) -> None:
    whole, first, *others = lists_of(relation, send)
    _equal_sets(relation, set(whole), set(first).intersection(*others))


def _equal_sets(relation: Relation, whole: set[bytes], expected: set[bytes]) -> None:
    for keys, words in ((whole - expected, "beyond"), (expected - whole, "without")):
        if keys:
            raise BrokenError(
                f"{relation.calls[0]} is {words} the {relation.kind} of its parts by {min(keys).decode()}"
            )


def _disjoint(relation: Relation, send: Send) -> None:
    seen: set[bytes] = set()
    for call, keys in zip(relation.calls, lists_of(relation, send), strict=True):
        if shared := seen & set(keys):
            raise BrokenError(f"{call} lists {min(shared).decode()}, which another list has too")
        seen |= set(keys)


def _reversed(relation: Relation, send: Send) -> None:
    whole, *parts = lists_of(relation, send)
    for call, part in zip(relation.calls[1:], parts, strict=True):
        if part != whole[::-1]:
            raise BrokenError(f"{call} is not {relation.calls[0]} reversed")


def _sum(relation: Relation, send: Send) -> None:
    whole, *parts = relation.calls
    if relation.at:
        total = number_of(value_at(answered(send, whole).body, relation.at[0]), whole)
    else:
        total = _amount(relation, send, whole)
    _add_up(relation, total, [_amount(relation, send, part) for part in parts], "")


def _amount(relation: Relation, send: Send, call: Call) -> float:
    items = crawl(send, call, paging_of(relation))
    return sum(number_of(value_at(item, relation.amount), call) for item in items)


def _additive(relation: Relation, send: Send) -> None:
    whole, *parts = [answered(send, call) for call in relation.calls]
    for pointer in told_at(relation, [whole, *parts]):
        total = number_of(value_at(whole.body, pointer), whole.call)
        _add_up(
            relation, total, [number_of(value_at(part.body, pointer), part.call) for part in parts], pointer
        )


def _add_up(relation: Relation, total: float, parts: Sequence[float], pointer: str) -> None:
    if abs(total - sum(parts)) > relation.tolerance:
        place = f" at {pointer}" if pointer else ""
        raise BrokenError(f"{relation.calls[0]} is {total}{place}, its parts are {sum(parts)} together")


def _monotone(relation: Relation, send: Send) -> None:
    heard = [exchange for exchange in map(send, relation.calls) if exchange.status == HTTPStatus.OK]
    if not heard[1:]:
        raise UnseenError("fewer than two of the calls were answered")
    told = told_at(relation, heard)
    for earlier, later in pairwise(heard):
        for pointer in told:
            before, after = (number_of(value_at(each.body, pointer), each.call) for each in (earlier, later))
            if before > after:
                raise BrokenError(
                    f"{pointer} falls from {before} at {earlier.call} to {after} at {later.call}"
                )


def _selection(relation: Relation, send: Send) -> None:
    """Hold what is left by a filter to those items of the whole list that it should leave."""
    whole, chosen, *_ = relation.calls
    paging = paging_of(relation)
    items = crawl(send, whole, paging)
    groups: dict[str, list[JsonValue]] = {}
    for item in items:
        value = value_at(item, relation.by)
        if isinstance(value, str):
            groups.setdefault(value[: relation.prefix or None], []).append(item)
    if not groups:
        raise UnseenError(f"{whole} lists nothing")
    for value in spread(sorted(groups), _MOST_GROUPS):
        call = chosen.filled(value)
        if keys_of(relation, crawl(send, call, paging)) != keys_of(relation, groups[value]):
            raise BrokenError(f"{call} is not what {whole} has of {value}")


def _varied(relation: Relation, send: Send) -> None:
    heard = [each for each in map(send, relation.calls) if each.status == HTTPStatus.OK]
    told = [
        tuple(None if isinstance(each, Missing) else orjson.dumps(each) for each in found)
        for found in ([value_at(one.body, pointer) for pointer in relation.at] for one in heard)
    ]
    if len(told) < _FEWEST_VARIED or not any(each not in {None, b"0"} for one in told for each in one):
        raise UnseenError(f"fewer than {_FEWEST_VARIED} of the calls were answered with anything")
    if len(set(told)) == 1:
        raise BrokenError(f"{len(told)} calls are answered alike, from {heard[0].call} on")


def _refused(relation: Relation, send: Send) -> None:
    for call in relation.calls:
        _in_statuses(relation, call, send(call).status)


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
    Kind.SELECTION: _selection,
    Kind.VARIED: _varied,
    Kind.EMPTY: _empty,
    Kind.REFUSED: _refused,
}
