"""Turns text into JSON values by what a schema allows: `Shape` looks at the schema, `coercer` compiles it.

Text knows no types: a query, a header or a form says `12` for a number and for a string alike. What must
not live here: how several texts make one array or object (`styles.py`), and validation, which is `Schema`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final
from urllib.parse import unquote

from locum.contract.model import JsonObject, JsonValue

__all__ = ["ANYTHING", "Coerce", "Shape", "coercer", "resolve", "shape_of"]

Coerce = Callable[[str], JsonValue]

#: Every type of JSON Schema; `number` without `integer` never occurs in a `Shape`.
ANYTHING: Final = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
#: A number of more digits is looked at twice before it is converted.
_LONGEST_PLAIN: Final = 20
_INTEGER = re.compile(r"-?[0-9]{1,400}")
_NUMBER = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?")


class _Unreadable(Enum):
    """What a reader returns for text it cannot read."""

    TEXT = auto()


_Read = Callable[[str], "JsonValue | _Unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a schema says about form: the types it allows and the parts it has.

    *nodes* are the subschemas that speak about the value, through `$ref`, `allOf`, `anyOf` and `oneOf`.
    *properties* are the names of the declared members, in order of appearance.
    """

    types: frozenset[str]
    properties: tuple[str, ...]
    nodes: tuple[JsonObject, ...]
    root: JsonObject
    _parts: dict[str | int, Shape] = field(default_factory=dict, repr=False, compare=False)

    def member(self, name: str) -> Shape:
        """Return the shape of the member *name* of an object."""
        if name not in self._parts:
            self._parts[name] = _join(
                [part for node in self.nodes for part in _member_of(node, name)], self.root
            )
        return self._parts[name]

    def item(self, index: int = 0) -> Shape:
        """Return the shape of the item at *index* of an array."""
        longest = max((len(_list(node.get("prefixItems"))) for node in self.nodes), default=0)
        key = min(index, longest)
        if key not in self._parts:
            self._parts[key] = _join([part for node in self.nodes for part in _item_of(node, key)], self.root)
        return self._parts[key]

    @property
    def is_open(self) -> bool:
        """Whether members beside the declared ones may be there: they are spoken of, or none is declared."""
        if any(node.get("additionalProperties") is False for node in self.nodes):
            return False
        return not self.properties or any("additionalProperties" in node for node in self.nodes)

    def find(self, keyword: str) -> JsonValue:
        """Return the value of *keyword* where first given, else `None`."""
        return next((node[keyword] for node in self.nodes if keyword in node), None)

    def has(self, keyword: str) -> bool:
        """Tell whether *keyword* is given anywhere."""
        return any(keyword in node for node in self.nodes)


def shape_of(bundle: JsonObject) -> Shape:
    """Return the shape of a self-contained schema.

    >>> sorted(shape_of({"allOf": [{"type": ["integer", "string"]}, {"type": "number"}]}).types)
    ['integer']
    """
    return _join([bundle], bundle)


def coercer(shape: Shape) -> Coerce:
    """Compile the way from text to a value of *shape*; text that fits nothing stays text.

    Where text and another type are both allowed, the other type wins when the text looks like it.

    >>> coercer(shape_of({"type": "integer"}))("01"), coercer(shape_of({"type": "integer"}))("one")
    (1, 'one')
    """
    wanted = shape.types
    if wanted >= ANYTHING or wanted <= {"string"}:
        return _text
    if wanted == {"integer"}:
        return _integer_or_text
    steps = [read for types, read in _READERS if types & wanted]
    if "string" not in wanted and "null" in wanted:
        steps.append(_empty)
    return _first_of(steps)


def _first_of(steps: list[_Read]) -> Coerce:
    def coerce(text: str) -> JsonValue:
        for step in steps:
            found = step(text)
            if found is not _Unreadable.TEXT:
                return found
        return text

    return coerce


def _text(text: str) -> JsonValue:
    return text


def _integer(text: str) -> JsonValue | _Unreadable:
    if _INTEGER.fullmatch(text):
        return int(text)
    number = _number(text)
    return int(number) if isinstance(number, float) and number.is_integer() else _Unreadable.TEXT


def _integer_or_text(text: str) -> JsonValue:
    if text.isascii() and text.isdigit() and len(text) < _LONGEST_PLAIN:
        return int(text)
    found = _integer(text)
    return text if found is _Unreadable.TEXT else found


