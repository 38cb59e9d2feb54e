"""Exports interactions as an HTTP Archive. Source: HAR 1.2 (Odvarko, 2011), which most tools read."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, unquote_plus

from locum.behaviour.journal import Interaction
from locum.behaviour.phrases import PHRASES
from locum.behaviour.redaction import REDACTED, Redaction
from locum.behaviour.retelling import body_text, timestamp
from locum.contract.model import JsonObject, JsonValue

__all__ = ["har", "har_entry"]

#: HAR's way to say that a size is not known.
_UNKNOWN = -1


def har(interactions: Iterable[Interaction], redaction: Redaction, *, version: str) -> JsonObject:
    """Return *interactions* as a HAR log; *version* is our own."""
    entries: list[JsonValue] = [har_entry(each, redaction) for each in interactions]
    return {"log": {"version": "1.2", "creator": {"name": "locum", "version": version}, "entries": entries}}


def har_entry(each: Interaction, redaction: Redaction) -> JsonObject:
    """Return one interaction as an entry of a HAR log."""
    milliseconds = round(each.took_s * 1000, 3)
    route = each.route.operation_id if each.route else None
    told: JsonObject = {
        "startedDateTime": timestamp(datetime.fromtimestamp(each.at_s, UTC)),
        "time": milliseconds,
        "request": _request(each, redaction),
        "response": _response(each, redaction),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        # HAR 1.2 leaves names with an underscore to whoever writes the file.
        "_session": each.session,
        "_contract": each.contract,
        "_operation": route,
        "_because": [*each.outcome.because],
    }
    return redaction.value(told)


def _request(each: Interaction, redaction: Redaction) -> JsonObject:
    raw = each.request
    target = redaction.target(each.target)
    told: JsonObject = {
        "method": raw.method,
        "url": _as_uri((raw.base_url or "http://localhost") + target),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(raw.header("cookie") or ""),
        "headers": _headers(raw.headers, redaction),
        "queryString": _query(target.partition("?")[2]),
        "headersSize": _UNKNOWN,
        "bodySize": each.request_size,
    }
    if raw.body:
        media_type = raw.header("content-type") or ""
        text = body_text(raw.body, media_type)
        shown = raw.body.decode("latin-1") if text is None else text
        comment = "cut" if len(raw.body) < each.request_size else ""
        told["postData"] = {
            "mimeType": media_type,
            "text": redaction.cut_text(shown),
            "comment": comment,
        }
    return told


def _response(each: Interaction, redaction: Redaction) -> JsonObject:
    reply = each.outcome.reply
    headers = [*reply.headers, ("content-type", reply.media_type)] if reply.media_type else [*reply.headers]
    text = body_text(reply.body, reply.media_type)
    content: JsonObject = {"size": each.reply_size, "mimeType": reply.media_type}
    if text is None:
        content |= {"text": base64.b64encode(redaction.raw(reply.body)).decode(), "encoding": "base64"}
    elif reply.body:
        content |= {"text": redaction.cut_text(text)}
    return {
        "status": reply.status,
        "statusText": PHRASES.get(reply.status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers, redaction),
        "content": content,
        "redirectURL": next((text for name, text in reply.headers if name.lower() == "location"), ""),
        "headersSize": _UNKNOWN,
        "bodySize": each.reply_size,
    }


def _headers(headers: Iterable[tuple[str, str]], redaction: Redaction) -> JsonValue:
    return [{"name": name, "value": redaction.header(name, text)} for name, text in headers]


def _query(query: str) -> JsonValue:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return [{"name": unquote_plus(name), "value": unquote_plus(text)} for name, _, text in pairs]


def _cookies(text: str) -> JsonValue:
    """Return the names of the cookies that were sent; what they say is a secret."""
    try:
        names = list(SimpleCookie(text))
    except CookieError:
        names = []
    return [{"name": name, "value": REDACTED} for name in names]


def _as_uri(sent: str) -> str:
    """Return what was sent as a URI (RFC 3986, 2): what may not stand in one is percent-encoded.

    >>> _as_uri("http://a/%F0%28/x y?50%")
    'http://a/%F0%28/x%20y?50%25'
    """
    whole = re.sub("%(?![0-9A-Fa-f]{2})", "%25", sent)
    return quote(whole, safe="%:/?#@!$&'()*+,;=~-._", encoding="latin-1", errors="replace")
