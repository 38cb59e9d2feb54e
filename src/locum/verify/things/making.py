"""Makes things on the server under test, where writing is allowed, and takes them away again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final
from urllib.parse import unquote, urlsplit

from locum.behaviour.resources.model import Role
from locum.behaviour.resources.places import get_at
from locum.behaviour.resources.templates import above, variables
from locum.contract.model import JsonObject, JsonValue, MediaType
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.exchanging import path_values
from locum.verify.seen import Seen
from locum.verify.things.bodies import media_of, reworded, values_for, varied, with_value
from locum.verify.things.finding import item_of, values_of
from locum.verify.things.kinds import Deed, Kind, entity_of, key_in, kinds_of

__all__ = ["Thing", "made", "path_in_location", "removed", "values_of_own"]

#: Bodies that are tried until one is taken.
_BODIES: Final = 5
#: Makes of a body of a media type another one.
_Edit = Callable[[JsonValue, MediaType], JsonValue]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something that was made: the values of its path, what was sent of it, and what was answered."""

    kind: Kind
    values: Mapping[str, str]
    sent: JsonValue
    seen: Seen
    entity: JsonObject | None = None

    @property
    def key(self) -> str:
        """The key, as its path has it."""
        return self.values[self.kind.resource.variable]


def made(  # noqa: PLR0913 -- where it is made, and how it is unlike others
    bench: Bench,
    kind: Kind,
    outer: Mapping[str, str],
    *,
    salt: str = "",
    without: Collection[str] = (),
    among: JsonObject | None = None,
) -> tuple[Thing | None, str]:
    """Return a new thing of a *kind* below *outer*, or `None` and why there is none.

    Members *without* which it may be are left out; those *among* which others stand are sent as they are.
    """
    deed = kind.deed(Role.CREATE)
    if deed is None or not kind.resource.variable:
        return None, "no operation creates one"
    call, media = composed(bench, deed.operation, outer), media_of(deed.operation)
    if call is None:
        return None, "no call can be made"
    told = "nothing can be sent"
    edit = partial(_edited, without=without, among=among or {})
    for value in _values(bench, kind, media, salt, edit) if media is not None else (None,):
        try:
            whole = with_value(call, media, value) if media is not None else call
        except ContractError:
            continue
        seen = bench.send(whole, deed.operation)
        if seen.is_success:
            return _thing(kind, deed, outer, value, seen)
        told = f"making one was answered {seen.status or 'nothing'}"
    return None, told


def _thing(
    kind: Kind, deed: Deed, outer: Mapping[str, str], value: JsonValue, seen: Seen
) -> tuple[Thing | None, str]:
    """Return what *value* has made, by the answer to it."""
    entity = entity_of(seen, deed.part)
    key = key_in(entity, kind.resource) or _key_in_location(seen, kind)
    if key is None:
        return None, "the answer to making one does not tell its key"
    values = {**outer, kind.resource.variable: key}
    return Thing(kind=kind, values=values, sent=get_at(value, deed.part.sent), seen=seen, entity=entity), ""


def _values(bench: Bench, kind: Kind, media: MediaType, salt: str, edit: _Edit) -> Iterator[JsonValue]:
    """Yield a few bodies, each once, and others each time that *salt* is another."""
    told: set[str] = set()
    for value in islice(values_for(bench, media, salt=f"{bench.options.seed}{salt}"), _BODIES):
        for other in _others(value, media) if salt else (value,):
            whole = _with_own_key(bench, kind, media, edit(other, media), salt)
            if repr(whole) not in told:
                told.add(repr(whole))
                yield whole


def _others(value: JsonValue, media: MediaType) -> list[JsonValue]:
    """Return what is not *value*: whoever makes two of the same may be refused.

    Whoever has too many letters at once may be as well, so that one member alone is tried after all texts.
    """
    found = (reworded(value, media), next((whole for _, whole in varied(value, media)), None))
    return [each for each in found if each is not None] or [value]


def _edited(value: JsonValue, media: MediaType, *, without: Collection[str], among: JsonObject) -> JsonValue:
    """Return *value* without those members that it may do without, and with others as it may have them."""
    if not isinstance(value, dict) or media.schema is None:
        return value
    whole: JsonObject = {**value, **among}
    kept = whole if media.schema.is_valid(whole) else value
    for name in without:
        bare = {member: each for member, each in kept.items() if member != name}
        kept = bare if media.schema.is_valid(bare) else kept
    return kept


def _with_own_key(bench: Bench, kind: Kind, media: MediaType, value: JsonValue, salt: str) -> JsonValue:
    """Return *value* with a key that is nobody's: none at all if that will do, so that the server chooses."""
    key, schema = kind.resource.key, media.schema
    if not isinstance(value, dict) or key not in value or schema is None:
        return value
    bare: JsonObject = {name: each for name, each in value.items() if name != key}
    if schema.is_valid(bare):
        return bare
    fresh = (each.get(key) for each in values_for(bench, media, salt=f"key{salt}") if isinstance(each, dict))
    return next(({**value, key: each} for each in fresh if each is not None and each != value[key]), value)


def path_in_location(bench: Bench, seen: Seen) -> str | None:
    """Return the path below the contract's base that `Location` leads to, `None` where it leads elsewhere."""
    text = seen.header("location")
    if not text:
        return None
    parts = urlsplit(text)
    base = urlsplit(bench.target.url)
    if parts.netloc and parts.hostname != base.hostname:
        return None
    path = parts.path if parts.path.startswith("/") else f"{above(base.path + seen.call.path)}/{parts.path}"
    if base.path and path.startswith(f"{base.path}/"):
        return path[len(base.path) :]
    # Behind something that cuts the base off, a server does not know of it.
    return path if not base.path or not parts.netloc else None


def _key_in_location(seen: Seen, kind: Kind) -> str | None:
    """Return the key that `Location` ends with, where it leads to a thing of *kind*."""
    path = urlsplit(seen.header("location")).path.rstrip("/")
    below = path_values(f"/{kind.resource.item.rpartition('/')[2]}", f"/{path.rpartition('/')[2]}")
    return unquote(path.rpartition("/")[2]) if path and below else None


def removed(bench: Bench, thing: Thing, *, is_gone: bool = False) -> Seen | None:
    """Delete *thing* if there is an operation for it; *is_gone* says that it has been before."""
    deed = thing.kind.deed(Role.DELETE)
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    return (
        bench.send(call, deed.operation, is_wrong=is_gone) if deed is not None and call is not None else None
    )


def values_of_own(bench: Bench, path: str) -> Mapping[str, str] | None:
    """Return values for the variables of *path* that name something made for this, `None` where none is.

    What somebody else has made is never changed.
    """
    if not variables(path):
        return None
    item = item_of(path)
    kind = next((each for each in kinds_of(bench) if each.resource.item == item), None)
    if kind is None:
        return None
    outer = values_of(bench, above(item))
    if outer is None:
        outer = values_of_own(bench, above(item)) if variables(above(item)) else {}
    thing = made(bench, kind, outer)[0] if outer is not None else None
    return thing.values if thing is not None else None
