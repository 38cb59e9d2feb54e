"""Plays the life of one thing of each recognised kind: made, read, listed, changed, deleted.

Only where writing is allowed. Nothing is touched that was there before, and what was made is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.model import JsonObject
from locum.verify.bench import Bench
from locum.verify.exchanging import path_values
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.suites.changes import changed
from locum.verify.suites.doubles import doubled, keys_beside
from locum.verify.suites.endings import ended
from locum.verify.suites.lists import alike
from locum.verify.suites.merging import lists_merged
from locum.verify.suites.omissions import made_without, put_without
from locum.verify.suites.orphans import orphaned
from locum.verify.suites.refused import unmade
from locum.verify.suites.removals import removed_by_null
from locum.verify.suites.states import overruled
from locum.verify.suites.strangers import estranged
from locum.verify.suites.tearing import torn
from locum.verify.suites.wholes import put_whole
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import differences, lost, unkept
from locum.verify.things.changing import shape_sent
from locum.verify.things.finding import values_of
from locum.verify.things.kinds import Kind, kinds_of
from locum.verify.things.looking import is_narrowed, listed, read, settled, shape_shown
from locum.verify.things.making import Thing, made, path_in_location, removed, values_of_own

__all__ = ["resources"]

SUITE: Final = "resources"
CREATED: Final = Rule(id="resource.created", promise="What was made can be read", suite=SUITE)
KEPT: Final = Rule(id="resource.kept", promise="What was sent is read back", suite=SUITE)
LOCATED: Final = Rule(
    id="resource.location",
    promise="The Location of what was made leads to it",
    suite=SUITE,
    source="RFC 9110, 10.2.2 and 15.3.2",
)
LISTED: Final = Rule(id="resource.listed", promise="What was made is in its list", suite=SUITE)
DISTINCT: Final = Rule(id="resource.distinct", promise="Each thing has a key of its own", suite=SUITE)


def resources(bench: Bench) -> Iterator[Result]:
    """Play every kind of which one can be made."""
    for kind in kinds_of(bench) if bench.options.allow_writes else ():
        deed = kind.deed(Role.CREATE)
        if deed is None or not kind.resource.variable:
            continue
        path = deed.operation.route.path
        outer = values_of_own(bench, path) or values_of(bench, path)
        if outer is None:
            yield CREATED.unseen(deed.operation.operation_id, "nothing is known that it could be made below")
            continue
        yield from _lived(bench, kind, outer)


def _lived(bench: Bench, kind: Kind, outer: Mapping[str, str]) -> Iterator[Result]:
    thing, told = made(bench, kind, outer)
    if thing is None or thing.seen.is_postponed:
        told = told or "it is made later (202)"
        yield CREATED.unseen(_maker(kind), told)
        return
    yield from settled(bench, partial(_located, bench, thing))
    yield from _seen(bench, thing)
    keys = keys_beside(bench, thing)
    other = made(bench, kind, outer, salt="another")[0]
    if other is not None and keys is not None:
        yield from settled(bench, partial(doubled, bench, other, keys))
    if other is not None:
        yield from _seen(bench, other)
        yield from settled(bench, partial(_distinct, thing, other))
    is_other = other is not None and other.values != thing.values
    beside = other if is_other else None
    yield from unmade(bench, thing)
    yield from overruled(bench, thing, outer)
    yield from changed(bench, thing, beside)
    yield from removed_by_null(bench, thing)
    yield from lists_merged(bench, thing)
    yield from torn(bench, thing)
    yield from put_without(bench, thing)
    yield from put_whole(bench, thing)
    yield from estranged(bench, thing)
    yield from ended(bench, thing, beside)
    if beside is not None:
        third = made(bench, kind, outer, salt="a third")[0]
        if third is not None:
            yield from settled(bench, partial(_distinct, beside, third))
            removed(bench, third)
        removed(bench, beside)
    yield from made_without(bench, kind, outer)
    yield from orphaned(bench, kind, outer)


def _seen(bench: Bench, thing: Thing) -> Iterator[Result]:
    """See *thing* by itself and in its list, as the newest there is."""
    yield from settled(bench, partial(_shown, bench, thing))
    yield from settled(bench, partial(_in_list, bench, thing))


def _maker(kind: Kind) -> str:
    deed = kind.deed(Role.CREATE)
    return deed.operation.operation_id if deed is not None else ""


def _shown(bench: Bench, thing: Thing) -> Iterator[Result]:
    seen, entity = read(bench, thing)
    if seen is None or not seen.is_looked_at:
        return
    reader, name = thing.kind.deed(Role.READ), _maker(thing.kind)
    where = place_of(bench.contract, reader.operation if reader else None)
    if seen.is_gone:
        yield CREATED.broken(
            name,
            thing.seen.step,
            seen.step,
            kind="missing",
            expected=f"{thing.kind.resource.name} {thing.key}",
            received=str(seen.status),
            where=where,
        )
        return
    if entity is None:
        return
    yield CREATED.held(name)
    yield from _kept(bench, thing, seen, entity)


def _kept(bench: Bench, thing: Thing, seen: Seen, entity: JsonObject) -> Iterator[Result]:
    """Judge what is read by what was sent, and by what the answer to making it said."""
    maker, reader = thing.kind.deed(Role.CREATE), thing.kind.deed(Role.READ)
    name, theirs = _maker(thing.kind), shape_shown(reader)
    found = []
    if maker is not None:
        ours = shape_sent(maker)
        key = thing.kind.resource.key
        found += [("changed", each) for each in unkept(thing.sent, entity, ours, theirs, key)]
        found += [("lost", each) for each in lost(thing.sent, entity, ours, theirs, key)]
    told = {each.location for _, each in found}
    said = differences(thing.entity, entity, theirs) if thing.entity is not None else iter(())
    # States go on by themselves; what was sent is looked at above.
    plain = {*thing.sent} if isinstance(thing.sent, dict) else set()
    found += [("answered", each) for each in said if each.location in plain - told]
    for kind, each in found:
        where = place_of(bench.contract, reader.operation if reader else None)
        yield each.breaks(KEPT, name, thing.seen.step, seen.step, kind=kind, where=where)
    if not found:
        yield KEPT.held(name)


def _located(bench: Bench, thing: Thing) -> Iterator[Result]:
    reader, path = thing.kind.deed(Role.READ), path_in_location(bench, thing.seen)
    if reader is None or path is None or thing.seen.status != 201:  # noqa: PLR2004 -- RFC 9110 section 15.3.2
        return
    values = path_values(reader.operation.route.path, path.partition("?")[0])
    name = _maker(thing.kind)
    if values.get(thing.kind.resource.variable) == thing.key:
        yield LOCATED.held(name)
        return
    seen, _ = read(bench, thing)
    if not values or seen is None or not seen.is_success:
        return  # it leads to something that the document does not speak of
    yield LOCATED.broken(
        name,
        thing.seen.step,
        location="header.location",
        kind="elsewhere",
        expected=f"the path of {thing.key}",
        received=path[:200],
        where=place_of(bench.contract, reader.operation),
    )


def _in_list(bench: Bench, thing: Thing) -> Iterator[Result]:
    found = listed(bench, thing)
    if found is None:
        return
    deed, walked = found
    page, name = walked.page_of(thing.key), deed.operation.operation_id
    if page is None and not walked.is_whole:
        yield LISTED.unseen(name, "the list has no end within reach")
        return
    if page is None and is_narrowed(deed, walked, thing):
        yield LISTED.unseen(name, "the list has to be asked for by something that may leave it out")
        return
    if page is None:
        yield LISTED.broken(
            name,
            thing.seen.step,
            *(each.seen.step for each in walked.pages[:2]),
            kind="missing",
            expected=f"{thing.key} among them",
            received=f"{len(walked.keys)} others",
        )
        return
    yield LISTED.held(name)
    seen, entity = read(bench, thing)
    reader = thing.kind.deed(Role.READ)
    if reader is not None and seen is not None and entity is not None:
        yield alike(reader, page, thing.key, seen)


def _distinct(thing: Thing, other: Thing) -> Iterator[Result]:
    sent = [
        each.sent.get(each.kind.resource.key) if isinstance(each.sent, dict) else None
        for each in (thing, other)
    ]
    if thing.values != other.values:
        yield DISTINCT.held(_maker(thing.kind))
        return
    if sent[0] is not None and sent[0] == sent[1]:
        return  # the sender has chosen the key, twice the same
    yield DISTINCT.broken(
        _maker(thing.kind),
        thing.seen.step,
        other.seen.step,
        location="body",
        kind="twice",
        expected="another key",
        received=thing.key,
    )
