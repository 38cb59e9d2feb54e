"""What a document says of values: `example`, `examples`, `default`, and the `x-faker` of Prism."""

from __future__ import annotations

import re
from collections.abc import Iterator

from locum.contract.model import JsonValue
from locum.generation.context import Site
from locum.generation.keywords import schemas
from locum.generation.makers import Draw
from locum.generation.streams import mix
from locum.generation.vocabulary import Range
from locum.generation.words import split_words

__all__ = ["is_identity", "scalar_examples", "varied_range", "varied_texts"]


def scalar_examples(site: Site) -> Iterator[str | int | float | bool]:
    """Yield the examples that a place carries, valid or not.

    None for what tells records apart inside a list: two entries with one identifier contradict each other.
    """
    if site.kit.settings.use_examples and not (site.hint.is_item and is_identity(site)):
        yield from _given(site)


def varied_texts(site: Site) -> Iterator[Draw]:
    """Yield makers of identifiers that look like the example: `inv_123` becomes `inv_847`."""
    if site.kit.settings.use_examples and site.hint.is_item and is_identity(site):
        for each in _given(site):
            if isinstance(each, str) and re.search(r"\d", each):
                yield _varying(each)


def varied_range(site: Site) -> Range | None:
    """Return where the numbers of a list lie when the document gives one: around it, as precise as it is."""
    if not (site.kit.settings.use_examples and site.hint.is_item):
        return None
    given = next((each for each in _given(site) if not isinstance(each, bool | str)), None)
    if given is None:
        return None
    if is_identity(site) and given > 0:
        digits = len(str(int(given)))
        return Range(10 ** (digits - 1), 10**digits - 1)
    places = len(repr(given).partition(".")[2]) if isinstance(given, float) else 0
    return Range(min(given / 2, given * 2), max(given / 2, given * 2), 10**-places)


def is_identity(site: Site) -> bool:
    """Tell whether the values of a place tell one record from another."""
    return not site.kit.vocabulary.identities.isdisjoint(split_words(site.hint.name)[-1:])


def _given(site: Site) -> Iterator[str | int | float | bool]:
    for schema in site.schemas():
        listed: list[JsonValue] = [schema.get("example"), *schemas(schema, "examples"), schema.get("default")]
        yield from (each for each in listed if isinstance(each, str | int | float | bool))


def _varying(example: str) -> Draw:
    pieces = re.split(r"(\d)", example)

    def draw(stream: int) -> str:
        return "".join(
            str(mix(stream, at) % 9 + 1) if piece.isdecimal() else piece for at, piece in enumerate(pieces)
        )

    return draw
