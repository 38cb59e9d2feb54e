"""Regular expressions of documents, rewritten so that the validator and Python's `re` both take them.

JSON Schema asks for ECMA-262; authors also write Python, PCRE and JavaScript literals. What means the same
in a common spelling is respelled; the rest has no translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import jsonschema_rs

__all__ = ["translate_pattern", "unwrap_literal"]

#: A JavaScript literal: anchored inside its slashes, so that the slashes can be nothing else.
LITERAL = re.compile(r"/(\^.*\$)/([a-z]*)", re.DOTALL)
QUANTIFIER = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
#: A counted repetition; escapes are passed over.
COUNT = re.compile(r"\\.|\{(\d{1,20})(?:(,)(\d{1,20})?)?\}", re.DOTALL)
HIGHEST_COUNT = 1000
#: A count with fewer characters than this is never too high: `{999}`.
SHORTEST_COUNT = 5
SHORTHANDS = frozenset("dDwWsS")
ESCAPES: Mapping[str, str] = {
    "Z": "$",
    "h": r"[ \t]",
    "0": r"\x00",
    "a": r"\x07",
    "e": r"\x1b",
}
CLASS_ESCAPES: Mapping[str, str] = {"b": r"\x08", "h": r" \t", "0": r"\x00", "a": r"\x07", "e": r"\x1b"}
#: Letters and digits whose escape means something; every other escaped letter is itself.
MEANINGFUL = frozenset("0123456789abBcdDefknpPrsStuvwWxzZAGKRXQEhHN")
#: What opens a group that is counted, by its name if it has one; escapes and classes are passed over.
GROUP = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\((?:\?P?<(?![=!])(\w+)>|(?!\?))", re.DOTALL)
REFERENCE = re.compile(r"\(\?P=(\w+)\)|\\k<(\w+)>")
PIECE = re.compile(
    r"(?P<escape>\\(?:[pP]\{[^}]*\}|u\{[0-9a-fA-F]+\}|k<\w+>|c[A-Za-z]|.))"
    r"|(?P<quantifier>\{\d*,?\d*\})|(?P<other>.)",
    re.DOTALL,
)


# The same few patterns stand in many places, and each is compiled to find out.
@lru_cache(maxsize=4096)
def translate_pattern(pattern: str) -> str | None:
    """Return *pattern* in a spelling the validator takes, or `None` when there is none.

    Repetitions that are counted too high to be compiled are left open.

    >>> translate_pattern("^[a-z]{,3}$")
    '^[a-z]{0,3}$'
    """
    candidate = open_counts(unwrap_literal(pattern))
    if is_usable(candidate):
        return respell_groups(candidate)
    rewritten = open_counts(respell_groups("".join(rewrite(candidate))))
    return rewritten if is_usable(rewritten) else None


def open_counts(pattern: str) -> str:
    r"""Leave repetitions open whose count the validator would take seconds and gigabytes to compile.

    >>> open_counts(r"^.{1,2097152}\{5,6000}$")
    '^.{1,}\\{5,6000}$'
    """

    def bounded(found: re.Match[str]) -> str:
        if found[1] is None or len(found[0]) <= SHORTEST_COUNT:
            return found[0]
        most = found[3] if found[2] else found[1]
        if most and int(most) <= HIGHEST_COUNT:
            return found[0]
        return f"{{{min(int(found[1]), HIGHEST_COUNT)},}}"

    return COUNT.sub(bounded, pattern)


def is_usable(pattern: str) -> bool:
    """Tell whether the validator compiles *pattern*."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return False
    return True


def unwrap_literal(pattern: str) -> str:
    """Take a JavaScript literal out of its slashes."""
    found = LITERAL.fullmatch(pattern)
    if found is None:
        return pattern
    return f"(?i){found[1]}" if "i" in found[2] else found[1]


def respell_groups(pattern: str) -> str:
    """Name groups as both `re` and the validator understand: `(?P<name>…)`."""
    return re.sub(r"(?<!\\)\(\?<(?=[A-Za-z_])", "(?P<", pattern)


