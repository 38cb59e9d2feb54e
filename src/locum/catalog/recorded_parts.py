"""The parts of recorded replies that all formats share: bodies, and headers that may be said again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from locum.behaviour.redaction import REDACTED
from locum.generation.media import is_json

__all__ = ["headers_again", "written_body"]

#: Said anew each time, or untrue the second time.
_LEFT_OUT: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"}
    | {"date", "trailer", "upgrade", "te", "proxy-authenticate", "server-timing"}
)
_CORS: Final = "access-control-"


def headers_again(
    pairs: Iterable[tuple[str, str]], *, is_packed: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return the headers of a reply that are as true the second time."""
    left_out = _LEFT_OUT - {"content-encoding"} if is_packed else _LEFT_OUT
    return tuple(
        (name.lower(), text)
        for name, text in pairs
        if name.lower() not in left_out and not name.lower().startswith(_CORS) and REDACTED not in text
    )


def written_body(reply: Mapping[str, Any], media_type: str) -> bytes:
    """Return the body of a reply that is written as a value, or as text of another kind."""
    if "body" not in reply:
        return b""
    body = reply["body"]
    if isinstance(body, str) and not is_json(media_type):
        return body.encode()
    return orjson.dumps(body)
