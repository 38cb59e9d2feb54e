"""Takes a member away by a merge patch that names it as null (RFC 7396, 1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.model import JsonObject
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.changing import Change, change_of
from locum.verify.things.looking import read, settled
from locum.verify.things.making import Thing

__all__ = ["removed_by_null"]

REMOVED: Final = Rule(
    id="resource.removed",
    promise="A member that a merge patch names as null is taken away",
    suite="resources",
    source="RFC 7396, 1",
)


def removed_by_null(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Take one member of *thing* away, where its patches are merge patches and let a member be null."""
    change, before = change_of(bench, thing, Role.PATCH), read(bench, thing)[1]
    if change is None or before is None or change.is_wrapped or not change.is_merge_patch:
        return
    try:
        name = next((each for each in before if _may_go(change, each, before)), None)
        if name is None or not change.takes({name: None}):
            return
        sent = bench.send(change.written({name: None}), change.deed.operation)
    except ContractError:
        return
    if sent.is_success and not sent.is_postponed:
        yield from settled(bench, partial(_gone, bench, change, sent, name))


def _may_go(change: Change, name: str, before: JsonObject) -> bool:
    known = name in change.ours.properties and "null" in change.ours.member(name).types
    return known and before[name] is not None and change.is_senders(name)


def _gone(bench: Bench, change: Change, sent: Seen, name: str) -> Iterator[Result]:
    seen, after = read(bench, change.thing)
    if seen is None or after is None:
        return
    if after.get(name) is None:
        yield REMOVED.held(change.name)
        return
    yield REMOVED.broken(
        change.name,
        sent.step,
        seen.step,
        location=f"body/{name}",
        expected=f"no {name}, or null",
        received=repr(after[name])[:200],
    )
