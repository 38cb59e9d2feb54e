"""Turns a list over in small pages, and holds them against a large one, each other, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from locum.contract.model import Operation
from locum.verify.bench import Bench
from locum.verify.model import Result, Step
from locum.verify.mutations import is_taken
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.kinds import Deed, Kind
from locum.verify.things.walking import Page, Walk, as_sent, looked_at, walk

__all__ = ["TURNED", "may_be", "turned"]

SUITE: Final = "lists"
TURNED: Final = Rule(id="list.pages", promise="Another page has other entries", suite=SUITE)
TWICE: Final = Rule(id="list.duplicates", promise="No entry is on the pages of a list twice", suite=SUITE)
GAPS: Final = Rule(id="list.gaps", promise="Small pages together have all that a large one has", suite=SUITE)
TOTAL: Final = Rule(id="list.total", promise="A list has as many entries as its total says", suite=SUITE)
#: Pages shown of a finding.
_SHOWN: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Turned:
    """One list in its usual page, and in small ones."""

    name: str
    usual: Page
    walk: Walk

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(each.seen.step for each in self.walk.pages[:_SHOWN])


def may_be(operation: Operation, name: str, size: int) -> bool:
    """Tell whether the document takes *size* as the size of a page."""
    known = next((each for each in operation.parameters if each.name == name), None)
    return known is None or is_taken(known, [str(size)])


def turned(bench: Bench, kind: Kind, deed: Deed, base: Seen) -> Iterator[Result]:
    """Turn the list of *base* over, in pages of half the size, so that there are two of them at least."""
    paging, operation = deed.part.paging, deed.operation
    usual = looked_at(bench.send(base.call, operation), deed, kind)
    if usual is None or not (paging.is_known or usual.next or usual.token):
        return
    size = -(-len(usual.keys) // 2)
    has_size = bool(paging.size) and may_be(operation, as_sent(paging.size), size)
    walked = walk(bench, kind, deed, base.call, size=size if has_size else None)
    if not walked.pages:
        return
    seen = _Turned(name=operation.operation_id, usual=usual, walk=walked)
    if _is_stuck(seen) and (paging.page or paging.offset):
        yield TURNED.broken(
            seen.name,
            *seen.steps,
            location=f"query.{as_sent(paging.page or paging.offset)}",
            kind="same-page",
            expected="other entries than on the first page",
            received="the same entries, or no list",
        )
        return
    yield TURNED.held(seen.name)
    yield from (*_doubled(seen), *_lacking(seen), *_counted(seen))


def _is_stuck(seen: _Turned) -> bool:
    """Tell whether there is more than the first page shows, and no way to it."""
    begun = seen.walk.pages[0]
    has_more = begun.total is not None and begun.total > len(begun.keys)
    has_more = has_more or bool({*seen.usual.keys} - {*begun.keys})
    return len(seen.walk.pages) == 1 and has_more and not seen.walk.is_whole


def _doubled(seen: _Turned) -> Iterator[Result]:
    keys = seen.walk.keys
    doubles = [key for at, key in enumerate(keys) if key in keys[:at]]
    if not doubles:
        yield TWICE.held(seen.name)
        return
    yield TWICE.broken(
        seen.name,
        *seen.steps,
        location="body",
        kind="twice",
        received=f"{doubles[0]} twice",
    )


def _lacking(seen: _Turned) -> Iterator[Result]:
    keys = {*seen.walk.keys}
    missing = [key for key in seen.usual.keys if key not in keys]
    if not missing:
        yield GAPS.held(seen.name)
    elif seen.walk.is_whole or len(seen.walk.keys) >= len(seen.usual.keys):
        yield GAPS.broken(
            seen.name,
            seen.usual.seen.step,
            *seen.steps,
            location="body",
            kind="missing",
            expected=f"{len(seen.usual.keys)} entries",
            received=f"{missing[0]} is on none of {len(seen.walk.pages)} pages",
        )


def _counted(seen: _Turned) -> Iterator[Result]:
    total, count = seen.walk.pages[0].total, len({*seen.walk.keys})
    if not seen.walk.is_whole or total is None:
        return
    if total == count:
        yield TOTAL.held(seen.name)
        return
    yield TOTAL.broken(
        seen.name,
        *seen.steps,
        location="body",
        kind="total",
        expected=f"{count}, as there are entries on all pages",
        received=str(total),
    )
