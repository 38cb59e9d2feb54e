"""The fixed example that Prism answers with unless it is asked for dynamic values.

A port of what `@stoplight/json-schema-sampler` 0.3 does with the schemas that `@stoplight/http-spec` 7
hands to it, so that a script written for Prism keeps seeing the same values. It takes no notice of most
limits: the value may be invalid, and the caller then asks the generator. Not imitated: the `null` that
Prism makes of members of an `allOf` that declare no type, and the emptiness of a schema met twice below a
root `allOf`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Bundle, Subschema, unmet
from locum.generation.keywords import fraction, integer, members, names, schemas, text
from locum.generation.model import LONGEST_TEXT
from locum.generation.prism_uuid import uuid_of

__all__ = ["MOST_PARTS", "static_example"]

#: Prism gives up after this many schemas.
MOST_PARTS = 2500
_DEEPEST = 15
#: Stands for JavaScript's `undefined`: left out of objects, null in arrays; compared by identity.
_UNDEFINED: JsonValue = {}

#: In the order in which the sampler guesses a type from a keyword.
_TELLING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("number", ("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum")),
    ("string", ("maxLength", "minLength", "pattern")),
    ("array", ("items", "maxItems", "minItems", "uniqueItems")),
    ("object", ("maxProperties", "minProperties", "required", "additionalProperties", "properties")),
    ("object", ("patternProperties", "dependencies")),
)

_SMALLEST, _SMALLEST_INT64 = -(2**53) + 1, -(2**63)

_BY_FORMAT: Mapping[str, str] = {
    "email": "user@example.com",
    "idn-email": "пользователь@пример.ру",  # noqa: RUF001  # Cyrillic, as Prism has it
    "date-time": "2019-08-24T14:15:22Z",
    "date": "2019-08-24",
    "time": "14:15:22Z",
    "ipv4": "192.168.0.1",
    "ipv6": "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "hostname": "example.com",
    "idn-hostname": "пример.ру",  # noqa: RUF001  # Cyrillic, as Prism has it
    "iri": "http://пример.ру",  # noqa: RUF001  # Cyrillic, as Prism has it
    "iri-reference": "../словарь",  # Cyrillic, as Prism has it
    "uri": "http://example.com",
    "uri-reference": "../dictionary",
    "uri-template": "http://example.com/{endpoint}",
    "json-pointer": "/json/pointer",
    "relative-json-pointer": "1/relative/json/pointer",
    "regex": "/regex/",
}


def static_example(schema: JsonObject) -> JsonValue:
    """Return the value Prism's static mode would send for *schema*, valid or not.

    Parts of it belong to *schema*: do not change them. Prism gives up at more than 2,500 schemas; then what
    is inside of itself is closed at once, and `GenerationError` is raised where that is too much as well.
    """
    try:
        return _walked(schema, _Walk(Bundle(schema), _own_reference(schema)))
    except GenerationError:
        return _walked(schema, _Walk(Bundle(schema), "#", unrolls=False))


def _walked(schema: JsonObject, walk: _Walk) -> JsonValue:
    try:
        value, _ = walk.visit(Subschema(schema, ""), "", 0)
    except RecursionError as error:
        raise unmet("$ref", "", "the schema nests too deep") from error
    return None if value is _UNDEFINED else value


def _own_reference(schema: JsonObject) -> str:
    """Return the reference by which the parts of *schema* refer to it as a whole."""
    own = {key: member for key, member in schema.items() if key != "$defs"}
    definitions = schema.get("$defs")
    for name, other in definitions.items() if isinstance(definitions, dict) else ():
        if (
            isinstance(other, dict)
            and other.keys() == own.keys()
            and all(other[key] is own[key] for key in own)
        ):
            return f"#/$defs/{name}"
    return "#"


#: A value and the type it was made for, `""` when it was given instead of made.
_Sample: TypeAlias = tuple[JsonValue, str]


class _Walk:
    """One walk over a schema; counts what it has seen and knows which references it is inside of.

    Prism puts the targets of references in their places until one is inside of itself. That place refers to
    the outer one, which is followed once (*unrolls*) before it is closed.
    """

    def __init__(self, bundle: Bundle, root: str, *, unrolls: bool = True) -> None:
        self._bundle = bundle
        self._left = MOST_PARTS
        self._inside: tuple[str, ...] = (root,)
        self._unrolls = unrolls
        self._unrolled: set[tuple[str, ...]] = set()

    def visit(self, part: Subschema, name: str, depth: int) -> _Sample:
        """Return the example of *part*, the value of a property called *name*."""
        self._left -= 1
        if self._left <= 0:
            raise unmet("$ref", part.pointer, f"the schema has more than {MOST_PARTS} parts")
        schema = part.schema if isinstance(part.schema, dict) else {}
        if depth > _DEEPEST:
            return _closed(schema)
        reference = text(schema, "$ref")
        if reference:
            return self._follow(reference, part, name, depth)
        if "allOf" in schema:
            return self._merge(part, schema, name, depth)
        for keyword in ("oneOf", "anyOf"):
            if schemas(schema, keyword):
                return self.visit(self._bundle.part(part, keyword, 0), name, depth)
        if schema.get("if") and schema.get("then"):
            both = _deep_merged(schema["if"], schema["then"])
            made = self._bundle.derive(part, both if isinstance(both, dict) else {}, "if and then")
            return self.visit(made, name, depth)
        return self._given(part, schema, name, depth)

    def _follow(self, reference: str, part: Subschema, name: str, depth: int) -> _Sample:
        target = self._bundle.target(reference, part.pointer)
        before, way = self._inside, (*self._inside, reference)
        is_again = reference in before
        if is_again:
            way = before[: before.index(reference) + 1]
            if not self._unrolls or way in self._unrolled:
                return _closed(target.schema if isinstance(target.schema, dict) else {})
            self._unrolled.add(way)
        self._inside = way
        try:
            return self.visit(target, name, depth)
        finally:
            self._inside = before
            if is_again:
                self._unrolled.discard(way)

    def _given(self, part: Subschema, schema: JsonObject, name: str, depth: int) -> _Sample:
        for keyword in ("default", "const"):
            if keyword in schema:
                return schema[keyword], ""
        # Prism reads `example` as the only one of `examples`.
        listed = schemas(schema, "enum") or (
            [schema["example"]] if "example" in schema else schemas(schema, "examples")
        )
        if listed:
            return listed[0], ""
        kind = _kind(schema)
        if kind == "object":
            return self._object(part, schema, depth), kind
        if kind == "array":
            return self._array(part, schema, depth), kind
        return _SCALARS[kind](schema, name) if kind in _SCALARS else None, kind

    def _object(self, part: Subschema, schema: JsonObject, depth: int) -> JsonValue:
        made: JsonObject = {}
        for name in members(schema, "properties"):
            value, _ = self.visit(self._bundle.part(part, "properties", name), name, depth + 1)
            if value is not _UNDEFINED:
                made[name] = value
        if isinstance(schema.get("additionalProperties"), dict):
            for name in ("property1", "property2"):
                value, _ = self.visit(self._bundle.part(part, "additionalProperties"), "", depth + 1)
                made[name] = None if value is _UNDEFINED else value
        return made

    def _array(self, part: Subschema, schema: JsonObject, depth: int) -> JsonValue:
        keyword = next((each for each in ("items", "contains") if schema.get(each) not in (None, False)), "")
        if not keyword:
            return []
        # A limit of 0 counts as none for `minItems`, as zero is false in JavaScript.
        count = integer(schema, "minItems", 1) or 1
        if "maxItems" in schema:
            count = min(count, integer(schema, "maxItems", count))
        items = (self.visit(self._bundle.part(part, keyword), "", depth + 1)[0] for _ in range(count))
        return [None if each is _UNDEFINED else each for each in items]

    def _merge(self, part: Subschema, schema: JsonObject, name: str, depth: int) -> _Sample:
        rest = self._bundle.derive(
            part, {key: schema[key] for key in schema if key != "allOf"}, "without allOf"
        )
        value, kind = self.visit(rest, name, depth)
        given: list[JsonValue] = []
        for index in range(len(schemas(schema, "allOf"))):
            child = self._bundle.part(part, "allOf", index)
            if kind and isinstance(child.schema, dict):
                child = self._bundle.derive(child, {"type": kind, **child.schema}, f"as {kind}")
            made, its_kind = self.visit(child, name, depth)
            kind = its_kind or kind
            if made is not None and made is not _UNDEFINED:
                given.append(made)
        if kind != "object":
            return given[-1] if given else value, kind
        merged: JsonValue = value if isinstance(value, dict) and value is not _UNDEFINED else {}
        for each in given:
            merged = _deep_merged(merged, each) if isinstance(each, dict) else merged
        return merged, kind


def _kind(schema: JsonObject) -> str:
    """Return the first declared type, or the one that a keyword tells of, or `""`."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return declared
    if isinstance(declared, list):
        return next(iter(names(schema, "type")), "")
    return next((kind for kind, keywords in _TELLING if any(each in schema for each in keywords)), "")


