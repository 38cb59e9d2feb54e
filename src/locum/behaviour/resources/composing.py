"""Composes bodies of records: one entity, or a list of them, valid by the schema of the answer.

The record has the first word; where the schema of an answer does not take it as it is, what is missing or
does not fit comes from the generated world, member by member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from locum.behaviour.contents import Content
from locum.behaviour.grafting import laid_over
from locum.behaviour.resources.bodies import follow
from locum.behaviour.resources.inventing import Inventor, Manner
from locum.behaviour.resources.model import Steps
from locum.behaviour.resources.places import get_at, put_at
from locum.behaviour.resources.records import Mask, compile_mask
from locum.contract.coercion import Shape
from locum.contract.model import Direction, JsonObject, JsonValue, Schema
from locum.contract.schema import literal_schema
from locum.errors import ContractError, GenerationError
from locum.generation.streams import stable_seed

__all__ = ["Composer"]


@dataclass(slots=True, kw_only=True, eq=False)
class Composer:
    """Writes records into bodies; keeps the schemas of entries that had to be looked at by themselves."""

    inventor: Inventor
    entries: dict[int, tuple[Content, Schema]] = field(default_factory=dict)
    masks: dict[tuple[int, Steps, Steps | None], tuple[Content, Mask]] = field(default_factory=dict)

    def entity(
        self, content: Content, answer: Steps, record: JsonObject, *, stream: int, manner: Manner
    ) -> JsonValue:
        """Return a valid body that shows *record* at *answer*; raises `GenerationError` without one."""
        part = self._mask(content, answer)(record)
        if not answer and _is_valid(content.schema, part):
            return part
        base = self.inventor.whole(content, stream, manner)

        def is_valid(attempt: JsonObject) -> bool:
            return _is_valid(content.schema, put_at(base, answer, attempt))

        made = put_at(base, answer, _settled(part, get_at(base, answer), is_valid))
        return made if _is_valid(content.schema, made) else base

    def with_member(self, content: Content, whole: JsonValue, steps: Steps, value: JsonValue) -> JsonValue:
        """Return *whole* with *value* at *steps*, as it was where that would not be valid."""
        made = put_at(whole, steps, value)
        return made if _is_valid(content.schema, made) else whole

    def is_whole(
        self, content: Content, answer: Steps, record: JsonObject, *, stream: int, manner: Manner
    ) -> bool:
        """Tell whether *record* can be shown at *answer* as it is."""
        part = self._mask(content, answer)(record)
        base = self.inventor.whole(content, stream, manner) if answer else None
        return _is_valid(content.schema, put_at(base, answer, part))

    def listing(  # noqa: PLR0913 -- where, what and how
        self,
        content: Content,
        answer: Steps,
        element: Steps,
        records: Sequence[tuple[JsonObject, str]],
        *,
        stream: int,
        manner: Manner,
        finish: Callable[[JsonValue], JsonValue],
    ) -> JsonValue | None:
        """Return a valid body that lists *records*, each with its path; `None` if none is valid.

        *finish* fills in what stands around the list.
        """
        array = follow(content.shape, answer)
        least = array.find("minItems")
        if isinstance(least, int | float) and len(records) < least:
            return None
        shown = self._mask(content, answer, element)
        entries = [put_at({}, element, shown(record)) for record, _ in records]
        base = self.inventor.whole(content, stream, manner) if answer else None
        whole = finish(put_at(base, answer, entries))
        if _is_valid(content.schema, whole):
            return whole
        try:
            entries = [
                self._entry(content, array, element, entry, stable_seed(manner.seed, "item", each))
                for entry, (_, each) in zip(entries, records, strict=True)
            ]
        except (GenerationError, ContractError):
            return None
        for attempt in (finish(put_at(base, answer, entries)), put_at(base, answer, entries)):
            if _is_valid(content.schema, attempt):
                return attempt
        return None

    def _mask(self, content: Content, answer: Steps, element: Steps | None = None) -> Mask:
        """Return what is shown of an entity at *answer*, or of one at *element* in the entries there."""
        key = (id(content), answer, element)
        if key not in self.masks:
            shape = follow(content.shape, answer)
            shape = shape if element is None else follow(shape.item(), element)
            self.masks[key] = (content, compile_mask(shape))
        return self.masks[key][1]

    def _entry(
        self, content: Content, array: Shape, element: Steps, entry: JsonValue, stream: int
    ) -> JsonValue:
        """Return *entry* as the schema of entries takes it."""
        schema = self._entry_schema(content, array)
        if _is_valid(schema, entry):
            return entry
        base = content.generator.producer(schema.bundle())(stream)
        part = get_at(entry, element)

        def is_valid(attempt: JsonObject) -> bool:
            return _is_valid(schema, put_at(base, element, attempt))

        return put_at(
            base, element, _settled(part if isinstance(part, dict) else {}, get_at(base, element), is_valid)
        )

    def _entry_schema(self, content: Content, array: Shape) -> Schema:
        if id(content) not in self.entries:
            bundle = dict(array.item().nodes[0]) if array.item().nodes else {}
            if "$defs" in array.root:
                bundle["$defs"] = array.root["$defs"]
            schema = literal_schema(bundle, content.choice.media.place, Direction.RESPONSE)
            self.entries[id(content)] = (content, schema)
        return self.entries[id(content)][1]


def _is_valid(schema: Schema | None, value: JsonValue) -> bool:
    return schema is None or schema.is_valid(value)


def _settled(part: JsonObject, base: JsonValue, is_valid: Callable[[JsonObject], bool]) -> JsonObject:
    """Return *part* if it is valid, else as much of it as can be put over *base*, which is."""
    if is_valid(part) or not isinstance(base, dict):
        return part
    for merged in ({**base, **part}, laid_over(part, base)):
        if isinstance(merged, dict) and is_valid(merged):
            return merged
    found = dict(base)
    for name, value in part.items():
        attempts = ({**found, name: each} for each in _nearest(value, found.get(name)))
        found = next((attempt for attempt in attempts if is_valid(attempt)), found)
    return found


def _nearest(value: JsonValue, base: JsonValue) -> Iterator[JsonValue]:
    """Yield *value*, and what is nearest to it with the help of what stands in its place."""
    yield value
    if isinstance(value, dict) and isinstance(base, dict):
        yield {**base, **value}
    yield laid_over(value, base)
