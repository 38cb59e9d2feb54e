"""Reads examples of Specmatic, each in a file of its own.

What is not read makes an example mean something else; it is left out, and that is told.
Source: Specmatic, external examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from locum.behaviour.model import Reply
from locum.behaviour.recordings import Recording, pairs_of
from locum.catalog.recorded_parts import headers_again, written_body
from locum.catalog.recording_sheets import MOCK_SHEET, PARTIAL_SHEET, SPECMATIC_SHEET
from locum.catalog.sheet import read_sheet
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text

__all__ = ["NotUnderstoodError", "read_specmatic"]

#: Values that are worked out: `$(NAME)`, `$rand()`, `$match(...)`.
_WORKED_OUT: Final = re.compile(r"\$\w*\(.*\)")
_OF_REQUESTS: Final = frozenset({"method", "path", "query", "headers", "body"})
_OF_REPLIES: Final = frozenset({"status", "headers", "body", "status-text"})
#: What says that an example counts but for a while.
_PASSING: Final = ("transient", "http-stub-id")
#: What stands beside requests and replies: `id` and `description` say nothing of either.
_OF_EXAMPLES: Final = frozenset(
    {"http-request", "http-response", "partial", "name", "id", "description", "delay-in-milliseconds"}
    | {*_PASSING}
)


class NotUnderstoodError(Exception):
    """An example says something that is not read; the text says what."""


def read_specmatic(content: bytes, path: Path, value: JsonValue) -> Recording:
    """Return the example that the file *path* holds, which is *value* if it is JSON.

    Raises `FixtureError` where it is no example, `NotUnderstoodError` where it says more than is read.
    """
    if isinstance(value, dict) and "partial" in value:
        sheet = read_sheet(content, file=str(path), schema=PARTIAL_SHEET).value
        return replace(_recording(_understood({**sheet, **sheet["partial"]}), path), is_partial=True)
    if isinstance(value, dict) and "mock-http-request" in value:
        sheet = read_sheet(content, file=str(path), schema=MOCK_SHEET).value
        plain = {key.removeprefix("mock-"): each for key, each in sheet.items()}
        return _recording(_understood(plain), path)
    return _recording(_understood(read_sheet(content, file=str(path), schema=SPECMATIC_SHEET).value), path)


def _understood(value: JsonObject) -> JsonObject:
    """Return *value*, if nothing in it would be passed over."""
    passing = [name for name in _PASSING if value.get(name)]
    for name in passing[:1]:
        raise NotUnderstoodError(f"{name} is not read; a recording is given each time")
    for name in (each for each in value if each not in _OF_EXAMPLES):
        raise NotUnderstoodError(f"{name} is not read")
    for part, known in (("http-request", _OF_REQUESTS), ("http-response", _OF_REPLIES)):
        members = value.get(part)
        for name in members if isinstance(members, dict) else ():
            if name not in known:
                raise NotUnderstoodError(f"{name} of {part} is not read")
        for text in _texts(members):
            found = _WORKED_OUT.search(text)
            if found:
                raise NotUnderstoodError(f"{found[0][:40]} in {part} is not worked out")
    return value


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _pairs(part: str, members: JsonObject | None, *, may_repeat: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what is sent by a name; raises `NotUnderstoodError` for a value that no text can be."""
    for name, value in (members or {}).items():
        for each in value if may_repeat and isinstance(value, list) else (value,):
            if isinstance(each, dict | list):
                kind = "a list" if isinstance(each, list) else "an object"
                raise NotUnderstoodError(f"{name} of {part} holds {kind}")
            yield name, write_text(each)


def _headers(part: str, members: JsonObject | None) -> dict[str, str]:
    return {name.lower(): text for name, text in _pairs(part, members)}


def _recording(value: Any, path: Path) -> Recording:  # noqa: ANN401 -- the schema has vouched for its shape
    request, response = value["http-request"], value["http-response"]
    body = response.get("body")
    headers = _headers("http-response", response.get("headers"))
    usual = "" if body is None else "text/plain" if isinstance(body, str) else "application/json"
    media_type = headers.get("content-type", usual)
    written, _, more = request["path"].partition("?")
    query = urlencode([*_pairs("http-request", request.get("query"), may_repeat=True)])
    return Recording(
        name=str(value.get("name") or path.stem),
        method=str(request.get("method", "GET")).upper(),
        path=quote(written, safe="/:@!$&'()*+,;=~-._%"),
        query=pairs_of("&".join(part for part in (more, query) if part)),
        headers=tuple(_headers("http-request", request.get("headers")).items()),
        body=request.get("body"),
        delay_ms=value.get("delay-in-milliseconds", 0),
        reply=Reply(
            status=response["status"],
            body=b"" if body is None else written_body({"body": body}, media_type),
            media_type=media_type,
            headers=headers_again(headers.items()),
        ),
    )
