"""Lets a handler judge a parameter that a schema cannot: an expression, a check digit, a nested grammar.

The judge takes the place of the parameter's schema, so that it may say what is wrong in its own words, and
take what the document is too weak to promise. What the document says remains what clients are told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from locum.contract.model import JsonValue

__all__ = ["NO_JUDGES", "Judge", "judged", "judges_of"]

#: Tells what is wrong with the decoded value of a parameter, `""` if nothing is.
#: The words follow the parameter's name: `must be …`, `has …`.
Judge = Callable[[JsonValue], str]

NO_JUDGES: Final[Mapping[str, Judge]] = {}
_MARK: Final = "__locum_judges__"
_Function = TypeVar("_Function", bound=Callable[..., Any])


def judged(judges: Mapping[str, Judge]) -> Callable[[_Function], _Function]:
    """Mark a handler: the parameters named, as declared, are judged by a function and not by their schema.

    >>> @judged({"size": lambda value: "" if value == "large" else "must be large"})
    ... def order(size: str) -> str:
    ...     return size
    >>> judges_of(order)["size"]("small")
    'must be large'
    """

    def mark(function: _Function) -> _Function:
        setattr(function, _MARK, judges)
        return function

    return mark


def judges_of(function: Callable[..., Any] | None) -> Mapping[str, Judge]:
    """Return the judges of a handler by parameter; none for one that is not marked."""
    return getattr(function, _MARK, NO_JUDGES)
