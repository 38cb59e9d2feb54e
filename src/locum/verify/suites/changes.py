"""Changes a thing that was made, as a whole and in part, and sees what became of it and of its neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.model import JsonObject
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.suites.moving import moved
from locum.verify.suites.refused import unchanged
from locum.verify.telling import Rule
from locum.verify.things.agreeing import differences, lost, rekeyed, remade, unkept
from locum.verify.things.bodies import values_for, varied
from locum.verify.things.changing import Change, change_of
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
class _Done:
    """A change that was taken: what was sent, how it was answered, and what was read before."""

    change: Change
    rule: Rule
    body: JsonObject
    sent: Seen
    first: Seen
    before: JsonObject


def changed(bench: Bench, thing: Thing, other: Thing | None) -> Iterator[Result]:
    """Play every change of *thing*, beside which *other* stands."""
    for role, rule in ((Role.REPLACE, REPLACED), (Role.PATCH, PATCHED)):
        change = change_of(bench, thing, role)
        if change is None:
            continue
        try:
            yield from _changed(bench, change, rule, other)
        except ContractError as error:
            yield rule.unseen(change.name, str(error).partition("\n")[0])


def _wholes(bench: Bench, change: Change, before: JsonObject) -> Iterator[JsonObject]:
    """Yield whole things to put in the place of the one there is."""
    own = change.own_key(before)
    value = next(values_for(bench, change.media, salt=f"{bench.options.seed}put"), None)
    for whole in [*(each for _, each in varied(value, change.media)), value]:
        if isinstance(whole, dict) and not change.is_wrapped:
            yield {**whole, **own}


def _is_telling(change: Change, body: JsonObject, before: JsonObject) -> bool:
    """Tell whether *body* changes a member that has to be read back as it is sent."""
    return any(change.is_senders(name) for name, value in body.items() if before.get(name) != value)


def _changed(bench: Bench, change: Change, rule: Rule, other: Thing | None) -> Iterator[Result]:
    first, before = read(bench, change.thing)
    beside = read(bench, other)[1] if other is not None else None
    if first is None or before is None:
        return
    is_patch = rule is PATCHED
    bodies = [*(change.parts(before) if is_patch else _wholes(bench, change, before))]
    bodies = sorted(bodies, key=lambda body: not _is_telling(change, body, before))[:_BODIES]
    for body in bodies[:1]:
        yield from _conditional(bench, change, body)
    yield from unchanged(bench, change.thing, change.deed, change.written({}))
    for body in bodies:
        sent = bench.send(change.written(body), change.deed.operation)
        if not sent.is_success or sent.is_postponed:
            yield rule.unseen(change.name, f"a change was answered {sent.status or 'nothing'}")
            continue
        done = _Done(change=change, rule=rule, body=body, sent=sent, first=first, before=before)
        yield from settled(bench, partial(_kept, bench, done))
        yield from settled(bench, partial(_tagged, bench, done))
        back = body | {name: before[name] for name in body if name in before}
        if back != body and _is_telling(change, body, before):
            again = change.written(back) if change.takes(back) else None
            yield from moved(bench, change.thing, change.deed.operation, before, again)
        if other is not None and beside is not None:
            yield from settled(bench, partial(_left, bench, done, other, beside))
        return


def _kept(bench: Bench, done: _Done) -> Iterator[Result]:
    change, body = done.change, done.body
    seen, after = read(bench, change.thing)
    if seen is None or after is None:
        return
    ours, theirs, key = change.ours, change.theirs, change.thing.kind.resource.key
    found = [("changed", each) for each in unkept(body, after, ours, theirs, key)]
    found += [("lost", each) for each in lost(body, after, ours, theirs, key)]
    found += [("remade", each) for each in remade(done.before, after, theirs)]
    found += [("rekeyed", each) for each in rekeyed(done.before, after, body, key)]
    sent = change.thing.sent
    if done.rule is PATCHED and isinstance(sent, dict):
        # Only what clients say of it: a server may derive the rest.
        own = {name: done.before[name] for name in sent if name in done.before and name not in body}
        found += [("not-named", each) for each in unkept(own, after, ours, theirs, key)]
        found += [("not-named-lost", each) for each in lost(own, after, ours, theirs, key)]
    for kind, each in found:
        yield each.breaks(done.rule, change.name, done.sent.step, seen.step, kind=kind)
    if not found:
        yield done.rule.held(change.name)


def _tagged(bench: Bench, done: _Done) -> Iterator[Result]:
    thing, tag = done.change.thing, done.first.header("etag")
    seen, after = read(bench, thing)
    if seen is None or after is None or not tag or tag.startswith("W/"):
        return
    if next(differences(done.before, after, done.change.theirs), None) is None:
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
    name, steps = done.change.name, (done.sent.step, seen.step)
    if found is not None:
        yield found.breaks(APART, name, *steps, kind="other-changed")
    elif after is not None:
        yield APART.held(name)
    else:
        wanted, status = "the other one, as it was", str(seen.status)
        yield APART.broken(name, *steps, kind="other-gone", expected=wanted, received=status)


def _conditional(bench: Bench, change: Change, body: JsonObject) -> Iterator[Result]:
    """Ask for a change in a state that the thing is not in, where the document knows of such conditions."""
    operation = change.deed.operation
    knows = any(each.name.lower() == "if-match" for each in operation.parameters)
    first, before = read(bench, change.thing)
    if not knows or first is None or before is None or not first.header("etag"):
        return
    call = change.written(body).with_header("If-Match", '"nobody-has-this"')
    seen = bench.send(call, operation, is_wrong=True)
    if not seen.is_looked_at or seen.is_postponed:
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
    )
