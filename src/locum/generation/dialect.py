"""From ECMA-262 regular expressions, which JSON Schema means, to Python's, which can be taken apart.

Only what differs is translated. The result serves to make candidates: whether one matches is always asked of
jsonschema-rs with the pattern as written. Source: ECMA-262, 22.2.1; RFC 9485 for what most schemas use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["to_python"]

_PIECE = re.compile(
    r"\\(?:[pP]\{[^}]*\}|u\{[0-9A-Fa-f]+\}|c[A-Za-z]|k<\w+>|.)|\(\?<(?![=!])\w+>|\(\?[a-z]+\)|\[\^?\]?|\]|\$|.",
    re.DOTALL,
)

#: Enough of each Unicode class to make believable candidates from, as the inside of a character class.
_PROPERTIES: Mapping[str, str] = {
    "L": "A-Za-zÀ-ÖØ-öø-ÿ",
    "Lu": "A-ZÀ-ÖØ-Þ",
    "Ll": "a-zß-öø-ÿ",
    "N": "0-9",
    "Nd": "0-9",
    "P": "!-#%-*,-/:;?@_",
    "Z": " ",
    "Zs": " ",
    "S": "$+<=>^`|~",
    "Sc": "$€£",
    "M": "\u0300-\u0304",
    "Greek": "\u03b1-\u03c1\u03c3-\u03c9",
    "Cyrillic": "\u0430-\u044f",
    "Han": "\u4e00-\u4e0f",
    "Hiragana": "\u3042-\u304a",
    "Katakana": "\u30a2-\u30aa",
    "Hangul": "\uac00-\uac0f",
    "Arabic": "\u0628-\u063a",
    "Hebrew": "\u05d0-\u05ea",
    "Thai": "\u0e01-\u0e2e",
    "Devanagari": "\u0915-\u0939",
}
#: What stands alone and has another spelling in Python.
_RESPELLED: Mapping[str, str] = {"$": r"\Z", r"\z": r"\Z", "[^]": r"[\s\S]", "[]": r"(?!)"}
_LONG_NAMES: Mapping[str, str] = {
    "Letter": "L",
    "Alphabetic": "L",
    "Uppercase_Letter": "Lu",
    "Uppercase": "Lu",
    "Lowercase_Letter": "Ll",
    "Lowercase": "Ll",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Punctuation": "P",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Symbol": "S",
    "Latin": "L",
    "Greek": "Greek",
    "Cyrillic": "Cyrillic",
    "Han": "Han",
    "Hiragana": "Hiragana",
    "Katakana": "Katakana",
    "Hangul": "Hangul",
    "Arabic": "Arabic",
    "Hebrew": "Hebrew",
    "Thai": "Thai",
    "Devanagari": "Devanagari",
    "digit": "Nd",
}


def to_python(pattern: str) -> str:
    r"""Return *pattern* in the dialect of `re`, as near as it can be said.

    >>> to_python(r"^(?<year>\d+)\k<year>$")
    '^(?P<year>\\d+)(?P=year)\\Z'
    """
    made: list[str] = []
    in_class = False
    for piece in _PIECE.findall(_unwrapped(pattern)):
        if not in_class and piece.startswith("[") and not piece.endswith("]"):
            in_class = True
            made.append(piece)
        elif in_class and piece == "]":
            in_class = False
            made.append(piece)
        else:
            made.append(_in_class(piece) if in_class else _outside(piece))
    return "".join(made)


def _unwrapped(pattern: str) -> str:
    """Take off the slashes of a regular expression literal."""
    literal = re.fullmatch(r"/(\^.*\$)/[a-z]*", pattern, re.DOTALL)
    return literal[1] if literal else pattern


def _outside(piece: str) -> str:
    if piece.startswith("(?<"):
        return f"(?P<{piece[3:]}"
    if piece.startswith("\\k<"):
        return f"(?P={piece[3:-1]})"
    if piece.startswith("(?") and piece.endswith(")"):
        return ""  # flags: what is written without them is met with them
    if piece in _RESPELLED:
        return _RESPELLED[piece]
    inside = _property(piece)
    return f"[{inside}]" if inside else _escape(piece)


def _in_class(piece: str) -> str:
    if piece.startswith("["):
        return piece.replace("[", "\\[", 1)
    return _property(piece) or _escape(piece)


def _property(piece: str) -> str:
    r"""Return the inside of the class that `\p{…}` stands for; of `\P{…}`, something else that is plain."""
    if not re.match(r"\\[pP]\{", piece):
        return ""
    name = piece[3:-1].rpartition("=")[2].removeprefix("Is")
    name = _LONG_NAMES.get(name, name)
    if piece[1] == "P":
        return "0-9" if name.startswith("L") else "a-z"
    return _PROPERTIES.get(name) or _PROPERTIES.get(name[:1]) or "a-z"


def _escape(piece: str) -> str:
    if piece.startswith("\\u{"):
        return re.escape(chr(min(int(piece[3:-1], 16), 0x10FFFF)))
    if piece.startswith("\\c") and len(piece) == 3:  # noqa: PLR2004  # \\c and one letter
        return re.escape(chr(ord(piece[2]) % 32))
    if piece.startswith("\\") and len(piece) == 2 and not piece[1].isalnum():  # noqa: PLR2004  # \\ and one sign
        return re.escape(piece[1])
    return piece
