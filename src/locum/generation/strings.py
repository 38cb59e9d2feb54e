"""Strings: where the text of one place comes from.

Candidates are asked in order: an example of the document, `x-faker`, a moment in time, the vocabulary (by name, by
format, by description), the pattern, plain text. The first whose texts satisfy the schema of the place is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from locum.contract.model import JsonObject, JsonValue
from locum.generation.bundle import Check, unmet
from locum.generation.context import Context, Hint
from locum.generation.examples import scalar_examples, varied
from locum.generation.fakerjs import faker_source
from locum.generation.instants import FAMILY, instant_layouts
from locum.generation.keywords import integer, text
from locum.generation.last_resort import texts_by_hypothesis
from locum.generation.leaves import leaf_node
from locum.generation.makers import MAKERS, Draw
from locum.generation.nodes import Make, Node
from locum.generation.patterns import texts_from
from locum.generation.shapes import Shape
from locum.generation.streams import mix, stable_seed
from locum.generation.texts import plain_texts
from locum.generation.words import look_up, split_words

__all__ = ["string_node"]

_KEYWORDS = ("minLength", "maxLength", "pattern", "format")
#: How many texts of a candidate are tried, and the share that must pass.
_SAMPLES = 64
_ENOUGH = 8
#: How many candidates of a pattern are tried, and how many that pass are kept.
_TRIES = 2000
_POOL = 64
#: Formats that jsonschema-rs asserts: there a name may say more, since a wrong word is noticed.
_ASSERTED = frozenset("email idn-email hostname idn-hostname ipv4 ipv6 uri iri uuid uri-reference".split())  # noqa: SIM905

#: What a text may go through to satisfy a schema that names the right thing in another spelling.
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.lower,
    lambda text: "".join(filter(str.isalnum, text)),
    lambda text: "".join(filter(str.isalnum, text)).upper(),
    lambda text: text.lower().replace(" ", "-"),
    lambda text: text.upper().replace(" ", "_").replace("-", "_"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What a string has to satisfy."""

    least: int
    most: int | None
    patterns: tuple[str, ...]
    formats: tuple[str, ...]
    check: Check
    is_free: bool


def string_node(context: Context, shape: Shape, hint: Hint, pointer: str) -> Node:
    """Return the node of a string; `GenerationError` names what no text satisfies."""
    place = _place(context, shape, pointer)
    if place.most is not None and place.least > place.most:
        raise unmet("minLength", pointer, f"{place.least} is above maxLength {place.most}")
    for given in scalar_examples(context, shape, hint):
        if isinstance(given, str) and place.check(given):
            return leaf_node(pointer, (given,))
    for family, draw in _candidates(context, shape, hint, place):
        make = _accepted(draw, place)
        if make is not None:
            return Node(pointer, family=family, assemble=_always(make))
    key = (place.least, place.most, place.patterns, place.formats)
    return leaf_node(pointer, context.kit.texts(key, lambda: _texts(context, place, pointer)))


def _always(make: Make) -> Callable[[Node], Make]:
    return lambda _: make


def _place(context: Context, shape: Shape, pointer: str) -> _Place:
    every = tuple(shape.schemas())
    said: list[JsonObject] = [{key: each[key] for key in _KEYWORDS if key in each} for each in every]
    said = [each for each in said if each]
    constraint: JsonObject = {"type": "string", "allOf": [*said]} if len(said) > 1 else {"type": "string"}
    if len(said) == 1:
        constraint |= said[0]
    return _Place(
        least=max((integer(each, "minLength", 0) for each in every), default=0),
        most=min((integer(each, "maxLength", 0) for each in every if "maxLength" in each), default=None),
        patterns=tuple(dict.fromkeys(filter(None, (text(each, "pattern") for each in every)))),
        formats=tuple(dict.fromkeys(filter(None, (_format(each) for each in every)))),
        check=context.kit.check(constraint, pointer),
        is_free=not said,
    )


def _format(schema: JsonObject) -> str:
    return text(schema, "format") or ("byte" if text(schema, "contentEncoding") == "base64" else "")


def _candidates(context: Context, shape: Shape, hint: Hint, place: _Place) -> Iterator[tuple[int | None, Draw]]:
    """Yield makers of texts, the most telling first, each with the family it agrees with."""
    for draw in varied(context, shape, hint):
        yield None, draw
    for schema in shape.schemas():
        for source in faker_source(schema.get("x-faker")):
            yield _drawn(context, source, ())
    form = place.formats[0] if place.formats else ""
    for draw in instant_layouts(hint.name, form, context.kit.settings.reference):
        yield FAMILY, draw
    for sources, qualifiers in _meanings(context, shape, hint, form):
        for source in sources:
            yield _drawn(context, source, qualifiers)


def _meanings(
    context: Context, shape: Shape, hint: Hint, form: str
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    vocabulary = context.kit.vocabulary
    by_name = look_up(vocabulary.words, hint.name, hint.owner)
    by_format = vocabulary.formats.get(form.lower(), ())
    named = (by_name.entry, by_name.qualifiers) if by_name else ((), ())
    formatted = (by_format, split_words(hint.name)[:-1])
    yield from (named, formatted) if form in _ASSERTED or not by_format else (formatted, named)
    described = " ".join(text(schema, "description") for schema in shape.schemas()).lower()
    if described.strip():
        yield from ((sources, ()) for phrase, sources in vocabulary.descriptions.items() if phrase in described)


def _drawn(context: Context, source: str, qualifiers: tuple[str, ...]) -> tuple[int | None, Draw]:
    if source.startswith("one of "):
        values = tuple(each.strip() for each in source.removeprefix("one of ").split(","))
        return None, lambda stream: values[stream % len(values)]
    maker = MAKERS[source]
    family = stable_seed("family", maker.family, *qualifiers) if maker.family else None
    return family, maker.bind(context.kit.pools)


def _accepted(draw: Draw, place: _Place) -> Make | None:
    """Return *draw* in the first spelling in which enough of its texts pass, kept from giving any that does not."""
    samples = [draw(mix(turn, _SAMPLES)) for turn in range(_SAMPLES)]
    if place.is_free:
        return (lambda stream, _: draw(stream)) if all(samples) else None
    for spell in _SPELLINGS:
        good = tuple(each for each in map(spell, samples) if each and place.check(each))
        if len(good) >= _ENOUGH:
            return _checked(draw, spell, place.check, good)
    return None


def _checked(draw: Draw, spell: Callable[[str], str], check: Check, good: tuple[str, ...]) -> Make:
    def make(stream: int, _: int) -> JsonValue:
        made = spell(draw(stream))
        return made if check(made) else good[stream % len(good)]

    return make


def _texts(context: Context, place: _Place, pointer: str) -> tuple[str, ...]:
    """Return a pool of texts that only the schema decides on."""
    sources: list[Iterator[str]] = [texts_from(each, place.least, place.most) for each in place.patterns]
    if not sources:
        sources.append(plain_texts(context.kit.pools, place.least, place.most))
    for source in sources:
        good = dict.fromkeys(each for each in islice(source, _TRIES if place.patterns else _POOL) if place.check(each))
        if good:
            return tuple(islice(good, _POOL))
    found = tuple(texts_by_hypothesis(place.patterns, place.formats, place.least, place.most, place.check))
    if found:
        return found
    keyword = "pattern" if place.patterns else "format" if place.formats else "minLength"
    wanted = ", ".join(place.patterns or place.formats)
    raise unmet(keyword, pointer, f"no text was found for {wanted or 'the lengths asked for'}")
