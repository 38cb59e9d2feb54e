"""Which kind of object stands where in an OpenAPI document (3.2.0, 4; 2.0, the same where it has it)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["COMPONENTS", "member_kind"]

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_VALUED: Final = {"schema": "schema", "content": "media*", "examples": "example*"}
_CODED: Final = {"encoding": "encoding*", "prefixEncoding": "encoding*", "itemEncoding": "encoding"}

#: Members by the kind of the object that has them; a star means a list or a map of such.
_MEMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "document": {
        **dict.fromkeys(("paths", "webhooks", "x-webhooks"), "path*"),
        "components": "components",
        "definitions": "schema*",
        "parameters": "parameter*",
        "responses": "response*",
    },
    "components": {
        "schemas": "schema*",
        "responses": "response*",
        "parameters": "parameter*",
        "examples": "example*",
        "requestBodies": "requestBody*",
        "headers": "header*",
        "securitySchemes": "securityScheme*",
        "links": "link*",
        "callbacks": "callback*",
        "pathItems": "path*",
        "mediaTypes": "media*",
    },
    "path": {
        **dict.fromkeys(_METHODS, "operation"),
        "additionalOperations": "operation*",
        "parameters": "parameter*",
    },
    "operation": {
        "parameters": "parameter*",
        "requestBody": "requestBody",
        "responses": "response*",
        "callbacks": "callback*",
    },
    "parameter": _VALUED,
    "header": _VALUED,
    "requestBody": {"content": "media*"},
    "media": {"schema": "schema", "itemSchema": "schema", "examples": "example*", **_CODED},
    "encoding": {"headers": "header*", **_CODED},
    "response": {"headers": "header*", "content": "media*", "links": "link*", "schema": "schema"},
}
#: Members of a schema whose own members are named by the author.
_NAMED: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})

#: Where parts that others refer to are kept, by the version's first word.
COMPONENTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "swagger": {"schema": ("definitions",), "parameter": ("parameters",), "response": ("responses",)},
    # Before 3.1 there are no path items, before 3.2 no media types.
    "openapi": {
        kind.rstrip("*"): ("components", section)
        for section, kind in _MEMBERS["components"].items()
        if section not in {"pathItems", "mediaTypes"}
    },
}


def member_kind(kind: str, key: str) -> str | None:
    """Return the kind of what stands below *key* in an object of *kind*; `None` where that is a plain value.

    >>> member_kind("response", "headers"), member_kind("header*", "X-Rate"), member_kind("header", "style")
    ('header*', 'header', None)
    """
    if kind.endswith("*"):
        return kind[:-1]
    if kind == "callback":
        return "path"
    if kind == "schema":
        if key == "discriminator":
            return "discriminator"
        return "schema*" if key in _NAMED else "schema"
    return _MEMBERS.get(kind, {}).get(key)
