"""What names, formats and descriptions mean, as data: which words to use for a `billing_email` or an `iccid`.

A *source* is the name of a maker (`makers.py`), `faker.<provider>`, or `one of a, b, c`. Several sources
separated by `;` are tried in that order: the first whose values satisfy the schema of the place is taken,
and none when none does. A *phrase* is what a name ends in, in lower case; `user.name` also asks for the
owner of the member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from locum.generation import phrases

__all__ = ["DEFAULT_VOCABULARY", "Range", "Vocabulary"]


@dataclass(frozen=True, slots=True)
class Range:
    """Where the numbers of a name usually lie; both ends belong to it, *step* is their precision."""

    low: float
    high: float
    step: float = 1


Sources: TypeAlias = "tuple[str, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Tables from phrases to sources of texts and to ranges of numbers.

    *descriptions* are looked for anywhere in a description. *identities* are last words of names whose
    values tell one record from another.
    """

    words: Mapping[str, Sources] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    formats: Mapping[str, Sources] = field(default_factory=dict)
    descriptions: Mapping[str, Sources] = field(default_factory=dict)
    identities: frozenset[str] = frozenset()

    def extended(self, words: Mapping[str, str]) -> Vocabulary:
        """Return a vocabulary in which *words*, a table from phrase to sources, come first."""
        return replace(self, words={**self.words, **{key: _sources(each) for key, each in words.items()}})


def _sources(text: str) -> Sources:
    return tuple(each.strip() for each in text.split(";"))


def _table(lines: str) -> dict[str, Sources]:
    """Read lines of `sources: phrase, phrase` into a table by phrase."""
    made: dict[str, Sources] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        sources, _, phrases = line.rpartition(": ")
        made.update(dict.fromkeys((phrase.strip() for phrase in phrases.split(",")), _sources(sources)))
    return made


def _ranges(lines: str) -> dict[str, Range]:
    """Read lines of `low, high, step: phrase, phrase` into a table by phrase."""
    made: dict[str, Range] = {}
    for phrase, (bounds,) in _table(lines).items():
        low, high, step = map(float, bounds.split(","))
        made[phrase] = Range(low, high, step)
    return made


DEFAULT_VOCABULARY = Vocabulary(
    words=_table(phrases.WORDS),
    ranges=_ranges(phrases.RANGES),
    formats=_table(phrases.FORMATS),
    descriptions=_table(phrases.DESCRIPTIONS),
    identities=frozenset(phrases.IDENTITIES.split()),
)
