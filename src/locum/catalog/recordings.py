"""Reads recordings: HTTP Archives, our own `recordings.yaml`, folders of examples as Specmatic has them.

Sources: HAR 1.2 (Odvarko, 2011); Specmatic, external examples.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from locum.behaviour.model import Reply
from locum.behaviour.recordings import Recording, pairs_of
from locum.catalog.files import content_of
from locum.catalog.recorded_parts import headers_again, written_body
from locum.catalog.recording_sheets import HAR_SHEET, OWN_SHEET
from locum.catalog.sheet import read_sheet
from locum.catalog.specmatic import NotUnderstoodError, read_specmatic
from locum.contract.model import JsonValue
from locum.errors import Diagnostic, FixtureError, Severity, Where
from locum.generation.media import is_json

__all__ = ["read_recordings"]

_STATUSES: Final = range(200, 600)
#: What no header may hold, since it would end it.
_BREAKING: Final = re.compile(r"[\r\n\0]")


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
    try:
        for each in found:
            fault = _unsendable(each.reply)
            if not fault:
                yield each
                continue
            message = f"{each.name} ({each.method} {each.path}) is left out: {fault}"
            hint = "mend the reply, or take it out of the recording"
            notice(_left_out("unsendable", message, path, hint))
    except NotUnderstoodError as error:
        notice(_left_out("not-understood", f"{path.name} is left out: {error}", path))


def _left_out(code: str, message: str, path: Path, hint: str = "") -> Diagnostic:
    where = Where(file=str(path))
    return Diagnostic(
        code=f"recordings.{code}", message=message, where=where, hint=hint, severity=Severity.WARNING
    )


def _unsendable(reply: Reply) -> str:
    """Return why *reply* is no answer that HTTP knows, or nothing (RFC 9110, 5.5 and 15)."""
    if reply.status not in _STATUSES:
        return f"its status is {reply.status}; expected 200 to 599"
    headers = (("content-type", reply.media_type), *reply.headers)
    name = next((name for name, text in headers if _BREAKING.search(text)), None)
    return f"its header {name!r} holds a line break or a zero" if name else ""


def _read(path: Path, read: Callable[[str], bytes]) -> Iterator[Recording]:
    content = content_of(path, read, kind="recordings", what="recording")
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
            headers=headers_again(
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
                body=_unbased(reply["base64"]) if "base64" in reply else written_body(reply, media_type),
                media_type=media_type,
                headers=headers_again(reply.get("headers", {}).items()),
            ),
        )


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
    else:
        yield read_specmatic(content, path, value)


def _decoded(text: str, media_type: str) -> JsonValue | bytes:
    if not is_json(media_type):
        return text.encode()
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text.encode()
    return value


_READERS: Final[Mapping[str, Callable[[bytes, Path], Iterator[Recording]]]] = {
    ".har": _har,
    ".json": _json,
    ".yaml": _own,
    ".yml": _own,
}
