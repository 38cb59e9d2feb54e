"""Reads XML answers into values, by the schema they are declared with, so that they are judged as JSON is.

XML has no empty array and no types of its own: what a reader has to guess at is not held against a server.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final
from xml.parsers import expat

from locum.behaviour.body_errors import BodyError
from locum.behaviour.media_ranges import MediaRange, parse_media
from locum.behaviour.xml_bodies import compile_xml
from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonValue, MediaType, Schema, Violation
from locum.errors import ContractError
from locum.generation.media import is_json
from locum.verify.seen import UNDECODED, Seen, Undecoded

__all__ = ["is_xml", "kept", "value_of", "xml_problem"]

_ENDINGS: Final = ("/xml", "+xml")
#: Marks of byte order, which say how a text is encoded.
_MARKS: Final = (BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE)


def value_of(seen: Seen, media: MediaType) -> JsonValue | Undecoded:
    """Return what a body says that is declared as JSON or XML; `UNDECODED` where it is neither."""
    declared = media.name if "*" not in media.name else seen.media_type
    if media.schema is None:
        return UNDECODED
    if is_json(declared):
        return seen.value
    if not is_xml(declared):
        return UNDECODED
    try:
        read = _reader(media.schema)  # type: ignore[arg-type]  # schemas are compared by identity
        return read(seen.content, parse_media(seen.header("content-type")))
    except (BodyError, ContractError):
        return UNDECODED


@lru_cache(maxsize=64)
def _reader(schema: Schema) -> Callable[[bytes, MediaRange], JsonValue]:
    return compile_xml(schema.bundle())


def kept(found: Iterable[Violation], seen: Seen, media: MediaType) -> tuple[Violation, ...]:
    """Return the violations that are the server's, and not the reader's of XML."""
    has_guesses = is_xml(seen.media_type)
    return tuple(each for each in found if not (has_guesses and _is_guessed(each, media)))


def is_xml(media_type: str) -> bool:
    """Tell whether a media type is XML (RFC 7303)."""
    return media_type.partition(";")[0].strip().lower().endswith(_ENDINGS)


def xml_problem(content: bytes, charset: str | None = None) -> str:
    """Return why *content* is no XML, `""` where it is; nothing behind a document type is looked at.

    The *charset* of `Content-Type` stands before what the content says, but for its mark (RFC 7303, 3.3).

    >>> xml_problem(b"<a><b/></a>"), xml_problem(b"<a><b></a>")
    ('', 'mismatched tag, line 1')
    """

    def stop(*_: object) -> None:
        raise _UnreadError  # entities may be declared there, and are not expanded here

    parser = expat.ParserCreate(None if content.startswith(_MARKS) else charset)
    parser.StartDoctypeDeclHandler = stop
    try:
        parser.Parse(content, True)  # noqa: FBT003 -- expat takes it by position
    except expat.ExpatError as error:
        return f"{expat.ErrorString(error.code)}, line {error.lineno}"
    except (_UnreadError, ValueError, LookupError):
        return ""
    return ""


class _UnreadError(Exception):
    """The rest of a document is not looked at."""


def _is_guessed(violation: Violation, media: MediaType) -> bool:
    """Tell whether a violation may be the reader's: a list that is empty leaves no element behind."""
    if violation.keyword != "required" or media.schema is None:
        return False
    steps = violation.location[2:] if violation.location[:2] == ("response", "body") else violation.location
    shape = shape_of(media.schema.bundle())
    return any("array" in _at(shape, steps[:end]).types for end in (len(steps), len(steps) - 1) if end >= 0)


def _at(shape: Shape, steps: tuple[str | int, ...]) -> Shape:
    for step in steps:
        shape = shape.item() if isinstance(step, int) else shape.member(step)
    return shape
