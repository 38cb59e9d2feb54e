"""Cuts a list into pages: filtered, grouped, and from where the page before ended."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice, takewhile
from operator import attrgetter
from typing import Final, NamedTuple

from locum.behaviour import World
from locum_vendors.onomondo.asked import Asked
from locum_vendors.onomondo.estate import Network, Sim, Usage
from locum_vendors.onomondo.filters import Filters
from locum_vendors.onomondo.history import list_history
from locum_vendors.onomondo.tokens import START, Position

__all__ = ["Page", "cut_page", "group_hours", "is_issued"]

_HOUR_S: Final = 3600
_AT: Final = attrgetter("at")


class Page(NamedTuple):
    """Some records, and where they end when more follow."""

    records: Sequence[Usage]
    end: Position | None


def is_issued(position: Position | None, sims: Mapping[str, Sim], world: World) -> bool:
    """Tell whether *position* names a record or an hourly sum of one of *sims* (E1-07).

    Under other filters, or grouped otherwise, it is still a place in time to go on from.
    """
    if position is None:
        return True
    if position.sim_id not in sims:
        return False
    if position.at == START:
        return True
    records = list_history(sims[position.sim_id], world)
    return any(_names(position, records, is_grouped=is_grouped) for is_grouped in (False, True))


def _names(position: Position, records: Sequence[Usage], *, is_grouped: bool) -> bool:
    found = islice(_walk(records, Filters(), position.at, is_grouped=is_grouped), position.twins + 1)
    return sum(each.at == position.at for each in found) == position.twins + 1


def cut_page(records: Sequence[Usage], asked: Asked) -> Page:
    """Return the page of *records* that is asked for: behind its position, else behind its offset (R1-03)."""
    position = asked.position
    start = max(asked.filters.start, position.at if position else 0)
    found = _walk(records, asked.filters, start, is_grouped=asked.is_grouped)
    rest = _behind(found, position) if position else islice(found, min(asked.offset, len(records)), None)
    # One record more tells whether another page follows.
    taken = list(islice(rest, asked.limit + 1))
    if len(taken) <= asked.limit:
        return Page(taken, None)
    return Page(taken[:-1], _end(taken[:-1], position))


def group_hours(records: Iterable[Usage]) -> Iterator[Usage]:
    """Yield one sum for each hour, SIM and network of *records*, which come by time (R1-04)."""
    for hour, within in groupby(records, key=_hour):
        sums: dict[tuple[str, Network], int] = {}
        for each in within:
            key = each.sim_id, each.network
            sums[key] = sums.get(key, 0) + each.bytes
        for (sim_id, network), total in sorted(sums.items()):
            yield Usage(hour, sim_id, hour, network, total)


def _walk(records: Sequence[Usage], filters: Filters, start: int, *, is_grouped: bool) -> Iterator[Usage]:
    """Yield what passes *filters* from the second *start* on, from the hour of it on when grouped."""
    begin = start - start % _HOUR_S if is_grouped else start
    between = records[bisect_left(records, begin, key=_AT) : bisect_left(records, filters.end, key=_AT)]
    passed = filter(filters.passes, between) if filters.needs_check else iter(between)
    return group_hours(passed) if is_grouped else passed


def _hour(usage: Usage) -> int:
    return usage.at - usage.at % _HOUR_S


def _behind(records: Iterable[Usage], position: Position) -> Iterator[Usage]:
    twins = -1
    for each in records:
        if each[:2] > position[:2]:
            yield each
        elif each[:2] == position[:2]:
            twins += 1
            if twins > position.twins:
                yield each


def _end(records: Sequence[Usage], position: Position | None) -> Position:
    """Return where a page ends that began behind *position*."""
    last = records[-1]
    alike = sum(1 for _ in takewhile(lambda each: each[:2] == last[:2], reversed(records)))
    before = position.twins + 1 if position and position[:2] == last[:2] else 0
    return Position(last.at, last.sim_id, before + alike - 1)
