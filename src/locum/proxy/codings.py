"""The codings that a real API is asked for: those in which an answer can be looked into here.

Browsers and many libraries ask for more, and most servers then pack by one of those: nothing would be judged,
and a recording would keep what nobody searched for secrets. Source: RFC 9110, 12.5.3.
"""

from __future__ import annotations

from typing import Final

__all__ = ["readable_codings"]

_READABLE: Final = frozenset({"gzip", "x-gzip", "deflate", "identity"})


def readable_codings(asked: str) -> str:
    """Return what *asked*, an `Accept-Encoding`, leaves of the codings that are unpacked here.

    >>> readable_codings("gzip;q=0.8, deflate, br, zstd"), readable_codings("br"), readable_codings("*;q=0.5")
    ('gzip;q=0.8, deflate', 'identity', 'gzip;q=0.5')
    """
    kept = [each for each in map(_readable, asked.split(",")) if each]
    return ", ".join(kept) or ("identity" if asked.strip() else asked)


def _readable(one: str) -> str:
    name, semicolon, rest = one.strip().partition(";")
    plain = name.strip().lower()
    if plain == "*":
        is_refused = rest.replace(" ", "").lower() in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
        return one.strip() if is_refused else f"gzip{semicolon}{rest}"
    return one.strip() if plain in _READABLE else ""
