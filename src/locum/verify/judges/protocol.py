"""Holds every answer to what HTTP and JSON demand of it, whatever the contract says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final

from locum.behaviour.media_ranges import parse_media
from locum.contract.duplicates import has_duplicates
from locum.contract.model import SecurityType
from locum.generation.media import is_json
from locum.verify.bench import Bench
from locum.verify.judges.xml_answers import is_xml, xml_problem
from locum.verify.model import Result
from locum.verify.retrying import retry_after_s
from locum.verify.seen import Seen, Undecoded
from locum.verify.telling import Rule

__all__ = ["protocol"]

SUITE: Final = "protocol"
ANSWER: Final = Rule(id="answer.missing", promise="Every request is answered, and whole", suite=SUITE)
CHALLENGE: Final = Rule(
    id="challenge.missing",
    promise="An answer 401 says in `WWW-Authenticate` how to authenticate",
    suite=SUITE,
    source="RFC 9110, 15.5.2 and 11.6.1",
)
SCHEME: Final = Rule(
    id="challenge.other",
    promise="A challenge names a scheme by which the operation may be called",
    suite=SUITE,
    source="RFC 9110, 11.6.1 and 15.5.2",
)
ALLOW: Final = Rule(
    id="allow.missing",
    promise="An answer 405 says in `Allow` which methods are supported",
    suite=SUITE,
    source="RFC 9110, 15.5.6 and 10.2.1",
)
XML: Final = Rule(
    id="body.not-xml",
    promise="A body that is called XML is XML",
    suite=SUITE,
    source="RFC 7303, 3; XML 1.0, 2.1",
)
JSON: Final = Rule(
    id="body.undecodable", promise="A body that is called JSON is JSON", suite=SUITE, source="RFC 8259, 2"
)
CHARSET: Final = Rule(
    id="body.charset",
    promise="A body that is called JSON is UTF-8, and nothing else is said of it",
    suite=SUITE,
    source="RFC 8259, 8.1",
)
TEXT: Final = Rule(
    id="text.charset",
    promise="A text has the charset that its media type tells",
    suite=SUITE,
    source="RFC 9110, 8.3.2",
)
KEYS: Final = Rule(
    id="body.duplicate-key",
    promise="No object of a body has a member twice",
    suite=SUITE,
    source="RFC 8259, 4",
)
CODING: Final = Rule(
    id="body.coding",
    promise="A body has the content coding that its header tells",
    suite=SUITE,
    source="RFC 9110, 8.4",
)
RETRY: Final = Rule(
    id="retry-after.malformed",
    promise="`Retry-After` is a number of seconds or a date",
    suite=SUITE,
    source="RFC 9110, 10.2.3",
)
DATE: Final = Rule(
    id="date.malformed", promise="`Date` is a date", suite=SUITE, source="RFC 9110, 5.6.7 and 6.6.1"
)
#: Schemes of OpenAPI whose tokens are shown as RFC 6750 has it.
_WORDS: Final = {SecurityType.OAUTH2: "Bearer", SecurityType.OPENID_CONNECT: "Bearer"}
_UTF_8: Final = frozenset({"utf-8", "utf8"})
_ASCII: Final = frozenset({"us-ascii", "ascii"})
_MARK: Final = b"\xef\xbb\xbf"


def protocol(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Judge an answer by what every answer owes."""
    name = seen.operation_id
    if seen.received is None and seen.is_wire:
        return  # who sent it knows whether an answer was owed
    if seen.received is None:
        yield ANSWER.broken(
            name, seen.step, kind=_kind(seen), expected="an answer", received=seen.step.failure
        )
        return
    yield ANSWER.held(name)
    yield from _headers(seen)
    yield from _challenge(bench, seen)
    if seen.content and seen.call.method != "HEAD":
        yield from _content(seen)


def _kind(seen: Seen) -> str:
    return "timeout" if "timed out" in seen.step.failure else "broken"


def _headers(seen: Seen) -> Iterator[Result]:
    name = seen.operation_id
    if seen.status == 401 and not seen.header("www-authenticate").strip():  # noqa: PLR2004 -- RFC 9110 section 15.5.2
        yield CHALLENGE.broken(
            name, seen.step, location="header.www-authenticate", expected="a challenge", received="none"
        )
    if seen.status == 405 and "allow" not in seen.headers:  # noqa: PLR2004 -- RFC 9110 section 15.5.6
        yield ALLOW.broken(
            name, seen.step, location="header.allow", expected="the methods supported", received="no `Allow`"
        )
    told = seen.header("retry-after")
    if told and retry_after_s(told) is None:
        yield RETRY.broken(
            name, seen.step, location="header.retry-after", expected="seconds or a date", received=told[:100]
        )
    date = seen.header("date")
    if date and not _is_date(date):
        yield DATE.broken(name, seen.step, location="header.date", expected="a date", received=date[:100])


