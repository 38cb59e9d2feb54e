"""Draws texts that may be keys of entities, from the schema of the member that holds them."""

from __future__ import annotations

from typing import Final

from locum.behaviour.contents import Content
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text
from locum.errors import GenerationError
from locum.generation.streams import mix, stable_seed

__all__ = ["bare", "drawn_keys"]

_TRIES: Final = 4
#: What a key's schema says that is the same for every entity, and what only leads to other schemas.
_ANNOTATIONS: Final = frozenset({"example", "examples", "default"})
_LEADING: Final = frozenset({"$ref", "allOf"})
_KEYS: Final = stable_seed("keys")


def drawn_keys(content: Content, schema: JsonObject, stream: int, wanted: int) -> list[str]:
    """Draw different texts, each the only member of what *schema* allows; fewer where there are no more."""
    try:
        produce = content.generator.producer(schema)
        drawn = (produce(mix(stream, _KEYS + turn)) for turn in range(wanted * _TRIES))
        keys = (key for each in drawn if isinstance(each, dict) for key in each.values() if key is not None)
        different = dict.fromkeys(text for text in map(write_text, keys) if text and "/" not in text)
    except GenerationError:
        return []
    return list(different)[:wanted]


def bare(member: Shape) -> JsonValue:
    """Return the schema of a key without its examples, which are the same for every entity."""
    kept = [
        {name: value for name, value in node.items() if name not in _ANNOTATIONS} for node in member.nodes
    ]
    if any("anyOf" in node or "oneOf" in node for node in kept):
        return member.nodes[0]
    told: list[JsonValue] = [
        {name: value for name, value in node.items() if name not in _LEADING} for node in kept
    ]
    return told[0] if len(told) == 1 else {"allOf": told}
