"""Puts a thing with members that it may do without, and then without them.

What is put takes the place of all that was there (RFC 9110, 9.3.4). Many servers only change what is named,
so that it fails only where a patch is there for that, and warns elsewhere.
"""

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
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import is_senders
from locum.verify.things.bodies import media_of, shape_of_media, values_for, with_value
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import read, settled, shape_shown
from locum.verify.things.making import Thing

__all__ = ["put_whole"]

WHOLE: Final = Rule(
    id="resource.whole",
    promise="What a replacement leaves out is not there any more",
    suite="resources",
    source="RFC 9110, 9.3.4",
)
#: Numbers that a server may well have put there by itself.
_USUAL: Final = frozenset({0, 1, -1})


def put_whole(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Put *thing* with and without what nobody has to say, and nobody says for its sender."""
    deed = thing.kind.deed(Role.REPLACE)
    media = media_of(deed.operation) if deed is not None else None
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    before = read(bench, thing)[1]
    if deed is None or media is None or call is None or before is None or deed.part.sent:
        return
    key = thing.kind.resource.key
    try:
        own = {key: before[key]} if key in before and key in shape_of_media(media).properties else {}
        found = _with_and_without(bench, thing, media, own)
    except ContractError:
        return
    if found is None:
        return
    whole, bare = found
    first = bench.send(with_value(call, media, whole), deed.operation)
    taken = read(bench, thing)[1]
    if not first.is_success or first.is_postponed or taken is None:
        return
    gone = {name: value for name, value in whole.items() if name not in bare and taken.get(name) == value}
    sent = bench.send(with_value(call, media, bare), deed.operation)
    if gone and sent.is_success and not sent.is_postponed:
        most = Severity.FAILURE if thing.kind.deed(Role.PATCH) is not None else Severity.WARNING
        for each in settled(bench, partial(_left, bench, thing, deed, sent, gone)):
            yield derived(bench, each, most=most)


def _with_and_without(
    bench: Bench, thing: Thing, media: MediaType, own: JsonObject
) -> tuple[JsonObject, JsonObject] | None:
    """Return a body with such members, and the same without; `None` where one may put nothing at all."""
    schema, ours = media.schema, shape_of_media(media)
    theirs, key = shape_shown(thing.kind.deed(Role.READ)), thing.kind.resource.key
    if schema is None or schema.is_valid({}):
        return None
    for value in values_for(bench, media, salt=f"{bench.options.seed}whole"):
        whole = {**value, **own} if isinstance(value, dict) else own
        names = [
            name
            for name, told in whole.items()
            if is_senders(name, ours, theirs, key) and _may_go(name, told, ours, theirs)
        ]
        bare = {name: told for name, told in whole.items() if name not in names}
        if names and schema.is_valid(whole) and schema.is_valid(bare):
            return whole, bare
    return None


def _may_go(name: str, value: JsonValue, ours: Shape, theirs: Shape) -> bool:
    """Tell whether a member has no default, need not be shown, and a value that is only its sender's."""
    required = [*_required(ours), *_required(theirs)]
    shapes = (ours.member(name), theirs.member(name))
    is_own = (isinstance(value, str) and bool(value)) or (
        isinstance(value, int | float) and not isinstance(value, bool) and value not in _USUAL
    )
    return (
        is_own
        and name not in required
        and not any(each.has("default") or each.has("enum") for each in shapes)
    )


def _required(shape: Shape) -> list[JsonValue]:
    found = (node.get("required") for node in shape.nodes)
    return [name for each in found if isinstance(each, list) for name in each]


def _left(bench: Bench, thing: Thing, deed: Deed, sent: Seen, gone: JsonObject) -> Iterator[Result]:
    seen, after = read(bench, thing)
    if seen is None or after is None:
        return
    name = next((each for each, value in gone.items() if after.get(each) == value), None)
    if name is None:
        yield WHOLE.held(deed.operation.operation_id)
        return
    yield WHOLE.broken(
        deed.operation.operation_id,
        sent.step,
        seen.step,
        location=f"body/{name}",
        kind="kept",
        expected=f"no {name}, since it was not put",
        received=repr(after[name])[:200],
        where=place_of(bench.contract, deed.operation),
    )
