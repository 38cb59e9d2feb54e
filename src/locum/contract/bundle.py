"""Self-contained schemas: one schema and, under `$defs`, everything it refers to.

Each place is translated once per direction and shared by every bundle that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from locum.contract.diagnostics import error_at
from locum.contract.dialect import report_beside, translate
from locum.contract.dynamic_scope import OUTSIDE, Scoped, enter
from locum.contract.library import Library
from locum.contract.locations import stem_of
from locum.contract.model import Direction, JsonObject, JsonValue, Place
from locum.contract.pointers import below, split_pointer
from locum.contract.translation import Dialect, Translation
from locum.errors import ContractError

__all__ = ["Bundler"]

UNREADABLE = re.compile(r"[^A-Za-z0-9._-]+")
#: Where 3.x, 2.0 and plain JSON Schema keep named schemas.
COMPONENTS = (("components", "schemas"), ("definitions",))
LONGEST_ALIAS = 64
#: Definitions beyond which a bundle takes in nothing that it can do without.
ROOM = 150


@dataclass(frozen=True, slots=True)
class Fragment:
    """One translated schema and the places it refers to."""

    schema: JsonValue
    targets: tuple[Scoped, ...]
    mentions: tuple[Scoped, ...] = ()


@dataclass(slots=True, kw_only=True, repr=False)
class Bundler:
    """Translates the schemas of one contract; *main* is the URI of its root document."""

    library: Library
    main: str
    dialect: Dialect
    names: dict[Scoped, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    fragments: dict[tuple[Scoped, Direction], Fragment] = field(default_factory=dict)

    def bundle(self, schema: Scoped, direction: Direction) -> JsonObject:
        """Return *schema* with all it refers to; raises `ContractError`."""
        top = self.fragment(schema, direction)
        definitions: JsonObject = {}
        mentions = [*top.mentions, *self.gather(top.targets, direction, definitions)]
        while mentions and len(definitions) < ROOM:
            mentions += self.gather([mentions.pop(0)], direction, definitions)
        whole = top.schema if isinstance(top.schema, dict) else as_object(top.schema)
        return {**whole, "$defs": dict(sorted(definitions.items()))} if definitions else whole

    def gather(
        self, targets: Iterable[Scoped], direction: Direction, definitions: JsonObject
    ) -> Iterator[Scoped]:
        """Add *targets* and all they refer to to *definitions*; yield what those mention."""
        todo = list(targets)
        while todo:
            target = todo.pop()
            name = self.name(target)
            if name not in definitions:
                fragment = self.fragment(target, direction)
                definitions[name] = fragment.schema
                todo.extend(fragment.targets)
                yield from fragment.mentions

    def fragment(self, met: Scoped, direction: Direction) -> Fragment:
        """Return the translation of one schema, made on first use."""
        key, place = (met, direction), met.place
        if key not in self.fragments:
            work = Translation(
                library=self.library,
                direction=direction,
                dialect=self.dialect,
                name_of=self.name,
                scope=met.scope,
            )
            try:
                schema = translate(self.library.value(place), place, work)
            except RecursionError as error:
                raise error_at(place, "too-deep", "the schema is nested too deep to be used") from error
            self.fragments[key] = Fragment(schema, tuple(work.targets), tuple(work.mentions))
        return self.fragments[key]

    def land(self, place: Place) -> Scoped:
        """Follow references that stand alone, so that all who point at one schema share it."""
        scope = OUTSIDE
        for _ in range(LONGEST_ALIAS):
            met = enter(place, scope, self.library)
            value = self.library.value(place)
            if not isinstance(value, dict) or "$ref" not in value:
                return met
            if not (
                len(value) == 1
                or (self.dialect.is_early and value.get(self.dialect.null_keyword) is not True)
            ):
                self.library.resolve(value["$ref"], place)
                return met
            report_beside(value, place, self.dialect, self.library)
            place, scope = self.library.resolve(value["$ref"], place), met.scope
        raise error_at(place, "reference", "the reference leads back to itself")

    def name(self, met: Scoped) -> str:
        """Return the name of a schema in `$defs`, the same in every bundle."""
        if met not in self.names:
            wish = self.readable_name(met.place)
            name, count = wish, 1
            while name in self.places:
                count += 1
                name = f"{wish}_{count}"
            self.names[met] = name
            self.places[name] = met.place
        return self.names[met]

    def readable_name(self, place: Place) -> str:
        """Return the component's own name; elsewhere the file and the way to it."""
        tokens = split_pointer(place.pointer)
        parts = list(tokens[-1:] if tokens[:-1] in COMPONENTS else tokens)
        if place.uri != self.main:
            parts.insert(0, stem_of(place.uri))
        return UNREADABLE.sub("_", ".".join(parts)).strip("_") or "root"

    def origin(self, path: list[str | int], place: Place) -> Place:
        """Return the place of the document behind *path* into the bundle of *place*.

        What the translation put around a schema is skipped.
        """
        if len(path) > 1 and path[0] == "$defs" and str(path[1]) in self.places:
            place, path = self.places[str(path[1])], path[2:]
        value, pointer = self.library.value(place), place.pointer
        for token in path:
            if isinstance(value, dict) and str(token) in value:
                value = value[str(token)]
            elif isinstance(value, list) and isinstance(token, int) and token < len(value):
                value = value[token]
            else:
                continue
            pointer = below(pointer, token)
        return Place(uri=place.uri, pointer=pointer)

    def located(self, error: ContractError) -> ContractError:
        """Return *error* with lines."""
        return ContractError(*self.library.with_lines(error.diagnostics))


def as_object(schema: JsonValue) -> JsonObject:
    """Write a boolean schema as an object."""
    return {"not": {}} if schema is False else {}
