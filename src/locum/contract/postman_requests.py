"""One saved request of a Postman collection, and the answers saved with it, as an operation of 3.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qsl

from locum.contract.model import JsonObject, JsonValue
from locum.contract.seen_schemas import joined_responses, seen_schema

__all__ = ["SavedRequest", "read_request", "text_of"]

#: The media type that Postman sends for a language of a raw body, unless a header says otherwise.
_LANGUAGES: Final[Mapping[str, str]] = {
    "html": "text/html",
    "javascript": "application/javascript",
    "json": "application/json",
    "xml": "application/xml",
}
_NAMED: Final = re.compile(r"\{([^{}]+)\}")
_ANY_TEXT: Final[Mapping[str, JsonValue]] = {"required": True, "schema": {"type": "string"}}
_FORMS: Final[Mapping[str, str]] = {
    "formdata": "multipart/form-data",
    "urlencoded": "application/x-www-form-urlencoded",
}
#: Of how an answer was sent at that time, which is decided anew each time.
_OF_THE_WIRE: Final = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "transfer-encoding",
        "vary",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRequest:
    """Where a request goes, and the operation it is an example of; *origin* is `""` where none is known."""

    path: str
    method: str
    origin: str
    operation: JsonObject


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL, the path as a template."""

    origin: str
    path: str
    query: list[JsonObject]


def read_request(item: JsonValue) -> SavedRequest | None:
    """Read an item of a collection; `None` if it does not say where to."""
    request = item.get("request") if isinstance(item, dict) else None
    if isinstance(request, str):
        request = {"url": request}
    url = _url(request.get("url")) if isinstance(request, dict) else None
    if url is None or not isinstance(request, dict) or not isinstance(item, dict):
        return None
    headers = _pairs(request.get("header"))
    operation: JsonObject = {
        "description": text_of(request.get("description")),
        "parameters": [
            *({"name": name, "in": "path", **_ANY_TEXT} for name in _NAMED.findall(url.path)),
            *(_parameter(each, "query", str(each["key"])) for each in url.query),
            *(_parameter(each, "header", str(each["key"]).lower()) for each in headers),
        ],
        "responses": _responses(item.get("response")),
    }
    body = _body(request.get("body"), _content_type(headers))
    if body is not None:
        operation["requestBody"] = body
    method = str(request.get("method") or "GET").lower()
    return SavedRequest(path=url.path, method=method, origin=url.origin, operation=operation)


def text_of(description: JsonValue) -> str:
    """Return a description, which is text or an object that has it as `content`."""
    if isinstance(description, dict):
        description = description.get("content")
    return description if isinstance(description, str) else ""


def _url(written: JsonValue) -> Url | None:
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
    origin = f"{written.get('protocol') or 'http'}://{name}{port}"
    return Url(_known(origin, name), _template(segments), _pairs(written.get("query")))


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


def _pairs(listed: JsonValue) -> list[JsonObject]:
    """Return what has a key in a list of pairs; headers may also be written as text or as a map."""
    if isinstance(listed, str):
        lines = (line.partition(":") for line in listed.splitlines())
        listed = [{"key": key.strip(), "value": value.strip()} for key, _, value in lines]
    if isinstance(listed, dict):
        listed = [{"key": key, "value": value} for key, value in listed.items()]
    pairs = listed if isinstance(listed, list) else []
    return [each for each in pairs if isinstance(each, dict) and each.get("key")]


def _content_type(headers: list[JsonObject]) -> str:
    found = (each.get("value") for each in headers if str(each["key"]).lower() == "content-type")
    return str(next(found, None) or "")


def _parameter(pair: JsonObject, location: str, name: str) -> JsonObject:
    """Return a pair as a parameter; one that is switched off was not sent, so it is not asked for."""
    value = pair.get("value")
    return {
        "name": name,
        "in": location,
        "required": pair.get("disabled") is not True,
        "description": text_of(pair.get("description")),
        **({"schema": {"type": "string"}, "example": str(value)} if value not in (None, "") else {}),
    }


def _body(body: JsonValue, media_type: str) -> JsonObject | None:
    if not isinstance(body, dict) or body.get("disabled") is True:
        return None
    mode = str(body.get("mode"))
    if mode in _FORMS:
        fields = _pairs(body.get(mode))
        return {"content": {media_type.lower() or _FORMS[mode]: _form(fields)}} if fields else None
    raw = body.get("raw")
    if mode != "raw" or not isinstance(raw, str) or not raw:
        return None
    return {
        "content": {media_type.lower() or _language_of(body): _raw(raw, media_type or _language_of(body))}
    }


def _language_of(body: JsonObject) -> str:
    node: JsonValue = body
    for step in ("options", "raw", "language"):
        node = node.get(step) if isinstance(node, dict) else None
    return _LANGUAGES.get(str(node), "text/plain")


def _form(fields: list[JsonObject]) -> JsonObject:
    schemas: JsonObject = {str(each["key"]): _field(each) for each in fields}
    values: JsonObject = {
        str(each["key"]): each["value"] for each in fields if isinstance(each.get("value"), str)
    }
    return {"schema": {"type": "object", "properties": schemas}, "examples": {"default": {"value": values}}}


def _field(field: JsonObject) -> JsonObject:
    """Return the schema of a field; anything may be in a file."""
    told: JsonObject = {"description": text_of(field.get("description"))}
    return told if field.get("type") == "file" else {"type": "string", **told}


def _raw(raw: str, media_type: str) -> JsonObject:
    """Return a body as an example, and for JSON the schema of what was seen."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError):
            return {"examples": {"default": {"value": raw}}}
        return {"schema": seen_schema(value), "examples": {"default": {"value": value}}}
    return {"examples": {"default": {"value": raw}}}


def _responses(saved: JsonValue) -> JsonObject:
    found: JsonObject = {}
    for each in saved if isinstance(saved, list) else ():
        code = each.get("code") if isinstance(each, dict) else None
        if isinstance(each, dict) and isinstance(code, int):
            found = joined_responses(found, {str(code): _response(each)})
    return found


def _response(saved: JsonObject) -> JsonObject:
    headers = _pairs(saved.get("header"))
    media_type, body = _content_type(headers), saved.get("body")
    sent: JsonObject = {
        str(each["key"]).lower(): _header(str(each.get("value") or ""))
        for each in headers
        if str(each["key"]).lower() not in _OF_THE_WIRE
    }
    cookies = saved.get("cookie")
    for cookie in cookies if isinstance(cookies, list) else ():
        if isinstance(cookie, dict) and "set-cookie" not in sent:
            sent["set-cookie"] = _header(_cookie(cookie))
    response: JsonObject = {"description": text_of(saved.get("description")), "headers": sent}
    if media_type and isinstance(body, str) and body:
        response["content"] = {media_type: _raw(body, media_type)}
    return response


def _header(value: str) -> JsonObject:
    return {"required": True, "schema": {"type": "string"}, **({"example": value} if value else {})}


def _cookie(cookie: JsonObject) -> str:
    expires = cookie.get("expires")
    if isinstance(expires, (int, float)) and not isinstance(expires, bool):
        expires = formatdate(expires, usegmt=True)
    members = {"Expires": expires, "Domain": cookie.get("domain"), "Path": cookie.get("path")}
    flags = [
        word for word, key in (("Secure", "secure"), ("HttpOnly", "httpOnly")) if cookie.get(key) is True
    ]
    told = [f"{name}={value}" for name, value in members.items() if value]
    return "; ".join([f"{cookie.get('name') or ''}={cookie.get('value') or ''}", *told, *flags])
