"""What every part of the compiler is handed: the bundle, the sources of words, and how to compile a child."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from locum.contract.model import JsonObject
from locum.errors import GenerationError
from locum.generation.bundle import Bundle, Check, Subschema, compile_check, unmet
from locum.generation.model import GenerationSettings, Variant
from locum.generation.nodes import Make, Node
from locum.generation.pools import Pools
from locum.generation.shapes import Shape
from locum.generation.vocabulary import Vocabulary

__all__ = ["Compile", "Context", "Hint", "Kit", "Site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a place is called: *name* of the member, *owner* of the object it is in.

    *definition* is what a reference led to. *is_item* says that the place repeats, so that identifiers
    must differ.
    """

    name: str = ""
    owner: str = ""
    definition: str = ""
    is_item: bool = False

    def member(self, name: str) -> Hint:
        """Return the hint of the member *name* of an object in this place."""
        return Hint(name=name, owner=self.definition or self.name, is_item=self.is_item)

    def item(self) -> Hint:
        """Return the hint of the items of an array in this place."""
        return Hint(name=self.name, owner=self.owner, is_item=True)

    def within(self, definition: str) -> Hint:
        """Return the hint once a reference to *definition* was followed."""
        return replace(self, definition=definition)

    def of_object(self) -> Hint:
        """Return what matters of the hint inside an object: all that leads to the same one is forgotten."""
        return Hint(name=self.definition or self.name, is_item=self.is_item)


@dataclass(slots=True, eq=False, kw_only=True)
class Kit:
    """What lives as long as a generator: pools, vocabulary, settings, and the checks of leaves."""

    pools: Pools
    vocabulary: Vocabulary
    settings: GenerationSettings
    _checks: dict[str, Check] = field(default_factory=dict)
    _texts: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)
    _makers: dict[tuple[str, str], Make | None] = field(default_factory=dict)

    def check(self, schema: JsonObject, pointer: str) -> Check:
        """Return the predicate of a leaf *schema*, compiled once for all places that have the same."""
        key = repr(schema)
        found = self._checks.get(key)
        if found is None:
            found = self._checks[key] = compile_check(schema, pointer)
        return found

    def maker(self, key: tuple[str, str], make: Callable[[], Make | None]) -> Make | None:
        """Return the maker known by *key*, a source and a constraint, made and tried once."""
        if key not in self._makers:
            self._makers[key] = make()
        return self._makers[key]

    def texts(self, key: tuple[object, ...], make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Return the pool of texts known by *key*, made once for all places that ask for the same."""
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = make()
        return found


#: Compiles the conjunction of some schemas for one place; raises `GenerationError`.
Compile: TypeAlias = Callable[[tuple[Subschema, ...], Hint], Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What one compilation has in hand."""

    bundle: Bundle
    kit: Kit
    variant: Variant
    compile: Compile


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One place to make values for: a shape, what the place is called, and where its schema stands."""

    context: Context
    shape: Shape
    hint: Hint
    pointer: str

    @property
    def bundle(self) -> Bundle:
        """The bundle that is being compiled."""
        return self.context.bundle

    @property
    def kit(self) -> Kit:
        """Pools, vocabulary and settings."""
        return self.context.kit

    def schemas(self) -> Iterator[JsonObject]:
        """Yield the keywords of each source of the shape."""
        return self.shape.schemas()

    def unmet(self, keyword: str, message: str) -> GenerationError:
        """Return the error that *keyword* cannot be met here."""
        return unmet(keyword, self.pointer, message)
