"""What each keyword of a schema expects, in words for people, and how a value is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from locum.contract.model import JsonValue

__all__ = ["ASKED", "EXPECTATIONS", "excerpt", "listed"]

#: The kinds of error are classes without a common shape; their attributes are named in the tables below.
Kind: TypeAlias = Any

EXCERPT = 60
CHOICES_SHOWN = 8


def excerpt(value: object) -> str:
    """Return *value* as JSON, cut to a line."""
    try:
        text = orjson.dumps(value).decode()
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"


def listed(values: Sequence[object], *, last: str = " or ") -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    words = [str(value) for value in values]
    if len(words) > CHOICES_SHOWN:
        words = [*words[:CHOICES_SHOWN], f"{len(words) - CHOICES_SHOWN} more"]
    return last.join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def plural(count: float, unit: str) -> str:
    """Return count and unit."""
    return (
        f"{count} {unit}"
        if count == 1
        else f"{count} {unit.removesuffix('y')}{'ies' if unit[-1] == 'y' else 's'}"
    )


EXPECTATIONS: Mapping[str, Callable[[Kind], str]] = {
    "type": lambda kind: listed(sorted(kind.types)),
    "enum": lambda kind: f"one of {listed([excerpt(option) for option in kind.options])}",
    "const": lambda kind: excerpt(kind.expected_value),
    "format": lambda kind: f"text of format {kind.format}",
    "pattern": lambda kind: f"text matching {kind.pattern}",
    "minimum": lambda kind: f"at least {kind.limit}",
    "maximum": lambda kind: f"at most {kind.limit}",
    "exclusiveMinimum": lambda kind: f"more than {kind.limit}",
    "exclusiveMaximum": lambda kind: f"less than {kind.limit}",
    "multipleOf": lambda kind: f"a multiple of {kind.multiple_of}",
    "minLength": lambda kind: f"at least {plural(kind.limit, 'character')}",
    "maxLength": lambda kind: f"at most {plural(kind.limit, 'character')}",
    "minItems": lambda kind: f"at least {plural(kind.limit, 'item')}",
    "maxItems": lambda kind: f"at most {plural(kind.limit, 'item')}",
    "minProperties": lambda kind: f"at least {plural(kind.limit, 'property')}",
    "maxProperties": lambda kind: f"at most {plural(kind.limit, 'property')}",
    "uniqueItems": lambda _: "items that differ from each other",
    "contains": lambda _: "an item of the kind asked for",
    "not": lambda _: "a value of another kind",
}


#: What each keyword asks for, as the schema has it.
ASKED: Mapping[str, Callable[[Kind], JsonValue]] = {
    "type": lambda kind: sorted(kind.types, key=lambda name: (name == "null", name)),
    "enum": lambda kind: list(kind.options),
    "const": lambda kind: kind.expected_value,
    "format": lambda kind: kind.format,
    "pattern": lambda kind: kind.pattern,
    "multipleOf": lambda kind: kind.multiple_of,
    "required": lambda kind: kind.property,
    **{
        name: lambda kind: kind.limit
        for name in (
            *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
            *("minItems", "maxItems", "minProperties", "maxProperties"),
        )
    },
}
