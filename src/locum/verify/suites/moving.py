"""Sees whether the time of the last change goes on when a thing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.orders import is_after, moment_of
from locum.behaviour.resources.model import Role
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, Operation
from locum.generation.words import split_words
from locum.verify.bench import Bench
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.telling import Rule
from locum.verify.things.looking import read, shape_shown
from locum.verify.things.making import Thing, made, removed

__all__ = ["moved", "times_of_change"]

MOVED: Final = Rule(
    id="resource.moved", promise="The time of the last change goes on with a change", suite="resources"
)
_CHANGED: Final = frozenset({"updated", "modified", "changed"})
#: Some clocks tell no more than seconds.
_A_SECOND_S: Final = 1.1


def times_of_change(shown: JsonObject, shape: Shape) -> list[str]:
    """Return the members of what is *shown* that only the server says, and that tell when it was changed."""
    return [
        name
        for name, value in shown.items()
        if {*split_words(name)} & _CHANGED
        and shape.member(name).find("readOnly") is True
        and shape.member(name).find("format") == "date-time"
        and moment_of(value) is not None
    ]


def moved(
    bench: Bench, thing: Thing, operation: Operation, before: JsonObject, change_back: Call | None
) -> Iterator[Result]:
    """Judge what *thing* says of a change; in doubt it is changed back a second later, and asked again.

    Where it may not be changed back, nothing is told in doubt.
    """
    names = times_of_change(before, shape_shown(thing.kind.deed(Role.READ)))
    first, told = read(bench, thing)
    if first is None or told is None or not names:
        return
    still = [name for name in names if told.get(name) == before[name]]
    if not still:
        yield MOVED.held(operation.operation_id)
        return
    if change_back is None:
        return
    bench.target.rest(_A_SECOND_S)
    sent = bench.send(change_back, operation)
    seen, after = read(bench, thing)
    if not sent.is_success or sent.is_postponed or seen is None or after is None:
        return
    name = next((each for each in still if after.get(each) == before[each]), None)
    if name is None or not _goes_on(bench, thing, name, before):
        return
    broken = MOVED.broken(
        operation.operation_id,
        first.step,
        sent.step,
        seen.step,
        location=f"body/{name}",
        expected=f"later than {before[name]}",
        received=str(after[name]),
    )
    yield derived(bench, broken, most=Severity.WARNING)


def _goes_on(bench: Bench, thing: Thing, name: str, before: JsonObject) -> bool:
    """Tell whether the clock of the server does not stand still: what is made by now says a later time."""
    later, _ = made(bench, thing.kind, thing.values, salt="later")
    if later is None:
        return False
    _, told = read(bench, later)
    removed(bench, later)
    return told is not None and is_after(told.get(name), before[name])
