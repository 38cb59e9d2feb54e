"""Names taken apart into words and looked up by their ending: `billingEmailAddress` is an `email address`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

__all__ = ["Found", "look_up", "plain", "split_words"]

_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[^\W\d_A-Z]+\d*|\d+")
#: Shorter words that end in s are rarely plurals.
_SHORTEST_PLURAL = 4
_Entry = TypeVar("_Entry")


@lru_cache(maxsize=4096)
def split_words(name: str) -> tuple[str, ...]:
    """Return the words of *name* in lower case, however they are joined.

    >>> split_words("devEUI"), split_words("first-name"), split_words("HTTPStatus_code2")
    (('dev', 'eui'), ('first', 'name'), ('http', 'status', 'code2'))
    """
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return *name* in lower case, without what separates its words.

    >>> plain("created_at"), plain("CreatedAt"), plain("filter[status]")
    ('createdat', 'createdat', 'filterstatus')
    """
    return "".join(split_words(name))


@dataclass(frozen=True, slots=True)
class Found(Generic[_Entry]):
    """An entry of a table, and the *qualifiers* that stood before the phrase it was found by."""

    entry: _Entry
    qualifiers: tuple[str, ...]


def look_up(table: Mapping[str, _Entry], name: str, owner: str) -> Found[_Entry] | None:
    """Return the entry of the longest phrase that *name* ends in.

    A phrase `user.name` asks for an owner that ends in `user`, and is preferred to the same phrase without.
    """
    words = split_words(name)
    owned = tuple(_singular(word) for word in split_words(owner)[-1:])
    for spelling in _spellings(words):
        for start in range(len(spelling)):
            phrase = " ".join(spelling[start:])
            for key in (*(f"{each}.{phrase}" for each in owned), phrase):
                if key in table:
                    return Found(table[key], words[:start])
    return None


def _spellings(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield *words*, then without trailing digits, then with the last in the singular."""
    yield words
    if not words:
        return
    bare = tuple(word.rstrip("0123456789") for word in words)
    bare = tuple(word for word in bare if word)
    if bare and bare != words:
        yield bare
    if bare and _singular(bare[-1]) != bare[-1]:
        yield (*bare[:-1], _singular(bare[-1]))


def _singular(word: str) -> str:
    """Return the singular of the plain English plurals that names of arrays are made of."""
    if len(word) < _SHORTEST_PLURAL:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
