"""Spoils bodies: each way is a pure function from a reply to a reply.

Sources: RFC 8259 (what JSON does not allow), RFC 1952 (gzip), RFC 9110, 8.4 (codings).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from locum.behaviour.faults import Spoil
from locum.behaviour.model import Reply

__all__ = ["OVERSIZE", "spoil"]

#: Bytes that an oversized body has at least.
OVERSIZE: Final = 4 * 1024 * 1024
_PAGE: Final = (
    b"<!DOCTYPE html>\n<html><head><title>%d</title></head>"
    b"<body><center><h1>%d</h1></center><hr><center>proxy</center></body></html>\n"
)
#: A text, or a number outside of all texts.
_TEXT_OR_NUMBER: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)')
_LAST_TEXT: Final = re.compile(rb'"[^"\\]+"(?=[^"]*\Z)')
_FIRST_TEXT: Final = re.compile(rb'(?<=:)\s*"')


def spoil(reply: Reply, spoils: Iterable[Spoil]) -> Reply:
    """Return *reply* with every one of *spoils* done to it, in their order."""
    for each in spoils:
        reply = _SPOILT[each](reply)
    return reply


def _cut_text(reply: Reply) -> Reply:
    """End the body within its last string; a body that has none ends before its last byte."""
    found = _LAST_TEXT.search(reply.body)
    if found:
        return replace(reply, body=reply.body[: found.end() - 2])
    is_nested = reply.body[:1] in {b"{", b"["}
    return replace(reply, body=reply.body[:-1] if is_nested else b'"' + reply.body)


def _trailing_comma(reply: Reply) -> Reply:
    body = reply.body.rstrip()
    if body[-1:] not in {b"}", b"]"}:
        return replace(reply, body=body + b",")
    return replace(reply, body=body[:-1] + b"," + body[-1:])


def _nan(reply: Reply) -> Reply:
    """Put the word that JavaScript and Python know, and JSON does not, in the place of the first number."""
    found = next((each for each in _TEXT_OR_NUMBER.finditer(reply.body) if each[1]), None)
    if found is None:
        return replace(reply, body=b"NaN")
    return replace(reply, body=reply.body[: found.start()] + b"NaN" + reply.body[found.end() :])


def _comment(reply: Reply) -> Reply:
    return replace(reply, body=reply.body[:1] + b" // Response\n" + reply.body[1:])


def _byte_order_mark(reply: Reply) -> Reply:
    return replace(reply, body=b"\xef\xbb\xbf" + reply.body)


def _latin_1(reply: Reply) -> Reply:
    """Put a letter into the first text that is no UTF-8."""
    found = _FIRST_TEXT.search(reply.body)
    end = found.end() if found else 0
    return replace(reply, body=reply.body[:end] + b"\xe9" + reply.body[end:])


def _html_page(reply: Reply) -> Reply:
    return replace(reply, body=_PAGE % (reply.status, reply.status), media_type="text/html; charset=utf-8")


def _plain_text(reply: Reply) -> Reply:
    return replace(reply, media_type="text/plain; charset=utf-8")


def _empty(reply: Reply) -> Reply:
    return replace(reply, body=b"")


def _array(reply: Reply) -> Reply:
    return replace(reply, body=b"[" + reply.body + b"]")


def _broken_gzip(reply: Reply) -> Reply:
    """Compress, and let the checksum and the length at the end be wrong."""
    packed = gzip.compress(reply.body, mtime=0)
    return _coded(replace(reply, body=packed[:-8] + b"\x00\x01\x02\x03\xff\xff\xff\xff"), "gzip")


def _unknown_coding(reply: Reply) -> Reply:
    return _coded(reply, "x-unknown")


def _coded(reply: Reply, coding: str) -> Reply:
    return replace(reply, headers=(*reply.headers, ("content-encoding", coding)))


def _oversized(reply: Reply) -> Reply:
    """Pad the body with white space, which JSON allows behind a value (RFC 8259, 2)."""
    return replace(reply, body=reply.body + b" " * max(OVERSIZE - len(reply.body), 0))


_SPOILT: Final[Mapping[Spoil, Callable[[Reply], Reply]]] = {
    Spoil.CUT_TEXT: _cut_text,
    Spoil.TRAILING_COMMA: _trailing_comma,
    Spoil.NAN: _nan,
    Spoil.COMMENT: _comment,
    Spoil.BYTE_ORDER_MARK: _byte_order_mark,
    Spoil.LATIN_1: _latin_1,
    Spoil.HTML_PAGE: _html_page,
    Spoil.PLAIN_TEXT: _plain_text,
    Spoil.EMPTY: _empty,
    Spoil.ARRAY: _array,
    Spoil.BROKEN_GZIP: _broken_gzip,
    Spoil.UNKNOWN_CODING: _unknown_coding,
    Spoil.OVERSIZED: _oversized,
}
