"""Where a saved request of a Postman collection goes: URLs as text, in parts, and lists of pairs.

What stands in the place of the host, and may be the whole address of an API, is no part of the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl

from locum.contract.model import JsonObject, JsonValue

__all__ = ["Url", "in_parts", "pairs_of", "read_url"]

#: A variable in the place of the host, as people write a URL.
_HOST: Final = re.compile(r"(\{\{[^{}]+\}\})(?![^/?#])")


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL, the path as a template; *origin* may have a base path, or be one alone."""

    origin: str
    path: str
    query: list[JsonObject]


def in_parts(item: JsonValue) -> JsonValue:
    """Return an item of a collection whose URLs that begin with a variable are written in parts.

    >>> in_parts({"request": {"url": "{{api}}/a?b=1"}})["request"]["url"]["path"]
    '/a'
    """
    if not isinstance(item, dict):
        return item
    answers = item.get("response")
    whole = {**item, "request": _request_in_parts(item.get("request"))}
    if isinstance(answers, list):
        whole["response"] = [
            {**each, "originalRequest": _request_in_parts(each["originalRequest"])}
            if isinstance(each, dict) and "originalRequest" in each
            else each
            for each in answers
        ]
    return whole


def _request_in_parts(request: JsonValue) -> JsonValue:
    if isinstance(request, str):
        return {"url": _parted(request)}
    if not isinstance(request, dict):
        return request
    url = request.get("url")
    text = url.get("raw") if isinstance(url, dict) and not url.keys() & {"path", "host"} else url
    return {**request, "url": _parted(text)} if isinstance(text, str) else request


def _parted(written: str) -> JsonValue:
    host = _HOST.match(written)
    if host is None:
        return written
    rest = _split(written[host.end() :])
    query: list[JsonValue] = [*rest.query]
    return {"host": [host[1]], "path": rest.path, "query": query}


def read_url(written: JsonValue) -> Url | None:
    """Return the parts of a URL, written as text or in parts; `None` where it says nothing."""
    if isinstance(written, str):
        return _split(written)
    if not isinstance(written, dict):
        return None
    if "path" not in written and "host" not in written:
        return _split(str(written["raw"])) if "raw" in written else None
    path = written.get("path") or []
    segments = (
        path.strip("/").split("/")
        if isinstance(path, str)
        else map(_word, path if isinstance(path, list) else [])
    )
    host = written.get("host") or ""
    name = host if isinstance(host, str) else ".".join(map(_word, host if isinstance(host, list) else []))
    port = f":{written['port']}" if written.get("port") else ""
    if "://" in name:
        # A variable that held the whole address of the API.
        base = _split(name)
        origin = f"{base.origin}{base.path.rstrip('/')}"
        return replace(base, origin=origin, path=_template(segments), query=pairs_of(written.get("query")))
    origin = f"{written.get('protocol') or 'http'}://{name}{port}"
    return Url(_known(origin, name), _template(segments), pairs_of(written.get("query")))


def _split(written: str) -> Url:
    """Read a URL as people write it, with or without a scheme, a variable in the place of its host."""
    scheme, separator, rest = written.partition("://")
    rest = rest if separator else written
    before, _, query = rest.partition("#")[0].partition("?")
    name, _, path = before.partition("/")
    origin = f"{scheme if separator else 'http'}://{name}"
    pairs: list[JsonObject] = [
        {"key": key, "value": value} for key, value in parse_qsl(query, keep_blank_values=True)
    ]
    return Url(_known(origin, name), _template(path.split("/") if path else []), pairs)


def _known(origin: str, name: str) -> str:
    return origin if name and "{" not in origin else ""


def _word(segment: JsonValue) -> str:
    return str(segment.get("value", "")) if isinstance(segment, dict) else str(segment)


def _template(segments: Iterator[str] | list[str] | map[str]) -> str:
    """Return a path whose variables are written as OpenAPI has them."""
    return "/" + "/".join(f"{{{each[1:]}}}" if each[:1] == ":" and each[1:] else each for each in segments)


def pairs_of(listed: JsonValue) -> list[JsonObject]:
    """Return what has a key in a list of pairs; headers may also be written as text or as a map."""
    if isinstance(listed, str):
        lines = (line.partition(":") for line in listed.splitlines())
        listed = [{"key": key.strip(), "value": value.strip()} for key, _, value in lines]
    if isinstance(listed, dict):
        listed = [{"key": key, "value": value} for key, value in listed.items()]
    pairs = listed if isinstance(listed, list) else []
    return [each for each in pairs if isinstance(each, dict) and each.get("key")]
