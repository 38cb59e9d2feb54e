"""Words that say nothing where they stand, most often those of the other major version of OpenAPI.

Source: the fixed fields of the objects of OpenAPI 2.0 and 3.x.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from locum.contract.node import Node
from locum.errors import nearest

__all__ = [
    "BODY",
    "OPERATION",
    "OPERATION_OF_2",
    "RESPONSE_OF_2",
    "ROOT",
    "VALUE",
    "Misplaced",
    "report_member",
    "report_misplaced",
]

#: The members of a Path Item beside its operations and extensions (3.2.0, 4.9.1), and those of an operation.
_PATH_MEMBERS: Final = frozenset(
    {"$ref", "additionalOperations", "description", "parameters", "servers", "summary"}
)
_OPERATION_MEMBERS: Final = frozenset(
    {"callbacks", "operationId", "requestBody", "responses", "security", "tags"}
)

#: By word, where what it says belongs.
Misplaced: TypeAlias = Mapping[str, str]

_MEDIA: Final = "name it below content"
_SERVERS: Final = "name it below servers"
#: Words by which one knows a schema.
_OF_SCHEMAS: Final = ("type", "properties", "items", "enum", "allOf", "anyOf", "oneOf")
#: In 3.x. `definitions` and their like are left out: references lead there in any version.
ROOT: Final[Misplaced] = MappingProxyType(
    dict.fromkeys(("host", "basePath", "schemes"), _SERVERS)
    | dict.fromkeys(("consumes", "produces"), _MEDIA)
    | {"securityDefinitions": "put it below components and securitySchemes"}
)
OPERATION: Final[Misplaced] = MappingProxyType(dict.fromkeys(("consumes", "produces"), _MEDIA))
BODY: Final[Misplaced] = MappingProxyType(
    {"schema": "put it below content and a media type"}
    | dict.fromkeys(_OF_SCHEMAS, "put it below content, a media type and schema")
)
#: Of a parameter, header or media type that has no schema.
VALUE: Final[Misplaced] = MappingProxyType(dict.fromkeys(_OF_SCHEMAS, "put it below schema"))
OPERATION_OF_2: Final[Misplaced] = MappingProxyType({"requestBody": "write a parameter with in: body"})
RESPONSE_OF_2: Final[Misplaced] = MappingProxyType(
    {"content": "put its schema here, and its media types below produces"}
)


def report_misplaced(node: Node, words: Misplaced) -> None:
    """Report which of *words* the object *node* has, each at its own place."""
    for word, hint in words.items():
        if word in node:
            message = f"{word} says nothing here; it is ignored"
            node.library.note(node.at(word), "misplaced", message, hint=hint)


def report_member(item: Node, key: str, methods: Iterable[str]) -> None:
    """Report a member of a path item that is none of *methods*, unless it may stand there."""
    if key in _PATH_MEMBERS or key.startswith("x-"):
        return
    guess = nearest(key, methods)
    hint = f"did you mean {guess}?" if guess else ""
    report_misplaced(item, {key: "put it below a method" if key in _OPERATION_MEMBERS else hint})
