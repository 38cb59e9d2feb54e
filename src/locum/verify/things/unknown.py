"""Makes keys that nothing has, in the form of those that are known."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from locum.generation.streams import stable_seed

__all__ = ["unlike"]

_UUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)
_HEX: Final = "0123456789abcdef"
#: A number of fewer digits at the end of a key may well be that of another thing; so many are none's.
_LONG: Final = 9
_LAST_NUMBER: Final = re.compile(r"[0-9]+(?=[^0-9]*$)")


def unlike(known: str, *draw: int | str) -> str:
    """Return a key in the form of *known*, the same for the same *draw*, that is very likely nobody's.

    Letters become letters and digits digits; UUIDs keep version and variant, short numbers get longer.

    >>> unlike("cus_Nf4", 1) == unlike("cus_Nf4", 1) != unlike("cus_Nf4", 2)
    True
    """
    found = _UUID.fullmatch(known)
    if found is not None:
        kept = {found.start(1), found.start(2)}
        return "".join(
            each if each == "-" or at in kept else _cased(_drawn(_HEX, at, *draw), like=known)
            for at, each in enumerate(known)
        )
    return "".join(_other(each, at, *draw) for at, each in enumerate(_lengthened(known)))


def _lengthened(known: str) -> str:
    """Return *known* with its last number as long as one that nothing has."""
    return _LAST_NUMBER.sub(lambda found: found[0].ljust(_LONG, "1"), known, count=1)


def _other(letter: str, at: int, *draw: int | str) -> str:
    """Return another character of the kind of *letter*; no number begins with a nought."""
    for kind in (digits, ascii_lowercase, ascii_uppercase):
        if letter in kind:
            return _drawn("".join(each for each in kind if each not in {letter, "0"}), at, *draw)
    return letter


def _drawn(kind: str, at: int, *draw: int | str) -> str:
    return kind[stable_seed("unknown", at, *draw) % len(kind)]


def _cased(letter: str, *, like: str) -> str:
    return letter.upper() if like.isupper() else letter
