"""Lets the members of a body agree: counts with lists, totals with their parts, beginnings with ends.

Told by names alone, so a rule holds only where it breaks nothing: whoever uses this keeps the value as it was
when the one made here is not valid. Compiled once for a schema; most schemas need nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, TypeAlias

from locum.behaviour.agreements import LEFT_OUT, Rule, rules_of
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonObject, JsonValue
from locum.generation.words import split_words

__all__ = ["Cohere", "Places", "compile_coherence", "compile_places"]

#: Gives a value whose members agree, and with a second one that was heard; the very same one if they did.
Cohere: TypeAlias = Callable[[JsonValue, JsonValue], JsonValue]

#: Where an object stands, what it is, and a rule that speaks of it.
Found: TypeAlias = tuple[tuple[str, ...], JsonObject, Rule]

_DEEPEST: Final = 5
#: How many places of a schema are looked at; beyond, what is large enough is left as it is.
_MOST_PLACES: Final = 1000
#: Said once for a whole body, by the last words of a name.
_FIXED: Final = (("currency",), ("currency", "code"), ("locale",), ("language",), ("language", "code"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What a body says once: its *kind*, and which values its schema *allows*; `None` for any."""

    kind: str
    allows: frozenset[str] | None = None

    def takes(self, value: str) -> bool:
        """Tell whether *value* can be said here."""
        return self.allows is None or value in self.allows


@dataclass(slots=True, kw_only=True)
class Places:
    """What holds for the objects at one place, and below it; *fixed* names what a body says once."""

    rules: list[Rule] = field(default_factory=list)
    fixed: dict[str, Once] = field(default_factory=dict)
    members: dict[str, Places] = field(default_factory=dict)
    items: Places | None = None

    @property
    def is_needed(self) -> bool:
        """Whether anything can be done here or below."""
        return bool(self.rules or self.fixed or self.members or self.items)

    @property
    def says_once(self) -> bool:
        """Whether something here or below is said once for a whole body."""
        below = [*self.members.values(), *([self.items] if self.items else [])]
        return bool(self.fixed) or any(each.says_once for each in below)

    def once(self, value: JsonValue) -> Iterator[tuple[Once, str]]:
        """Yield what *value* should say once, wherever it says it, the outermost first."""
        if isinstance(value, list) and self.items is not None:
            for each in value:
                yield from self.items.once(each)
        elif isinstance(value, dict):
            for name, once in self.fixed.items():
                if isinstance(text := value.get(name), str):
                    yield once, text
            for name, inner in self.members.items():
                if name in value:
                    yield from inner.once(value[name])

    def of(self, value: JsonValue, location: tuple[str, ...] = ()) -> Iterator[Found]:
        """Yield each object in *value* that rules speak of, those below first, items without their number."""
        if isinstance(value, list) and self.items is not None:
            for each in value:
                yield from self.items.of(each, (*location, "*"))
        elif isinstance(value, dict):
            for name, inner in self.members.items():
                if name in value:
                    yield from inner.of(value[name], (*location, name))
            for rule in self.rules:
                yield location, value, rule


def compile_coherence(shape: Shape) -> Cohere | None:
    """Return what makes values of *shape* agree with themselves; `None` where no rule speaks of them."""
    node = compile_places(shape)
    if node is None:
        return None
    says_once = node.says_once

    def cohere(value: JsonValue, heard: JsonValue) -> JsonValue:
        said = _said(chain(node.once(heard), node.once(value))) if says_once else {}
        made = _applied(value, node, said)
        return value if made == value else made

    return cohere


def compile_places(shape: Shape) -> Places | None:
    """Return which rules hold where in values of *shape*; `None` where none speaks of them."""
    return _node(shape, _DEEPEST, [_MOST_PLACES])


def _said(found: Iterable[tuple[Once, str]]) -> dict[str, str]:
    """Return what is said of each kind: the first text that all places take, else the very first."""
    kinds: dict[str, list[tuple[Once, str]]] = {}
    for once, text in found:
        kinds.setdefault(once.kind, []).append((once, text))
    said: dict[str, str] = {}
    for kind, places in kinds.items():
        bounds = {once for once, _ in places}
        common = (text for _, text in places if all(each.takes(text) for each in bounds))
        said[kind] = next(common, places[0][1])
    return said


def _applied(value: JsonValue, node: Places, said: Mapping[str, str]) -> JsonValue:
    """Return *value* with the rules of *node* applied, those below first."""
    if isinstance(value, list):
        return [_applied(each, node.items, said) for each in value] if node.items else value
    if not isinstance(value, dict):
        return value
    made = dict(value)
    for name, once in node.fixed.items():
        if isinstance(made.get(name), str) and once.takes(said[once.kind]):
            made[name] = said[once.kind]
    for name, inner in node.members.items():
        if name in made:
            made[name] = _applied(made[name], inner, said)
    for rule in node.rules:
        _mend(made, rule)
    return made


def _mend(made: JsonObject, rule: Rule) -> None:
    """Change an object in place, which nobody else holds yet, so that *rule* holds."""
    for name, value in rule.wanted(made).items():
        if value is LEFT_OUT:
            del made[name]
        else:
            made[name] = value


def _node(shape: Shape, depth: int, left: list[int]) -> Places | None:
    """Return what holds below one place of a schema; *left* counts down the places that are looked at."""
    left[0] -= 1
    if depth == 0 or left[0] < 0 or not shape.types & {"array", "object"}:
        return None
    found = Places()
    if "array" in shape.types < ANYTHING:
        found.items = _node(shape.item(), depth - 1, left)
    if shape.properties:
        found.rules = list(rules_of(shape))
        found.fixed = dict(_fixed(shape))
        below = ((name, _node(shape.member(name), depth - 1, left)) for name in shape.properties)
        found.members = {name: node for name, node in below if node is not None}
    return found if found.is_needed else None


def _fixed(shape: Shape) -> Iterator[tuple[str, Once]]:
    for name in shape.properties:
        words = split_words(name)
        for ending in _FIXED:
            if words[-len(ending) :] == ending and "string" in shape.member(name).types:
                # A code and a name in words are two things.
                member = shape.member(name)
                kind = f"{ending} {member.find('format')} {member.find('pattern')}"
                listed = member.find("enum")
                texts = (
                    frozenset(each for each in listed if isinstance(each, str))
                    if isinstance(listed, list)
                    else None
                )
                yield name, Once(kind=kind, allows=texts)
                break
