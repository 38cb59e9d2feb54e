"""Plain YAML scalars to JSON values, by the core schema of YAML 1.2.2, section 10.3, as ryaml reads them."""

from __future__ import annotations

import math
import re

__all__ = ["resolve_plain", "resolve_tagged"]

CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
PREFIXED = re.compile(r"[-+]?0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
#: No 64-bit integer is written with more characters.
LONGEST_INTEGER = 20
SMALLEST, LARGEST = -(2**63), 2**64 - 1
TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "binary", "timestamp"))


def resolve_plain(text: str) -> bool | int | float | str | None:
    """Return what an unquoted scalar means; numbers beyond 64 bits become floats, beyond floats stay text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    first = text[0]
    if not (first.isdigit() or first in "+-."):
        return text
    if INTEGER.fullmatch(text):
        return bounded(int(text), text) if len(text) <= LONGEST_INTEGER else finite(text)
    if PREFIXED.fullmatch(text):
        return bounded(int(text, 0), text) if len(text) <= LONGEST_INTEGER else text
    if FLOAT.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
        return finite(text)
    return text


def bounded(number: int, text: str) -> int | float | str:
    """Return *number*, as a float where it needs more than 64 bits."""
    return number if SMALLEST <= number <= LARGEST else finite(text)


def finite(text: str) -> float | str:
    """Return the float *text* stands for, or *text* when that is infinite."""
    number = float(text)
    return number if math.isfinite(number) else text


def resolve_tagged(text: str, tag: str) -> bool | int | float | str | None:
    """Return what a scalar with an explicit YAML tag means."""
    return text if tag in TEXT_TAGS else resolve_plain(text)
