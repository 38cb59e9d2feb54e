"""JSON of a real API without the spaces between its values, as whoever comes from Prism compares it.

Prism reads JSON and writes it anew. Here only spaces go: numbers, escapes, doubled members stay as they were
sent. Where something vouches for the very bytes, they stay too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import orjson

from locum.behaviour import Reply
from locum.generation.media import is_json

__all__ = ["compacted"]

_TEXT_OR_SPACE: Final = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')
#: Headers by which a client may check the bytes, or that say that they are packed.
_VOUCHERS: Final = frozenset(
    {
        "content-digest",
        "content-encoding",
        "content-md5",
        "content-range",
        "digest",
        "repr-digest",
        "signature",
    }
)


def compacted(reply: Reply) -> Reply:
    """Return *reply*, the spaces between the values of its JSON left out.

    >>> compacted(Reply(status=200, body=b'{ "a": [1.0, " b" ] }', media_type="application/json")).body
    b'{"a":[1.0," b"]}'
    """
    if not is_json(reply.media_type) or any(map(_vouches, reply.headers)):
        return reply
    try:
        orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return reply
    return replace(reply, body=_TEXT_OR_SPACE.sub(rb"\1", reply.body))


def _vouches(header: tuple[str, str]) -> bool:
    name, text = header
    return name in _VOUCHERS or (name == "etag" and not text.startswith("W/"))
