"""How one operation changes a thing: what is sent, and what the document says of both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from locum.behaviour.calls import Call
from locum.behaviour.resources.bodies import follow
from locum.behaviour.resources.model import Role
from locum.behaviour.resources.places import put_at
from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonObject, JsonValue, MediaType
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.agreeing import is_senders
from locum.verify.things.bodies import media_of, shape_of_media, varied, with_value
from locum.verify.things.kinds import Deed
from locum.verify.things.looking import read, shape_shown
from locum.verify.things.making import Thing

__all__ = ["Change", "change_of", "none_shown", "shape_sent"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One way to change a thing; *call* is without what is sent."""

    thing: Thing
    deed: Deed
    media: MediaType
    call: Call

    @property
    def name(self) -> str:
        """The id of the operation."""
        return self.deed.operation.operation_id

    @property
    def is_json_patch(self) -> bool:
        """Whether steps are sent instead of members (RFC 6902)."""
        return "json-patch" in self.media.name

    @property
    def is_merge_patch(self) -> bool:
        """Whether null takes a member away, and a list the place of another (RFC 7396)."""
        return "merge-patch" in self.media.name

    @property
    def is_wrapped(self) -> bool:
        """Whether members stand within something else in what is sent."""
        return bool(self.deed.part.sent)

    @cached_property
    def ours(self) -> Shape:
        """What the document says of the members that are sent; raises `ContractError` as `bundle` does."""
        maker = self.thing.kind.deed(Role.CREATE)
        made_of = media_of(maker.operation) if maker is not None and self.is_json_patch else None
        return follow(shape_of_media(made_of or self.media), self.deed.part.sent)

    @cached_property
    def theirs(self) -> Shape:
        """What it says of the members that are read."""
        return shape_shown(self.thing.kind.deed(Role.READ))

    def is_senders(self, name: str) -> bool:
        """Tell whether nobody but the sender decides what a member says; raises as `ours`."""
        return is_senders(name, self.ours, self.theirs, self.thing.kind.resource.key)

    def own_key(self, before: JsonObject) -> JsonObject:
        """Return the key of what was read *before*, where it may be sent; raises as `ours`."""
        key = self.thing.kind.resource.key
        return {key: before[key]} if key in before and key in self.ours.properties else {}

    def sent(self, value: JsonObject) -> JsonValue:
        """Return the whole of what is sent for the members of *value*."""
        if not self.is_json_patch:
            return put_at({}, self.deed.part.sent, value)
        return [
            {"op": "replace", "path": f"/{name.replace('~', '~0').replace('/', '~1')}", "value": told}
            for name, told in value.items()
        ]

    def parts(self, before: JsonObject) -> Iterator[JsonObject]:
        """Yield single members with other values than they had *before*; raises as `ours`."""
        if self.is_json_patch:
            maker = self.thing.kind.deed(Role.CREATE)
            made_of = media_of(maker.operation) if maker is not None else None
            sent = self.thing.sent if isinstance(self.thing.sent, dict) else {}
            now: JsonObject = {name: before.get(name, value) for name, value in sent.items()}
            others = varied(now, made_of) if made_of is not None else ()
            yield from ({name: whole[name]} for name, whole in others)
            return
        known = {
            name: value
            for name, value in before.items()
            if name in self.ours.properties and self.ours.member(name).find("readOnly") is not True
        }
        for name, whole in varied(known, self.media) if not self.is_wrapped else ():
            part: JsonObject = {name: whole[name]}
            if self.takes(part):
                yield part

    def takes(self, value: JsonObject) -> bool:
        """Tell whether the document lets *value* be sent; raises as `ours`."""
        return self.media.schema is None or self.media.schema.is_valid(self.sent(value))

    def written(self, value: JsonObject) -> Call:
        """Return the call that sends *value*; raises as `ours`."""
        return with_value(self.call, self.media, self.sent(value))


def change_of(bench: Bench, thing: Thing, role: Role) -> Change | None:
    """Return how *thing* is changed by the operation of a *role*, `None` where it cannot be."""
    deed = thing.kind.deed(role)
    media = media_of(deed.operation) if deed is not None else None
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    if deed is None or media is None or call is None:
        return None
    return Change(thing=thing, deed=deed, media=media, call=call)


def none_shown(  # noqa: PLR0913 -- what is looked for, and how it is told
    bench: Bench,
    change: Change,
    sent: Seen,
    values: JsonObject,
    *,
    rule: Rule,
    kind: str,
    wanted: Callable[[str], str],
) -> Iterator[Result]:
    """Yield whether the thing shows none of *values* after *sent*; nothing where it cannot be read.

    *wanted* says of a member what was expected.
    """
    seen, after = read(bench, change.thing)
    if seen is None or after is None:
        return
    name = next((each for each, value in values.items() if after.get(each) == value), None)
    if name is None:
        yield rule.held(change.name)
        return
    yield rule.broken(
        change.name,
        sent.step,
        seen.step,
        location=f"body/{name}",
        kind=kind,
        expected=wanted(name),
        received=repr(after[name])[:200],
    )


def shape_sent(deed: Deed) -> Shape:
    """Return what the document says of the entity that an operation takes; raises as `Schema.bundle`."""
    media = media_of(deed.operation)
    return follow(shape_of_media(media), deed.part.sent) if media is not None else shape_of({})
