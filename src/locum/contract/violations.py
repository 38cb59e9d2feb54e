"""What the validator says, in words for people: what was expected, what was received, and where.

Of `anyOf` and `oneOf`, the branch that was meant is told rather than the fact that none fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import jsonschema_rs
import orjson

from locum.contract.error_order import Ordered
from locum.contract.expectations import ASKED, EXPECTATIONS, excerpt, listed
from locum.contract.model import JsonValue, Place, Violation

__all__ = ["Case", "each_error", "unreadable", "word_whole"]

Location: TypeAlias = tuple[str | int, ...]
Origin: TypeAlias = "Callable[[list[str | int]], Place]"
Error: TypeAlias = jsonschema_rs.ValidationError
#: The kinds of error are classes without a common shape; their attributes are named in the table below.
Kind: TypeAlias = Any

CHOICE_KEYWORDS = frozenset({"const", "enum"})
CHOICES = frozenset({"anyOf", "oneOf"})
#: Keywords that say how much a value has, not what it is.
COUNTED = frozenset({"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"})


@dataclass(frozen=True, slots=True)
class Case:
    """One error of the validator about *value*, which stands at *location*; *origin* finds its rule."""

    error: Error
    value: JsonValue
    location: Location
    origin: Origin

    @property
    def kind(self) -> Kind:
        """What kind of error it is, with the attributes of that kind."""
        return self.error.kind

    def instance(self) -> Any:  # noqa: ANN401 - a part of a JsonValue, looked at by its members
        """Return the part of the value that the error is about."""
        found: Any = self.value
        for token in self.error.instance_path:
            found = found[token]
        return found

    def violation(self, message: str, *, expected: str = "") -> Violation:
        """Return the violation, located where the error is."""
        return Violation(
            location=(*self.location, *self.error.instance_path),
            keyword=self.kind.name,
            message=message,
            expected=expected,
            received=excerpt(self.error.instance),
            place=self.origin(self.error.schema_path),
            asked=ASKED[self.kind.name](self.kind) if self.kind.name in ASKED else None,
        )

    def unwanted(self, token: str | int, received: object, keyword: str) -> Violation:
        """Return the violation of a member or item that is not allowed."""
        told = self.violation("is not allowed here", expected="nothing")
        return replace(
            told, keyword=keyword, location=(*told.location, token), received=excerpt(received), asked=token
        )


def word_error(error: Error, value: JsonValue, location: Location, origin: Origin) -> Iterator[Violation]:
    """Yield the violations behind one error of the validator about *value*, which stands at *location*."""
    case = Case(error, value, location, origin)
    if case.kind.name in SPECIAL:
        yield from SPECIAL[case.kind.name](case)
        return
    expected = expectation(error)
    verb = "have" if case.kind.name in COUNTED else "be"
    yield case.violation(f"must {verb} {expected}" if expected else error.message, expected=expected)


def word_whole(
    error: Error, value: JsonValue, location: Location, origin: Origin, order: Ordered = list
) -> Iterator[Violation]:
    """Yield as `word_error` does; of a choice, the first violation has all that was found as its parts.

    *order* puts the errors of each branch in order.
    """
    found = list(word_error(error, value, location, origin))
    if error.kind.name in CHOICES:
        parts = tuple(each_error(Case(error, value, location, origin), order))
        found = [replace(each, parts=() if index else parts) for index, each in enumerate(found)]
    yield from found


def each_error(case: Case, order: Ordered) -> Iterator[Violation]:
    """Yield every error behind a choice, those of its branches first."""
    if case.kind.name not in CHOICES:
        yield from word_error(case.error, case.value, case.location, case.origin)
        return
    branches: list[list[Error]] = case.kind.context
    if all(branches):
        for inner in (error for branch in branches for error in order(branch)):
            yield from each_error(Case(inner, case.value, case.location, case.origin), order)
    yield case.violation("matches none of the alternatives")


def expectation(error: Error) -> str:
    """Return what the rule wants, in words, or `""`."""
    word = EXPECTATIONS.get(error.kind.name)
    return word(error.kind) if word else ""


def word_required(case: Case) -> Iterator[Violation]:
    """Locate a missing member where it should stand."""
    name = case.kind.property
    told = case.violation("is required", expected=f"the member {name!r}")
    yield replace(told, location=(*told.location, name), received="nothing")


def word_repeated(case: Case) -> Iterator[Violation]:
    """Say that items repeat, and where."""
    items, expected = case.instance(), EXPECTATIONS["uniqueItems"](case.kind)
    yield replace(case.violation(f"must be {expected}", expected=expected), asked=repeated(items))


def repeated(items: Sequence[JsonValue]) -> JsonValue:
    """Return the places of the last item that was there before, and of that earlier one."""
    seen: dict[bytes, int] = {}
    found: list[JsonValue] = []
    for index, item in enumerate(items):
        key = orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
        if key in seen:
            found = [index, seen[key]]
        seen[key] = index
    return found


def word_unexpected(case: Case) -> Iterator[Violation]:
    """Name each member or item that the schema does not know."""
    instance = case.instance()
    for token in case.kind.unexpected:
        yield case.unwanted(token, instance[token], case.kind.name)


def word_false(case: Case) -> Iterator[Violation]:
    """Name what a schema of `false` forbids; an object that may have no members is told member by member."""
    instance = case.instance()
    if case.error.schema_path[-1:] == ["additionalProperties"] and isinstance(instance, dict):
        for name, member in instance.items():
            yield case.unwanted(name, member, "additionalProperties")
        return
    yield replace(case.violation("is not allowed here", expected="nothing"), keyword="false")


def word_names(case: Case) -> Iterator[Violation]:
    """Say what is wrong with the name of a member."""
    inner: Error = case.kind.error
    expected = expectation(inner)
    message = f"has a member whose name must be {expected}" if expected else inner.message
    yield replace(case.violation(message, expected=expected), received=excerpt(inner.instance))


def word_branches(case: Case) -> Iterator[Violation]:
    """Tell what is wrong by the branch that was meant."""
    branches: list[list[Error]] = case.kind.context
    fitting = sum(1 for branch in branches if not branch)
    if fitting > 1:
        message = f"must match exactly one alternative, but matches {fitting}"
        yield case.violation(message, expected="exactly one alternative")
        return
    meant = [branch for branch in branches if not is_of_another_type(branch, case.error)]
    if not meant:
        types = listed(sorted({name for branch in branches for name in types_of(branch)}))
        yield case.violation(f"must be {types}", expected=types)
    elif len(meant) == 1:
        for inner in meant[0]:
            yield from word_error(inner, case.value, case.location, case.origin)
    else:
        yield word_nearest(case, min(meant, key=distance))


def word_nearest(case: Case, branch: list[Error]) -> Violation:
    """Sum up several branches by the one that misses least."""
    start = len(case.error.instance_path)
    problems = [each for inner in branch for each in word_error(inner, case.value, (), case.origin)]
    told = "; ".join(f"{dotted(each.location[start:])} {each.message}".strip() for each in problems[:3])
    count = len(case.kind.context)
    return case.violation(f"matches none of {count} alternatives; nearest: {told}", expected="an alternative")


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


def unreadable(error: ValueError, location: Location, place: Place) -> Violation:
    """Say that a value is no JSON at all, such as text with half a surrogate pair."""
    return Violation(location=location, keyword="syntax", message=f"is no JSON value: {error}", place=place)


SPECIAL: Mapping[str, Callable[[Case], Iterator[Violation]]] = {
    "required": word_required,
    "uniqueItems": word_repeated,
    "additionalProperties": word_unexpected,
    "unevaluatedProperties": word_unexpected,
    "unevaluatedItems": word_unexpected,
    "falseSchema": word_false,
    "propertyNames": word_names,
    "anyOf": word_branches,
    "oneOf": word_branches,
}
