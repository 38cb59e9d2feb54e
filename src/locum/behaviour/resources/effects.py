"""What an action does to an entity, where a value of its status is called after the action.

`POST /orders/{id}/cancel` makes `status` what the document calls `cancelled`, and sets `cancelled_at`.
Nothing is guessed beyond that: an action that no value is called after changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from locum.behaviour.resources.model import Effect
from locum.behaviour.resources.names import plain, singular
from locum.contract.coercion import Shape
from locum.contract.model import JsonValue
from locum.generation.words import split_words

__all__ = ["read_effect"]

#: What actions lead to whose participle is not made by rule, or whose states are called otherwise.
_BECOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "activate": ("active", "activated"),
    "begin": ("begun", "started", "inprogress"),
    "complete": ("completed", "complete", "done"),
    "deactivate": ("inactive", "deactivated"),
    "finish": ("finished", "completed", "done"),
    "freeze": ("frozen",),
    "hold": ("held", "onhold"),
    "pay": ("paid",),
    "reopen": ("reopened", "open"),
    "resume": ("resumed", "running", "active"),
    "send": ("sent",),
    "start": ("started", "running", "inprogress"),
    "void": ("voided", "void"),
    "withdraw": ("withdrawn",),
}
_OPPOSITES: Final = {"disable": "enable", "deactivate": "activate", "close": "open", "hide": "show"}
_STATES: Final = ("status", "state")
_VOWELS: Final = "aeiou"
#: A member for the time of an action is its participle with one of these.
_TIMES: Final = ("at", "on", "date", "time", "dateutc")


def read_effect(segment: str, noun: str, shape: Shape, *, is_undone: bool = False) -> Effect | None:
    """Return what the action called *segment* makes of an entity of *shape*; `None` where nothing says it.

    *is_undone* says that it is taken back, as `DELETE /issues/{id}/lock` does.

    >>> from locum.contract.coercion import shape_of
    >>> order = shape_of({"properties": {"status": {"enum": ["open", "cancelled"]}, "cancelledAt": {}}})
    >>> read_effect("cancel", "order", order).members
    {'status': 'cancelled'}
    """
    words = split_words(segment)
    if not words or (len(words) > 1 and singular("".join(words[1:])) != noun):
        return None
    forms = tuple(_forms(words[0]))
    marks = dict(_marks(words[0], forms, shape))
    if is_undone:
        return Effect(members={name: not value for name, value in marks.items()}) if marks else None
    members = {**marks, **dict(_states(forms, shape))}
    times = {f"{form}{ending}" for form in forms for ending in _TIMES}
    named = tuple(name for name in shape.properties if plain(name) in times)
    return Effect(members=members, times=named) if members else None


def _forms(verb: str) -> Iterator[str]:
    """Yield what something is when *verb* was done to it, the most likely first."""
    yield from _BECOMES.get(verb, ())
    if verb.endswith("e"):
        yield f"{verb}d"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        yield f"{verb[:-1]}ied"
    else:
        yield f"{verb}ed"
        yield f"{verb}{verb[-1]}ed"
    yield f"{verb.removesuffix('e')}ing"
    yield f"{verb}{verb[-1]}ing"


def _states(forms: tuple[str, ...], shape: Shape) -> Iterator[tuple[str, JsonValue]]:
    """Yield the one member that is a status with a value of these *forms*, and the value."""
    named = [name for name in shape.properties if plain(name).endswith(_STATES)]
    found = {name: value for name in named if (value := _choice(shape.member(name), forms)) is not None}
    exact = [name for name in found if plain(name) in _STATES]
    chosen = exact if len(exact) == 1 else list(found)
    if len(chosen) == 1:
        yield chosen[0], found[chosen[0]]


def _choice(member: Shape, forms: tuple[str, ...]) -> str | None:
    listed = member.find("enum")
    choices = (
        {plain(each): each for each in listed if isinstance(each, str)} if isinstance(listed, list) else {}
    )
    return next((choices[form] for form in forms if form in choices), None)


def _marks(verb: str, forms: tuple[str, ...], shape: Shape) -> Iterator[tuple[str, JsonValue]]:
    """Yield the member that says by itself whether it was done: `archived`, `isLocked`."""
    opposite = _OPPOSITES.get(verb, verb.removeprefix("un"))
    undone = frozenset() if opposite == verb else frozenset(_forms(opposite))
    for name in shape.properties:
        spelled = plain(name).removeprefix("is")
        if shape.member(name).types <= {"boolean", "null"} and spelled in {*forms, *undone}:
            yield name, spelled in forms
            return
