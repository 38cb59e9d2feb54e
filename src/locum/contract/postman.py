"""Postman collections in the words of OpenAPI 3.1: saved requests as operations, saved answers as responses.

A collection says by examples what a document says by schemas: whatever a saved request carries is asked for,
and a JSON body asks for the types that were seen. Several requests with one method and path are alternatives;
only what all of them carry is asked for. `postman_requests.py` reads one request and its answers,
`postman_auth.py` its credentials, `seen_schemas.py` infers and joins.
Source: Postman Collection Format 2.0 and 2.1, https://schema.postman.com; the reading is that of Prism.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from locum.contract.model import JsonObject, JsonValue
from locum.contract.node import Node
from locum.contract.origins import Made, Part
from locum.contract.postman_auth import Credentials
from locum.contract.postman_requests import read_request, text_of
from locum.contract.postman_urls import in_parts
from locum.contract.seen_schemas import joined_operations

__all__ = ["is_collection", "translate_collection"]

_VARIABLE: Final = re.compile(r"\{\{([^{}]+)\}\}")


def is_collection(document: Mapping[str, JsonValue]) -> bool:
    """Tell whether *document* is a Postman collection of format 2: named, with a list of items."""
    info = document.get("info")
    return isinstance(document.get("item"), list) and isinstance(info, dict) and "name" in info


def translate_collection(root: Node) -> Node:
    """Return the collection as a document of 3.1, `paths` included."""
    info, credentials = root.get("info"), Credentials()
    found: dict[str, dict[str, Made]] = {}
    origins: dict[str, None] = {}
    for item, folders, auth in _items(root, (), root.get("auth").value):
        request = read_request(filled(in_parts(item.value), _variables(root)))
        if request is None:
            item.library.note(item.place, "postman", "the request names no URL; it is left out")
            continue
        operation: JsonObject = {"summary": item.text("name"), "tags": list(folders[:1]), **request.operation}
        asked = item.get("request").get("auth").value
        credentials.ask(operation, filled(auth if asked is None else asked, _variables(root)))
        origins.update(dict.fromkeys(filter(None, [request.origin])))
        beside = found.setdefault(request.path, {})
        first = beside.get(request.method)
        whole: Part = operation if first is None else joined_operations(first.part, operation)
        beside[request.method] = Made(whole, item.place if first is None else first.place)
    version = info.get("version").value
    parts: dict[str, Part] = {
        "openapi": "3.1.0",
        "info": {
            "title": info.text("name"),
            "version": version if isinstance(version, str) else "1.0.0",
            "description": text_of(info.get("description").value),
        },
        "servers": [{"url": origin} for origin in origins],
        "paths": found,
        "components": {"securitySchemes": credentials.schemes},
    }
    return root.derive("OpenAPI 3", Made(parts, root.place))


def _items(
    node: Node, folders: tuple[str, ...], auth: JsonValue
) -> Iterator[tuple[Node, tuple[str, ...], Any]]:
    """Yield the saved requests below *node*, the names of the folders around each, and what those ask for."""
    for item in node.get("item").elements():
        if not isinstance(item.value, dict):
            item.complain("an object")
        elif "request" in item:
            yield item, folders, auth
        else:
            own = item.get("auth").value
            yield from _items(item, (*folders, item.text("name")), auth if own is None else own)


def _variables(root: Node) -> Mapping[str, str]:
    """Return the variables of the collection that have a value."""
    listed = [each.value for each in root.get("variable").elements() if isinstance(each.value, dict)]
    pairs = ((each.get("key", each.get("id")), each.get("value")) for each in listed)
    return {str(key): str(value) for key, value in pairs if value is not None}


def filled(value: JsonValue, variables: Mapping[str, str]) -> JsonValue:
    """Return *value* with the variables that are known put in; others stay as written.

    >>> filled({"url": "{{base}}/a/{{id}}"}, {"base": "https://api.example.com"})
    {'url': 'https://api.example.com/a/{{id}}'}
    """
    if isinstance(value, str):
        return _VARIABLE.sub(lambda name: variables.get(name[1].strip(), name[0]), value)
    if isinstance(value, list):
        return [filled(each, variables) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, variables) for key, each in value.items()}
    return value
