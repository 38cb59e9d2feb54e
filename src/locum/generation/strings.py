"""Strings: where the text of one place comes from.

Candidates are asked in order: an example of the document, `x-faker`, a moment in time, the vocabulary (by
name, by format, by description), the pattern, plain text. The first whose texts satisfy the schema of the
place is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from locum.contract.model import JsonObject, JsonValue
from locum.generation.bundle import Check
from locum.generation.context import Site
from locum.generation.embedded import embedded_node
from locum.generation.examples import scalar_examples, varied_texts
from locum.generation.fakerjs import asked_fakers, faker_source
from locum.generation.fakerjs_calls import called, drawn_texts
from locum.generation.fakerjs_texts import composed_texts
from locum.generation.instants import FAMILY, FORMATS, instant_layouts
from locum.generation.keywords import integer, text
from locum.generation.leaves import leaf_node
from locum.generation.makers import Draw, maker_of
from locum.generation.model import LONGEST_TEXT
from locum.generation.nodes import Make, Node
from locum.generation.patterns import texts_from
from locum.generation.streams import mix, stable_seed
from locum.generation.texts import plain_texts
from locum.generation.words import look_up, split_words

__all__ = ["string_node"]

_KEYWORDS = ("minLength", "maxLength", "pattern", "format")
#: How many texts of a candidate are tried, and the share that must pass.
_SAMPLES = 32
_ENOUGH = 4
#: Of how many texts of one place it is remembered whether they pass.
_KNOWN = 1024
#: How many candidates are tried for one that passes, how many once there is one, and how many are kept.
_TRIES = 2000
_PATIENCE = 200
_POOL = 64
#: How many characters of candidates are written, once there is one that passes and at most.
_LONG, _LONGEST = 20_000, 500_000
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
    #: The schema that *check* was made of, written out.
    rule: str
    #: Whether there is no rule beside formats.
    is_open: bool

    def needs_only(self, formats: frozenset[str]) -> bool:
        """Tell whether a text of *formats* satisfies everything."""
        return self.is_open and formats.issuperset(self.formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A maker of texts, the family it agrees with, and the formats it has by construction.

    *source* names makers that are the same everywhere; `""` stands for one that is of this place alone.
    """

    draw: Draw
    source: str = ""
    family: int | None = None
    formats: frozenset[str] = frozenset()


def string_node(site: Site) -> Node:
    """Return the node of a string; `GenerationError` names what no text satisfies."""
    place = _place(site)
    if place.least > LONGEST_TEXT:
        raise site.unmet("minLength", f"{place.least} characters are too many")
    if place.most is not None and place.least > place.most:
        raise site.unmet("minLength", f"{place.least} is above maxLength {place.most}")
    given = next(
        (each for each in scalar_examples(site) if isinstance(each, str) and place.check(each)), None
    )
    embedded = embedded_node(site, place.check) if given is None else None
    if embedded is not None:
        return embedded
    for candidate in _candidates(site, place) if given is None else _like(given, site, place):
        make = _accepted(candidate, place, site)
        if make is not None:
            return Node(site.pointer, family=candidate.family, assemble=_always(make))
    if given is not None:
        return leaf_node(site.pointer, (given,))
    key = (place.least, place.most, place.patterns, place.formats)
    return leaf_node(site.pointer, site.kit.texts(key, lambda: _texts(site, place)))


def _like(given: str, site: Site, place: _Place) -> Iterator[_Candidate]:
    """Yield the makers of moments written as *given* is: in a list they must not all be the same."""
    if site.hint.is_item:
        form = place.formats[0] if place.formats else ""
        for draw in instant_layouts(site.hint.name, form, site.kit.settings.reference):
            if _outline(draw(0)) == _outline(given):
                yield _Candidate(draw=draw, family=FAMILY)


def _outline(text: str) -> str:
    return re.sub(r"\d", "0", text)


def _always(make: Make) -> Callable[[Node], Make]:
    return lambda _: make


def _place(site: Site) -> _Place:
    every = tuple(site.schemas())
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
        check=site.kit.check(constraint, site.pointer),
        rule=repr(constraint),
        is_open=all(each.keys() <= {"format"} for each in said),
    )


def _format(schema: JsonObject) -> str:
    return text(schema, "format") or ("byte" if text(schema, "contentEncoding") == "base64" else "")


def _candidates(site: Site, place: _Place) -> Iterator[_Candidate]:
    """Yield makers of texts, the most telling first."""
    for draw in varied_texts(site):
        yield _Candidate(draw=draw)
    for schema in site.schemas():
        for asked in asked_fakers(schema):
            yield from _asked(site, asked)
    form = place.formats[0] if place.formats else ""
    for draw in instant_layouts(site.hint.name, form, site.kit.settings.reference):
        yield _Candidate(draw=draw, family=FAMILY, formats=FORMATS)
    for sources, qualifiers in _meanings(site, form):
        for source in sources:
            yield _drawn(site, source, qualifiers)


