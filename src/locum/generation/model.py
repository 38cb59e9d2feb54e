"""The words of this room: producer, variant, settings.

Plain values only; read `generator.py` for what is done with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias

from locum.contract.model import JsonValue

__all__ = ["LONGEST_TEXT", "MOST_MEMBERS", "GenerationSettings", "Producer", "Variant"]

#: A value must stay a value: beyond this many characters no text is made, whatever is asked.
LONGEST_TEXT: Final = 1_000_000
#: Nor is an array or an object of more members.
MOST_MEMBERS: Final = 10_000

#: Maps a 64-bit stream number to a value that satisfies the schema it was compiled from; pure.
Producer: TypeAlias = Callable[[int], JsonValue]


class Variant(StrEnum):
    """Which optional members a value carries."""

    #: Required members alone.
    MINIMAL = "minimal"
    #: Every declared member.
    FULL = "full"
    #: Required members, and of the others those the stream picks.
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSettings:
    """What a user may decide about generated values."""

    #: Dates lie around this instant; there is no clock in this room.
    reference: datetime = datetime(2024, 2, 15, 12, tzinfo=UTC)
    #: Use the `example`, `examples` and `default` of a string, number or boolean as its value.
    use_examples: bool = True
    #: How many items an array has whose schema leaves it open.
    items: tuple[int, int] = (1, 3)
    #: How many entries a map has whose schema leaves it open.
    entries: tuple[int, int] = (2, 3)
    #: How many levels of objects and arrays a recursive part may have before it closes.
    recursion_depth: int = 4
    #: Recursion closes earlier where a value would grow beyond this many scalars.
    value_limit: int = 3000
