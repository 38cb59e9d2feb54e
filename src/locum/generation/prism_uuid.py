"""The UUID that Prism's static mode makes of a property's name, bit by bit as JavaScript would."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["uuid_of"]

_MASK = 0xFFFFFFFF


def uuid_of(name: str) -> str:
    """Return the UUID of a property called *name*.

    Source: `json-schema-sampler`, `utils.js`: a 31-fold hash seeds Jenkins's small fast generator.

    >>> uuid_of("id")
    '497f6eca-6276-4993-bfeb-53cbbbba6f08'
    """
    seed = 0
    for character in name:
        seed = (seed * 31 + ord(character)) & _MASK
    draw = _small_fast(seed)
    return "".join(
        _digit(each, draw) if each in "xy" else each for each in "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"
    )


def _digit(place: str, draw: Callable[[], float]) -> str:
    value = int((draw() * 16) % 16)
    return f"{value if place == 'x' else value & 3 | 8:x}"


def _small_fast(seed: int) -> Callable[[], float]:
    """Return Bob Jenkins's generator of 32 bits, all four words *seed*, as fractions of 1."""
    words = [seed] * 4

    def draw() -> float:
        a, b, c, d = words
        total = (a - (b << 27 | b >> 5)) & _MASK
        a = (b ^ (c << 17 | c >> 15)) & _MASK
        b = (c + d) & _MASK
        c = (d + total) & _MASK
        words[:] = a, b, c, (a + total) & _MASK
        return words[3] / 4294967296

    return draw
