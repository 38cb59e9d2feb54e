"""Bodies that are spoilt on purpose."""

from __future__ import annotations

import gzip

import orjson
import pytest

from locum.behaviour import Reply
from locum.behaviour.faults import Spoil
from locum.behaviour.spoiling import OVERSIZE, spoil

REPLY = Reply(status=200, body=b'{"total":12,"name":"Ada"}', media_type="application/json")


@pytest.mark.parametrize(
    ("how", "body"),
    [
        (Spoil.CUT_TEXT, b'{"total":12,"name":"Ad'),
        (Spoil.TRAILING_COMMA, b'{"total":12,"name":"Ada",}'),
        (Spoil.NAN, b'{"total":NaN,"name":"Ada"}'),
        (Spoil.COMMENT, b'{ // Response\n"total":12,"name":"Ada"}'),
        (Spoil.BYTE_ORDER_MARK, b'\xef\xbb\xbf{"total":12,"name":"Ada"}'),
        (Spoil.LATIN_1, b'{"total":12,"name":"\xe9Ada"}'),
        (Spoil.EMPTY, b""),
        (Spoil.ARRAY, b'[{"total":12,"name":"Ada"}]'),
    ],
)
def test_a_body_is_spoilt_in_this_very_way(how: Spoil, body: bytes) -> None:
    """The bytes of each kind are known."""
    assert spoil(REPLY, [how]).body == body


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"", b"3", b'"x"', b'{"a":"\\""}', b"[1,[2]]"])
@pytest.mark.parametrize(
    "how", [Spoil.CUT_TEXT, Spoil.TRAILING_COMMA, Spoil.NAN, Spoil.COMMENT, Spoil.LATIN_1]
)
def test_garbled_json_is_never_json(how: Spoil, body: bytes) -> None:
    """Whatever the body was, no parser that keeps to RFC 8259 reads what comes out."""
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(spoil(Reply(status=200, body=body, media_type="application/json"), [how]).body)


def test_nan_takes_the_place_of_a_number_and_of_no_digit_in_a_text() -> None:
    """Texts may look like lists of numbers."""
    body = b'{"note":"1,2,3","key:":"\\"4","count":[5]}'

    made = spoil(Reply(status=200, body=body), [Spoil.NAN])

    assert made.body == b'{"note":"1,2,3","key:":"\\"4","count":[NaN]}'


def test_a_page_of_html_says_its_status() -> None:
    """What a proxy says in the place of the API is HTML, and says so."""
    made = spoil(Reply(status=502), [Spoil.HTML_PAGE])

    assert made.media_type == "text/html; charset=utf-8"
    assert b"<title>502</title>" in made.body


def test_broken_gzip_cannot_be_unpacked() -> None:
    """It starts as gzip does, and its checksum is wrong."""
    made = spoil(REPLY, [Spoil.BROKEN_GZIP])

    assert made.headers == (("content-encoding", "gzip"),)
    with pytest.raises((OSError, EOFError)):
        gzip.decompress(made.body)


def test_an_unknown_coding_is_said_and_plain_text_too() -> None:
    """Headers can be wrong while the bytes are as they were."""
    assert spoil(REPLY, [Spoil.UNKNOWN_CODING]).headers == (("content-encoding", "x-unknown"),)
    assert spoil(REPLY, [Spoil.PLAIN_TEXT]).media_type == "text/plain; charset=utf-8"


def test_an_oversized_body_still_says_the_same() -> None:
    """White space behind the value makes it large, and a patient parser reads it."""
    made = spoil(REPLY, [Spoil.OVERSIZED])

    assert len(made.body) == OVERSIZE
    assert orjson.loads(made.body) == {"total": 12, "name": "Ada"}
