"""Decides which requests the stand-in sends of its own accord: the callbacks of a call, and webhooks.

Nothing is sent here; `server/messenger.py` does, and only to hosts that are allowed.
Source: OpenAPI 3.1.1, 4.8.18 (Callback Object).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import orjson

from locum.behaviour.contents import Generates, compile_content
from locum.behaviour.media_ranges import parse_media
from locum.behaviour.model import Callout, Cause, Outcome, RawRequest, Refusal, Reply, Request
from locum.behaviour.negotiation import choose_media
from locum.behaviour.reflection import reflect
from locum.behaviour.reply_judging import judge_body, undeclared_status
from locum.behaviour.runtime_expressions import Told, Unspoken, fill
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import (
    Callback,
    JsonValue,
    Location,
    MediaType,
    Operation,
    Violation,
)
from locum.contract.styles import read_pairs
from locum.contract.writing import write_parameter
from locum.errors import ContractError, GenerationError, nearest
from locum.generation.media import is_json
from locum.generation.model import Variant
from locum.generation.streams import stable_seed

__all__ = ["MARK", "judge_acknowledgement", "unknown_callback", "webhook_callout", "with_callouts"]

#: Marks what the stand-in sends itself, so that a callback that comes back to it is the last.
MARK: Final = "locum-callback"
_FIRST_FAILURE: Final = 400


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What a callout depends on: the call it follows, and who makes values with which seed."""

    request: Request
    told: Told
    generator: Generates
    seed: int | str


def with_callouts(
    outcome: Outcome, request: Request, *, generator: Generates, seed: int | str, by_default: bool
) -> Outcome:
    """Return *outcome* with the callbacks of *request*, if they are wanted and the call went well.

    Without a preference *by_default* decides. A callback whose URL the call does not tell is left out, and
    the reasons say so.
    """
    wanted = _wanted(request, by_default=by_default)
    if not wanted or outcome.refusal is not None or outcome.reply.status >= _FIRST_FAILURE:
        return outcome
    occasion = _Occasion(request, _told(request, outcome.reply), generator, seed)
    found: list[Callout] = []
    reasons: list[str] = []
    for callback in wanted:
        try:
            found.append(_callout(callback, fill(callback.expression, occasion.told), occasion))
        except Unspoken as error:
            reasons.append(f"the callback {callback.name} is not sent: {error}")
        except (ContractError, GenerationError) as error:
            reasons.append(f"the callback {callback.name} is not sent: {error.diagnostics[0].message}")
    told_of = tuple(f"the callback {each.name} to {each.url}" for each in found)
    return replace(outcome, callouts=tuple(found), because=(*outcome.because, *told_of, *reasons))


def webhook_callout(callback: Callback, url: str, *, generator: Generates, seed: int | str) -> Callout:
    """Return what the webhook *callback* sends to *url*; raises `ContractError` or `GenerationError`."""
    nobody = Request(operation=callback.operation, raw=RawRequest(method="", path=""))
    told = Told(url=url, method="", status=0)
    return _callout(callback, url, _Occasion(nobody, told, generator, seed))


def unknown_callback(request: Request) -> Refusal | None:
    """Return the refusal of a callback asked for by a name that the operation does not have."""
    asked, declared = request.preferences.callback, request.operation.callbacks
    names = list(dict.fromkeys(each.name for each in declared))
    if asked in {None, "", "true", "false", *names}:
        return None
    close = nearest(str(asked), names)
    meant = f"; did you mean {close!r}?" if close else ""
    detail = f"no callback {asked!r}{meant} declared: {', '.join(names) or 'none'}"
    return Refusal(cause=Cause.UNKNOWN_PREFERENCE, status=404, detail=detail)


def judge_acknowledgement(operation: Operation, reply: Reply) -> Iterator[Violation]:
    """Yield how the answer to a callback or webhook breaks what *operation* declares of it."""
    spec = operation.response_for(reply.status)
    if spec is None:
        yield undeclared_status(operation, reply.status)
        return
    yield from judge_body(spec, reply)


