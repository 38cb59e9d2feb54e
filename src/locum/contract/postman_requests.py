"""One saved request of a Postman collection, and the answers saved with it, as an operation of 3.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from locum.contract.model import JsonObject, JsonValue
from locum.contract.postman_urls import Url, pairs_of, read_url
from locum.contract.seen_schemas import joined_contents, joined_responses, seen_schema

__all__ = ["SavedRequest", "read_request", "text_of"]

#: The media type that Postman sends for a language of a raw body, unless a header says otherwise.
_LANGUAGES: Final[Mapping[str, str]] = {
    "html": "text/html",
    "javascript": "application/javascript",
    "json": "application/json",
    "xml": "application/xml",
}
_NAMED: Final = re.compile(r"\{([^{}]+)\}")
#: What an example is called that has no name, as Prism has it.
_NAMELESS: Final = "default"
_NOTHING: Final[Mapping[str, JsonValue]] = {}
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


def read_request(item: JsonValue) -> SavedRequest | None:
    """Read an item of a collection; `None` if it does not say where to."""
    request = item.get("request") if isinstance(item, dict) else None
    if isinstance(request, str):
        request = {"url": request}
    url = read_url(request.get("url")) if isinstance(request, dict) else None
    if url is None or not isinstance(request, dict) or not isinstance(item, dict):
        return None
    headers = pairs_of(request.get("header"))
    answers = _answers(item.get("response"))
    said = tuple(_said(answers, url))
    operation: JsonObject = {
        "description": text_of(request.get("description")),
        "parameters": [
            *(
                _with_examples({"name": name, "in": "path", **_ANY_TEXT}, said)
                for name in _NAMED.findall(url.path)
            ),
            *(_with_examples(_parameter(each, "query", str(each["key"])), said) for each in url.query),
            *(_parameter(each, "header", str(each["key"]).lower()) for each in headers),
        ],
        "responses": _responses(answers),
    }
    body = _body(request.get("body"), _content_type(headers))
    if body is not None:
        for more in _bodies(answers):
            body = {"content": joined_contents(body["content"], more)}
        operation["requestBody"] = body
    method = str(request.get("method") or "GET").lower()
    return SavedRequest(path=url.path, method=method, origin=url.origin, operation=operation)


def text_of(description: JsonValue) -> str:
    """Return a description, which is text or an object that has it as `content`."""
    if isinstance(description, dict):
        description = description.get("content")
    return description if isinstance(description, str) else ""


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


def _body(body: JsonValue, media_type: str, name: str = _NAMELESS) -> JsonObject | None:
    if not isinstance(body, dict) or body.get("disabled") is True:
        return None
    mode = str(body.get("mode"))
    if mode in _FORMS:
        fields = pairs_of(body.get(mode))
        return {"content": {media_type.lower() or _FORMS[mode]: _form(fields, name)}} if fields else None
    raw = body.get("raw")
    if mode != "raw" or not isinstance(raw, str) or not raw:
        return None
    kind = media_type or _language_of(body)
    return {"content": {kind.lower(): _raw(raw, kind, name)}}


def _language_of(body: JsonObject) -> str:
    node: JsonValue = body
    for step in ("options", "raw", "language"):
        node = node.get(step) if isinstance(node, dict) else None
    return _LANGUAGES.get(str(node), "text/plain")


def _form(fields: list[JsonObject], name: str) -> JsonObject:
    schemas: JsonObject = {str(each["key"]): _field(each) for each in fields}
    values: JsonObject = {
        str(each["key"]): each["value"] for each in fields if isinstance(each.get("value"), str)
    }
    return {"schema": {"type": "object", "properties": schemas}, "examples": {name: {"value": values}}}


def _field(field: JsonObject) -> JsonObject:
    """Return the schema of a field; anything may be in a file."""
    told: JsonObject = {"description": text_of(field.get("description"))}
    return told if field.get("type") == "file" else {"type": "string", **told}


def _raw(raw: str, media_type: str, name: str, beside: Mapping[str, JsonValue] = _NOTHING) -> JsonObject:
    """Return a body as the example *name*, and for JSON the schema of what was seen."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError):
            return {"examples": {name: {"value": raw, **beside}}}
        return {"schema": seen_schema(value), "examples": {name: {"value": value, **beside}}}
    return {"examples": {name: {"value": raw, **beside}}}


def _answers(saved: JsonValue) -> dict[str, JsonObject]:
    """Return the answers that were saved, by the names they have; a name that comes again is numbered."""
    found: dict[str, JsonObject] = {}
    for each in saved if isinstance(saved, list) else ():
        if isinstance(each, dict) and isinstance(each.get("code"), int):
            wish = str(each.get("name") or _NAMELESS)
            numbered = (f"{wish}-{number}" for number in range(2, len(found) + 3))
            found[next(name for name in (wish, *numbered) if name not in found)] = each
    return found


def _responses(answers: Mapping[str, JsonObject]) -> JsonObject:
    found: JsonObject = {}
    for name, each in answers.items():
        found = joined_responses(found, {str(each["code"]): _response(each, name)})
    return found


def _said(answers: Mapping[str, JsonObject], url: Url) -> Iterator[tuple[str, str, str, JsonObject]]:
    """Yield what the request of each answer said: location, name, and the answer's name with the value."""
    for name, each in answers.items():
        request = each.get("originalRequest")
        asked = read_url(request.get("url")) if isinstance(request, dict) else None
        if asked is None or not isinstance(request, dict):
            continue
        written = request.get("url")
        put_in = pairs_of(written.get("variable")) if isinstance(written, dict) else []
        values = {f"{{{pair['key']}}}": pair.get("value") for pair in put_in}
        places = zip(url.path.split("/"), asked.path.split("/"), strict=False)
        for template, segment in places if url.path.count("/") == asked.path.count("/") else ():
            value = values.get(segment, segment)
            if _NAMED.fullmatch(template) and isinstance(value, str) and value and value[0] != "{":
                yield "path", template[1:-1], name, {"value": value}
        for pair in asked.query:
            if pair.get("disabled") is not True and isinstance(pair.get("value"), str):
                yield "query", str(pair["key"]), name, {"value": pair["value"]}


def _with_examples(parameter: JsonObject, said: Iterable[tuple[str, str, str, JsonObject]]) -> JsonObject:
    """Return *parameter* with the values that the requests of saved answers had, called like those."""
    place = (parameter["in"], parameter["name"])
    found = {name: value for location, key, name, value in said if (location, key) == place}
    if not found:
        return parameter
    first = {_NAMELESS: {"value": parameter["example"]}} if "example" in parameter else {}
    return {
        **{key: each for key, each in parameter.items() if key != "example"},
        "examples": {**first, **found},
    }


def _bodies(answers: Mapping[str, JsonObject]) -> Iterator[JsonObject]:
    """Yield the bodies of the requests that led to saved answers, called like those."""
    for name, each in answers.items():
        request = each.get("originalRequest")
        if isinstance(request, dict):
            body = _body(request.get("body"), _content_type(pairs_of(request.get("header"))), name)
            if body is not None:
                yield body["content"]  # type: ignore[misc]  # JSON that we made


def _response(saved: JsonObject, name: str) -> JsonObject:
    headers = pairs_of(saved.get("header"))
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
        known: list[JsonValue] = [_NAMELESS, *(str(saved[key]) for key in ("id", "uid") if saved.get(key))]
        response["content"] = {media_type: _raw(body, media_type, name, {"x-mock-response-id": known})}
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
