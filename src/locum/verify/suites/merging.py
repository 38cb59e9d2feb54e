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
from locum.verify.composing import composed
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import is_senders
from locum.verify.things.bodies import media_of, shape_of_media, values_for, with_value
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import read, settled, shape_shown
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
    deed = thing.kind.deed(Role.PATCH)
    media = media_of(deed.operation) if deed is not None else None
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    if deed is None or media is None or call is None or deed.part.sent or "merge-patch" not in media.name:
        return
    try:
        found = _two_lists(bench, thing, media)
    except ContractError:
        return
    if found is None:
        return
    for part in found:
        sent = bench.send(with_value(call, media, part), deed.operation)
        if not sent.is_success or sent.is_postponed:
            return
    name, texts = next((name, told) for name, told in found[0].items() if isinstance(told, list))
    yield from settled(bench, partial(_merged, bench, thing, deed, sent, (name, texts[0])))


def _two_lists(bench: Bench, thing: Thing, media: MediaType) -> tuple[JsonObject, JsonObject] | None:
    """Return two patches of one member, each a list of a text that the other has not."""
    schema, ours = media.schema, shape_of_media(media)
    theirs, key = shape_shown(thing.kind.deed(Role.READ)), thing.kind.resource.key
    if schema is None:
        return None
    for name in ours.properties:
        if ours.member(name).types - {"null"} != {"array"} or not is_senders(name, ours, theirs, key):
            continue
        texts = dict.fromkeys(_texts(bench, media, name, ours.member(name).item()))
        parts: list[JsonObject] = [{name: [text]} for text in texts]
        valid = [part for part in parts if schema.is_valid(part)]
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


def _merged(
    bench: Bench, thing: Thing, deed: Deed, sent: Seen, former: tuple[str, JsonValue]
) -> Iterator[Result]:
    """Look whether the *former* member is still there, whatever else the server made of the list."""
    seen, after = read(bench, thing)
    name, text = former
    told = after.get(name) if after is not None else None
    if seen is None or not isinstance(told, list):
        return
    if text not in told:
        yield MERGED.held(deed.operation.operation_id)
        return
    yield MERGED.broken(
        deed.operation.operation_id,
        sent.step,
        seen.step,
        location=f"body/{name}",
        expected=f"no {text!r} any more"[:200],
        received=repr(told)[:200],
        where=place_of(bench.contract, deed.operation),
    )
