"""Streams are the same everywhere, and far apart."""

from __future__ import annotations

from locum.generation.streams import mix, stable_seed


def test_seed_is_the_same_in_every_process() -> None:
    """The seed of known parts is a known number."""
    assert stable_seed("seed", 7, "/total") == 14_029_020_815_830_262_854


def test_parts_do_not_run_into_each_other() -> None:
    """Neither the border between parts nor the type of one is lost."""
    assert (
        len({stable_seed("ab", "c"), stable_seed("a", "bc"), stable_seed("abc"), stable_seed("ab", "c", "")})
        == 4
    )
    assert stable_seed(1) != stable_seed("1")


def test_any_text_can_be_a_part() -> None:
    """A lone surrogate, which JSON can carry, is no error."""
    assert 0 <= stable_seed("\ud800") < 2**64


def test_mixed_streams_of_near_numbers_spread_evenly() -> None:
    """The remainder of streams one apart takes every value about as often."""
    counts = [0] * 16
    for turn in range(16_000):
        counts[mix(turn, 99) % 16] += 1

    assert min(counts) > 850
    assert max(counts) < 1150


def test_mixing_stays_within_64_bits() -> None:
    """The greatest stream and constant give a stream."""
    assert 0 <= mix(2**64 - 1, 2**64 - 1) < 2**64
