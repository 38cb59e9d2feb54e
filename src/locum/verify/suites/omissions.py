"""Leaves out what has a default, and sees that it is there, in what is made and in what is put.

Source: OpenAPI, Schema Object, `default`, which a receiver assumes if nothing is said. What is replaced
as a whole keeps no older value either (RFC 9110, 9.3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue, MediaType
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.agreeing import unkept
from locum.verify.things.bodies import media_of, shape_of_media, values_for, varied
from locum.verify.things.changing import change_of
from locum.verify.things.kinds import Deed, Kind
from locum.verify.things.looking import read, settled, shape_shown
from locum.verify.things.making import Thing, made, removed

__all__ = ["made_without", "put_without"]

DEFAULT: Final = Rule(
    id="resource.default",
    promise="What is left out has the default that the contract declares",
    suite="resources",
    source="OpenAPI, Schema Object, default",
)
#: Members that are left out in turn.
_MEMBERS: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Omission:
    """A thing of which something was left out, by an operation and in an exchange."""

    thing: Thing
    deed: Deed
    shape: Shape
    sent: Seen


def made_without(bench: Bench, kind: Kind, outer: Mapping[str, str]) -> Iterator[Result]:
    """Make one of a *kind* without what has a default."""
    yield from _played(kind.deed(Role.CREATE), partial(_made, bench, kind, outer))


def put_without(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Put each member of *thing* that has a default with another value, and then leave it out.

    It fails also where no patch is beside it, unlike what has no default (`wholes.py`): the document says
    what is assumed. Only where nothing at all may be put, and no patch is there for parts, it warns.
    """
    yield from _played(thing.kind.deed(Role.REPLACE), partial(_replaced, bench, thing))


def _played(deed: Deed | None, play: Callable[[Deed, MediaType], Iterator[Result]]) -> Iterator[Result]:
    media = media_of(deed.operation) if deed is not None else None
    if deed is None or media is None or deed.part.sent:
        return
    try:
        yield from play(deed, media)
    except ContractError as error:
        yield DEFAULT.unseen(deed.operation.operation_id, str(error).partition("\n")[0])


def _made(
    bench: Bench, kind: Kind, outer: Mapping[str, str], deed: Deed, media: MediaType
) -> Iterator[Result]:
    shape = shape_of_media(media)
    defaults = _defaults(shape)
    thing = made(bench, kind, outer, salt="left out", without=defaults)[0] if defaults else None
    if thing is None or thing.seen.is_postponed or not isinstance(thing.sent, dict):
        return
    omission = _Omission(thing=thing, deed=deed, shape=shape, sent=thing.seen)
    left_out = {name: value for name, value in defaults.items() if name not in thing.sent}
    yield from settled(bench, partial(_filled, bench, omission, left_out))
    removed(bench, thing)


def _replaced(bench: Bench, thing: Thing, deed: Deed, media: MediaType) -> Iterator[Result]:
    change, before = change_of(bench, thing, Role.REPLACE), read(bench, thing)[1]
    if change is None or before is None:
        return
    is_whole = thing.kind.deed(Role.PATCH) is not None or not change.takes({})
    most, own = Severity.FAILURE if is_whole else Severity.WARNING, change.own_key(before)
    for name, default in [*_defaults(change.ours).items()][:_MEMBERS]:
        whole = _with_other(bench, media, name, default)
        bare = {member: value for member, value in {**(whole or {}), **own}.items() if member != name}
        if whole is None or not change.takes(bare):
            continue
        first = bench.send(change.written({**whole, **own}), deed.operation)
        taken = read(bench, thing)[1]
        if not first.is_success or first.is_postponed or taken is None or taken.get(name) != whole[name]:
            continue  # what became of the value is judged where things are changed
        sent = bench.send(change.written(bare), deed.operation)
        if sent.is_success and not sent.is_postponed:
            omission = _Omission(thing=thing, deed=deed, shape=change.ours, sent=sent)
            for each in settled(bench, partial(_filled, bench, omission, {name: default})):
                yield derived(bench, each, most=most)


def _defaults(shape: Shape) -> JsonObject:
    """Return the plain values that the members of a body have if nobody says otherwise."""
    found = {name: shape.member(name) for name in shape.properties}
    return {
        name: inner.find("default")
        for name, inner in found.items()
        if isinstance(inner.find("default"), str | int | float) and inner.find("readOnly") is not True
    }


def _with_other(bench: Bench, media: MediaType, name: str, default: JsonValue) -> JsonObject | None:
    """Return a whole body that has another value than *default* as *name*."""
    for value in values_for(bench, media, salt=f"{bench.options.seed}left out"):
        if not isinstance(value, dict):
            continue
        whole = {**value, name: value.get(name, default)}
        if whole[name] != default:
            return whole
        other = next((each for member, each in varied(whole, media) if member == name), None)
        if other is not None:
            return other
    return None


def _filled(bench: Bench, omission: _Omission, left_out: JsonObject) -> Iterator[Result]:
    thing, name = omission.thing, omission.deed.operation.operation_id
    seen, entity = read(bench, thing)
    if seen is None or entity is None:
        return
    reader = thing.kind.deed(Role.READ)
    shown = {member: value for member, value in left_out.items() if entity.get(member) is not None}
    found = [*unkept(shown, entity, omission.shape, shape_shown(reader), thing.kind.resource.key)]
    for each in found:
        yield each.breaks(DEFAULT, name, omission.sent.step, seen.step, kind="another")
    if shown and not found:
        yield DEFAULT.held(name)
