"""What a document says of values: `example`, `examples`, `default`, and the `x-faker` of Prism."""

from __future__ import annotations

import re
from collections.abc import Iterator

from locum.contract.model import JsonValue
from locum.generation.context import Context, Hint
from locum.generation.keywords import schemas
from locum.generation.makers import Draw
from locum.generation.shapes import Shape
from locum.generation.streams import mix
from locum.generation.words import split_words

__all__ = ["scalar_examples", "varied"]


def scalar_examples(context: Context, shape: Shape, hint: Hint) -> Iterator[str | int | float | bool]:
    """Yield the examples that *shape* carries, valid or not.

    None for what tells records apart inside a list: two entries with one identifier contradict each other.
    """
    if context.kit.settings.use_examples and not (hint.is_item and _is_identity(context, hint)):
        yield from _given(shape)


def varied(context: Context, shape: Shape, hint: Hint) -> Iterator[Draw]:
    """Yield makers of identifiers that look like the example: `inv_123` becomes `inv_847`."""
    if context.kit.settings.use_examples and hint.is_item and _is_identity(context, hint):
        for each in _given(shape):
            if isinstance(each, str) and re.search(r"\d", each):
                yield _varying(each)


def _is_identity(context: Context, hint: Hint) -> bool:
    return bool(split_words(hint.name)) and split_words(hint.name)[-1] in context.kit.vocabulary.identities


def _given(shape: Shape) -> Iterator[str | int | float | bool]:
    for schema in shape.schemas():
        listed: list[JsonValue] = [schema.get("example"), *schemas(schema, "examples"), schema.get("default")]
        yield from (each for each in listed if isinstance(each, str | int | float | bool))


def _varying(example: str) -> Draw:
    pieces = re.split(r"(\d)", example)

    def draw(stream: int) -> str:
        return "".join(
            str(mix(stream, at) % 9 + 1) if piece.isdecimal() else piece for at, piece in enumerate(pieces)
        )

    return draw
