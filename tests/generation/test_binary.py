"""Values in binary, held to the examples of the specifications."""

from __future__ import annotations

import pytest

from locum.contract.model import JsonValue
from locum.generation import encode


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "00"),
        (24, "1818"),
        (1000, "1903e8"),
        (18446744073709551615, "1bffffffffffffffff"),
        (-1, "20"),
        (-1000, "3903e7"),
        (1.1, "fb3ff199999999999a"),
        (False, "f4"),
        (None, "f6"),
        ("\u6c34", "63e6b0b4"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
        ([*range(1, 26)], "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ],
)
def test_cbor_is_that_of_the_specification(value: JsonValue, written: str) -> None:
    """Numbers, texts, lists and maps as in RFC 8949, appendix A; floats have 64 bits."""
    assert encode(value, "application/cbor").hex() == written
    assert encode(value, "application/senml+cbor").hex() == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"compact": True, "schema": 0}, "82a7636f6d70616374c3a6736368656d6100"),
        ([127, 128, 65536, 2**63], "947fcc80ce00010000cf8000000000000000"),
        ([-1, -33, -129, -(2**40)], "94ffd0dfd1ff7fd3ffffff0000000000"),
        ([None, 0.5], "92c0cb3fe0000000000000"),
        ("a" * 32, "d920" + "61" * 32),
        ("a" * 256, "da0100" + "61" * 256),
        ([0] * 16, "dc0010" + "00" * 16),
    ],
)
def test_message_pack_is_that_of_the_specification(value: JsonValue, written: str) -> None:
    """The shortest form of each value."""
    assert encode(value, "application/msgpack").hex() == written
    assert encode(value, "application/vnd.msgpack").hex() == written
