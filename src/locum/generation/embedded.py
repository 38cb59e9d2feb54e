"""Text that holds a document of its own: JSON within a string, as `contentSchema` describes it.

Source: JSON Schema 2020-12 validation, 8.5. Nothing of it is asserted; whoever unpacks the text relies on it.
"""

from __future__ import annotations

import base64

import orjson

from locum.contract.model import JsonObject
from locum.contract.pointers import below
from locum.errors import GenerationError
from locum.generation.bundle import Check, Subschema
from locum.generation.choices import guarded
from locum.generation.context import Site
from locum.generation.keywords import text
from locum.generation.media import is_json
from locum.generation.nodes import Make, Node

__all__ = ["embedded_node"]


def embedded_node(site: Site, check: Check) -> Node | None:
    """Return the node of texts that hold JSON by a `contentSchema` and pass *check*; `None` without one."""
    for source in site.shape.sources:
        inner = source.schema.get("contentSchema")
        if isinstance(inner, (dict, bool)) and is_json(text(source.schema, "contentMediaType")):
            part = Subschema(
                inner, below(source.part.pointer, "contentSchema"), is_written=source.part.is_written
            )
            try:
                return _node(site.context.compile((part,), site.hint), source.schema, check, site.pointer)
            except GenerationError:
                continue
    return None


def _node(inner: Node, schema: JsonObject, check: Check, pointer: str) -> Node:
    is_packed = text(schema, "contentEncoding").lower() == "base64"

    def assemble(node: Node) -> Make:
        make = node.call(inner)

        def written(stream: int, depth: int) -> str:
            held = orjson.dumps(make(stream, depth))
            return base64.b64encode(held).decode() if is_packed else held.decode()

        return guarded(written, check, pointer, "contentSchema")

    return Node(pointer, needs=(inner,), is_fragile=True, assemble=assemble)
