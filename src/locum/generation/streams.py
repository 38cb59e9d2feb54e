"""Streams: 64-bit numbers from which every value is derived; nothing is drawn, nothing is consumed.

A request has a stream; each place inside a body mixes its own constant into it. Read `compiler.py` next.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

__all__ = ["FIRST", "MASK", "SECOND", "mix", "stable_seed"]

MASK = (1 << 64) - 1
#: The multipliers of `mix`.
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB


def stable_seed(*parts: int | str) -> int:
    """Derive a number that is the same in every process and on every machine.

    *parts* name the subject from outside in: seed, operation, key, JSON Pointer. `1` and `"1"` differ.
    The result is in [0, 2**64). Source: BLAKE2b, RFC 7693; never `hash()`, which is salted.

    >>> stable_seed(7, "getInvoice", "/total") == stable_seed(7, "getInvoice", "/total")
    True
    >>> stable_seed("ab", "c") == stable_seed("a", "bc")
    False
    """
    said = "".join(map(_told, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big")


# What the requests of an operation have in common is written once; few are kept, since a query may be long.
@lru_cache(maxsize=64, typed=True)
def _told(part: int | str) -> str:
    """Write *part* so that it cannot be taken for another, nor run into the next; sizes are in bytes."""
    text = str(part)
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return f"{'i' if isinstance(part, int) else 's'}{size}:{text}"


def mix(stream: int, constant: int) -> int:
    """Return the stream of the place known by *constant* below *stream*.

    The two multiplications of SplitMix64 (Steele, Lea and Flood 2014) and what stands between them; its
    last step only matters to tests of randomness. About 200 ns; the low bits are good enough for a
    remainder.
    """
    mixed = (stream ^ constant) * FIRST & MASK
    return (mixed ^ mixed >> 32) * SECOND & MASK
