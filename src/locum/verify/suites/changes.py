"""Changes a thing that was made, as a whole and in part, and sees what became of it and of its neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.resources.model import Role
from locum.behaviour.resources.places import put_at
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue, MediaType
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.suites.moving import moved
from locum.verify.suites.refused import unchanged
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import differences, is_senders, lost, rekeyed, remade, unkept
from locum.verify.things.bodies import media_of, shape_of_media, values_for, varied, with_value
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import read, settled, shape_shown
from locum.verify.things.making import Thing

__all__ = ["changed"]

SUITE: Final = "resources"
REPLACED: Final = Rule(id="resource.replaced", promise="What was put is read back", suite=SUITE)
PATCHED: Final = Rule(
    id="resource.patched", promise="A patch changes what it names, and nothing else", suite=SUITE
)
APART: Final = Rule(id="resource.apart", promise="A change to one thing changes no other", suite=SUITE)
CONDITION: Final = Rule(
    id="resource.condition",
    promise="What is to be changed only in another state is not changed",
    suite=SUITE,
    source="RFC 9110, 13.1.1",
)
TAG: Final = Rule(
    id="resource.etag",
    promise="The entity tag is another one when the thing has changed",
    suite=SUITE,
    source="RFC 9110, 8.8.1",
)
#: Bodies that are tried until one is taken.
_BODIES: Final = 2


@dataclass(frozen=True, kw_only=True)
class _Change:
    """One way to change a thing."""

    thing: Thing
    deed: Deed
    media: MediaType
    call: Call
    rule: Rule

    @property
    def name(self) -> str:
        return self.deed.operation.operation_id

    @property
    def is_json_patch(self) -> bool:
        """Whether steps are sent instead of members (RFC 6902)."""
        return "json-patch" in self.media.name

    @property
    def shape(self) -> Shape:
        """What the document says of the members that are sent."""
        maker = self.thing.kind.deed(Role.CREATE)
        made_of = media_of(maker.operation) if maker is not None and self.is_json_patch else None
        shape = shape_of_media(made_of or self.media)
        for step in self.deed.part.sent:
            shape = shape.member(step)
        return shape

    def written(self, value: JsonObject) -> Call:
        """Return the call that sends *value*."""
        if not self.is_json_patch:
            return with_value(self.call, self.media, put_at({}, self.deed.part.sent, value))
        steps: JsonValue = [
            {"op": "replace", "path": f"/{name.replace('~', '~0').replace('/', '~1')}", "value": told}
            for name, told in value.items()
        ]
        return with_value(self.call, self.media, steps)


@dataclass(frozen=True, kw_only=True)
class _Done:
    """A change that was taken: what was sent, how it was answered, and what was read before."""

    change: _Change
    body: JsonObject
    sent: Seen
    first: Seen
    before: JsonObject


def changed(bench: Bench, thing: Thing, other: Thing | None) -> Iterator[Result]:
    """Play every change of *thing*, beside which *other* stands."""
    for role, rule in ((Role.REPLACE, REPLACED), (Role.PATCH, PATCHED)):
        deed = thing.kind.deed(role)
        media = media_of(deed.operation) if deed is not None else None
        call = composed(bench, deed.operation, thing.values) if deed is not None else None
        if deed is None or media is None or call is None:
            continue
        change = _Change(thing=thing, deed=deed, media=media, call=call, rule=rule)
        try:
            yield from _changed(bench, change, other)
        except ContractError as error:
            yield rule.unseen(change.name, str(error).partition("\n")[0])


def _wholes(bench: Bench, change: _Change, before: JsonObject) -> Iterator[JsonObject]:
    """Yield whole things to put in the place of the one there is."""
    key = change.thing.kind.resource.key
    own = {key: before[key]} if key in before and key in change.shape.properties else {}
    value = next(values_for(bench, change.media, salt=f"{bench.options.seed}put"), None)
    for whole in [*(each for _, each in varied(value, change.media)), value]:
        if isinstance(whole, dict) and not change.deed.part.sent:
            yield {**whole, **own}


def _parts(change: _Change, before: JsonObject) -> Iterator[JsonObject]:
    """Yield single members with other values."""
    maker = change.thing.kind.deed(Role.CREATE)
    made_of = media_of(maker.operation) if maker is not None else None
    if change.is_json_patch:
        sent = varied(change.thing.sent, made_of) if made_of is not None else ()
        yield from ({name: whole[name]} for name, whole in sent)
        return
    known = {
        name: value
        for name, value in before.items()
        if name in change.shape.properties and change.shape.member(name).find("readOnly") is not True
    }
    for name, whole in varied(known, change.media) if not change.deed.part.sent else ():
        part: JsonObject = {name: whole[name]}
        if change.media.schema is not None and change.media.schema.is_valid(part):
            yield part


def _is_telling(change: _Change, body: JsonObject, before: JsonObject) -> bool:
    """Tell whether *body* changes a member that has to be read back as it is sent."""
    kind = change.thing.kind
    theirs = shape_shown(kind.deed(Role.READ))
    return any(
        is_senders(name, change.shape, theirs, kind.resource.key)
        for name, value in body.items()
        if before.get(name) != value
    )


def _changed(bench: Bench, change: _Change, other: Thing | None) -> Iterator[Result]:
    first, before = read(bench, change.thing)
    beside = read(bench, other)[1] if other is not None else None
    if first is None or before is None:
        return
    is_patch = change.rule is PATCHED
    bodies = [*(_parts(change, before) if is_patch else _wholes(bench, change, before))]
    bodies = sorted(bodies, key=lambda body: not _is_telling(change, body, before))[:_BODIES]
    for body in bodies[:1]:
        yield from _conditional(bench, change, body)
    yield from unchanged(bench, change.thing, change.deed, change.written({}))
    for body in bodies:
        sent = bench.send(change.written(body), change.deed.operation)
        if not sent.is_success or sent.is_postponed:
            yield change.rule.unseen(change.name, f"a change was answered {sent.status or 'nothing'}")
            continue
        done = _Done(change=change, body=body, sent=sent, first=first, before=before)
        yield from settled(bench, partial(_kept, bench, done))
        yield from settled(bench, partial(_tagged, bench, done))
        back = body | {name: before[name] for name in body if name in before}
        if back != body and _is_telling(change, body, before):
            yield from moved(bench, change.thing, change.deed.operation, before, change.written(back))
        if other is not None and beside is not None:
            yield from settled(bench, partial(_left, bench, done, other, beside))
        return


def _kept(bench: Bench, done: _Done) -> Iterator[Result]:
    change, body = done.change, done.body
    seen, after = read(bench, change.thing)
    if seen is None or after is None:
        return
    theirs, key = shape_shown(change.thing.kind.deed(Role.READ)), change.thing.kind.resource.key
    found = [("changed", each) for each in unkept(body, after, change.shape, theirs, key)]
    found += [("lost", each) for each in lost(body, after, change.shape, theirs, key)]
    found += [("remade", each) for each in remade(done.before, after, theirs)]
    found += [("rekeyed", each) for each in rekeyed(done.before, after, body, key)]
    sent = change.thing.sent
    if change.rule is PATCHED and isinstance(sent, dict):
        # Only what clients say of it: a server may derive the rest.
        own = {name: done.before[name] for name in sent if name in done.before and name not in body}
        found += [("not-named", each) for each in unkept(own, after, change.shape, theirs, key)]
        found += [("not-named-lost", each) for each in lost(own, after, change.shape, theirs, key)]
    for kind, each in found:
        yield change.rule.broken(
            change.name,
            done.sent.step,
            seen.step,
            location=f"body/{each.location}",
            kind=kind,
            expected=repr(each.expected)[:200],
            received="nothing" if each.received is None else repr(each.received)[:200],
            where=place_of(bench.contract, change.deed.operation),
        )
    if not found:
        yield change.rule.held(change.name)


def _tagged(bench: Bench, done: _Done) -> Iterator[Result]:
    thing, tag = done.change.thing, done.first.header("etag")
    seen, after = read(bench, thing)
    if seen is None or after is None or not tag or tag.startswith("W/"):
        return
    if next(differences(done.before, after, shape_shown(thing.kind.deed(Role.READ))), None) is None:
        return
    if seen.header("etag") != tag:
        yield TAG.held(done.change.name)
        return
    yield TAG.broken(
        done.change.name,
        done.first.step,
        done.sent.step,
        seen.step,
        location="header.etag",
        kind="same",
        expected="another tag",
        received=tag[:100],
    )


def _left(bench: Bench, done: _Done, other: Thing, before: JsonObject) -> Iterator[Result]:
    seen, after = read(bench, other)
    if seen is None or (after is None and not seen.is_gone):
        return
    found = next(differences(before, after, shape_shown(other.kind.deed(Role.READ))), None) if after else None
    if after is not None and found is None:
        yield APART.held(done.change.name)
        return
    yield APART.broken(
        done.change.name,
        done.sent.step,
        seen.step,
        location=f"body/{found.location}" if found else "",
        kind="other-changed" if found else "other-gone",
        expected=repr(found.expected)[:200] if found else "the other one, as it was",
        received=repr(found.received)[:200] if found else str(seen.status),
        where=place_of(bench.contract, done.change.deed.operation),
    )


def _conditional(bench: Bench, change: _Change, body: JsonObject) -> Iterator[Result]:
    """Ask for a change in a state that the thing is not in, where the document knows of such conditions."""
    operation = change.deed.operation
    knows = any(each.name.lower() == "if-match" for each in operation.parameters)
    first, before = read(bench, change.thing)
    if not knows or first is None or before is None or not first.header("etag"):
        return
    call = change.written(body).with_header("If-Match", '"nobody-has-this"')
    seen = bench.send(call, operation, is_wrong=True)
    if not seen.is_looked_at:
        return
    if not seen.is_success:
        yield CONDITION.held(change.name)
        return
    yield CONDITION.broken(
        change.name,
        first.step,
        seen.step,
        location="header.if-match",
        kind="ignored",
        expected="412",
        received=str(seen.status),
        where=place_of(bench.contract, operation),
    )
