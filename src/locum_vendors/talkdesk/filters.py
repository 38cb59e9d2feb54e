"""The filter grammar: account and month, compared, joined, negated and grouped (facts 4.3, V3-02, V3-06).

    expression = all {"or" all}          all  = negated {"and" negated}
    negated    = {"not"} term            term = "(" expression ")" | comparison
    comparison = field "eq" 'text' | "contains" "(" field "," 'text' ")"

Text has no escapes, so it cannot hold a quote. The parser keeps its own stack: no nesting is too deep for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import contains, eq
from typing import Final, NamedTuple

__all__ = ["FIELDS", "LONGEST", "Comparison", "Filter", "FilterError", "read_filter"]

#: Most characters in a filter (V3-02).
LONGEST: Final = 1600
FIELDS: Final = ("account_id", "month")

_TOKEN: Final = re.compile(r"'[^']*'|[A-Za-z_][A-Za-z0-9_]*|[^ ]")
_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {"eq": eq, "contains": contains}
#: How tight a waiting word holds what follows it; an open parenthesis holds nothing.
_BINDING: Final = {"(": 0, "or": 1, "and": 2, "not": 3}


class FilterError(Exception):
    """A filter cannot be read; the text says what is wrong at which position, counted from 1."""


class Comparison(NamedTuple):
    """One field compared with one text; *operator* is `eq` or `contains`."""

    field: str
    operator: str
    text: str

    def accepts(self, record: Mapping[str, str]) -> bool:
        """Tell whether the field of *record* compares as asked; letters of either case differ."""
        return _OPERATORS[self.operator](record[self.field], self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter that was read: comparisons and the words that join them, in postfix order."""

    program: tuple[Comparison | str, ...]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Everything that is compared, in the order it was written."""
        return tuple(step for step in self.program if isinstance(step, Comparison))

    def accepts(self, record: Mapping[str, str]) -> bool:
        """Tell whether *record*, which has every field, passes.

        >>> read_filter("not month eq '2023-08'").accepts({"account_id": "a", "month": "2023-09"})
        True
        """
        found: list[bool] = []
        for step in self.program:
            if isinstance(step, Comparison):
                found.append(step.accepts(record))
            elif step == "not":
                found.append(not found.pop())
            else:
                right, left = found.pop(), found.pop()
                found.append(left and right if step == "and" else left or right)
        return found.pop()


class _Token(NamedTuple):
    """A quoted text, a word or a mark; `""` at the end. *place* counts from 1."""

    text: str
    place: int

    def __str__(self) -> str:
        return f"at position {self.place}" if self.text else "at the end"


def read_filter(text: str) -> Filter:
    """Return the filter that *text* says; raises `FilterError` at the first fault."""
    if len(text) > LONGEST:
        raise FilterError(f"must have at most {LONGEST} characters, not {len(text)}")
    tokens = _tokens(text)
    program: list[Comparison | str] = []
    waiting: list[_Token] = []
    wants_term = True
    for token in tokens:
        if wants_term and token.text in {"not", "("}:
            waiting.append(token)
        elif wants_term:
            program.append(_comparison(token, tokens))
            wants_term = False
        elif token.text == ")":
            program.extend(_released(waiting, above=_BINDING["("]))
            if not waiting:
                raise FilterError(f"has a closing parenthesis {token} that nothing opened")
            waiting.pop()
        elif token.text in {"and", "or"}:
            program.extend(_released(waiting, above=_BINDING[token.text] - 1))
            waiting.append(token)
            wants_term = True
        elif token.text:
            raise FilterError(f"must go on with 'and' or 'or' {token}")
    program.extend(_released(waiting, above=_BINDING["("]))
    if waiting:
        raise FilterError(f"has a parenthesis {waiting[-1]} that nothing closes")
    return Filter(program=tuple(program))


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match[0] == "'":
            raise FilterError(f"has a quote at position {match.start() + 1} that nothing closes")
        yield _Token(match[0], match.start() + 1)
    yield _Token("", len(text) + 1)


def _released(waiting: list[_Token], *, above: int) -> Iterator[str]:
    """Take from *waiting* and yield, the latest first, the words that hold tighter than *above*."""
    while waiting and _BINDING[waiting[-1].text] > above:
        yield waiting.pop().text


def _comparison(token: _Token, tokens: Iterator[_Token]) -> Comparison:
    if token.text != "contains":
        field = _field(token)
        _expect("eq", next(tokens))
        return Comparison(field, "eq", _text(next(tokens)))
    _expect("(", next(tokens))
    field = _field(next(tokens))
    _expect(",", next(tokens))
    found = Comparison(field, "contains", _text(next(tokens)))
    _expect(")", next(tokens))
    return found


def _field(token: _Token) -> str:
    if token.text in FIELDS:
        return token.text
    known = " and ".join(FIELDS)
    if token.text[:1].isalpha() and token.text not in _BINDING:
        raise FilterError(f"has an unknown field {token.text} {token}; known are {known}")
    raise FilterError(f"must compare a field {token}; known are {known}")


def _expect(wanted: str, token: _Token) -> None:
    if token.text != wanted:
        raise FilterError(f"must have {wanted!r} {token}")


def _text(token: _Token) -> str:
    if not token.text.startswith("'"):
        raise FilterError(f"must have a text in single quotes {token}")
    return token.text[1:-1]
