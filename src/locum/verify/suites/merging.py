"""Merges a list into a thing: a merge patch replaces it, and adds nothing to it (RFC 7396, 1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue, MediaType
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.bodies import values_for
from locum.verify.things.changing import Change, change_of
from locum.verify.things.looking import read, settled
from locum.verify.things.making import Thing

__all__ = ["lists_merged"]

MERGED: Final = Rule(
    id="resource.merged",
    promise="A list in a merge patch takes the place of the one there was",
    suite="resources",
    source="RFC 7396, 1",
)


def lists_merged(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Put a list of one into *thing*, and then a list of another one."""
    change = change_of(bench, thing, Role.PATCH)
    if change is None or change.is_wrapped or not change.is_merge_patch:
        return
    try:
        found = _two_lists(bench, change)
    except ContractError:
        return
    if found is None:
        return
    for part in found:
        sent = bench.send(change.written(part), change.deed.operation)
        if not sent.is_success or sent.is_postponed:
            return
    name, texts = next((name, told) for name, told in found[0].items() if isinstance(told, list))
    yield from settled(bench, partial(_merged, bench, change, sent, (name, texts[0])))


def _two_lists(bench: Bench, change: Change) -> tuple[JsonObject, JsonObject] | None:
    """Return two patches of one member, each a list of a text that the other has not."""
    for name in change.ours.properties:
        member = change.ours.member(name)
        if member.types - {"null"} != {"array"} or not change.is_senders(name):
            continue
        texts = dict.fromkeys(_texts(bench, change.media, name, member.item()))
        parts: list[JsonObject] = [{name: [text]} for text in texts]
        valid = [part for part in parts if change.takes(part)]
        if len(valid) > 1:
            return valid[0], valid[1]
    return None


def _texts(bench: Bench, media: MediaType, name: str, item: Shape) -> Iterator[str]:
    choices = item.find("enum")
    made: list[JsonValue] = [*choices] if isinstance(choices, list) else []
    for value in values_for(bench, media, salt=f"{bench.options.seed}merged"):
        told = value.get(name) if isinstance(value, dict) else None
        made += told if isinstance(told, list) else []
    yield from (each for each in made if isinstance(each, str) and each.strip() == each != "")


def _merged(bench: Bench, change: Change, sent: Seen, former: tuple[str, JsonValue]) -> Iterator[Result]:
    """Look whether the *former* member is still there, whatever else the server made of the list."""
    seen, after = read(bench, change.thing)
    name, text = former
    told = after.get(name) if after is not None else None
    if seen is None or not isinstance(told, list):
        return
    if text not in told:
        yield MERGED.held(change.name)
        return
    yield MERGED.broken(
        change.name,
        sent.step,
        seen.step,
        location=f"body/{name}",
        expected=f"no {text!r} any more"[:200],
        received=repr(told)[:200],
    )
