"""Sends patches of which one member is right and another wrong: all of a patch is done, or nothing of it.

A server that answers such a patch with success has read it in its own way, which is judged where bodies are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.model import JsonObject
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.body_mutations import BodyMutation, body_mutations
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.changing import Change, change_of, none_shown
from locum.verify.things.looking import read, settled
from locum.verify.things.making import Thing

__all__ = ["torn"]

ATOMIC: Final = Rule(
    id="resource.atomic",
    promise="A patch that is refused changes nothing, not even in part",
    suite="resources",
    source="RFC 5789, 2",
)
#: Ways to be wrong that are tried; some are refused before anything is done, and some while it is.
_WAYS: Final = 3
_NOBODYS: Final = "nobodyHasThis"


def torn(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Patch *thing* by a member with another value, and one that cannot be changed so."""
    change, before = change_of(bench, thing, Role.PATCH), read(bench, thing)[1]
    if change is None or before is None or change.is_wrapped:
        return
    try:
        for part, wrong in _pairs(change, before):
            seen = bench.send(change.written(wrong), change.deed.operation, is_wrong=True)
            if seen.is_success:
                _put_back(bench, change, wrong, before)
            if not seen.is_looked_at or not seen.is_refusal:
                return  # another one would be told of what this one has changed
            yield from settled(bench, partial(_undone, bench, change, seen, part))
    except ContractError as error:
        yield ATOMIC.unseen(change.name, str(error).partition("\n")[0])


def _put_back(bench: Bench, change: Change, wrong: JsonObject, before: JsonObject) -> None:
    """Undo what a server has taken that it should not."""
    back = {name: before[name] for name in wrong if name in before}
    if change.takes(back):
        bench.send(change.written(back), change.deed.operation)


def _pairs(change: Change, before: JsonObject) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield what is right in what is sent, and the whole of it; all of one right part."""
    telling = (each for each in change.parts(before) if all(map(change.is_senders, each)))
    part = next(telling, None)
    yield from ((part, each) for each in _wrong(change, part, before)) if part is not None else ()


def _wrong(change: Change, part: JsonObject, before: JsonObject) -> list[JsonObject]:
    """Return what is sent: *part*, and behind it something wrong, each in a way of its own."""
    if change.is_json_patch:
        return [{**part, _NOBODYS: "1"}]  # what is replaced has to be there (RFC 6902, 4.3)
    places = [*change.ours.properties]
    named = {name: before[name] for name in places if name in before and name not in part}
    found = [
        each
        for each in body_mutations({**part, **named}, change.ours, lambda value: _takes(change, value))
        if not each.is_valid and each.kind not in {"missing", "null"} and not {*part} & {_member(each)}
    ]
    # A server that goes from member to member comes to those last that the document names last.
    found.sort(key=lambda each: places.index(_member(each)) if _member(each) in places else -1, reverse=True)
    ways = {each.kind: each for each in reversed(found)}
    bodies = [_bare(each, part) for each in [*ways.values()][::-1]]
    return [each for each in bodies if each.keys() > part.keys() and not change.takes(each)][:_WAYS]


def _takes(change: Change, value: object) -> bool:
    return isinstance(value, dict) and change.takes(value)


def _member(mutation: BodyMutation) -> str:
    return mutation.location.partition("/")[0]


def _bare(mutation: BodyMutation, part: JsonObject) -> JsonObject:
    """Return *part*, and of a wrong body what is wrong with it."""
    whole = mutation.value if isinstance(mutation.value, dict) else {}
    name = _member(mutation) or _NOBODYS
    return {**part, name: whole[name]} if name in whole else part


def _undone(bench: Bench, change: Change, refused: Seen, part: JsonObject) -> Iterator[Result]:
    def wanted(name: str) -> str:
        return f"{name} as it was, since the patch was answered {refused.status}"

    return none_shown(bench, change, refused, part, rule=ATOMIC, kind="half-done", wanted=wanted)
