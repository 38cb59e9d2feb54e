"""JSON values in binary: CBOR (RFC 8949) and MessagePack, each in its shortest form.

Written here because only writing is needed: request bodies of these types are taken as they come.
"""

from __future__ import annotations

import struct

from locum.contract.model import JsonValue

__all__ = ["to_cbor", "to_msgpack"]

_SMALLEST, _LARGEST = -(2**64), 2**64 - 1
_SMALLEST_SIGNED = -(2**63)


def to_cbor(value: JsonValue) -> bytes:
    """Write *value* as CBOR.

    >>> to_cbor({"a": [1, -500, None, "é"]}).hex()
    'a1616184013901f3f662c3a9'
    """
    if value is None or isinstance(value, bool):
        return b"\xf6" if value is None else b"\xf5" if value else b"\xf4"
    if isinstance(value, int) and _SMALLEST <= value <= _LARGEST:
        return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
    if isinstance(value, int | float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode("utf-8", "replace")
        return _cbor_head(3, len(text)) + text
    if isinstance(value, list):
        return _cbor_head(4, len(value)) + b"".join(map(to_cbor, value))
    return _cbor_head(5, len(value)) + b"".join(to_cbor(key) + to_cbor(each) for key, each in value.items())


def _cbor_head(major: int, number: int) -> bytes:
    """Return type and length, or type and number (RFC 8949, 3)."""
    if number < 24:  # noqa: PLR2004 -- of the specification
        return bytes([major << 5 | number])
    width = 0 if number < 2**8 else 1 if number < 2**16 else 2 if number < 2**32 else 3
    return bytes([major << 5 | 24 + width]) + number.to_bytes(1 << width, "big")


def to_msgpack(value: JsonValue) -> bytes:
    """Write *value* as MessagePack.

    >>> to_msgpack({"a": [1, -5, None, "é"]}).hex()
    '81a1619401fbc0a2c3a9'
    """
    if value is None or isinstance(value, bool):
        return b"\xc0" if value is None else b"\xc3" if value else b"\xc2"
    if isinstance(value, int) and _SMALLEST_SIGNED <= value <= _LARGEST:
        return _msgpack_integer(value)
    if isinstance(value, int | float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode("utf-8", "replace")
        return _msgpack_head(len(text), (0xA0, 32), (0xD9, 0xDA, 0xDB)) + text
    if isinstance(value, list):
        return _msgpack_head(len(value), (0x90, 16), (0xDC, 0xDC, 0xDD)) + b"".join(map(to_msgpack, value))
    head = _msgpack_head(len(value), (0x80, 16), (0xDE, 0xDE, 0xDF))
    return head + b"".join(to_msgpack(key) + to_msgpack(each) for key, each in value.items())


def _msgpack_integer(value: int) -> bytes:
    if -32 <= value < 2**7:  # noqa: PLR2004 -- of the specification
        return struct.pack("b", value)
    signs = (
        (("b", 0xD0), ("h", 0xD1), ("i", 0xD2), ("q", 0xD3))
        if value < 0
        else (("B", 0xCC), ("H", 0xCD), ("I", 0xCE), ("Q", 0xCF))
    )
    for form, code in signs:
        bits = 8 * struct.calcsize(form)
        if (-(2 ** (bits - 1)) <= value) if value < 0 else value < 2**bits:
            return bytes([code]) + struct.pack(f">{form}", value)
    return b""


def _msgpack_head(length: int, small: tuple[int, int], codes: tuple[int, int, int]) -> bytes:
    """Return the head of a text, list or map; only texts have one with a single byte of length."""
    first, most = small
    if length < most:
        return bytes([first | length])
    if length < 2**8 and codes[0] != codes[1]:
        return bytes([codes[0], length])
    if length < 2**16:
        return bytes([codes[1]]) + length.to_bytes(2, "big")
    return bytes([codes[2]]) + length.to_bytes(4, "big")
