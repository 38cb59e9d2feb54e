"""What the generated world says of entities nobody has written: their records, and which a list begins with.

An example of the document is the entity whose key it shows, and serves for others that are asked for by a key
nobody has heard of. What a list begins with is made up, each by its own path, so that reading an entity and
listing it agree.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.contents import Content
from locum.behaviour.plans import Plan
from locum.behaviour.resources.addresses import moved
from locum.behaviour.resources.bodies import follow
from locum.behaviour.resources.key_texts import bare, drawn_keys
from locum.behaviour.resources.model import Part, Resource, Role, Steps
from locum.behaviour.resources.named import entity_at
from locum.behaviour.resources.places import get_at, put_at
from locum.contract.coercion import ANYTHING, Shape, coercer
from locum.contract.model import JsonObject, JsonValue, Route
from locum.contract.writing import to_json, write_text
from locum.errors import ContractError, GenerationError
from locum.generation.model import Variant
from locum.generation.streams import stable_seed

__all__ = ["Inventor", "Manner"]

T = TypeVar("T")
#: How many entities a list begins with where nothing tells a better number, and how many at most.
_FEW: Final = 12
_MOST: Final = 50
#: Pages that a list fills at its beginning.
_PAGES: Final = 2.5
#: The bytes that are kept of what was made up, and how many times its JSON a value takes.
_ROOM: Final = 16 * 1024 * 1024
_SPREAD: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How bodies are chosen for one request: by which seed, from examples or not, static or not."""

    seed: int | str
    uses_examples: bool = True
    is_static: bool = False
    variant: Variant = Variant.FULL


