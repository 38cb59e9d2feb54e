"""How a reply is put into bytes: JSON, headers, coding; most harmless variants act here."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from servers.exchange import Call, Reply, Site


def dressed(reply: Reply, call: Call, site: Site) -> Reply:
    """Return *reply* with its bytes and all its headers, ready to be written."""
    reply = _written(reply, site)
    for step in (_typed, _extra_headers, _tagged, _coded):
        reply = step(reply, call, site)
    return reply


def _written(reply: Reply, site: Site) -> Reply:
    if reply.content is None:
        return reply
    content: Any = reply.content
    if site.has("E01"):
        content = _reversed(content)
    if site.has("E02"):
        content = _with_more(content)
    return replace(reply, text=_spoilt(_json(content, site), reply, site))


def _json(content: Any, site: Site) -> bytes:  # noqa: ANN401 - any JSON
    if site.has("E17"):
        return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=site.has("E30"))
    return (text.replace("/", "\\/") if site.has("E30") else text).encode()


def _spoilt(body: bytes, reply: Reply, site: Site) -> bytes:
    if site.has("B47"):
        return b"\xef\xbb\xbf" + body
    if site.has("B48") and reply.status == 200:
        return body.replace(b'"currency":"usd"', b'"currency":"usd","currency":"usd"')
    if site.has("B74") and reply.status == 200:
        return b")]}',\n" + body
    return body


def _reversed(content: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(content, dict):
        return {name: _reversed(value) for name, value in reversed(content.items())}
    return [_reversed(each) for each in content] if isinstance(content, list) else content


def _with_more(content: Any) -> Any:  # noqa: ANN401 - any JSON
    """Add members where every schema is open: in the outermost object, and in the objects of lists."""
    if not isinstance(content, dict):
        return content
    return {**_more_in_lists(content), "served_by": {"node": "eu-3", "build": 4711}}


def _more_in_lists(content: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(content, dict):
        return {name: _more_in_lists(value) for name, value in content.items()}
    if isinstance(content, list):
        return [{**each, "note": None} if isinstance(each, dict) else each for each in content]
    return content


def _typed(reply: Reply, _: Call, site: Site) -> Reply:
    media = reply.media
    if media == "application/json":
        if site.has("E12"):
            media = "Application/JSON; Charset=UTF-8"
        elif site.has("B49"):
            media = "application/json; charset=utf-16"
        elif site.has("B06") and reply.status == 200:
            media = "text/html; charset=utf-8"
        elif site.has("A05") and reply.status == 400:
            media = "text/plain"
        elif site.has("B68") and reply.status == 200:
            media = "application/vnd.talkdesk.v1+json"
    return replace(reply, media=media)


def _extra_headers(reply: Reply, call: Call, site: Site) -> Reply:
    if site.has("E03"):
        reply = reply.plus(
            X_Request_Id=hashlib.md5(call.path.encode(), usedforsecurity=False).hexdigest(),
            Server="nginx/1.27",
            Via="1.1 edge-7",
            Strict_Transport_Security="max-age=63072000; includeSubDomains",
        )
    if site.has("E18"):
        reply = reply.plus(
            Access_Control_Allow_Origin="*",
            Access_Control_Allow_Headers="Authorization",
            Access_Control_Allow_Methods="GET, HEAD, OPTIONS",
            Vary="Origin",
        )
    if site.has("B36") and call.method == "HEAD":
        kept = {name: value for name, value in reply.headers.items() if not name.startswith("x-ratelimit")}
        reply = replace(reply, headers=kept)
    return reply


def _tagged(reply: Reply, call: Call, site: Site) -> Reply:
    """Answer conditional requests (RFC 9110, 13.1.2), where the server has tags at all."""
    asked = call.header("if-none-match")
    if reply.status != 200 or not site.has("E10", "B50"):
        return reply
    tag = f'"{hashlib.md5(reply.text or b"", usedforsecurity=False).hexdigest()[:16]}"'
    if asked and (site.has("B50") or is_named(tag, asked)):
        return Reply(status=304, headers={**reply.headers, "ETag": tag})
    return reply.plus(ETag=tag)


def is_named(tag: str, condition: str | None) -> bool:
    """Tell whether an `If-None-Match` names *tag*; weak tags count as well (RFC 9110, 13.1.2)."""
    named = {each.strip().removeprefix("W/") for each in (condition or "").split(",")}
    return tag in named or "*" in named


def _coded(reply: Reply, call: Call, site: Site) -> Reply:
    accepted: Mapping[str, str] = {
        name.strip().lower(): weight.replace(" ", "")
        for name, _, weight in (
            each.partition(";") for each in (call.header("accept-encoding") or "").split(",")
        )
    }
    takes_gzip = accepted.get("gzip", "q=0") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    if not reply.text:
        return reply
    if (site.has("E11") and takes_gzip) or (site.has("B51") and reply.status == 200):
        return replace(
            reply,
            text=gzip.compress(reply.text, mtime=0),
            headers={**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"},
        )
    if site.has("B75") and takes_gzip and reply.status == 200:
        return reply.plus(Content_Encoding="gzip")
    return reply
