"""Words that say nothing where they stand, most often those of the other major version of OpenAPI.

Source: the fixed fields of the objects of OpenAPI 2.0 and 3.x.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from locum.contract.node import Node

__all__ = [
    "BODY",
    "OPERATION",
    "OPERATION_OF_2",
    "RESPONSE_OF_2",
    "ROOT",
    "VALUE",
    "Misplaced",
    "report_misplaced",
]

#: By word, where what it says belongs.
Misplaced: TypeAlias = Mapping[str, str]

_MEDIA: Final = "name it below content"
_SERVERS: Final = "name it below servers"
_SCHEMA: Final = "put it below schema"
#: In 3.x. `definitions` and their like are left out: references lead there in any version.
ROOT: Final[Misplaced] = MappingProxyType(
    dict.fromkeys(("host", "basePath", "schemes"), _SERVERS)
    | dict.fromkeys(("consumes", "produces"), _MEDIA)
    | {"securityDefinitions": "put it below components and securitySchemes"}
)
OPERATION: Final[Misplaced] = MappingProxyType(dict.fromkeys(("consumes", "produces"), _MEDIA))
BODY: Final[Misplaced] = MappingProxyType({"schema": "put it below content and a media type"})
#: Of a parameter, header or media type that has no schema.
VALUE: Final[Misplaced] = MappingProxyType(
    dict.fromkeys(("type", "properties", "items", "enum", "allOf", "anyOf", "oneOf"), _SCHEMA)
)
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
