"""In which order the errors of a value are told: as its schema is written, and as other validators judge.

The compiled validator goes by the alphabet. People look for the first member first, and whoever compares
answers as a whole has them in the order of Ajv: type, then what holds for numbers and texts, for any value,
for lists, for objects; members in the order of `properties`. Source: Ajv 8, compile/rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice
from typing import Any, Final, TypeAlias

import jsonschema_rs

from locum.contract.model import JsonObject
from locum.contract.pointers import split_pointer

__all__ = ["Ordered", "order_of", "schema_at"]

Ordered: TypeAlias = (
    "Callable[[Iterable[jsonschema_rs.ValidationError]], Iterable[jsonschema_rs.ValidationError]]"
)

#: More errors than anybody reads stay as they come: what a stranger sends must not cost much.
_MOST: Final = 200
_KEYWORDS: Final = (
    *("type", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"),
    *("maxLength", "minLength", "pattern", "format"),
    *("$ref", "$dynamicRef", "const", "enum", "not", "anyOf", "oneOf", "allOf", "if", "then", "else"),
    *("maxItems", "minItems", "uniqueItems", "prefixItems", "items", "contains"),
    *("maxProperties", "minProperties", "required", "dependentRequired", "propertyNames"),
    *("additionalProperties", "dependentSchemas", "properties", "patternProperties"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_RANKS: Final[Mapping[str, int]] = {name: rank for rank, name in enumerate(_KEYWORDS)}
#: Keywords whose value is a map from names to schemas.
_MAPS: Final = frozenset({"properties", "patternProperties", "dependentSchemas", "dependentRequired"})
#: Keywords that go through the members or items of the value, one after the other.
_EACH: Final = frozenset({"items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties"})


def order_of(bundle: JsonObject, value: object) -> Ordered:
    """Return what puts errors of *value*, judged by *bundle*, in order."""

    def ordered(
        errors: Iterable[jsonschema_rs.ValidationError],
    ) -> Iterable[jsonschema_rs.ValidationError]:
        coming = iter(errors)
        found = list(islice(coming, _MOST + 1))
        if len(found) > _MOST:
            return chain(found, coming)
        return sorted(found, key=lambda error: _rank(error, bundle, value))

    return ordered


def schema_at(bundle: JsonObject, path: Iterable[str | int]) -> Any:  # noqa: ANN401 -- a part of a schema
    """Return the part of *bundle* that the way of an evaluation leads to, through references."""
    at: Any = bundle
    for token in path:
        at = _below(at, token)
        if token in ("$ref", "$dynamicRef"):
            at = _target(bundle, at)
    return at


def _rank(error: jsonschema_rs.ValidationError, bundle: JsonObject, value: object) -> tuple[int, ...]:
    """Return where *error* stands: the rank of each keyword on the way, and of each member it leads to."""
    found: list[int] = []
    at: Any = bundle
    tokens, inside = list(error.evaluation_path), list(error.instance_path)
    while tokens:
        keyword = tokens.pop(0)
        found.append(_RANKS.get(str(keyword), len(_RANKS)))
        if keyword in ("$ref", "$dynamicRef"):
            at = _target(bundle, _below(at, keyword))
            continue
        at = _below(at, keyword)
        if keyword in _MAPS and tokens:
            found.append(_index(at, tokens[0]))
            at = _below(at, tokens.pop(0))
        if keyword in {"properties", "patternProperties"} | _EACH and inside:
            member = inside.pop(0)
            found.append(_index(value, member))
            value = _below(value, member)
        elif isinstance(at, list) and tokens:
            found.append(_index(at, tokens[0]))
            at = _below(at, tokens.pop(0))
            if keyword == "prefixItems" and inside:
                value = _below(value, inside.pop(0))
    return tuple(found)


def _below(value: Any, token: str | int) -> Any:  # noqa: ANN401 -- a part of a schema or a value
    if isinstance(value, dict):
        return value.get(token)
    return value[token] if isinstance(value, list) and isinstance(token, int) and token < len(value) else None


def _index(value: Any, token: str | int) -> int:  # noqa: ANN401 -- a part of a schema or a value
    if isinstance(token, int):
        return token
    return list(value).index(token) if isinstance(value, dict) and token in value else 0


def _target(bundle: JsonObject, reference: object) -> Any:  # noqa: ANN401 -- a part of a schema
    found: Any = bundle
    for token in split_pointer(str(reference).partition("#")[2]):
        found = _below(found, int(token) if isinstance(found, list) and token.isdigit() else token)
    return found
