"""Makes things in other states than the usual one: what is sent is taken, or refused, and not passed over.

Source: RFC 9110, 15.3.2 and 15.5.21: who answers with success has done what was asked. A document that lets
clients say a state at once, and shows it again, says so; but many share one schema for both, so that it fails
only where the state has a default, which is there for those who say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.telling import Rule
from locum.verify.things.agreeing import is_shared
from locum.verify.things.changing import shape_sent
from locum.verify.things.kinds import Deed, Kind
from locum.verify.things.looking import read, shape_shown
from locum.verify.things.making import Thing, made, removed

__all__ = ["overruled"]

STATE: Final = Rule(
    id="resource.state",
    promise="A state that is sent of what is made is its own, or refused",
    suite="resources",
    source="RFC 9110, 15.3.2",
)
_STATES: Final = ("status", "state", "phase")
#: States that are tried.
_MOST: Final = 2


def overruled(bench: Bench, thing: Thing, outer: Mapping[str, str]) -> Iterator[Result]:
    """Make others like *thing* below *outer*, in each state that it is not in."""
    maker, reader, entity = thing.kind.deed(Role.CREATE), thing.kind.deed(Role.READ), read(bench, thing)[1]
    if maker is None or reader is None or entity is None or maker.part.sent:
        return
    try:
        ours, theirs = shape_sent(maker), shape_shown(reader)
    except ContractError:
        return
    for name in _STATES:
        choices = ours.member(name).find("enum") if _is_said(name, ours, theirs) else None
        # Null says nothing of the state.
        known = (entity.get(name), None)
        others = [each for each in choices if each not in known] if isinstance(choices, list) else []
        most = Severity.FAILURE if ours.member(name).has("default") else Severity.WARNING
        for value in others[:_MOST] if name in entity else ():
            for result in _stated(bench, thing.kind, maker, outer, {name: value}):
                yield derived(bench, result, most=most)


def _is_said(name: str, ours: Shape, theirs: Shape) -> bool:
    return name in ours.properties and name in theirs.properties and is_shared(name, ours, theirs)


def _stated(
    bench: Bench, kind: Kind, maker: Deed, outer: Mapping[str, str], state: JsonObject
) -> Iterator[Result]:
    other, _ = made(bench, kind, outer, salt="in another state", among=state)
    if other is None or other.seen.is_postponed or not isinstance(other.sent, dict):
        return
    ((name, value),) = state.items()
    seen, entity = read(bench, other)
    told = [each[name] for each in (other.entity, entity) if each is not None and name in each]
    operation = maker.operation.operation_id
    # States go on by themselves: one that was told once was taken.
    if other.sent.get(name) == value and any(_is_same(value, each) for each in told):
        yield STATE.held(operation)
    elif other.sent.get(name) == value and told and seen is not None:
        yield STATE.broken(
            operation,
            other.seen.step,
            seen.step,
            location=f"body/{name}",
            kind="overruled",
            expected=f"{value!r}, or a refusal"[:200],
            received=repr(told[-1])[:200],
        )
    removed(bench, other)


def _is_same(one: JsonValue, other: JsonValue) -> bool:
    return str(one).casefold() == str(other).casefold()
