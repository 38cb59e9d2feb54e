"""Plain text of a wanted length, for strings of which nothing else is known."""

from __future__ import annotations

from collections.abc import Iterator

from locum.generation.pools import Pools
from locum.generation.streams import mix, stable_seed

__all__ = ["plain_texts"]

_TEXT = stable_seed("text")
#: Longer texts repeat themselves: a megabyte of words has to be possible, not varied.
_VARIED = 2000


def plain_texts(pools: Pools, least: int, most: int | None) -> Iterator[str]:
    """Yield words, one or as many as reach *least* characters, cut to *most*."""
    words = pools.of("word") or ("text",)
    for turn in range(1 << 20):
        text = words[mix(_TEXT, turn) % len(words)]
        step = 0
        while len(text) < min(least, _VARIED):
            step += 1
            text += " " + words[mix(_TEXT + turn, step) % len(words)]
        if len(text) < least:
            text = (text + " ") * (least // len(text) + 1)
        # A cut must not end in a blank, which some patterns and most readers dislike.
        limit = max(least, len(text.rstrip())) if most is None else most
        cut = text[: min(limit, len(text))]
        yield cut if not cut.endswith(" ") else cut[:-1] + "s"