def _wanted(request: Request, *, by_default: bool) -> Iterable[Callback]:
    asked = request.preferences.callback
    declared = request.operation.callbacks
    if asked == "false" or (asked is None and not by_default):
        return ()
    if request.raw.header(MARK) is not None:
        return ()
    return [each for each in declared if asked in {None, "", "true", each.name}]


def _callout(callback: Callback, url: str, occasion: _Occasion) -> Callout:
    """Return what is sent to *url*; raises `ContractError` or `GenerationError` where no body can be made."""
    operation = callback.operation
    headers: list[tuple[str, str]] = []
    query: list[str] = []
    for name, text, location in _parameters(operation, occasion):
        if location is Location.QUERY:
            query.append(f"{name}={text}")
        else:
            headers.append(("Cookie", f"{name}={text}") if location is Location.COOKIE else (name, text))
    body = b""
    if operation.request_body is not None and operation.request_body.content:
        body, content_type = _body(operation.request_body.content, occasion)
        headers.append(("Content-Type", content_type))
    if query:
        url += ("&" if "?" in url else "?") + "&".join(query)
    return Callout(
        name=callback.name,
        operation=operation,
        url=url,
        headers=(*headers, (MARK, callback.name)),
        body=body,
    )


def _parameters(operation: Operation, occasion: _Occasion) -> Iterator[tuple[str, str, Location]]:
    """Yield the required parameters as they are sent: by example, by what the call said, else made up."""
    for each in operation.parameters:
        if not each.required or each.location is Location.PATH:
            continue
        schema = each.schema
        said = [*(example.value for example in each.examples), occasion.told.query.get(each.name)]
        fitting: list[JsonValue] = [
            value for value in said if value is not None and (schema is None or schema.is_valid(value))
        ]
        if not fitting and schema is not None:
            stream = stable_seed(occasion.seed, "callback", operation.operation_id, each.name)
            fitting = [occasion.generator.producer(schema.bundle(), variant=Variant.MINIMAL)(stream)]
        for name, text in write_parameter(each, fitting[0] if fitting else "a"):
            yield name, text, each.location


def _body(content: tuple[MediaType, ...], occasion: _Occasion) -> tuple[bytes, str]:
    """Return a body, and its type: an example of the document, else one that repeats what the call said."""
    choice = choose_media(content, None)
    if choice is None:
        return b"", content[0].name
    made, told, request = compile_content(choice, occasion.generator), occasion.told, occasion.request
    if made.examples:
        return made.example_body(), made.content_type
    stream = stable_seed(occasion.seed, "callback", request.raw.path, told.url, request.raw.body.hex()[:4096])
    value = made.generate(stream, Variant.FULL)
    parts = [each for each in (told.body, told.reply_body) if isinstance(each, dict)]
    said = replace(request, body={name: part for each in parts for name, part in each.items()})
    return made.write(reflect(value, said, made.shape, made.schema)), made.content_type


def _told(request: Request, reply: Reply) -> Told:
    """Return what the call said, as expressions see it."""
    raw = request.raw
    target = f"{raw.path}?{raw.query}" if raw.query else raw.path
    return Told(
        url=f"{raw.base_url}{target}",
        method=raw.method,
        status=reply.status,
        path={**raw.path_values, **request.path},
        query={**_sent(raw.query), **request.query},
        headers=dict(reversed(raw.headers)),
        body=None if isinstance(request.body, bytes) else request.body,
        reply_headers={name.lower(): text for name, text in reply.headers},
        reply_body=_value(reply),
    )


def _sent(query: str) -> dict[str, JsonValue]:
    """Return the query as text by name; what is declared is known better than that."""
    found: dict[str, JsonValue] = {}
    for name, text in read_pairs(query):
        try:
            found[decode(name)] = decode(text)
        except StyleError:
            continue
    return found


def _value(reply: Reply) -> JsonValue:
    if not is_json(parse_media(reply.media_type).name):
        return None
    try:
        value: JsonValue = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None
    return value
