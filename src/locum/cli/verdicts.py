"""Judges whether what came back is what a scenario promises: status, headers, body, or the fault itself."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Final

import orjson

from locum.behaviour.degrading import usable_schema
from locum.behaviour.edits import edit
from locum.behaviour.faults import Cut, Ending, Fault, Spoil
from locum.behaviour.media_ranges import parse_media
from locum.behaviour.scenarios import Force, Scenario
from locum.behaviour.spoiling import OVERSIZE
from locum.contract.model import JsonValue, Operation
from locum.generation.media import is_json
from locum.verify.wire import Ended, Observed

__all__ = ["judge_fault", "judge_reply"]

#: Scheduling and rounding to whole seconds, in both directions.
_SLACK_S: Final = 0.05
_DATE_SLACK_S: Final = 3.0
_BODILESS: Final = frozenset({204, 304})


def judge_reply(observed: Observed, status: int | None, operation: Operation | None) -> Iterator[str]:
    """Yield what is wrong with a reply that shall have *status* and keep to what *operation* declares."""
    if observed.status != status:
        yield f"status {observed.status} came instead of {status}"
        return
    declared = operation.response_for(status) if operation is not None and status is not None else None
    if declared is None or status in _BODILESS:
        return
    yield from (
        f"the header {each.name} is missing"
        for each in declared.headers
        if each.required and each.name.lower() not in observed.headers
    )
    sent = observed.headers.get("content-type", "")
    if not declared.content or not sent:
        return
    wanted = parse_media(sent).name
    media = next((each for each in declared.content if parse_media(each.name).name == wanted), None)
    if media is None:
        yield f"{wanted} is not declared for {status}"
    elif (schema := usable_schema(media.schema)) is not None and is_json(sent):
        try:
            value: JsonValue = orjson.loads(observed.body)
        except orjson.JSONDecodeError as error:
            yield f"the body is no JSON: {error}"
            return
        if not schema.is_valid(value):
            wrong = schema.violations(value, "response", "body")
            yield f"the body breaks its schema: {wrong[0].message if wrong else ''}"


def judge_fault(scenario: Scenario, observed: Observed, usual: Observed, *, is_same: bool) -> Iterator[str]:
    """Yield what was meant to be wrong with a reply and is not.

    *usual* is the reply to the same request without the scenario, *is_same* that it is known to be equal.
    """
    force = scenario.force or Force()
    fault = force.fault or Fault()
    for name, text in force.headers.items():
        yield from _header(name, text, observed)
    if force.edits and is_same:
        yield from _edits(force, observed, usual)
    yield from _timing(fault, observed)
    yield from _framing(fault, observed, len(usual.body))
    for name, offset_s in fault.dated.items():
        yield from _dated(name, offset_s, observed)
    for each in fault.spoils:
        told = _SPOILT[each](observed)
        if told:
            yield told


def _header(name: str, text: str, observed: Observed) -> Iterator[str]:
    sent = observed.headers.get(name.lower())
    if not text and sent is not None:
        yield f"the header {name} is there"
    elif text and (sent is None or ("{" not in text and sent != text)):
        yield f"the header {name} is {sent!r} instead of {text!r}"


def _edits(force: Force, observed: Observed, usual: Observed) -> Iterator[str]:
    try:
        before, after = orjson.loads(usual.body), orjson.loads(observed.body)
    except orjson.JSONDecodeError:
        yield "the body is no JSON"
        return
    if after == before:
        yield "the body has not drifted"
    elif after != edit(before, force.edits):
        yield "the body has drifted in another way"


def _timing(fault: Fault, observed: Observed) -> Iterator[str]:
    if fault.delay is not None:
        least = fault.delay.median_ms if fault.delay.distribution == "fixed" else fault.delay.lower_ms
        if observed.first_s < least / 1000 - _SLACK_S:
            yield f"the first byte came after {observed.first_s:.2f} s"
    rate = fault.head_bytes_per_s or fault.body_bytes_per_s
    if rate:
        dripped = len(observed.content if fault.head_bytes_per_s else observed.raw_body)
        lasted = observed.took_s - observed.first_s
        # The first slice of a tenth of a second comes at once.
        if dripped > rate * (lasted + 0.1) * 1.5 + 1:
            yield f"{dripped} bytes came in {lasted:.2f} s"


def _framing(fault: Fault, observed: Observed, size: int) -> Iterator[str]:
    announced = int(observed.headers.get("content-length", "0"))
    got = len(observed.raw_body)
    if fault.cut is Cut.BEFORE_STATUS and observed.content:
        yield f"{len(observed.content)} bytes came"
    if fault.cut is Cut.AFTER_HEAD and (not observed.head or got or not announced):
        yield f"{got} of {announced} bytes came behind the head"
    if fault.cut is Cut.IN_BODY and not 0 < got < announced:
        yield f"{got} of {announced} bytes came"
    if fault.cut and observed.ended != ("reset" if fault.ending is Ending.RESET else "closed"):
        yield f"the connection was {observed.ended}"
    if fault.length_error and announced - got != fault.length_error:
        yield f"Content-Length says {announced}, and {got} bytes came of {size}"
    if fault.chunked and observed.headers.get("transfer-encoding") != "chunked":
        yield "the body is not chunked"
    if fault.chunked and not fault.last_chunk and observed.raw_body.endswith(b"\r\n0\r\n\r\n"):
        yield "the last chunk came"
    if fault.length_error and observed.ended is not Ended.CLOSED:
        yield f"the connection was {observed.ended}"


def _dated(name: str, offset_s: int, observed: Observed) -> Iterator[str]:
    try:
        at = parsedate_to_datetime(observed.headers.get(name, "")).timestamp()
        now = parsedate_to_datetime(observed.headers["date"]).timestamp()
    except (ValueError, KeyError):
        yield f"the header {name} is no HTTP-date"
        return
    # The date itself is compared with the clock of this machine.
    off = at - now - offset_s if name != "date" else at - observed.at_s - offset_s
    if abs(off) > _DATE_SLACK_S:
        yield f"the header {name} is off by {off:.0f} s"


def _is_no_json(observed: Observed) -> str:
    try:
        orjson.loads(observed.body)
    except orjson.JSONDecodeError:
        return ""
    return "the body is JSON"


def _starts_with_mark(observed: Observed) -> str:
    return "" if observed.body.startswith(b"\xef\xbb\xbf") else "there is no byte order mark"


def _is_no_utf_8(observed: Observed) -> str:
    try:
        observed.body.decode()
    except UnicodeDecodeError:
        return ""
    return "the body is UTF-8"


def _has_type(media_type: str) -> Callable[[Observed], str]:
    def judge(observed: Observed) -> str:
        sent = observed.headers.get("content-type", "")
        return "" if sent.startswith(media_type) else f"the media type is {sent}"

    return judge


def _is_array(observed: Observed) -> str:
    return "" if observed.body.startswith(b"[") else "the body is no array"


def _is_empty(observed: Observed) -> str:
    return f"{len(observed.body)} bytes came" if observed.body else ""


def _is_broken_gzip(observed: Observed) -> str:
    if observed.headers.get("content-encoding") != "gzip":
        return "the coding is not gzip"
    try:
        gzip.decompress(observed.body)
    except (OSError, EOFError, zlib.error):
        return ""
    return "the body can be unpacked"


def _is_unknown_coding(observed: Observed) -> str:
    return "" if observed.headers.get("content-encoding") == "x-unknown" else "the coding is known"


def _is_oversized(observed: Observed) -> str:
    return "" if len(observed.body) >= OVERSIZE else f"{len(observed.body)} bytes came"


_SPOILT: Final[Mapping[Spoil, Callable[[Observed], str]]] = {
    Spoil.CUT_TEXT: _is_no_json,
    Spoil.TRAILING_COMMA: _is_no_json,
    Spoil.NAN: _is_no_json,
    Spoil.COMMENT: _is_no_json,
    Spoil.BYTE_ORDER_MARK: _starts_with_mark,
    Spoil.LATIN_1: _is_no_utf_8,
    Spoil.HTML_PAGE: _has_type("text/html"),
    Spoil.PLAIN_TEXT: _has_type("text/plain"),
    Spoil.EMPTY: _is_empty,
    Spoil.ARRAY: _is_array,
    Spoil.BROKEN_GZIP: _is_broken_gzip,
    Spoil.UNKNOWN_CODING: _is_unknown_coding,
    Spoil.OVERSIZED: _is_oversized,
}
