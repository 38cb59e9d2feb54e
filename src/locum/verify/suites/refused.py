"""Asks for what has to be refused, and sees that nothing was done all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.resources.model import Role
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.model import Result
from locum.verify.telling import Rule
from locum.verify.things.agreeing import differences
from locum.verify.things.bodies import media_of
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import listed, read, settled, shape_shown
from locum.verify.things.making import Thing

__all__ = ["unchanged", "unmade"]

REFUSED: Final = Rule(id="resource.refused", promise="What is refused changes nothing", suite="resources")
#: Half a body, in most media types.
_HALF: Final = b"{"


def unchanged(bench: Bench, thing: Thing, deed: Deed, call: Call) -> Iterator[Result]:
    """Ask for a change of *thing* that cannot be understood."""
    before = read(bench, thing)[1]
    if before is None:
        return
    seen = bench.send(replace(call, body=_HALF), deed.operation, is_wrong=True)
    if not seen.is_refusal:
        return
    name = deed.operation.operation_id

    def look() -> Iterator[Result]:
        again, after = read(bench, thing)
        if again is None or after is None:
            return
        found = next(differences(before, after, shape_shown(thing.kind.deed(Role.READ))), None)
        if found is None:
            yield REFUSED.held(name)
            return
        yield found.breaks(REFUSED, name, seen.step, again.step, kind="changed")

    yield from settled(bench, look)


def unmade(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Ask for another one like *thing* by a body that cannot be understood."""
    maker = thing.kind.deed(Role.CREATE)
    call = composed(bench, maker.operation, thing.values) if maker is not None else None
    if maker is not None and call is not None and media_of(maker.operation) is not None:
        yield from settled(bench, partial(_unmade, bench, thing, maker, call))


def _unmade(bench: Bench, thing: Thing, maker: Deed, call: Call) -> Iterator[Result]:
    before = listed(bench, thing)
    seen = bench.send(replace(call, body=_HALF), maker.operation, is_wrong=True)
    after = listed(bench, thing)
    is_refused = seen.is_refusal
    if before is None or after is None or not is_refused:
        return
    if not before[1].is_whole or not after[1].is_whole:
        return
    name, more = maker.operation.operation_id, [*({*after[1].keys} - {*before[1].keys})]
    if not more:
        yield REFUSED.held(name)
        return
    yield REFUSED.broken(
        name,
        seen.step,
        after[1].pages[-1].seen.step,
        location="body",
        kind="made",
        expected="the list as it was",
        received=f"{more[0]} in the list",
    )
