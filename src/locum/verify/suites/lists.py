"""Reads lists of recognised resources: pages, sizes, totals, links, filters, and the entries one by one.

Nothing is written. What is found wrong is looked at once more, so that a list that changes meanwhile raises
no alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from locum.behaviour.exchanges import Judgement
from locum.behaviour.resources.model import Role
from locum.verify.bases import base_of
from locum.verify.bench import Bench, Profile
from locum.verify.composing import composed
from locum.verify.derived import derived
from locum.verify.exchanging import path_values
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen
from locum.verify.suites.absent import absent
from locum.verify.telling import Rule
from locum.verify.things.agreeing import differences
from locum.verify.things.filtering import filtered
from locum.verify.things.kinds import Deed, Kind, entity_of, kinds_of
from locum.verify.things.looking import shape_shown
from locum.verify.things.sorting import ordered
from locum.verify.things.turning import TURNED, may_be, turned
from locum.verify.things.walking import Page, as_sent, followed, looked_at

__all__ = ["alike", "lists"]

SUITE: Final = "lists"
SIZE: Final = Rule(
    id="list.size", promise="A page has no more entries than its parameter asks for", suite=SUITE
)
NEXT: Final = Rule(id="list.next", promise="The link to the next page leads to what follows", suite=SUITE)
ITEM: Final = Rule(id="list.item", promise="What a list shows can be read, and says the same", suite=SUITE)
STEADY: Final = Rule(
    id="list.steady", promise="The same list, asked for again, has the same order", suite=SUITE
)
#: Entries that are read one by one.
_ITEMS: Final = {Profile.QUICK: 1, Profile.FULL: 3, Profile.FUZZ: 3}


def lists(bench: Bench) -> Iterator[Result]:
    """Play everything that can be read of every list."""
    for kind in kinds_of(bench):
        for deed in kind.deeds:
            if deed.part.role is not Role.LIST:
                continue
            base = base_of(bench, deed.operation)
            page = looked_at(base, deed, kind) if base is not None else None
            if base is None or page is None or not page.keys:
                yield TURNED.unseen(deed.operation.operation_id, "no list with entries was shown")
                continue
            yield from _of(bench, kind, deed, base, page)
            yield from absent(bench, kind, deed, base, page)


def _of(bench: Bench, kind: Kind, deed: Deed, base: Seen, page: Page) -> Iterator[Result]:
    looks: list[Callable[[], Iterator[Result]]] = [
        partial(_sized, bench, kind, deed, base),
        partial(turned, bench, kind, deed, base),
        partial(_linked, bench, kind, deed, base),
        partial(_steady, bench, kind, deed, base),
        partial(ordered, bench, kind, deed, base),
    ]
    looks += [
        partial(_read, bench, kind, deed, base, at)
        for at in range(min(_ITEMS[bench.options.profile], len(page.keys)))
    ]
    most = 3 if bench.options.profile is Profile.QUICK else len(deed.part.filters)
    looks += [partial(filtered, bench, kind, deed, base, name) for name in [*deed.part.filters][:most]]
    for look in looks:
        yield from _sure(bench, look)


def _sure(bench: Bench, look: Callable[[], Iterator[Result]]) -> Iterator[Result]:
    """Yield what *look* finds; what is broken only if it is broken again."""
    found = [*look()]
    if any(each.judgement is Judgement.BROKEN for each in found):
        found = [*look()]
    for each in found:
        most = Severity.WARNING if each.rule == STEADY.id else Severity.FAILURE
        yield derived(bench, each, most=most)


def _sized(bench: Bench, kind: Kind, deed: Deed, base: Seen) -> Iterator[Result]:
    name, operation = as_sent(deed.part.paging.size), deed.operation
    for size in (1, 2) if name else ():
        if not may_be(operation, name, size):
            continue
        seen = bench.send(base.call.with_query(name, [str(size)]), operation)
        page = looked_at(seen, deed, kind)
        if page is None:
            continue
        if len(page.keys) <= size:
            yield SIZE.held(operation.operation_id)
            continue
        yield SIZE.broken(
            operation.operation_id,
            seen.step,
            location=f"query.{name}",
            kind="too-many",
            expected=f"{size} at most",
            received=str(len(page.keys)),
        )


def _linked(bench: Bench, kind: Kind, deed: Deed, base: Seen) -> Iterator[Result]:
    name = as_sent(deed.part.paging.size)
    small = name and may_be(deed.operation, name, 1)
    call = base.call.with_query(name, ["1"]) if small else base.call
    page = looked_at(bench.send(call, deed.operation), deed, kind)
    turn = followed(bench, call, page.next) if page is not None and page.next else None
    if page is None or turn is None:
        return
    seen = bench.send(turn, deed.operation)
    if not seen.is_looked_at:
        return
    after = looked_at(seen, deed, kind)
    if after is not None and not {*after.keys} & {*page.keys}:
        yield NEXT.held(deed.operation.operation_id)
        return
    yield NEXT.broken(
        deed.operation.operation_id,
        page.seen.step,
        seen.step,
        location="body/next",
        kind="same-page" if after is not None else str(seen.status),
        expected="the entries that follow",
        received="entries of the page before" if after is not None else f"{seen.status} and no list",
    )


def _steady(bench: Bench, kind: Kind, deed: Deed, base: Seen) -> Iterator[Result]:
    pages = [looked_at(bench.send(base.call, deed.operation), deed, kind) for _ in range(2)]
    one, other = pages
    if one is None or other is None or {*one.keys} != {*other.keys}:
        return  # what is listed may change at any time
    if one.keys == other.keys:
        yield STEADY.held(deed.operation.operation_id)
        return
    yield STEADY.broken(
        deed.operation.operation_id,
        one.seen.step,
        other.seen.step,
        location="body",
        kind="order",
        expected=", ".join(one.keys)[:100],
        received=", ".join(other.keys)[:100],
    )


def _read(bench: Bench, kind: Kind, deed: Deed, base: Seen, at: int) -> Iterator[Result]:
    reader = kind.deed(Role.READ)
    if reader is None or kind.deed(Role.LIST) is not deed:
        return
    page = looked_at(bench.send(base.call, deed.operation), deed, kind)
    if page is None or at >= len(page.keys):
        return
    outer = path_values(deed.operation.route.path, base.call.path)
    call = composed(bench, reader.operation, {**outer, kind.resource.variable: page.keys[at]})
    if call is None:
        return
    seen = bench.send(call, reader.operation)
    name, entity = reader.operation.operation_id, entity_of(seen, reader.part)
    if seen.is_gone:
        yield ITEM.broken(
            name,
            page.seen.step,
            seen.step,
            location="path",
            kind="missing",
            expected=f"{kind.resource.name} {page.keys[at]}, as it is listed",
            received=str(seen.status),
        )
    if entity is None:
        return
    yield alike(reader, page, page.keys[at], seen)


def alike(reader: Deed, page: Page, key: str, seen: Seen) -> Result:
    """Return whether the entry of *key* on a *page* says what is *seen* of it, which *reader* shows."""
    name = reader.operation.operation_id
    found = next(differences(page.entry(key), entity_of(seen, reader.part), shape_shown(reader)), None)
    if found is None:
        return ITEM.held(name)
    return found.breaks(ITEM, name, page.seen.step, seen.step, kind="different")
