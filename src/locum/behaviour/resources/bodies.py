"""Where an entity, or a list of them, stands in a body, told by the shape of its schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from locum.behaviour.negotiation import choose_media, choose_response
from locum.behaviour.resources.model import Steps
from locum.behaviour.resources.names import match_name, plain, singular
from locum.contract.coercion import ANYTHING, Shape, shape_of
from locum.contract.model import MediaType, Operation, ResponseSpec, Schema
from locum.errors import ContractError

__all__ = [
    "Listing",
    "answer_shape",
    "find_entity",
    "find_list",
    "follow",
    "is_object",
    "key_of",
    "readable_shape",
    "said_of",
]

#: Members that hold a list, or an entity, in the envelopes people use; the best first.
_LISTS: Final = (
    "data",
    "items",
    "results",
    "value",
    "values",
    "content",
    "records",
    "list",
    "entries",
    "rows",
)
_ENTITIES: Final = ("data", "result", "item", "resource", "payload", "entity", "content", "response")
#: Members that are keys where the variable of the path has a name of its own; the best first.
_KEYS: Final = (
    "id",
    "uuid",
    "guid",
    "uid",
    "sid",
    "key",
    "name",
    "slug",
    "code",
    "login",
    "username",
    "handle",
)
_NAMES: Final = ("login", "slug", "key", "id", "name", "username", "code")
_PEOPLE: Final = ("username", "login", "user", "handle")
#: Variables that end with these say what is called so, never a number or the like.
_SAID: Final = ("name", "slug", "code")
_SCALARS: Final = frozenset({"string", "integer", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list in a body: the way to it, the way from an entry to the entity, and what entities look like."""

    answer: Steps
    element: Steps
    shape: Shape


def readable_shape(schema: Schema | None) -> Shape | None:
    """Return the shape of *schema*, `None` without one and where it cannot be read.

    What one operation says in vain takes its relatives along in nothing: they are recognised without it.
    """
    try:
        return shape_of(schema.bundle()) if schema else None
    except ContractError:
        return None


def answer_shape(operation: Operation) -> tuple[ResponseSpec, MediaType, Shape] | None:
    """Return the response of a success, its media type and the shape of its body, if it has one."""
    chosen = choose_response(operation, None)
    if not isinstance(chosen, tuple) or not chosen[1].status.upper().startswith(("2", "DEFAULT")):
        return None
    choice = choose_media(chosen[1].content, None)
    shape = readable_shape(choice.media.schema) if choice else None
    return (chosen[1], choice.media, shape) if choice and shape else None


def is_object(shape: Shape) -> bool:
    """Tell whether values are objects with members that are told."""
    return "object" in shape.types and bool(shape.properties)


def follow(shape: Shape, steps: Steps) -> Shape:
    """Return the shape *steps* lead to."""
    for step in steps:
        shape = shape.member(step)
    return shape


def key_of(shape: Shape, variable: str, noun: str, types: frozenset[str] = ANYTHING) -> str | None:
    """Return the member of *shape* that the *variable* of a path stands for; *types* are its own.

    >>> pet = shape_of({"type": "object", "properties": {"id": {"type": "integer"}, "name": {}}})
    >>> key_of(pet, "petId", "pet"), key_of(pet, "petName", "pet"), key_of(pet, "colour", "pet")
    ('id', 'name', None)
    """
    members = {plain(name): name for name in reversed(shape.properties)}
    wanted = plain(variable)
    found = [members[each] for each in _candidates(wanted, noun) if each in members]
    fitting = [name for name in found if _may_be(shape.member(name), types)]
    if wanted == noun and types == {"string"}:
        # Named after the thing itself: rather a name than a number.
        fitting.sort(key=lambda name: "string" not in shape.member(name).types)
    return next(iter(fitting), None)


def _candidates(wanted: str, noun: str) -> Iterator[str]:
    yield wanted
    if wanted in _PEOPLE:
        yield from _PEOPLE[:2]
    bare = wanted.removeprefix(noun)
    if bare and bare != wanted:
        yield bare
    if wanted == noun:
        yield from _NAMES
    for ending in _KEYS:
        if wanted != ending and wanted.endswith(ending):
            yield ending
    if wanted in _PEOPLE:
        # Who is named is not known by a number.
        yield from _PEOPLE
    elif wanted.endswith(_SAID):
        yield f"{noun}{wanted}"
    elif wanted in _KEYS or wanted.endswith(("id", "identifier", "uuid", "ref", "key")):
        yield from (f"{noun}id", f"{noun}uuid", f"{noun}{wanted}", f"{noun}name", *_KEYS[:5])
    elif noun and wanted != noun and (wanted.startswith(noun) or wanted.endswith(noun)):
        yield from (noun, "id")


