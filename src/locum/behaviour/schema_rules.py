"""Finds the parts of a value that a rule written into a schema speaks of.

A rule in a schema is about every value the schema describes, wherever that stands in a body. The schema and
the value are walked together; of alternatives, those count that the value satisfies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from jsonschema_rs import Draft202012Validator

from locum.contract.model import JsonObject, JsonValue
from locum.contract.pointers import below

__all__ = ["rules_in", "subjects_of"]

#: Schemas one in another without a step into the value; a document that goes further goes in circles.
_DEEPEST: Final = 32
#: Keywords whose members are schemas by name.
_NAMED: Final = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties"})
#: Keywords whose value is no schema.
_NO_SCHEMAS: Final = frozenset({"const", "default", "enum", "example", "examples"})


def rules_in(bundle: JsonObject, member: str) -> list[JsonObject]:
    """Return the rules that stand under *member* (`x-invariants`) anywhere in *bundle*, each once."""
    found: dict[str, JsonObject] = {}
    for rule in _listed(bundle, member):
        found.setdefault(str(rule.get("id")), rule)
    return list(found.values())


def subjects_of(
    bundle: JsonObject, member: str, rule_id: str
) -> Callable[[JsonValue], list[tuple[str, JsonValue]]]:
    """Return what finds the parts of a value that the rule *rule_id* of *bundle* speaks of.

    Each part is there once, with its pointer.
    """
    judges: dict[int, Draft202012Validator] = {}

    def find(value: JsonValue) -> list[tuple[str, JsonValue]]:
        found: dict[str, JsonValue] = {}
        walk = _Walk(bundle, member, rule_id, judges)
        for pointer, part in walk.into(bundle, value, "", 0):
            found.setdefault(pointer, part)
        return list(found.items())

    return find


def _listed(value: JsonValue, member: str) -> Iterator[JsonObject]:
    if isinstance(value, list):
        for each in value:
            yield from _listed(each, member)
    if isinstance(value, dict):
        rules = value.get(member)
        yield from (each for each in rules if isinstance(each, dict)) if isinstance(rules, list) else ()
        for name, each in value.items():
            if name in _NAMED and isinstance(each, dict):
                yield from _listed(list(each.values()), member)
            elif name not in _NO_SCHEMAS and not name.startswith("x-"):
                yield from _listed(each, member)


class _Walk:
    """Goes through one value by one bundle."""

    __slots__ = ("_bundle", "_judges", "_member", "_rule_id")

    def __init__(
        self, bundle: JsonObject, member: str, rule_id: str, judges: dict[int, Draft202012Validator]
    ) -> None:
        self._bundle, self._member, self._rule_id, self._judges = bundle, member, rule_id, judges

    def into(
        self, schema: JsonValue, value: JsonValue, pointer: str, depth: int
    ) -> Iterator[tuple[str, JsonValue]]:
        """Yield the parts of *value*, which *schema* describes, that the rule speaks of."""
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        rules = schema.get(self._member)
        if isinstance(rules, list) and any(
            isinstance(each, dict) and each.get("id") == self._rule_id for each in rules
        ):
            yield pointer, value
        for inner in self._beside(schema, value):
            yield from self.into(inner, value, pointer, depth + 1)
        if isinstance(value, dict):
            yield from self._members(schema, value, pointer)
        if isinstance(value, list):
            yield from self._items(schema, value, pointer)

    def _beside(self, schema: JsonObject, value: JsonValue) -> Iterator[JsonValue]:
        """Yield the schemas that describe the same value."""
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            name = reference.removeprefix("#/$defs/").replace("~1", "/").replace("~0", "~")
            yield cast("Mapping[str, Any]", self._bundle.get("$defs", {})).get(name)
        yield from _list(schema.get("allOf"))
        for keyword in ("anyOf", "oneOf"):
            yield from (each for each in _list(schema.get(keyword)) if self._satisfies(value, each))
        if "if" in schema:
            yield schema.get("then" if self._satisfies(value, schema["if"]) else "else")

    def _members(
        self, schema: JsonObject, value: JsonObject, pointer: str
    ) -> Iterator[tuple[str, JsonValue]]:
        properties = schema.get("properties")
        known = properties if isinstance(properties, dict) else {}
        for name, part in value.items():
            described = known.get(name, schema.get("additionalProperties"))
            yield from self.into(described, part, below(pointer, name), 0)

    def _items(
        self, schema: JsonObject, value: list[JsonValue], pointer: str
    ) -> Iterator[tuple[str, JsonValue]]:
        first = _list(schema.get("prefixItems"))
        for index, part in enumerate(value):
            described = first[index] if index < len(first) else schema.get("items")
            yield from self.into(described, part, below(pointer, index), 0)

    def _satisfies(self, value: JsonValue, schema: JsonValue) -> bool:
        if not isinstance(schema, dict):
            return schema is not False
        if id(schema) not in self._judges:
            whole = {**schema, "$defs": self._bundle.get("$defs", {})}
            self._judges[id(schema)] = Draft202012Validator(whole, offline=True)
        return self._judges[id(schema)].is_valid(value)


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