def _asked(site: Site, asked: JsonValue) -> Iterator[_Candidate]:
    """Yield the makers of what an `x-faker` asks for."""

    def draw_of(inner: JsonValue) -> Draw | None:
        return next((each.draw for each in _asked(site, inner)), None)

    for draw in composed_texts(asked, draw_of):
        yield _Candidate(draw=draw)
    call = called(asked)
    for draw in drawn_texts(call, site.kit.settings.reference) if call else ():
        yield _Candidate(draw=draw)
    for source in faker_source(asked):
        yield _drawn(site, source, ())


_Meaning: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


def _meanings(site: Site, form: str) -> Iterator[_Meaning]:
    """Yield sources with the qualifiers of their place: by name, by format, by description."""
    vocabulary, hint = site.kit.vocabulary, site.hint
    by_name = look_up(vocabulary.words, hint.name, hint.owner)
    by_format = vocabulary.formats.get(form.lower(), ())
    if by_name is None and _names_links(hint.owner):
        by_name = look_up(vocabulary.words, "url", "")
    named: _Meaning = (by_name.entry, by_name.qualifiers) if by_name else ((), ())
    formatted = (by_format, split_words(hint.name)[:-1])
    yield from (named, formatted) if form in _ASSERTED or not by_format else (formatted, named)
    described = " ".join(text(schema, "description") for schema in site.schemas()).lower()
    if described.strip():
        yield from (
            (sources, ()) for phrase, sources in vocabulary.descriptions.items() if phrase in described
        )


def _names_links(owner: str) -> bool:
    """Tell whether members of *owner* are links whatever they are called: `external_urls`, `_links`."""
    return split_words(owner)[-1:] in {("urls",), ("links",), ("uris",), ("hrefs",)}


def _drawn(site: Site, source: str, qualifiers: tuple[str, ...]) -> _Candidate:
    maker = maker_of(source)
    family = stable_seed("family", maker.family, *qualifiers) if maker.family else None
    draw = maker.bind(site.kit.pools)
    return _Candidate(draw=draw, source=source, family=family, formats=maker.formats)


def _accepted(candidate: _Candidate, place: _Place, site: Site) -> Make | None:
    if not candidate.source:
        return _tried(candidate, place)
    return site.kit.maker((candidate.source, place.rule), lambda: _tried(candidate, place))


def _tried(candidate: _Candidate, place: _Place) -> Make | None:
    """Return the maker in the first spelling in which enough of its texts pass; others are replaced."""
    draw = candidate.draw
    samples = [draw(mix(turn, _SAMPLES)) for turn in range(_SAMPLES)]
    for spell in _SPELLINGS:
        good = tuple(each for each in map(spell, samples) if each and place.check(each))
        if spell is str and len(good) == _SAMPLES and place.needs_only(candidate.formats):
            return lambda stream, _: draw(stream)
        if len(good) >= _ENOUGH:
            return _checked(draw, spell, place.check, good)
    return None


def _checked(draw: Draw, spell: Callable[[str], str], check: Check, good: tuple[str, ...]) -> Make:
    known: dict[str, str] = {}

    def admitted(drawn: str) -> str:
        made = spell(drawn)
        made = made if check(made) else ""
        if len(known) < _KNOWN:
            known[drawn] = made
        return made

    def make(stream: int, _: int) -> JsonValue:
        drawn = draw(stream)
        made = known.get(drawn)
        return (admitted(drawn) if made is None else made) or good[stream % len(good)]

    return make


def _texts(site: Site, place: _Place) -> tuple[str, ...]:
    """Return a pool of texts that only the schema decides on."""
    sources = [texts_from(each, place.least, place.most) for each in place.patterns]
    sources += [_spliced(site, each, form) for each in place.patterns for form in place.formats]
    for source in sources or [plain_texts(site.kit.pools, place.least, place.most)]:
        good = _passing(source, place.check)
        if good:
            return good
    keyword = "pattern" if place.patterns else "format" if place.formats else "minLength"
    wanted = ", ".join(place.patterns or place.formats)
    raise site.unmet(keyword, f"no text was found for {wanted or 'the lengths asked for'}")


def _spliced(site: Site, pattern: str, form: str) -> Iterator[str]:
    """Yield texts of a format that begin or end as *pattern* has it: a date of a certain year."""
    named = site.kit.vocabulary.formats.get(form.lower(), ())
    draws = [*instant_layouts("", form, site.kit.settings.reference)]
    draws += [maker_of(source).bind(site.kit.pools) for source in named]
    for turn, part in zip(range(_TRIES), texts_from(pattern, 0, None) if draws else (), strict=False):
        whole = draws[turn % len(draws)](mix(turn, _SAMPLES))
        yield part + whole[len(part) :]
        yield whole[: max(0, len(whole) - len(part))] + part


def _passing(candidates: Iterator[str], check: Check) -> tuple[str, ...]:
    """Return different candidates that pass: a full pool, or what was found until looking on is no use."""
    good: dict[str, None] = {}
    written = 0
    for turn, candidate in enumerate(candidates):
        written += len(candidate)
        if check(candidate):
            good[candidate] = None
        is_enough = len(good) == _POOL or turn >= _PATIENCE or written > _LONG
        if (good and is_enough) or turn >= _TRIES or written > _LONGEST:
            break
    return tuple(good)