def _may_be(member: Shape, types: frozenset[str]) -> bool:
    """Tell whether a member can be a key that is sent as *types*."""
    if not member.types & _SCALARS or "object" in member.types < ANYTHING:
        return False
    is_number = types < ANYTHING and "string" not in types
    return not is_number or bool(member.types & {"integer", "number"})


def said_of(shape: Shape, variable: str) -> Steps | None:
    """Return the way to the member of an entity that says what the *variable* of its path does.

    >>> repo = shape_of({"properties": {"org": {"type": "string"}, "owner": {"properties": {"login": {}}}}})
    >>> said_of(repo, "org"), said_of(repo, "owner"), said_of(repo, "team")
    (('org',), ('owner', 'login'), None)
    """
    name = match_name(variable, shape.properties)
    if name is not None and shape.member(name).types & _SCALARS and not shape.member(name).properties:
        return (name,)
    wanted = plain(variable)
    for outer in shape.properties:
        inner = shape.member(outer)
        if inner.properties and plain(outer) in {wanted, wanted.removesuffix("id")}:
            key = key_of(inner, variable, plain(outer))
            return (outer, key) if key else None
    return None


def find_entity(
    shape: Shape, variable: str, noun: str, types: frozenset[str] = ANYTHING
) -> tuple[Steps, str] | None:
    """Return the way to the entity in a body of *shape*, and its key; `None` where there is none for sure."""
    if not is_object(shape):
        return None
    key = key_of(shape, variable, noun, types)
    if key is not None and not _is_envelope(shape):
        return (), key
    inner = {name: shape.member(name) for name in shape.properties if is_object(shape.member(name))}
    keyed = {name: found for name, each in inner.items() if (found := key_of(each, variable, noun, types))}
    named = [name for name in keyed if singular(name) == noun or plain(name) in _ENTITIES]
    chosen = (
        named[0] if len(named) == 1 else next(iter(keyed)) if len(keyed) == 1 and len(inner) == 1 else None
    )
    if chosen is not None:
        return (chosen,), keyed[chosen]
    return ((), key) if key is not None else None


def _is_envelope(shape: Shape) -> bool:
    """Tell whether an object has nothing of its own but a `data` that is one (JSON:API and its like)."""
    others = {plain(name) for name in shape.properties} - {"jsonapi", "links", "meta", "included", "status"}
    return others == {"data"} and is_object(shape.member("data"))


def find_list(shape: Shape, variable: str, noun: str) -> Listing | None:
    """Return the list of entities in a body of *shape*; `None` where there is none for sure."""
    if "array" in shape.types and "object" not in shape.types:
        return _listing((), shape, variable, noun)
    if not is_object(shape):
        return None
    found = list(_lists(shape, variable, noun))
    ranked = sorted(found, key=lambda each: _rank(each.answer, noun))
    if not ranked or (len(ranked) > 1 and _rank(ranked[0].answer, noun) == len(_LISTS)):
        return None
    return ranked[0]


def _lists(shape: Shape, variable: str, noun: str) -> Iterator[Listing]:
    for name in shape.properties:
        member = shape.member(name)
        if "array" in member.types and member.types < ANYTHING:
            found = _listing((name,), member, variable, noun)
            if found is not None:
                yield found
        elif name in {"_embedded", *_ENTITIES} and is_object(member):
            for inner in member.properties:
                part = member.member(inner)
                found = _listing((name, inner), part, variable, noun) if "array" in part.types else None
                if found is not None:
                    yield found


def _listing(steps: Steps, array: Shape, variable: str, noun: str) -> Listing | None:
    entry = array.item()
    found = find_entity(entry, variable, noun)
    return Listing(answer=steps, element=found[0], shape=follow(entry, found[0])) if found else None


def _rank(steps: Steps, noun: str) -> int:
    name = steps[-1] if steps else ""
    if singular(name) == noun:
        return -1
    return _LISTS.index(plain(name)) if plain(name) in _LISTS else len(_LISTS)