def rewrite(pattern: str) -> Iterator[str]:
    """Yield *pattern* piece by piece in the common spelling."""
    pattern = re.sub(r"\\Q(.*?)(?:\\E|$)", lambda found: re.escape(found[1]), pattern, flags=re.DOTALL)
    pattern = re.sub(r"(?<!\\)\(\?#[^)]*\)", "", pattern).replace("(?>", "(?:")
    pattern = number_references(pattern)
    position = 0
    while position < len(pattern):
        if pattern[position] == "[":
            text, position = rewrite_class(pattern, position)
            yield text
            continue
        found = PIECE.match(pattern, position)
        if found is None:
            return
        position = found.end()
        yield SPELLERS[found.lastgroup or "other"](found[0])


def number_references(pattern: str) -> str:
    r"""Refer to groups by number instead of by name.

    >>> print(number_references(r"(a)(?P<q>[bc]).*(?P=q)"))
    (a)(?P<q>[bc]).*\2
    """
    groups = [found[1] for found in GROUP.finditer(pattern) if found[0].startswith("(")]

    def number(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return f"\\{groups.index(name) + 1}" if name in groups else found[0]

    return REFERENCE.sub(number, pattern)


def spell_escape(piece: str) -> str:
    """Respell an escape outside a class."""
    letter = piece[1]
    if letter in ESCAPES:
        return ESCAPES[letter]
    return piece if not letter.isalnum() or letter in MEANINGFUL else letter


def spell_quantifier(piece: str) -> str:
    """Respell `{,3}`, and take braces that count nothing literally."""
    found = QUANTIFIER.fullmatch(piece)
    if found is None or not (found[1] or found[3]):
        return re.escape(piece)
    return piece if found[1] else f"{{0,{found[3]}}}"


def spell_other(piece: str) -> str:
    """Escape a brace that belongs to no quantifier."""
    return f"\\{piece}" if piece in "{}" else piece


SPELLERS: Mapping[str, Callable[[str], str]] = {
    "escape": spell_escape,
    "quantifier": spell_quantifier,
    "other": spell_other,
}


def rewrite_class(pattern: str, start: int) -> tuple[str, int]:
    """Respell the character class at *start*; returns it and where it ends."""
    if pattern.startswith("[^]", start):
        return r"[\s\S]", start + 3
    if pattern.startswith("[]", start) and pattern.find("]", start + 2) < 0:
        return "(?!)", start + 2
    position = start + 2 if pattern.startswith("[^", start) else start + 1
    pieces: list[str] = []
    while position < len(pattern) and (pattern[position] != "]" or not pieces):
        found = re.compile(r"\\(?:[pP]\{[^}]*\}|.)|\[:\w+:\]|.", re.DOTALL).match(pattern, position)
        if found is None:
            break
        pieces.append(found[0])
        position = found.end()
    if position >= len(pattern):
        return pattern[start:], position
    opening = pattern[start : start + (2 if pattern.startswith("[^", start) else 1)]
    return opening + "".join(spell_members(pieces)) + "]", position + 1


def spell_members(pieces: list[str]) -> Iterator[str]:
    """Respell the members of a class: a hyphen beside a shorthand is itself, not a range."""
    for index, piece in enumerate(pieces):
        if piece == "-" and 0 < index < len(pieces) - 1:
            beside = pieces[index - 1], pieces[index + 1]
            is_range = not any(is_set(each) for each in beside) and beside[0] <= beside[1]
            yield "-" if is_range else r"\-"
        elif len(piece) == 2 and piece[0] == "\\":  # noqa: PLR2004 - an escape of one letter
            letter = piece[1]
            plain = letter.isalnum() and letter not in MEANINGFUL
            yield letter if plain else CLASS_ESCAPES.get(letter, piece)
        else:
            yield rf"\{piece}" if piece in "[]" else piece


def is_set(piece: str) -> bool:
    """Tell whether a member of a class stands for several characters."""
    return piece.startswith("[:") or (piece[0] == "\\" and piece[1:2] in SHORTHANDS | {"p", "P"})
