"""The values a document names for a parameter: examples, default, constants; valid ones only."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from locum.contract.coercion import shape_of
from locum.contract.model import JsonValue, Parameter
from locum.errors import ContractError

__all__ = ["documented_values", "enumerated"]


def documented_values(parameter: Parameter) -> tuple[JsonValue, ...]:
    """Return each value once, in the order of the document."""
    found: dict[bytes, JsonValue] = {}
    try:
        for value in _named(parameter):
            if value is not None and (parameter.schema is None or parameter.schema.is_valid(value)):
                found.setdefault(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), value)
    except (ContractError, TypeError):
        return ()
    return tuple(found.values())


def enumerated(parameter: Parameter) -> tuple[JsonValue, ...]:
    """Return the values a parameter is limited to, none where it is not."""
    if parameter.schema is None:
        return ()
    listed = shape_of(parameter.schema.bundle()).find("enum")
    return tuple(listed) if isinstance(listed, list) else ()


def _named(parameter: Parameter) -> Iterator[JsonValue]:
    yield from (example.value for example in parameter.examples)
    if parameter.schema is None:
        return
    for node in shape_of(parameter.schema.bundle()).nodes:
        yield from (node[key] for key in ("example", "default", "const") if key in node)
        for key in ("examples", "enum"):
            listed = node.get(key)
            yield from listed if isinstance(listed, list) else ()