def _challenge(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Judge whether who is told to authenticate is told a way that the contract knows."""
    told = seen.header("www-authenticate").strip()
    # An address that is spelled otherwise may be that of another operation.
    known = frozenset[str]() if seen.is_wire else _words(bench, seen)
    if seen.status != 401 or not told or not known:  # noqa: PLR2004 -- RFC 9110 section 15.5.2
        return
    if any(re.search(rf"(?:^|,)\s*{re.escape(word)}(?:\s|,|$)", told, re.IGNORECASE) for word in known):
        yield SCHEME.held(seen.operation_id)
        return
    yield SCHEME.broken(
        seen.operation_id,
        seen.step,
        location="header.www-authenticate",
        expected=" or ".join(sorted(known)),
        received=told[:100],
    )


def _words(bench: Bench, seen: Seen) -> frozenset[str]:
    """Return the words of the schemes of an operation; none where one of them has no word of its own."""
    named = {name for each in (seen.operation.security if seen.operation else ()) for name in each.schemes}
    schemes = [bench.contract.security_schemes.get(name) for name in named]
    words = [_WORDS.get(each.type, each.http_scheme or "") if each else "" for each in schemes]
    return frozenset(words) if all(words) else frozenset()


def _is_date(text: str) -> bool:
    try:
        parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return False
    return True


def _content(seen: Seen) -> Iterator[Result]:
    name = seen.operation_id
    if seen.is_coding_broken:
        coding = seen.header("content-encoding")
        yield CODING.broken(
            name,
            seen.step,
            location="header.content-encoding",
            kind=coding,
            expected=f"a body in {coding}",
            received="bytes that cannot be unpacked",
        )
        return
    if is_json(seen.media_type):
        yield from _json(seen)
    elif is_xml(seen.media_type):
        yield _xml(seen)
    elif seen.media_type.startswith("text/"):
        yield from _text(seen)


def _xml(seen: Seen) -> Result:
    problem = xml_problem(seen.content, parse_media(seen.header("content-type")).parameter("charset"))
    if not problem:
        return XML.held(seen.operation_id)
    return XML.broken(
        seen.operation_id,
        seen.step,
        location=f"{seen.status} body",
        kind="syntax",
        expected="XML",
        received=problem,
    )


def _json(seen: Seen) -> Iterator[Result]:
    name, charset = seen.operation_id, _charset(seen)
    if charset and charset.lower() not in (_UTF_8 if not seen.content.isascii() else _UTF_8 | _ASCII):
        yield CHARSET.broken(
            name,
            seen.step,
            location="header.content-type",
            kind="declared",
            expected="no charset, or utf-8",
            received=charset[:60],
        )
    problem = _encoding_problem(seen.content)
    if problem:
        yield CHARSET.broken(
            name, seen.step, location="body", kind="bytes", expected="UTF-8 without a mark", received=problem
        )
        return
    if isinstance(seen.value, Undecoded):
        yield JSON.broken(
            name,
            seen.step,
            location=f"{seen.status} body",
            kind="syntax",
            expected="JSON",
            received=_syntax_problem(seen.content),
        )
        return
    yield JSON.held(name)
    if has_duplicates(seen.content.decode()):
        yield KEYS.broken(
            name, seen.step, location=f"{seen.status} body", expected="each member once", received="one twice"
        )


def _text(seen: Seen) -> Iterator[Result]:
    charset = _charset(seen)
    if not charset:
        return
    try:
        seen.content.decode(charset)
    except (LookupError, UnicodeDecodeError) as error:
        yield TEXT.broken(
            seen.operation_id, seen.step, location="body", expected=charset[:60], received=str(error)[:120]
        )


def _charset(seen: Seen) -> str:
    return parse_media(seen.header("content-type")).parameter("charset") or ""


def _encoding_problem(content: bytes) -> str:
    if content.startswith(_MARK):
        return "a byte order mark"
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return f"byte 0x{content[error.start]:02x} at {error.start}"
    return ""


def _syntax_problem(content: bytes) -> str:
    try:
        json.loads(content)
    except (ValueError, RecursionError) as error:
        return str(error)[:120]
    return "NaN or Infinity"