@dataclass(slots=True, kw_only=True, eq=False)
class Inventor:
    """Makes up entities of one contract, and remembers some; *plan_of* gives what is compiled of a route."""

    plan_of: Callable[[Route], Plan]
    kept: BodyMemory = field(default_factory=lambda: BodyMemory(_ROOM))
    key_schemas: dict[int, JsonObject] = field(default_factory=dict)

    def content(self, part: Part) -> Content | None:
        """Return the body of a success of *part*, as JSON where there is a choice."""
        chosen = self.plan_of(part.route).choose(None, None)
        return getattr(chosen, "content", None)

    def whole(self, content: Content, stream: int, manner: Manner) -> JsonValue:
        """Return a valid body; raises `GenerationError` when there is none."""
        if manner.uses_examples and content.examples:
            return content.examples[0].value
        if manner.is_static and content.static():
            return content.static()[0]
        return content.generate(stream, manner.variant)

    def shape(self, resource: Resource) -> Shape | None:
        """Return what an entity of *resource* looks like when it is read."""
        found = self._source(resource)
        if found is None:
            return None
        content, answer, element = found
        shown = follow(content.shape, answer)
        # Where an entity is never read by itself, a list shows what it looks like.
        return follow(shown.item(), element) if shown.types == {"array"} else shown

    def record(
        self, resource: Resource, path: str, scope: Mapping[str, str], manner: Manner
    ) -> JsonObject | None:
        """Return the entity at *path* as nobody has written it; *scope* holds what its path says."""
        return self._once(
            ("record", id(resource), path, manner), lambda: self._record(resource, path, scope, manner)
        )

    def keys(self, resource: Resource, path: str, manner: Manner) -> tuple[str, ...]:
        """Return the keys of the entities that the list at *path* begins with."""
        return self._once(("keys", id(resource), path, manner), lambda: self._keys(resource, path, manner))

    def fresh_key(self, resource: Resource, stream: int) -> str | None:
        """Return a text that may be a key of *resource*, `None` where none can be made."""
        shape, source = self.shape(resource), self._source(resource)
        if shape is None or source is None:
            return None
        return next(iter(drawn_keys(source[0], self._key_schema(resource, shape), stream, 1)), None)

    def _key_schema(self, resource: Resource, shape: Shape) -> JsonObject:
        """Return the schema of an object that is nothing but a key of *resource*, compiled but once."""
        if id(resource) not in self.key_schemas:
            self.key_schemas[id(resource)] = {
                "type": "object",
                "properties": {resource.key: bare(shape.member(resource.key))},
                "required": [resource.key],
                "additionalProperties": False,
                "$defs": shape.root.get("$defs", {}),
            }
        return self.key_schemas[id(resource)]

    def usual_scope(self, resource: Resource, variable: str, manner: Manner) -> str:
        """Return what a *variable* of the path of an entity is where nothing else says it."""
        return self._once(
            ("scope", id(resource), variable, manner), lambda: self._usual_scope(resource, variable, manner)
        )

    def _usual_scope(self, resource: Resource, variable: str, manner: Manner) -> str:
        steps = resource.scopes.get(variable)
        try:
            found = get_at(self._shown(resource, resource.item, {}, manner), steps) if steps else None
        except (GenerationError, ContractError):
            found = None
        text = "" if found is None or isinstance(found, dict | list) else write_text(found)
        return variable if not text or "/" in text else text

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        return self.kept.recall(key, 0, make, _weight)

    def _source(self, resource: Resource) -> tuple[Content, Steps, Steps] | None:
        """Return a body that shows an entity, the way to it or its list, and the way from an entry."""
        for role in (Role.READ, Role.LIST, Role.REPLACE, Role.PATCH, Role.CREATE):
            part = resource.part(role)
            content = self.content(part) if part is not None and part.answer is not None else None
            if part is not None and part.answer is not None and content is not None:
                return content, part.answer, part.element
        return None

    def _record(
        self, resource: Resource, path: str, scope: Mapping[str, str], manner: Manner
    ) -> JsonObject | None:
        try:
            found = self._shown(resource, path, scope, manner)
        except (GenerationError, ContractError):
            return None
        if found is None:
            return None
        shape = self.shape(resource)
        listed = self._listed_examples(resource, manner).get(scope.get(resource.variable, ""), {})
        placed = _placed({**found, **listed}, resource, scope, shape) if shape else None
        return moved(placed, resource.item, path) if placed and manner.uses_examples else placed

    def _shown(
        self, resource: Resource, path: str, scope: Mapping[str, str], manner: Manner
    ) -> JsonObject | None:
        """Return an entity as it is read before its path has a say."""
        source = self._source(resource)
        if source is None:
            return None
        content, answer, element = source
        is_list = resource.part(Role.READ) is None and "array" in follow(content.shape, answer).types
        key = scope.get(resource.variable, "")
        reader = resource.part(Role.READ)
        if reader is not None and manner.uses_examples:
            named = entity_at(self.plan_of(reader.route), reader, scope)
            if named is not None:
                return named
        plain = Manner(
            seed=manner.seed, uses_examples=False, is_static=manner.is_static, variant=manner.variant
        )
        is_made = is_list or (
            self._example_key(resource, manner) != key
            and key in self._made_keys(resource, _above(path), manner)
        )
        whole = self.whole(content, stable_seed(manner.seed, "item", path), plain if is_made else manner)
        part = get_at(whole, answer)
        if is_list:
            part = get_at(part[0], element) if isinstance(part, list) and part else {}
        if isinstance(part, dict):
            return part
        # An example may show something else than its schema says an entity is.
        return self._shown(resource, path, scope, plain) if manner.uses_examples else None

    def _example_key(self, resource: Resource, manner: Manner) -> str | None:
        """Return the key that the example of a reading shows."""
        part = resource.part(Role.READ)
        content = self.content(part) if part and manner.uses_examples else None
        if part is None or content is None or part.answer is None or not resource.key or not content.examples:
            return None
        entity = get_at(content.examples[0].value, part.answer)
        found = entity.get(resource.key) if isinstance(entity, dict) else None
        return None if found is None or isinstance(found, dict | list) else write_text(found)

    def _listed_examples(self, resource: Resource, manner: Manner) -> Mapping[str, JsonObject]:
        """Return the entities that the example of a list shows, by key."""
        return self._once(
            ("listed", id(resource), manner.uses_examples), lambda: dict(self._listed(resource, manner))
        )

    def _listed(self, resource: Resource, manner: Manner) -> Iterator[tuple[str, JsonObject]]:
        part = resource.part(Role.LIST)
        content = self.content(part) if part and manner.uses_examples and resource.key else None
        if part is None or content is None or part.answer is None or not content.examples:
            return
        listed = get_at(content.examples[0].value, part.answer)
        for each in listed if isinstance(listed, list) else []:
            entity = get_at(each, part.element)
            key = entity.get(resource.key) if isinstance(entity, dict) else None
            if isinstance(entity, dict) and key is not None and not isinstance(key, dict | list):
                yield write_text(key), entity

    def _keys(self, resource: Resource, path: str, manner: Manner) -> tuple[str, ...]:
        if resource.population is not None:
            wanted = resource.population
        else:
            listed = tuple(self._listed_examples(resource, manner))
            if listed:
                return listed
            wanted = self._size(resource)
        shown = self._example_key(resource, manner)
        made = self._made_keys(resource, path, manner)
        first = () if shown is None or shown in made else (shown,)
        return (*first, *made)[:wanted]

    def _made_keys(self, resource: Resource, path: str, manner: Manner) -> tuple[str, ...]:
        """Return keys that are made up for the list at *path*."""
        if not resource.key or (resource.population is None and self._listed_examples(resource, manner)):
            return ()
        key = ("made", id(resource), path, manner.seed)
        return self._once(key, lambda: tuple(self._make_keys(resource, path, manner.seed)))

    def _make_keys(self, resource: Resource, path: str, seed: int | str) -> list[str]:
        shape = self.shape(resource)
        source = self._source(resource)
        wanted = self._size(resource) if resource.population is None else resource.population
        if shape is None or source is None or not wanted:
            return []
        member = shape.member(resource.key)
        if "integer" in member.types < ANYTHING and not member.has("enum"):
            least = member.find("minimum")
            first = max(1, int(least)) if isinstance(least, int | float) else 1
            numbers = [str(first + index) for index in range(wanted)]
            return [each for each in numbers if resource.takes(each)]
        stream = stable_seed(seed, "keys", path)
        drawn = drawn_keys(source[0], self._key_schema(resource, shape), stream, wanted)
        return [each for each in drawn if resource.takes(each)]

    def _size(self, resource: Resource) -> int:
        """Return how many entities a list begins with: some pages, or a few."""
        part = resource.part(Role.LIST)
        content = self.content(part) if part else None
        if part is None or content is None or part.answer is None:
            return _FEW
        array = follow(content.shape, part.answer)
        least, most = array.find("minItems"), array.find("maxItems")
        wanted = min(_MOST, max(_FEW, int(part.paging.usual * _PAGES)))
        if isinstance(most, int | float) and not part.paging.usual:
            wanted = min(wanted, int(most))
        return max(wanted, int(least)) if isinstance(least, int | float) else wanted


def _weight(made: object) -> int:
    """Return about how many bytes a record, or the keys of a list, takes."""
    return len(to_json(made)) * _SPREAD  # type: ignore[arg-type]  # JSON, or a tuple of it


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _placed(record: JsonObject, resource: Resource, scope: Mapping[str, str], shape: Shape) -> JsonObject:
    """Return *record* with what its path says of it."""
    found: JsonValue = dict(record)
    for variable, text in scope.items():
        steps = (resource.key,) if variable == resource.variable else resource.scopes.get(variable)
        is_there = steps and (len(steps) == 1 or isinstance(get_at(found, steps[:1]), dict))
        if steps and steps[0] and is_there and not isinstance(get_at(found, steps), dict | list):
            found = put_at(found, steps, coercer(follow(shape, steps))(text))
    return found if isinstance(found, dict) else record
