"""Takes a member away by a merge patch that names it as null (RFC 7396, 1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.model import Result
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import is_senders
from locum.verify.things.bodies import media_of, shape_of_media, with_value
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import read, settled, shape_shown
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
    deed = thing.kind.deed(Role.PATCH)
    media = media_of(deed.operation) if deed is not None else None
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    _, before = read(bench, thing)
    if deed is None or media is None or call is None or before is None or deed.part.sent:
        return
    if "merge-patch" not in media.name or media.schema is None:
        return
    try:
        ours = shape_of_media(media)
    except ContractError:
        return
    theirs, key = shape_shown(thing.kind.deed(Role.READ)), thing.kind.resource.key
    name = next((each for each in before if _may_go(each, before, ours, theirs, key)), None)
    if name is None or not media.schema.is_valid({name: None}):
        return
    if bench.send(with_value(call, media, {name: None}), deed.operation).is_success:
        yield from settled(bench, partial(_gone, bench, thing, deed, name))


def _may_go(name: str, before: JsonObject, ours: Shape, theirs: Shape, key: str) -> bool:
    known = name in ours.properties and "null" in ours.member(name).types
    return known and before[name] is not None and is_senders(name, ours, theirs, key)


def _gone(bench: Bench, thing: Thing, deed: Deed, name: str) -> Iterator[Result]:
    seen, after = read(bench, thing)
    if seen is None or after is None:
        return
    if after.get(name) is None:
        yield REMOVED.held(deed.operation.operation_id)
        return
    yield REMOVED.broken(
        deed.operation.operation_id,
        seen.step,
        location=f"body/{name}",
        expected=f"no {name}, or null",
        received=repr(after[name])[:200],
        where=place_of(bench.contract, deed.operation),
    )
