"""What the validator says, in words for people: what was expected, what was received, and where.

Of `anyOf` and `oneOf`, the branch that was meant is told rather than the fact that none fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import jsonschema_rs
import orjson

from locum.contract.model import JsonValue, Place, Violation

__all__ = ["excerpt", "unreadable", "word_error"]

Location: TypeAlias = tuple[str | int, ...]
Origin: TypeAlias = "Callable[[list[str | int]], Place]"
Error: TypeAlias = jsonschema_rs.ValidationError
#: The kinds of error are classes without a common shape; their attributes are named in the table below.
Kind: TypeAlias = Any

EXCERPT = 60
CHOICES_SHOWN = 8
CHOICE_KEYWORDS = frozenset({"const", "enum"})


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
    return f"{count} {unit}" if count == 1 else f"{count} {unit.removesuffix('y')}{'ies' if unit[-1] == 'y' else 's'}"


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
    "falseSchema": lambda _: "nothing",
}


def word_error(error: Error, value: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Yield the violations behind one error of the validator about *value*, which stands at *location*."""
    keyword = error.kind.name
    special = SPECIAL.get(keyword)
    if special is not None:
        yield from special(error, value, location, origin)
        return
    expected = EXPECTATIONS[keyword](error.kind) if keyword in EXPECTATIONS else ""
    message = f"must be {expected}" if expected else error.message
    if keyword == "falseSchema":
        message = "is not allowed here"
    yield make(error, location, origin, keyword=keyword, message=message, expected=expected)


def make(
    error: Error,
    location: Location,
    origin: Origin,
    *,
    keyword: str,
    message: str,
    expected: str = "",
    beyond: Location = (),
    received: str | None = None,
) -> Violation:
    """Make the violation of *error*, located *beyond* the instance it speaks of."""
    return Violation(
        location=(*location, *error.instance_path, *beyond),
        keyword="false" if keyword == "falseSchema" else keyword,
        message=message,
        expected=expected,
        received=excerpt(error.instance) if received is None else received,
        place=origin(error.schema_path),
    )


def word_required(error: Error, _: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Locate a missing member where it should stand."""
    name = error.kind.property  # type: ignore[attr-defined]  # of this kind only
    yield make(
        error,
        location,
        origin,
        keyword="required",
        message="is required",
        expected=f"the member {name!r}",
        beyond=(name,),
        received="nothing",
    )


def word_unexpected(error: Error, value: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Name each member or item that the schema does not know."""
    kind: Kind = error.kind
    instance: Any = look(value, error.instance_path)
    for unexpected in kind.unexpected:
        known = isinstance(instance, dict) and unexpected in instance
        yield make(
            error,
            location,
            origin,
            keyword=kind.name,
            message="is not allowed here",
            expected="nothing",
            beyond=(unexpected,),
            received=excerpt(instance[unexpected]) if known else None,
        )


def word_false(error: Error, value: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Name what a schema of `false` forbids; an object that may have no members is told member by member."""
    instance = look(value, error.instance_path)
    if error.schema_path[-1:] == ["additionalProperties"] and isinstance(instance, dict):
        for name, member in instance.items():
            yield make(
                error,
                location,
                origin,
                keyword="additionalProperties",
                message="is not allowed here",
                expected="nothing",
                beyond=(name,),
                received=excerpt(member),
            )
        return
    yield make(error, location, origin, keyword="false", message="is not allowed here", expected="nothing")


def word_names(error: Error, _: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Say what is wrong with the name of a member."""
    inner: Error = error.kind.error  # type: ignore[attr-defined]  # of this kind only
    expected = EXPECTATIONS[inner.kind.name](inner.kind) if inner.kind.name in EXPECTATIONS else ""
    message = f"has a member whose name must be {expected}" if expected else inner.message
    received = excerpt(inner.instance)
    yield make(
        error, location, origin, keyword="propertyNames", message=message, expected=expected, received=received
    )


def word_branches(error: Error, value: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Tell what is wrong by the branch that was meant."""
    kind: Kind = error.kind
    branches: list[list[Error]] = kind.context
    fitting = sum(1 for branch in branches if not branch)
    if fitting > 1:
        message = f"must match exactly one alternative, but matches {fitting}"
        yield make(error, location, origin, keyword=kind.name, message=message, expected="exactly one alternative")
        return
    meant = [branch for branch in branches if not is_of_another_type(branch, error)]
    if not meant:
        types = sorted({name for branch in branches for name in types_of(branch)})
        message = f"must be {listed(types)}"
        yield make(error, location, origin, keyword=kind.name, message=message, expected=listed(types))
    elif len(meant) == 1:
        for inner in meant[0]:
            yield from word_error(inner, value, location, origin)
    else:
        yield word_nearest(error, min(meant, key=distance), value, location, origin)


def word_nearest(
    error: Error, branch: list[Error], value: JsonValue, location: Location, origin: Origin
) -> Violation:
    """Sum up several branches by the one that misses least."""
    problems = [each for inner in branch for each in word_error(inner, value, (), origin)]
    told = "; ".join(f"{dotted(each.location)} {each.message}".strip() for each in problems[:3])
    message = f"matches none of {len(error.kind.context)} alternatives; nearest: {told}"  # type: ignore[attr-defined]
    expected = "one of the alternatives"
    return make(error, location, origin, keyword=error.kind.name, message=message, expected=expected)


def dotted(location: Location) -> str:
    """Write the way to a member as people do."""
    return ".".join(str(part) for part in location)


def is_of_another_type(branch: list[Error], whole: Error) -> bool:
    """Tell whether a branch is for a value of another JSON type altogether."""
    return any(each.kind.name == "type" and each.instance_path == whole.instance_path for each in branch)


def types_of(branch: list[Error]) -> list[str]:
    """Return the types a branch asks for."""
    kinds: list[Kind] = [each.kind for each in branch]
    return [name for kind in kinds if kind.name == "type" for name in kind.types]


def distance(branch: list[Error]) -> tuple[int, int]:
    """Measure how far a branch is from fitting: a wrong constant tells that another one was meant."""
    constants = sum(1 for each in branch if each.kind.name in CHOICE_KEYWORDS)
    return constants, len(branch)


def look(value: JsonValue, path: list[str | int]) -> JsonValue:
    """Return what stands at *path* in *value*."""
    found: Any = value
    for token in path:
        found = found[token]
    return found  # type: ignore[no-any-return]  # a part of a JsonValue


def unreadable(error: ValueError, location: Location, place: Place) -> Violation:
    """Say that a value is no JSON at all, such as text with half a surrogate pair."""
    return Violation(location=location, keyword="syntax", message=f"is no JSON value: {error}", place=place)


SPECIAL: Mapping[str, Callable[[Error, JsonValue, Location, Origin], Iterator[Violation]]] = {
    "required": word_required,
    "additionalProperties": word_unexpected,
    "unevaluatedProperties": word_unexpected,
    "unevaluatedItems": word_unexpected,
    "falseSchema": word_false,
    "propertyNames": word_names,
    "anyOf": word_branches,
    "oneOf": word_branches,
}
