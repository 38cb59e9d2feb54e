"""Deletes a thing that was made, and sees that it is gone, from its list as well, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.model import JsonObject
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen, absences_of
from locum.verify.telling import Rule, place_of
from locum.verify.things.bodies import media_of, values_for, with_value
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import listed, read, settled
from locum.verify.things.making import Thing, removed
from locum.verify.things.unknown import unlike

__all__ = ["ended"]

SUITE: Final = "resources"
DELETED: Final = Rule(id="resource.deleted", promise="What was deleted is gone", suite=SUITE)
UNLISTED: Final = Rule(id="resource.unlisted", promise="What was deleted is in its list no more", suite=SUITE)
SPARED: Final = Rule(id="resource.spared", promise="Deleting one thing deletes no other", suite=SUITE)
AGAIN: Final = Rule(
    id="resource.deleted-again",
    promise="Deleting twice is answered as the contract declares",
    suite=SUITE,
    source="RFC 9110, 9.2.2",
)
UNKNOWN: Final = Rule(
    id="resource.deleted-unknown",
    promise="Deleting what never was is refused, where the contract declares that",
    suite=SUITE,
)
RAISED: Final = Rule(id="resource.raised", promise="What is not there is not replaced", suite=SUITE)


def ended(bench: Bench, thing: Thing, other: Thing | None) -> Iterator[Result]:
    """Delete *thing*, beside which *other* stands."""
    deed = thing.kind.deed(Role.DELETE)
    before = read(bench, thing)[1]
    done = removed(bench, thing)
    if deed is None or done is None:
        return
    if not done.is_success or done.is_postponed:
        yield DELETED.unseen(deed.operation.operation_id, f"deleting was answered {done.status or 'nothing'}")
        return
    yield from settled(bench, partial(_gone, bench, thing, deed, done, before))
    yield from settled(bench, partial(_unlisted, bench, thing, deed, done))
    if other is not None:
        yield from settled(bench, partial(_spared, bench, other, deed, done))
    again = removed(bench, thing, is_gone=True)
    if again is not None and again.is_looked_at:
        seen = read(bench, thing, is_gone=True)[0]
        yield from _again(deed, done, again, is_gone=seen is None or seen.is_gone)
    yield from _raised(bench, thing, done)
    yield from _unknown(bench, thing, deed)


def _gone(bench: Bench, thing: Thing, deed: Deed, done: Seen, before: JsonObject | None) -> Iterator[Result]:
    seen, after = read(bench, thing, is_gone=True)
    name = deed.operation.operation_id
    if seen is None or not seen.is_looked_at:
        return
    if seen.is_gone:
        yield DELETED.held(name)
    elif after is not None and after == before:
        yield DELETED.broken(
            name,
            done.step,
            seen.step,
            kind="still-there",
            expected="404 or 410",
            received=str(seen.status),
        )
    elif after is not None:
        yield DELETED.unseen(name, "it is shown in another state")


def _unlisted(bench: Bench, thing: Thing, deed: Deed, done: Seen) -> Iterator[Result]:
    # Some keep what was deleted in another state: then it is read as well.
    seen = read(bench, thing, is_gone=True)[0]
    found = listed(bench, thing)
    name = deed.operation.operation_id
    if found is None or (seen is not None and not seen.is_gone):
        return
    entry = found[1].entry(thing.key)
    if entry is None:
        yield UNLISTED.held(name)
        return
    if any("delet" in each.lower() or "archiv" in each.lower() for each in entry):
        return
    yield UNLISTED.broken(
        name,
        done.step,
        *(each.seen.step for each in found[1].pages if thing.key in each.keys),
        kind="listed",
        expected=f"no {thing.key}",
        received=f"{thing.key} in the list",
        where=place_of(bench.contract, found[0].operation),
    )


def _spared(bench: Bench, other: Thing, deed: Deed, done: Seen) -> Iterator[Result]:
    seen = read(bench, other)[0]
    name = deed.operation.operation_id
    if seen is not None and seen.is_success:
        yield SPARED.held(name)
    elif seen is not None and seen.is_gone:
        yield SPARED.broken(
            name,
            done.step,
            seen.step,
            kind="other-gone",
            expected="the other one, as it was",
            received=str(seen.status),
        )


def _again(deed: Deed, done: Seen, again: Seen, *, is_gone: bool) -> Iterator[Result]:
    absences = absences_of(deed.operation)
    if again.is_success and is_gone and absences:
        if again.is_postponed:
            return  # what becomes of it is told later
        # Deleting twice may succeed twice, and the document says otherwise: that is worth telling.
        yield AGAIN.broken(
            deed.operation.operation_id,
            done.step,
            again.step,
            kind="succeeds",
            expected=" or ".join(absences),
            received=str(again.status),
            severity=Severity.WARNING,
        )
        return
    # Success or absence: both are what deleting twice may be answered.
    if again.is_success or again.is_refusal:
        yield AGAIN.held(deed.operation.operation_id)
        return
    yield AGAIN.broken(
        deed.operation.operation_id,
        done.step,
        again.step,
        kind=str(again.status),
        expected="success, or that it is gone",
        received=str(again.status),
    )


def _raised(bench: Bench, thing: Thing, done: Seen) -> Iterator[Result]:
    """Put something where a thing was, if the document says that this is refused and nothing is made so."""
    deed = thing.kind.deed(Role.REPLACE)
    media = media_of(deed.operation) if deed is not None else None
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    if deed is None or media is None or call is None:
        return
    may_make = any(each.status == "201" for each in deed.operation.responses)
    value = next(values_for(bench, media), None)
    if not absences_of(deed.operation) or may_make or value is None:
        return
    before = read(bench, thing, is_gone=True)[0]
    if before is None or not before.is_gone:
        return
    seen = bench.send(with_value(call, media, value), deed.operation, is_wrong=True)
    if not seen.is_looked_at or seen.is_postponed:
        return
    after, entity = read(bench, thing, is_gone=True)
    name = deed.operation.operation_id
    if not seen.is_success:
        yield RAISED.held(name)
        return
    if after is None or (entity is None and not after.is_gone):
        return  # what became of it is not shown
    if entity is not None:
        removed(bench, thing)
    result = RAISED.broken(
        name,
        done.step,
        seen.step,
        after.step,
        kind="made" if entity is not None else "confirmed",
        expected="a refusal, as the contract declares",
        received=str(seen.status),
    )
    yield derived(bench, result)


def _unknown(bench: Bench, thing: Thing, deed: Deed) -> Iterator[Result]:
    """Delete what never was: an answer that shows nothing says so first."""
    absences = absences_of(deed.operation)
    never = replace(thing, values={**thing.values, thing.kind.resource.variable: unlike(thing.key, "never")})
    if not absences:
        return
    seen = read(bench, never, is_gone=True)[0]
    if seen is None or not seen.is_gone:
        return
    done = removed(bench, never, is_gone=True)
    name = deed.operation.operation_id
    if done is None or not done.is_looked_at or done.is_postponed:
        return
    if not done.is_success:
        yield UNKNOWN.held(name)
        return
    result = UNKNOWN.broken(
        name,
        seen.step,
        done.step,
        kind="succeeds",
        expected=" or ".join(absences),
        received=str(done.status),
    )
    yield derived(bench, result)
