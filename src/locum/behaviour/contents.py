"""Makes the body of one declared response in one media type: which value, and how it is written.

A `Content` is compiled once and filled in lazily; every value it gives is valid by its schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import orjson

from locum.behaviour.body_errors import BodyError
from locum.behaviour.coherence import Cohere, compile_coherence
from locum.behaviour.degrading import usable_media, usable_schema
from locum.behaviour.fitting import fitted
from locum.behaviour.grafting import grafted
from locum.behaviour.media_ranges import parse_media
from locum.behaviour.negotiation import Choice
from locum.behaviour.xml_bodies import compile_xml
from locum.contract.coercion import Shape, shape_of
from locum.contract.model import Example, JsonObject, JsonValue, MediaType, Schema, Violation
from locum.errors import Diagnostic, GenerationError
from locum.generation.media import Encode, complete_type, encoder, is_json
from locum.generation.model import Producer, Variant
from locum.generation.static import MOST_PARTS, static_example

__all__ = ["Content", "Generates", "Writes", "as_usual", "compile_content", "has_example"]

#: Streams tried when a value turns out to be invalid.
_TRIES: Final = 4


#: Makes what writes bodies of the media type chosen from what does so as a rule.
Writes = Callable[[Encode, Choice], Encode]


def as_usual(write: Encode, _choice: Choice) -> Encode:
    """Return *write* as it is."""
    return write


class Generates(Protocol):
    """What is needed of a `Generator`."""

    def producer(self, schema: JsonObject, /, *, variant: Variant = ...) -> Producer:
        """Return what makes values of a schema; raises `GenerationError`."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class Content:
    """One media type of one response, with whatever was compiled for it so far."""

    choice: Choice
    schema: Schema | None
    shape: Shape
    write: Encode
    content_type: str
    generator: Generates
    producers: dict[Variant, Producer | GenerationError] = field(default_factory=dict)
    usable: tuple[Example, ...] | None = None
    #: Whether the examples had to be mended before they could be sent.
    is_mended: bool = False
    fixed: tuple[JsonValue, ...] | None = None
    literal: tuple[bytes, tuple[Violation, ...]] | None = None
    #: Why there is no static value, if each is too large to write out.
    too_large: GenerationError | None = None
    coherence: Cohere | None = None
    #: Bodies that are always the same, as they were written.
    written: dict[str, bytes] = field(default_factory=dict)

    @property
    def written_examples(self) -> tuple[Example, ...]:
        """The examples of the document, valid or not, those of the schema itself last."""
        return (*self.choice.media.examples, *_schema_examples(self.shape, self.choice))

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples of the document that are valid, those of the schema itself last."""
        if self.usable is None:
            found = self.written_examples
            as_written = [_with(each, value) for each in found for value in self.admitted(each.value)]
            # Mending costs more: it is for documents none of whose examples can be sent.
            self.usable = tuple(as_written) or tuple(self._repaired(found))
            self.is_mended = not as_written
        return self.usable

    @property
    def kind_of_example(self) -> str:
        """What people are told of an example that is sent."""
        return "an example of the document, mended" if self.is_mended else "an example of the document"

    def nearest(self) -> JsonValue:
        """Return a value for a schema that none satisfies: an example, else what its types ask for.

        Raises `GenerationError` when that is too large to write out.
        """
        if self.written_examples:
            return self.written_examples[0].value
        return static_example(self.shape.root)

    def _repaired(self, found: Iterable[Example]) -> Iterable[Example]:
        """Yield examples whose faults could be mended, the first that has any sense."""
        for each in found:
            try:
                mended = self._mended(fitted(each.value, self.shape))
            except GenerationError:
                return
            yield from (_with(each, value) for value in mended if self.admitted(value))

    def literal_body(self) -> tuple[bytes, tuple[Violation, ...]]:
        """Return the first example as it is written in the document, and what is wrong with it."""
        if self.literal is None:
            value = self.written_examples[0].value
            valid = self.admitted(value)
            judge = None if valid else self.schema
            wrong = judge.violations(value, "response", "body") if judge else ()
            self.literal = (self.write(valid[0] if valid else value), wrong)
        return self.literal

    def admitted(self, value: JsonValue) -> tuple[JsonValue, ...]:
        """Return *value* as it may be sent, or nothing; a JSON text written as a string is read."""
        if self.schema is None or self.schema.is_valid(value):
            is_written_out = isinstance(value, str) and value.lstrip().startswith("<")
            return (value,) if not is_written_out or self._may_send(str(value)) else ()
        if isinstance(value, str):
            return self._read(value)
        return ()

    def _read(self, text: str) -> tuple[JsonValue, ...]:
        if not is_json(self.content_type):
            return (text,) if self._may_send(text) else ()
        try:
            value: JsonValue = orjson.loads(text)
        except orjson.JSONDecodeError:
            return ()
        return (value,) if self.schema is None or self.schema.is_valid(value) else ()

    def _may_send(self, text: str) -> bool:
        """Tell whether a body written out in the document may be sent; XML is looked into."""
        if not parse_media(self.content_type).name.endswith("xml"):
            return True
        try:
            value = compile_xml(self.shape.root)(text.encode(), parse_media(self.content_type))
        except BodyError:
            return False
        return self.schema is None or self.schema.is_valid(value)

    def static(self) -> tuple[JsonValue, ...]:
        """Return the value that is always the same, or nothing when it is not valid."""
        if self.fixed is None:
            self.fixed = self._static() if self.schema else ()
        return self.fixed

    def _static(self) -> tuple[JsonValue, ...]:
        try:
            value = static_example(self.shape.root)
        except GenerationError as error:
            self.too_large = error if self._is_large() else None
            return ()
        try:
            return self.admitted(value) or self._mended(value)
        except GenerationError:  # no value is valid
            return ()

    def _is_large(self) -> bool:
        """Tell whether even the smallest valid value is too large for a static one."""
        try:
            return _parts_in(self.generate(0, Variant.MINIMAL)) > MOST_PARTS
        except GenerationError:
            return True

    def _mended(self, value: JsonValue) -> tuple[JsonValue, ...]:
        """Return *value* with generated parts in place of those that are invalid, or nothing."""
        if self.schema is None or self.schema.is_valid(value):
            return () if self.schema is None else (value,)
        made = self.generate(0, Variant.FULL)
        for _ in range(_TRIES):
            wrong = self.schema.violations(value)
            if not wrong:
                return (value,)
            if not all(each.location for each in wrong):
                return ()
            for each in wrong:
                value = grafted(value, made, each.location)
        return ()

    def example_body(self) -> bytes:
        """Return the first of `examples` as it is sent."""
        if "example" not in self.written:
            self.written["example"] = self.write(self.examples[0].value)
        return self.written["example"]

    def static_body(self) -> bytes:
        """Return what `static` gives as it is sent."""
        if "static" not in self.written:
            self.written["static"] = self.write(self.static()[0])
        return self.written["static"]

    def generate(self, stream: int, variant: Variant) -> JsonValue:
        """Return a valid value for *stream*; raises `GenerationError` when none can be made."""
        if self.schema is None:
            return {} if is_json(self.content_type) else ""
        produce = self._producer(variant)
        for attempt in range(_TRIES):
            value = produce(stream + attempt)
            agreeing = self.coherent(value)
            if agreeing is not value and self.schema.is_valid(agreeing):
                return agreeing
            if self.schema.is_valid(value):
                return value
        raise _invalid(self.schema)

    def coherent(self, value: JsonValue, heard: JsonValue = None) -> JsonValue:
        """Return *value* with members that agree, valid or not; the very same one if they did.

        What is said once, such as a currency, is rather as *heard* than as in *value*.
        """
        if self.coherence is None:
            self.coherence = compile_coherence(self.shape) or (lambda same, _: same)
        return self.coherence(value, heard)

    def _producer(self, variant: Variant) -> Producer:
        if variant not in self.producers:
            try:
                self.producers[variant] = self.generator.producer(self.shape.root, variant=variant)
            except GenerationError as error:
                self.producers[variant] = error
        found = self.producers[variant]
        if isinstance(found, GenerationError):
            raise found.with_traceback(None)
        return found


def compile_content(
    choice: Choice, generator: Generates, xml_root: str = "", writes: Writes = as_usual
) -> Content:
    """Compile what *choice* declares; a schema that cannot be used is done without.

    *xml_root* names the root of XML where the schema does not; *writes* may write otherwise.
    """
    media = usable_media(choice.media)
    bundle = media.schema.bundle() if media.schema else {}
    return Content(
        choice=replace(choice, media=media),
        schema=media.schema,
        shape=shape_of(bundle),
        write=writes(
            encoder(choice.content_type, bundle, media.encoding, name=xml_root or _definition(media.schema)),
            choice,
        ),
        content_type=complete_type(choice.content_type),
        generator=generator,
    )


def _parts_in(value: JsonValue) -> int:
    """Count *value* and all values in it."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_parts_in, inner))


def _definition(schema: Schema | None) -> str:
    """Return the name under which a schema stands in the document's components, or `""`."""
    parts = schema.place.pointer.split("/") if schema else []
    return parts[-1] if parts[1:-1] in (["components", "schemas"], ["definitions"]) else ""


def has_example(media: MediaType) -> bool:
    """Tell whether the document shows a value of *media*, there or at its schema, valid or not."""
    schema = usable_schema(media.schema)
    return bool(media.examples) or (schema is not None and shape_of(schema.bundle()).has("example"))


def _schema_examples(shape: Shape, choice: Choice) -> Iterable[Example]:
    """Return the examples written at the schema itself; only where the media type has none."""
    if choice.media.examples:
        return
    values = [shape.find("example")] if shape.has("example") else []
    listed = shape.find("examples")
    for value in [*values, *(listed if isinstance(listed, list) else [])]:
        yield Example(name="", value=value, place=choice.media.place)


def _with(example: Example, value: JsonValue) -> Example:
    return Example(name=example.name, value=value, summary=example.summary, place=example.place)


def _invalid(schema: Schema) -> GenerationError:
    return GenerationError(
        Diagnostic(code="generation.invalid", message=f"no valid value was made for {schema.place.pointer}")
    )
