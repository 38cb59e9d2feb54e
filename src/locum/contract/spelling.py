"""Spells addresses plainly: letters and digits that are percent-encoded mean themselves (RFC 3986, 6.2.2)."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["plainly"]

#: Encoded letters, digits, `-`, `.`, `_` and `~`.
_ENCODED: Final = re.compile(r"%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])")


def plainly(text: str) -> str:
    """Return *text* with what need not be encoded as it is.

    >>> plainly("a=%62%2Fc&d=%7E")
    'a=b%2Fc&d=~'
    """
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), text) if "%" in text else text
