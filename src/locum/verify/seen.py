"""An exchange as suites and judges read it: the call, who sent it, and the answer taken apart."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Final

import orjson

from locum.behaviour.calls import Call
from locum.contract.model import JsonValue, Operation
from locum.verify.model import Received, Step

__all__ = ["GONE", "UNDECODED", "Seen", "Undecoded", "absences_of"]

#: Bytes of one decoded body.
_MOST: Final = 64 * 1024 * 1024
#: What says that nothing is there (RFC 9110, 15.5.5 and 15.5.11).
GONE: Final = frozenset({404, 410})
_FAULTED: Final = frozenset({400, 405, 406, 411, 413, 414, 415, 422, 431})
_BESIDE_THE_POINT: Final = frozenset({401, 405, 406, 407, 411})


class Undecoded:
    """Stands for a body that is no JSON."""


UNDECODED: Final = Undecoded()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came of one call.

    *operation* is `None` where the request belongs to none, or deliberately not to one. *identity* is the id
    of the credential sent, `""` for none, `None` for the one that opens. *suite* names who sent it.
    *is_wire* is set where the bytes sent were chosen one by one, so that nothing is promised of the answer
    but that there is one; *is_wrong* where the contract says that the call is to be refused.
    """

    call: Call
    step: Step
    operation: Operation | None = None
    identity: str | None = None
    suite: str = ""
    is_wire: bool = False
    is_wrong: bool = False

    @property
    def operation_id(self) -> str:
        """The id of the operation, `""` for none."""
        return self.operation.operation_id if self.operation is not None else ""

    @property
    def received(self) -> Received | None:
        """The answer, `None` where none came."""
        return self.step.received

    @property
    def status(self) -> int:
        """The status, 0 where no answer came."""
        return self.step.received.status if self.step.received is not None else 0

    @property
    def is_success(self) -> bool:
        """Whether the answer is a success (RFC 9110, 15.3)."""
        return 200 <= self.status < 300  # noqa: PLR2004 -- RFC 9110 section 15.3

    @property
    def is_postponed(self) -> bool:
        """Whether it was accepted, to be done later (RFC 9110, 15.3.3)."""
        return self.status == HTTPStatus.ACCEPTED

    @property
    def is_refusal(self) -> bool:
        """Whether the client is told that it is at fault (RFC 9110, 15.5)."""
        return 400 <= self.status < 500  # noqa: PLR2004 -- RFC 9110 section 15.5

    @property
    def is_gone(self) -> bool:
        """Whether it says that nothing is there."""
        return self.status in GONE

    @property
    def blames_call(self) -> bool:
        """Whether it says that the call itself was wrong; what is not there, or not allowed, may well be."""
        return self.status in _FAULTED

    @property
    def is_beside_the_point(self) -> bool:
        """Whether it says something of the caller or the method, of which nothing was changed."""
        return self.status in _BESIDE_THE_POINT

    @property
    def is_looked_at(self) -> bool:
        """Whether the server looked at the call and answered; if not, the answer says nothing about it."""
        return self.received is not None and not self.is_busy

    @property
    def is_busy(self) -> bool:
        """Whether the server would not look at the call now: it then says nothing about what was asked."""
        return self.status in {429, 503}

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers of the answer by name in lower case, several joined by a comma (RFC 9110, 5.3)."""
        joined: dict[str, str] = {}
        for name, text in self.step.received.headers if self.step.received is not None else ():
            key = name.lower()
            joined[key] = f"{joined[key]}, {text}" if key in joined else text
        return joined

    def header(self, name: str) -> str:
        """Return a header of the answer, `""` where it is missing."""
        return self.headers.get(name.lower(), "")

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in lower case, `""` where none is told."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @cached_property
    def content(self) -> bytes:
        """The body without its content coding; as it came where that cannot be undone."""
        body = self.step.received.body if self.step.received is not None else b""
        try:
            return _decoded(body, self.header("content-encoding").strip().lower())
        except (OSError, EOFError, zlib.error):
            return body

    @cached_property
    def is_coding_broken(self) -> bool:
        """Whether the body is not what its content coding says (RFC 9110, 8.4)."""
        body = self.step.received.body if self.step.received is not None else b""
        try:
            _decoded(body, self.header("content-encoding").strip().lower())
        except (OSError, EOFError, zlib.error):
            return True
        return False

    @cached_property
    def value(self) -> JsonValue | Undecoded:
        """The body as JSON, whatever its media type; `UNDECODED` where it is none."""
        try:
            found: JsonValue = orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return _patient(self.content)
        return found


def _patient(content: bytes) -> JsonValue | Undecoded:
    """Return JSON that only a patient reader reads: numbers beyond 64 bits, lone surrogates."""
    try:
        found: JsonValue = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return UNDECODED
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)


def _decoded(body: bytes, coding: str) -> bytes:
    if not body or coding in {"", "identity"}:
        return body
    if coding in {"gzip", "x-gzip"}:
        return gzip.decompress(body)
    if coding == "deflate":
        return zlib.decompressobj().decompress(body, _MOST)
    return body


def absences_of(operation: Operation) -> tuple[str, ...]:
    """Return the statuses by which *operation* is declared to say that something is not there.

    What is declared for any other status, or for all that begin alike, speaks of no absence.
    """
    return tuple(sorted(each.status for each in operation.responses if each.status in map(str, GONE)))
