"""Reads recordings: HTTP Archives, our own `recordings.yaml`, folders of examples as Specmatic has them.

Sources: HAR 1.2 (Odvarko, 2011); Specmatic, external examples.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import orjson

from locum.behaviour.model import Reply
from locum.behaviour.recordings import Recording, pairs_of
from locum.behaviour.redaction import REDACTED
from locum.catalog.recording_sheets import HAR_SHEET, MOCK_SHEET, OWN_SHEET, PARTIAL_SHEET, SPECMATIC_SHEET
from locum.catalog.sheet import read_sheet
from locum.contract.model import JsonValue
from locum.errors import Diagnostic, FixtureError, Severity, UnreachableError, Where

__all__ = ["read_recordings"]

#: Said anew each time, or untrue the second time.
_LEFT_OUT: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"}
    | {"date", "trailer", "upgrade", "te", "proxy-authenticate", "server-timing"}
)
_STATUSES: Final = range(200, 600)
#: What no header may hold, since it would end it.
_BREAKING: Final = re.compile(r"[\r\n\0]")
_CORS: Final = "access-control-"


def read_recordings(
    path: Path, read: Callable[[str], bytes], notice: Callable[[Diagnostic], None]
) -> Iterator[Recording]:
    """Yield the recordings of a file, or of all files of a folder in the order of their names.

    *read* gives what a file holds; *notice* is told of each reply that cannot be sent, which is left out.
    Raises `UnreachableError` where there is no file, `FixtureError` with every fault of one that is no
    recording.
    """
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            if each.suffix in _READERS and each.is_file():
                yield from _sendable(_read(each, read), each, notice)
        return
    yield from _sendable(_read(path, read), path, notice)


def _sendable(
    found: Iterable[Recording], path: Path, notice: Callable[[Diagnostic], None]
) -> Iterator[Recording]:
    for each in found:
        fault = _unsendable(each.reply)
        if fault:
            notice(
                Diagnostic(
                    code="recordings.unsendable",
                    message=f"{each.name} ({each.method} {each.path}) is left out: {fault}",
                    where=Where(file=str(path)),
                    hint="mend the reply, or take it out of the recording",
                    severity=Severity.WARNING,
                )
            )
        else:
            yield each


def _unsendable(reply: Reply) -> str:
    """Return why *reply* is no answer that HTTP knows, or nothing (RFC 9110, 5.5 and 15)."""
    if reply.status not in _STATUSES:
        return f"its status is {reply.status}; expected 200 to 599"
    headers = (("content-type", reply.media_type), *reply.headers)
    name = next((name for name, text in headers if _BREAKING.search(text)), None)
    return f"its header {name!r} holds a line break or a zero" if name else ""


def _read(path: Path, read: Callable[[str], bytes]) -> Iterator[Recording]:
    try:
        content = read(str(path))
    except OSError as error:
        raise UnreachableError(
            Diagnostic(
                code="recordings.unreadable",
                message=f"the recording cannot be read: {error.strerror or error}",
                where=Where(file=str(path)),
            )
        ) from error
    reader = _READERS.get(path.suffix)
    if reader is None:
        known = ", ".join(_READERS)
        fault = Diagnostic(
            code="recordings.unknown-kind",
            message=f"nothing is known of {path.suffix or 'files without a suffix'}",
            where=Where(file=str(path)),
            hint=f"recordings end in one of: {known}",
        )
        raise FixtureError(fault)
    yield from reader(content, path)


def _har(content: bytes, path: Path) -> Iterator[Recording]:
    log = read_sheet(content, file=str(path), schema=HAR_SHEET).value["log"]
    for number, entry in enumerate(log["entries"], 1):
        status = entry["response"]["status"]
        if status >= _STATUSES.start:  # 0 is HAR's way to say that no answer came
            yield _har_entry(entry, number)


def _har_entry(entry: Any, number: int) -> Recording:  # noqa: ANN401 -- the schema has vouched for its shape
    request, response = entry["request"], entry["response"]
    parts = urlsplit(request["url"])
    content = response.get("content") or {}
    is_packed = content.get("comment") == "packed"
    sent = request.get("postData") or {}
    return Recording(
        name=str(entry.get("_name") or f"recorded-{number}"),
        method=request["method"].upper(),
        path=str(entry.get("_path") or parts.path or "/"),
        query=pairs_of(parts.query),
        body=_decoded(str(sent.get("text", "")), str(sent.get("mimeType", ""))) if sent.get("text") else None,
        reply=Reply(
            status=response["status"],
            body=_har_body(content),
            media_type=str(content.get("mimeType") or ""),
            headers=_headers(
                ((each["name"], each["value"]) for each in response.get("headers") or ()), is_packed=is_packed
            ),
        ),
    )


def _har_body(content: Mapping[str, Any]) -> bytes:
    text = str(content.get("text") or "")
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "replace")
    return _unbased(text)


def _unbased(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def _own(content: bytes, path: Path) -> Iterator[Recording]:
    for number, each in enumerate(
        read_sheet(content, file=str(path), schema=OWN_SHEET).value["recordings"], 1
    ):
        request, reply = each["request"], each["reply"]
        media_type = reply.get("media_type", "application/json" if "body" in reply else "")
        yield Recording(
            name=each.get("name") or f"recorded-{number}",
            method=request["method"].upper(),
            path=request["path"],
            query=pairs_of(request.get("query", "")),
            body=request.get("body"),
            reply=Reply(
                status=reply["status"],
                body=_unbased(reply["base64"]) if "base64" in reply else _written(reply, media_type),
                media_type=media_type,
                headers=_headers(reply.get("headers", {}).items()),
            ),
        )


def _written(reply: Mapping[str, Any], media_type: str) -> bytes:
    if "body" not in reply:
        return b""
    body = reply["body"]
    if isinstance(body, str) and not _is_json(media_type):
        return body.encode()
    return orjson.dumps(body)


def _json(content: bytes, path: Path) -> Iterator[Recording]:
    """Read one example of Specmatic; other files of JSON are archives or recordings of ours."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict) and "log" in value:
        yield from _har(content, path)
    elif isinstance(value, dict) and "recordings" in value:
        yield from _own(content, path)
    elif isinstance(value, dict) and "partial" in value:
        sheet = read_sheet(content, file=str(path), schema=PARTIAL_SHEET).value
        yield replace(_specmatic({**sheet, **sheet["partial"]}, path), is_partial=True)
    elif isinstance(value, dict) and "mock-http-request" in value:
        sheet = read_sheet(content, file=str(path), schema=MOCK_SHEET).value
        yield _specmatic({key.removeprefix("mock-"): each for key, each in sheet.items()}, path)
    else:
        yield _specmatic(read_sheet(content, file=str(path), schema=SPECMATIC_SHEET).value, path)


