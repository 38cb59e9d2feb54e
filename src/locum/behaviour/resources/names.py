"""Names as people write them, brought to one spelling: members, variables, parameters, segments of paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from locum.generation.words import plain

__all__ = ["match_name", "plain", "singular"]

#: Endings of plurals and what stands in their place, the longest first.
_PLURALS: Final = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
_SHORTEST_PLURAL: Final = 4


def singular(name: str) -> str:
    """Return the plain singular of a segment or name.

    >>> singular("/policies"), singular("user-groups"), singular("status"), singular("Sims")
    ('policy', 'usergroup', 'status', 'sim')
    """
    word = plain(name)
    if len(word) < _SHORTEST_PLURAL:
        return word
    for ending, instead in _PLURALS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def match_name(wanted: str, names: Iterable[str]) -> str | None:
    """Return which of *names* means *wanted*: the very same, else the same in another spelling."""
    listed = list(names)
    if wanted in listed:
        return wanted
    return next((each for each in listed if plain(each) == plain(wanted)), None)
