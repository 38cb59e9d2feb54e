"""Writes what passes through a proxy into a file that is whole after every call: a HAR log, or YAML.

Secrets are left out: credentials where they stand by the contract's security schemes, and what is secret by
its name or its form (`secrets.py`). Next: `catalog/recordings.py` reads both back.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import orjson
import yaml

from locum.aside import LIGHT, Aside
from locum.behaviour import RawRequest, Reply
from locum.behaviour.bodies import coding_of, unpack
from locum.behaviour.body_errors import BodyError
from locum.behaviour.har import har_entry
from locum.behaviour.journal import Interaction
from locum.behaviour.recordings import pairs_of
from locum.behaviour.redaction import REDACTED, Redaction, compile_redaction
from locum.behaviour.relays import Passage, Relay
from locum.behaviour.retelling import body_text
from locum.contract.model import JsonObject, JsonValue
from locum.proxy.record_file import Form, RecordFile, unusable
from locum.proxy.secrets import is_secret, without_secrets, without_secrets_in_text
from locum.proxy.weighing import is_heavy

__all__ = ["Keep", "Recorder", "keep_nothing", "open_recorder"]

_log = logging.getLogger("locum.proxy")
_CODING: Final = "content-encoding"
#: So long a disk that is full is left alone.
_PAUSE_S: Final = 1.0


class Keep(Protocol):
    """Keeps what became of a passage; *at_s* is when it began, *took_s* how long it took."""

    async def __call__(
        self, passage: Passage, relay: Relay, *, at_s: float, took_s: float, aside: Aside
    ) -> None:
        """Keep one; *aside* is for what takes long."""
        ...


async def keep_nothing(passage: Passage, relay: Relay, *, at_s: float, took_s: float, aside: Aside) -> None:
    """Keep nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """One call, secrets left out, in both forms."""

    entry: JsonObject
    recording: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What is to be written down, and what it is called."""

    passage: Passage
    relay: Relay
    name: str
    number: int
    at_s: float
    took_s: float


@dataclass(slots=True, kw_only=True, eq=False)
class Recorder:
    """Adds to one file, call by call; *write* makes an entry of a call."""

    file: RecordFile
    write: Callable[[_Kept], bytes]
    upstream: str
    redactions: dict[str, Redaction] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    number: int = 0
    again: asyncio.TimerHandle | None = None

    async def __call__(
        self, passage: Passage, relay: Relay, *, at_s: float, took_s: float, aside: Aside
    ) -> None:
        """Write one call down; where the disk is full, it waits, and the call goes on.

        What is numbered and what is added to the file is done on the loop, by one call at a time.
        """
        if not relay.is_seen:
            _log.warning("%s %s: too long to be recorded", passage.raw.method, passage.path)
            return
        if relay.outcome.refusal is not None:
            return
        self.number += 1
        name = self._name(passage, relay.outcome.reply.status)
        call = _Call(passage=passage, relay=relay, name=name, number=self.number, at_s=at_s, took_s=took_s)
        work = partial(_written, call, self._redaction(passage), self.upstream, self.write)
        is_much = len(passage.raw.body) > LIGHT or is_heavy(relay.outcome.reply)
        entry = await aside(work) if is_much else work()
        self.file.add(entry)
        self._see_to_the_rest()

    def _see_to_the_rest(self) -> None:
        """Try again after a while where something could not be written."""
        if self.again is None and self.file.waiting:
            self.again = asyncio.get_running_loop().call_later(_PAUSE_S, self._try_again)

    def _try_again(self) -> None:
        self.again = None
        self.file.write_waiting()
        self._see_to_the_rest()

    def _redaction(self, passage: Passage) -> Redaction:
        contract = passage.stand_in.contract
        if contract.name not in self.redactions:
            self.redactions[contract.name] = compile_redaction(
                contract.security_schemes.values(), passage.stand_in.fixtures.credentials
            )
        return self.redactions[contract.name]

    def _name(self, passage: Passage, status: int) -> str:
        """Return a name by which the reply can be asked for: the operation, the status, and a number."""
        stem = f"{passage.route.operation_id if passage.route else passage.raw.method.lower()}-{status}"
        self.names[stem] = self.names.get(stem, 0) + 1
        return stem if self.names[stem] == 1 else f"{stem}-{self.names[stem]}"


def _written(call: _Call, redaction: Redaction, upstream: str, write: Callable[[_Kept], bytes]) -> bytes:
    """Return *call* as it stands in the file, secrets left out."""
    passage = call.passage
    reply, is_packed = _unpacked(call.relay.outcome.reply)
    body = reply.body if is_packed else without_secrets(reply.body, reply.media_type)
    reply = replace(reply, body=body, headers=_safe_headers(reply.headers))
    raw = replace(_safe_request(passage.raw), base_url=upstream, path=without_secrets_in_text(passage.path))
    interaction = Interaction(
        number=call.number,
        session="",
        at_s=call.at_s,
        session_time=datetime.fromtimestamp(call.at_s, UTC),
        took_s=call.took_s,
        request=raw,
        request_size=len(raw.body),
        outcome=replace(call.relay.outcome, reply=reply),
        reply_size=len(reply.body),
        contract=passage.stand_in.contract.name,
        route=passage.route,
    )
    entry = har_entry(interaction, redaction) | {"_name": call.name, "_path": _safe_path(passage, redaction)}
    response = entry["response"]
    if is_packed and isinstance(response, dict) and isinstance(response["content"], dict):
        entry["response"] = response | {"content": response["content"] | {"comment": "packed"}}
    return write(_Kept(entry=entry, recording=_recording(call.name, interaction, passage, redaction)))


def open_recorder(path: Path, upstream: str) -> Recorder:
    """Return what records calls to *upstream* in the file *path*, behind those that are there already.

    Raises `SettingsError` where the file cannot be written, or is none of ours.
    """
    if path.suffix not in _FORMS:
        raise unusable(path, f"a recording ends in one of: {', '.join(_FORMS)}")
    form, write = _FORMS[path.suffix]
    file = RecordFile(path=path, form=form)
    file.prepare()
    return Recorder(file=file, write=write, upstream=without_secrets_in_text(upstream.rstrip("/")))


def _safe_request(raw: RawRequest) -> RawRequest:
    """Return *raw* unpacked and without its secrets; a body that cannot be looked into is left out."""
    try:
        body = unpack(raw.body, raw.header(_CODING))
    except BodyError:
        body = b""
    return replace(
        raw,
        body=without_secrets(body, raw.header("content-type") or ""),
        query=without_secrets_in_text(f"?{raw.query}").removeprefix("?") if raw.query else "",
        headers=_safe_headers(raw.headers),
    )


def _safe_path(passage: Passage, redaction: Redaction) -> str:
    """Return the path by which a call is found again."""
    return redaction.text(without_secrets_in_text(passage.raw.path))


def _safe_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _safe_header(name, text)) for name, text in headers)


def _safe_header(name: str, text: str) -> str:
    # The scheme of a credential may be told, which `Redaction` sees to.
    is_hidden = is_secret(name) and name.lower() != "authorization"
    return REDACTED if is_hidden else without_secrets_in_text(text)


def _unpacked(reply: Reply) -> tuple[Reply, bool]:
    """Return *reply* with its body unpacked, and whether it could not be."""
    coding = coding_of(reply)
    if not coding:
        return reply, False
    try:
        return replace(reply, body=unpack(reply.body, coding)), False
    except BodyError:
        return reply, True


def _recording(name: str, each: Interaction, passage: Passage, redaction: Redaction) -> JsonObject:
    raw, reply = each.request, each.outcome.reply
    query = urlsplit(redaction.target(each.target)).query
    request: JsonObject = {"method": raw.method, "path": _safe_path(passage, redaction)}
    if pairs_of(query):
        request["query"] = query
    if raw.body:
        request["body"] = _told(raw.body, raw.header("content-type") or "", redaction)
    headers = {key: redaction.header(key, text) for key, text in reply.headers}
    answered: JsonObject = {"status": reply.status}
    if reply.media_type:
        answered["media_type"] = reply.media_type
    kept: JsonObject = {key: text for key, text in headers.items() if key not in {_CODING, "sl-violations"}}
    if kept:
        answered["headers"] = kept
    if reply.body and body_text(reply.body, reply.media_type) is None:
        answered["base64"] = base64.b64encode(reply.body).decode()
    elif reply.body:
        answered["body"] = _told(reply.body, reply.media_type, redaction)
    return {"name": name, "request": request, "reply": answered}


def _told(body: bytes, media_type: str, redaction: Redaction) -> JsonValue:
    text = redaction.text(body.decode("utf-8", "replace"))
    if "json" not in media_type:
        return text
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value


def _as_yaml(kept: _Kept) -> bytes:
    text: str = yaml.safe_dump([kept.recording], sort_keys=False, allow_unicode=True, width=100)
    return text.encode()


_HAR_HEAD: Final = orjson.dumps(
    {"log": {"version": "1.2", "creator": {"name": "locum", "version": version("locum")}, "entries": []}}
)
_YAML: Final = (Form(head=b"recordings: \n", between=b"", foot=b""), _as_yaml)
_FORMS: Final[Mapping[str, tuple[Form, Callable[[_Kept], bytes]]]] = {
    ".har": (
        Form(head=_HAR_HEAD.removesuffix(b"]}}"), between=b",\n", foot=b"]}}"),
        lambda kept: orjson.dumps(kept.entry),
    ),
    ".yaml": _YAML,
    ".yml": _YAML,
}