def _closed(schema: JsonObject) -> _Sample:
    kind = _kind(schema)
    return {} if kind == "object" else [] if kind == "array" else _UNDEFINED, ""


def _string(schema: JsonObject, name: str) -> JsonValue:
    least, form = min(integer(schema, "minLength", 0), LONGEST_TEXT), text(schema, "format")
    if form == "uuid":
        return uuid_of(name or "id")
    if form == "password":
        more = "qwerty!@#$%^123456"
        value = "pa$$word"
        return value if least <= len(value) else (value + "_" + more * least)[:least]
    if form in _BY_FORMAT:
        return _BY_FORMAT[form]
    value = "string" if least <= len("string") else ("string" * least)[:least]
    most = integer(schema, "maxLength", 0)
    return value[:most] if most else value


def _number(schema: JsonObject, _: str) -> JsonValue:
    if "minimum" in schema:
        # No whole number below this one is exact in JavaScript.
        return _SMALLEST if schema["minimum"] == _SMALLEST_INT64 else schema["minimum"]
    above, below = fraction(schema.get("exclusiveMinimum")), fraction(schema.get("exclusiveMaximum"))
    if above is not None:
        value = (above + 1 + below - 1) / 2 if below is not None and above + 1 == below else above + 1
    elif below is not None:
        value = below - 1
    else:
        return schema.get("maximum", 0)
    return int(value) if value.denominator == 1 else float(value)


_SCALARS: Mapping[str, Callable[[JsonObject, str], JsonValue]] = {
    "string": _string,
    "number": _number,
    "integer": _number,
    "boolean": lambda _schema, _name: True,
}


def _deep_merged(one: JsonValue, other: JsonValue) -> JsonValue:
    """Return *one* overlaid with *other*, member by member."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other
    return one | {key: _deep_merged(one.get(key), value) for key, value in other.items()}
