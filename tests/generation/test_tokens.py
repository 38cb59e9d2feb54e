"""Identifiers have the form of their standard."""

from __future__ import annotations

from uuid import RFC_4122, UUID

import pytest

from locum.generation.streams import mix
from locum.generation.tokens import uuid, uuid7

STREAMS = [0, 2**64 - 1, *(mix(turn, 5000) for turn in range(1000))]


@pytest.mark.parametrize("version", [1, 3, 4, 5])
def test_uuids_have_their_version_and_variant(version: int) -> None:
    """Every text is the canonical one of a UUID of the version asked for (RFC 9562, 4)."""
    for stream in STREAMS:
        text = uuid(version)(stream)

        assert str(UUID(text)) == text
        assert (UUID(text).version, UUID(text).variant) == (version, RFC_4122)


def test_uuids_of_many_streams_differ() -> None:
    """No two streams share a UUID."""
    assert len({uuid(4)(stream) for stream in STREAMS}) == len(STREAMS)


def test_time_of_a_uuid_lies_before_the_reference_instant() -> None:
    """A UUID of version 7 tells of a millisecond in the year before February 2024."""
    for stream in STREAMS:
        made = UUID(uuid7(stream))

        assert (made.bytes[6] >> 4, made.variant) == (7, RFC_4122)
        assert 1_676_462_400_000 <= made.int >> 80 <= 1_707_998_400_000
