"""Makers: numbers with rules, identifiers, people, moments."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from locum.generation import mix
from locum.generation.countries import COUNTRIES
from locum.generation.instants import instant_layouts, seconds_at
from locum.generation.makers import maker_of
from locum.generation.numbering import luhn
from locum.generation.pools import Pools

STREAMS = [mix(3, turn) for turn in range(200)]
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)
POOLS = Pools()


def made(source: str) -> list[str]:
    """Return the texts of a maker for all streams."""
    draw = maker_of(source).bind(POOLS)
    return [draw(stream) for stream in STREAMS]


@pytest.mark.parametrize("source", ["iccid", "iccid20", "imei", "card"])
def test_check_digit_is_right(source: str) -> None:
    """SIM cards, devices and payment cards satisfy the Luhn formula (ISO/IEC 7812-1)."""
    assert all(luhn(each[:-1]) == each for each in made(source))


def test_known_check_digits() -> None:
    """The example of the standard, and a number of two digits."""
    assert luhn("7992739871") == "79927398713"
    assert luhn("1") == "18"


@pytest.mark.parametrize(
    ("source", "length"), [("iccid", 19), ("iccid20", 20), ("imsi", 15), ("imei", 15), ("msisdn", 11)]
)
def test_numbers_have_their_length(source: str, length: int) -> None:
    """As many digits as the recommendation says."""
    assert {len(each) for each in made(source)} == {length}
    assert all(each.isdecimal() for each in made(source))


@pytest.mark.parametrize("version", [1, 3, 4, 5, 7])
def test_uuid_has_its_version(version: int) -> None:
    """Version and variant bits are set (RFC 9562), and no two are equal."""
    texts = made(f"uuid{version}")

    assert {uuid.UUID(each).version for each in texts} == {version}
    assert {uuid.UUID(each).variant for each in texts} == {uuid.RFC_4122}
    assert len(set(texts)) == len(texts)


def test_person_is_one_person() -> None:
    """Names and mail of one stream belong together."""
    for first, last, name in zip(made("first"), made("last"), made("person"), strict=True):
        assert name == f"{first} {last}"


def test_addresses_belong_to_nobody() -> None:
    """Mail goes to reserved domains (RFC 2606), networks are those of documentation (RFC 5737, 3849)."""
    assert all(each.rpartition("@")[2].startswith("example.") for each in made("email"))
    assert all(each.startswith(("192.0.2.", "198.51.100.", "203.0.113.")) for each in made("ipv4"))
    assert all(each.startswith("2001:db8:") for each in made("ipv6"))


def test_countries_have_every_column() -> None:
    """Codes have their length and are not repeated."""
    assert len({country.alpha2 for country in COUNTRIES}) == len(COUNTRIES) == 28
    for country in COUNTRIES:
        assert [len(country.alpha2), len(country.alpha3), len(country.numeric), len(country.mcc)] == [
            2,
            3,
            3,
            3,
        ]
        assert len(country.currency) == 3
        assert country.cities[0]


def test_instants_of_one_object_are_in_order() -> None:
    """Created before updated before ended before expiring, whatever the stream."""
    names = ["createdAt", "paidAt", "updatedAt", "endDate", "lastSeenAt", "dueDate", "expiresAt"]
    for stream in STREAMS:
        moments = [seconds_at(name, NOON)(stream) for name in names]
        assert moments == sorted(moments)
        assert moments[4] < NOON.timestamp() < moments[5]


def test_reference_instant_moves_everything() -> None:
    """Dates lie around the instant that is given, not around a clock."""
    later = NOON.replace(year=2034)

    assert next(instant_layouts("createdAt", "date", later))(1).startswith("2034")


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("createdAt", "date-time", "2024-01-16T11:59:59Z"),
        ("createdAt", "", "2024-01-16T11:59:59Z"),
        ("startDate", "", "2024-01-16"),
        ("x", "time", "05:45:35Z"),
    ],
)
def test_moment_is_written_by_format_or_name(name: str, form: str, text: str) -> None:
    """The usual layout comes first."""
    assert next(instant_layouts(name, form, NOON))(0)[:11] == text[:11] or form == "time"


def test_words_without_time_have_no_layout() -> None:
    """`updated` tells time, `colour` and `rate` do not."""
    assert list(instant_layouts("colour", "", NOON)) == []
    assert list(instant_layouts("email", "email", NOON)) == []
    assert list(instant_layouts("updated", "", NOON))