def _number(text: str) -> JsonValue | _Unreadable:
    if _INTEGER.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text):
        return _Unreadable.TEXT
    number = float(text)
    return number if abs(number) != float("inf") else _Unreadable.TEXT


def _boolean(text: str) -> JsonValue | _Unreadable:
    return {"true": True, "false": False}.get(text, _Unreadable.TEXT)


def _null(text: str) -> JsonValue | _Unreadable:
    return None if text == "null" else _Unreadable.TEXT


def _empty(text: str) -> JsonValue | _Unreadable:
    return None if text == "" else _Unreadable.TEXT


_READERS: Final[tuple[tuple[frozenset[str], _Read], ...]] = (
    (frozenset({"number"}), _number),
    (frozenset({"integer"}), _integer),
    (frozenset({"boolean"}), _boolean),
    (frozenset({"null"}), _null),
)


def _join(schemas: list[JsonValue], root: JsonObject) -> Shape:
    nodes: list[JsonObject] = []
    known: dict[int, frozenset[str]] = {}
    allowed = [_types(schema, root, nodes, known) for schema in schemas]
    types = frozenset.intersection(ANYTHING, *allowed) or frozenset[str]().union(*allowed)
    if types >= ANYTHING:
        types = _hinted(nodes)
    properties = dict.fromkeys(name for node in nodes for name in _mapping(node.get("properties")))
    return Shape(types=types, properties=tuple(properties), nodes=tuple(nodes), root=root)


def _hinted(nodes: list[JsonObject]) -> frozenset[str]:
    if any(_mapping(node.get("properties")) for node in nodes):
        return frozenset({"object"})
    if any("items" in node or "prefixItems" in node for node in nodes):
        return frozenset({"array"})
    return ANYTHING


def _types(
    schema: JsonValue, root: JsonObject, nodes: list[JsonObject], known: dict[int, frozenset[str]]
) -> frozenset[str]:
    """Return the types *schema* allows, adding every subschema that speaks to *nodes*."""
    if not isinstance(schema, dict):
        return ANYTHING
    if id(schema) in known:
        return known[id(schema)]
    nodes.append(schema)
    known[id(schema)] = ANYTHING  # holds while a circle is walked
    allowed = _own_types(schema)
    if isinstance(reference := schema.get("$ref"), str):
        allowed &= _types(resolve(reference, root), root, nodes, known)
    for part in _list(schema.get("allOf")):
        allowed &= _types(part, root, nodes, known)
    for keyword in ("anyOf", "oneOf"):
        branches = [_types(part, root, nodes, known) for part in _list(schema.get(keyword))]
        if branches:
            allowed &= frozenset[str]().union(*branches)
    known[id(schema)] = allowed
    return allowed


def _own_types(schema: JsonObject) -> frozenset[str]:
    declared = schema.get("type")
    names = {
        name for name in (declared if isinstance(declared, list) else [declared]) if isinstance(name, str)
    }
    if not names:
        values = _list(schema.get("enum")) or ([schema["const"]] if "const" in schema else [])
        names = {_type_name(value) for value in values}
    if not names:
        return ANYTHING
    return frozenset(names | {"integer"} if "number" in names else names)


def _type_name(value: JsonValue) -> str:
    names: Mapping[type, str] = {
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
    }
    return "null" if value is None else names.get(type(value), "object")


def resolve(reference: str, root: JsonObject) -> JsonValue:
    """Follow a local reference (`#/$defs/…`); what cannot be followed allows anything."""
    found: JsonValue = root
    for token in unquote(reference.removeprefix("#")).split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        else:
            return True
    return found


def _member_of(node: JsonObject, name: str) -> Iterator[JsonValue]:
    properties = _mapping(node.get("properties"))
    if name in properties:
        yield properties[name]
        return
    for pattern, schema in _mapping(node.get("patternProperties")).items():
        if _matches(pattern, name):
            yield schema
            return
    if "additionalProperties" in node:
        yield node["additionalProperties"]


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # a pattern of another dialect: the validator judges it, coercion goes without
        return False


def _item_of(node: JsonObject, index: int) -> Iterator[JsonValue]:
    first = _list(node.get("prefixItems"))
    if index < len(first):
        yield first[index]
    elif "items" in node:
        yield node["items"]


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
