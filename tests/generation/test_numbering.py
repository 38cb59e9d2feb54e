"""Numbers with rules of their own keep them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from locum.generation.countries import country_at
from locum.generation.numbering import card, iccid, imei, imsi, luhn
from locum.generation.streams import mix

STREAMS = [mix(turn, 1) for turn in range(1000)]


@pytest.mark.parametrize("number", ["79927398713", "4111111111111111", "490154203237518", "0", ""])
def test_check_digit_is_that_of_the_standard(number: str) -> None:
    """The figures of well-known numbers come out."""
    assert luhn(number[:-1]) == (number or "0")


@pytest.mark.parametrize("draw", [iccid(19), iccid(20), imei, card])
def test_numbers_end_in_their_check_digit(draw: Callable[[int], str]) -> None:
    """Whatever has a check digit has the right one."""
    assert all(luhn(draw(stream)[:-1]) == draw(stream) for stream in STREAMS)


def test_sim_cards_of_a_thousand_streams_differ() -> None:
    """A list of a thousand has a thousand different cards and subscribers."""
    assert len({iccid(19)(stream) for stream in STREAMS}) == len(STREAMS)
    assert len({imsi(stream) for stream in STREAMS}) == len(STREAMS)


def test_subscriber_and_card_are_of_the_country_of_their_stream() -> None:
    """What stands before the account number agrees with the country that siblings speak of."""
    for stream in STREAMS[:50]:
        country = country_at(stream)

        assert imsi(stream).startswith(country.mcc + country.mnc)
        assert iccid(19)(stream).startswith(f"89{country.calling}{country.mnc}")
