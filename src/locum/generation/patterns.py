"""Texts from regular expressions: a walk over Python's parse tree, steered by lengths.

The only file that touches `re._parser`, a private module; a test notices when its tree changes.
What the walk cannot do (lookarounds, odd lengths) is left to trying: candidates come from ever wider
alphabets, and the caller tests each with jsonschema-rs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined, unused-ignore]  # private; see above
from typing import Any, TypeAlias

from locum.generation.dialect import to_python
from locum.generation.streams import mix, stable_seed

__all__ = ["texts_from"]

#: A node of the parse tree: an opcode and its argument, whose type depends on the opcode.
_Tree: TypeAlias = "list[tuple[Any, Any]]"

_DIGITS = tuple(map(ord, "0123456789"))
_LETTERS = tuple(map(ord, "abcdefghijklmnopqrstuvwxyz"))
_CAPITALS = tuple(map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_SIGNS = tuple(map(ord, "!@#$%&*-_+=?"))
#: What stands for any character: plain texts first, others for what a lookahead asks for.
_ALPHABETS = (
    (*_LETTERS, *_DIGITS),
    (*_LETTERS, *_CAPITALS, *_DIGITS),
    (*_LETTERS, *_LETTERS, *_CAPITALS, *_DIGITS, *_DIGITS, *_SIGNS),
)
_PRINTABLE = tuple(range(0x20, 0x7F))
_SPACES = (0x20,)
_WORD = (*_LETTERS, *_DIGITS, *_CAPITALS, ord("_"))
_CATEGORIES: Mapping[str, tuple[int, ...]] = {
    "CATEGORY_DIGIT": _DIGITS,
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_DIGIT": _LETTERS,
    "CATEGORY_NOT_SPACE": (*_LETTERS, *_DIGITS),
    "CATEGORY_NOT_WORD": tuple(map(ord, " -./")),
}
#: How many characters beyond the least an open pattern may grow by when no length is asked for.
_USUAL_GROWTH = 8
#: And by how much when a length far away is the most.
_MOST_GROWTH = 200
#: How many candidates are made of plain characters alone.
_PLAIN = 100
#: Wider character ranges are cut: a candidate needs some characters, not all of Unicode.
_WIDEST = 512


def texts_from(pattern: str, least: int, most: int | None) -> Iterator[str]:
    """Yield candidates for *pattern* without end, of *least* to *most* characters where that can be steered.

    Yields nothing when the pattern cannot be parsed.
    """
    try:
        tree = _parser.parse(to_python(pattern))
    except (re.error, OverflowError, RecursionError):
        return
    narrowest, widest = tree.getwidth()
    floor = max(least, narrowest)
    top = floor + _USUAL_GROWTH if most is None else min(most, floor + _MOST_GROWTH)
    for turn in range(1 << 30):
        stream = stable_seed("pattern", pattern, turn)
        target = max(least, min(narrowest, top)) + stream % (max(0, top - max(least, narrowest)) + 1)
        alphabet = _ALPHABETS[0 if turn < _PLAIN else turn % len(_ALPHABETS)]
        walk = _Walk(
            stream=stream,
            alphabet=alphabet,
            looks_ahead=turn % 2 > 0,
            growth=max(0, min(target, int(widest)) - narrowest),
        )
        yield _padded(walk.write(list(tree)), tree, target, least, stream)


def _padded(text: str, tree: Any, target: int, least: int, stream: int) -> str:  # noqa: ANN401
    """Make an unanchored match longer, on the side that is open."""
    missing = (target if len(text) < least else len(text)) - len(text)
    if missing <= 0:
        return text
    more = "".join(chr(_LETTERS[mix(stream, at) % 26]) for at in range(missing))
    ends_open = not (tree and tree[-1][0] is _constants.AT)
    return text + more if ends_open else more + text


@dataclass(slots=True)
class _Walk:
    """One text in the making; *growth* characters may still be spent on repetitions."""

    stream: int
    growth: int
    alphabet: tuple[int, ...] = _ALPHABETS[0]
    #: Whether what a lookahead asks for is written where it stands: `(?=.*foo).*` is then met at once.
    looks_ahead: bool = False
    turn: int = 0
    groups: dict[int, str] = field(default_factory=dict)

    def draw(self, count: int) -> int:
        """Return the next number below *count*."""
        self.turn += 1
        return mix(self.stream, self.turn) % count

    def write(self, tree: _Tree) -> str:
        return "".join(_WRITERS.get(str(code), _nothing)(self, argument) for code, argument in tree)

    def among(self, codes: tuple[int, ...]) -> str:
        return chr(codes[self.draw(len(codes))]) if codes else ""


def _nothing(_walk: _Walk, _argument: Any) -> str:  # noqa: ANN401
    """Write anchors and lookarounds: they take no room."""
    return ""


def _assertion(walk: _Walk, argument: tuple[int, _Tree]) -> str:
    _, tree = argument
    # What a lookbehind asks for may stand here too: in an open pattern nothing else would be before it.
    return walk.write(list(tree)) if walk.looks_ahead else ""


def _literal(_walk: _Walk, code: int) -> str:
    return chr(code)


def _not_literal(walk: _Walk, code: int) -> str:
    return walk.among(tuple(each for each in walk.alphabet if each != code))


def _any(walk: _Walk, _argument: Any) -> str:  # noqa: ANN401
    return walk.among(walk.alphabet)


def _one_of(walk: _Walk, members: _Tree) -> str:
    return walk.among(_codes(tuple(members), walk.alphabet))


def _branch(walk: _Walk, argument: tuple[Any, list[_Tree]]) -> str:
    branches = argument[1]
    return walk.write(list(branches[walk.draw(len(branches))]))


def _group(walk: _Walk, argument: tuple[int | None, int, int, _Tree]) -> str:
    number, _, _, tree = argument
    text = walk.write(list(tree))
    if number is not None:
        walk.groups[number] = text
    return text


def _group_again(walk: _Walk, number: int) -> str:
    return walk.groups.get(number, "")


def _conditional(walk: _Walk, argument: tuple[int, _Tree, _Tree | None]) -> str:
    number, then, otherwise = argument
    return walk.write(list(then if number in walk.groups else otherwise or []))


def _atomic(walk: _Walk, tree: _Tree) -> str:
    return walk.write(list(tree))


def _repeat(walk: _Walk, argument: tuple[int, int, Any]) -> str:
    least, most, tree = argument
    unit = max(1, tree.getwidth()[0])
    room = min(walk.growth // unit, int(most) - least)
    # Half of the time a repetition takes all the room, so that the length asked for is reached.
    more = room if walk.draw(2) else walk.draw(room + 1)
    walk.growth -= more * unit
    return "".join(walk.write(list(tree)) for _ in range(least + more))


_WRITERS: Mapping[str, Callable[[_Walk, Any], str]] = {
    "ASSERT": _assertion,
    "LITERAL": _literal,
    "NOT_LITERAL": _not_literal,
    "ANY": _any,
    "IN": _one_of,
    "BRANCH": _branch,
    "SUBPATTERN": _group,
    "GROUPREF": _group_again,
    "GROUPREF_EXISTS": _conditional,
    "ATOMIC_GROUP": _atomic,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "POSSESSIVE_REPEAT": _repeat,
}


@lru_cache(maxsize=1024)
def _codes(members: tuple[tuple[Any, Any], ...], alphabet: tuple[int, ...]) -> tuple[int, ...]:
    """Return the characters of a class, plain ones where there are any."""
    listed: dict[int, None] = {}
    is_negated = False
    for code, argument in members:
        if code is _constants.NEGATE:
            is_negated = True
        elif code is _constants.LITERAL:
            listed[argument] = None
        elif code is _constants.RANGE:
            listed.update(dict.fromkeys(range(argument[0], min(argument[1], argument[0] + _WIDEST) + 1)))
        else:
            listed.update(dict.fromkeys(_CATEGORIES.get(str(argument), ())))
    if is_negated:
        plain = tuple(each for each in alphabet if each not in listed)
        return plain or tuple(each for each in (*_PRINTABLE, *range(0xC0, 0x17F)) if each not in listed)
    wordlike = tuple(each for each in listed if each < 0x7F and chr(each).isalnum())  # noqa: PLR2004  # ASCII
    if alphabet is not _ALPHABETS[0]:
        wordlike = tuple(each for each in listed if each in _PRINTABLE)
    return wordlike or tuple(each for each in listed if each in _PRINTABLE) or tuple(listed)
