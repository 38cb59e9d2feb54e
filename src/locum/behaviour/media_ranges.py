"""Media types and ranges: how they are written, and which matches which.

Source: RFC 9110, sections 8.3.1 (types), 12.5.1 (`Accept`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["ANY_RANGE", "MediaRange", "parse_accept", "parse_media", "without_parameters"]

_PARAMETER = re.compile(r""";\s*([^\s=;,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,]*))""")
_ELEMENT = re.compile(r"""(?:[^,"]|"(?:[^"\\]|\\.)*")+""")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRange:
    """A media type or range; *parameters* in lower case without `q`, which is *quality*."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()
    quality: float = 1.0

    @property
    def name(self) -> str:
        """Type and subtype, as in `application/json`."""
        return f"{self.type}/{self.subtype}"

    @property
    def specificity(self) -> int:
        """How narrow it is: 0 for `*/*`, 1 for `text/*`, 2 for `text/csv`, more for each parameter."""
        return (self.type != "*") + ("*" not in self.subtype) + len(self.parameters)

    @property
    def is_concrete(self) -> bool:
        """Whether it names one type."""
        return self.type != "*" and "*" not in self.subtype

    def includes(self, other: MediaRange) -> bool:
        """Tell whether *other*, parameters aside, lies within this range.

        >>> parse_media("application/*+json").includes(parse_media("application/hal+json;charset=utf-8"))
        True
        """
        if self.type not in ("*", other.type):
            return False
        if self.subtype in ("*", other.subtype):
            return True
        return self.subtype.startswith("*+") and other.subtype.endswith(self.subtype[1:])

    def is_akin(self, other: MediaRange) -> bool:
        """Tell whether *other* is written in the same syntax.

        >>> parse_media("application/json").is_akin(parse_media("application/hal+json"))
        True
        """
        return self.type == other.type and self._syntax == other._syntax

    @property
    def _syntax(self) -> str:
        return self.subtype.rpartition("+")[2]

    def parameter(self, name: str) -> str | None:
        """Return the value of the parameter *name* (lower case)."""
        return dict(self.parameters).get(name)


ANY_RANGE: Final = MediaRange(type="*", subtype="*")


def parse_media(text: str) -> MediaRange:
    """Read one media type or range; what is none at all becomes a type nothing matches.

    >>> parse_media("Text/HTML; Charset=UTF-8").name
    'text/html'
    """
    name, _, _ = text.partition(";")
    kind, _, subtype = name.strip().lower().partition("/")
    if kind == "*" and not subtype:  # as old Java clients send it
        subtype = "*"
    found = [(key.lower(), _unquoted(quoted, plain)) for key, quoted, plain in _PARAMETER.findall(text)]
    quality = next((_quality(value) for key, value in found if key == "q"), 1.0)
    parameters = tuple((key, value) for key, value in found if key != "q")
    return MediaRange(type=kind, subtype=subtype, parameters=parameters, quality=quality)


def parse_accept(text: str) -> tuple[MediaRange, ...]:
    """Read an `Accept` header; an empty one accepts everything."""
    found = tuple(parse_media(element) for element in _ELEMENT.findall(text) if element.strip())
    return found or (ANY_RANGE,)


def without_parameters(text: str) -> str:
    """Return an `Accept` header of the ranges that have parameters, each with its quality alone.

    >>> without_parameters("text/csv;header=absent;q=0.5, text/html")
    'text/csv;q=0.5'
    """
    found = [each for each in parse_accept(text) if each.parameters]
    return ", ".join(f"{each.name};q={each.quality}" for each in found)


def _unquoted(quoted: str, plain: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted) if quoted else plain


def _quality(text: str) -> float:
    return float(text) if re.fullmatch(r"0(?:\.[0-9]{0,6})?|1(?:\.0{0,6})?", text) else 1.0