def _specmatic(value: Any, path: Path) -> Recording:  # noqa: ANN401 -- the schema has vouched for its shape
    request, response = value["http-request"], value["http-response"]
    body = response.get("body")
    headers = {name.lower(): str(text) for name, text in (response.get("headers") or {}).items()}
    usual = "" if body is None else "text/plain" if isinstance(body, str) else "application/json"
    media_type = headers.get("content-type", usual)
    written, _, more = request["path"].partition("?")
    query = urlencode({name: str(text) for name, text in (request.get("query") or {}).items()})
    return Recording(
        name=str(value.get("name") or path.stem),
        method=str(request.get("method", "GET")).upper(),
        path=quote(written, safe="/:@!$&'()*+,;=~-._%"),
        query=pairs_of("&".join(part for part in (more, query) if part)),
        body=request.get("body"),
        reply=Reply(
            status=response["status"],
            body=b"" if body is None else _written({"body": body}, media_type),
            media_type=media_type,
            headers=_headers(headers.items()),
        ),
    )


def _headers(pairs: Iterable[tuple[str, str]], *, is_packed: bool = False) -> tuple[tuple[str, str], ...]:
    left_out = _LEFT_OUT - {"content-encoding"} if is_packed else _LEFT_OUT
    return tuple(
        (name.lower(), text)
        for name, text in pairs
        if name.lower() not in left_out and not name.lower().startswith(_CORS) and REDACTED not in text
    )


def _decoded(text: str, media_type: str) -> JsonValue | bytes:
    if not _is_json(media_type):
        return text.encode()
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text.encode()
    return value


def _is_json(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower().endswith(("/json", "+json"))


_READERS: Final[Mapping[str, Callable[[bytes, Path], Iterator[Recording]]]] = {
    ".har": _har,
    ".json": _json,
    ".yaml": _own,
    ".yml": _own,
}
