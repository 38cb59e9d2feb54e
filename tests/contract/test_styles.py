from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import jsonschema_rs
import pytest

from locum.contract.model import (
    Direction,
    JsonObject,
    JsonValue,
    Location,
    Parameter,
    Place,
    Style,
    Violation,
)
from locum.contract.styles import UNREADABLE, Sent, compile_parameters
from locum.contract.writing import write_parameter

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

NOWHERE = Place(uri="", pointer="")
NUMBERS: JsonObject = {"type": "array", "items": {"type": "integer"}}
POINT: JsonObject = {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "boolean"}}}
DEFAULTS: Mapping[Location, tuple[Style, bool]] = {
    Location.PATH: (Style.SIMPLE, False),
    Location.QUERY: (Style.FORM, True),
    Location.HEADER: (Style.SIMPLE, False),
    Location.COOKIE: (Style.FORM, True),
}


@dataclass(frozen=True)
class LiteralSchema:
    """A schema written out in a test."""

    literal: JsonObject
    place: Place = NOWHERE
    direction: Direction = Direction.REQUEST
    validator: jsonschema_rs.Draft202012Validator = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "validator", jsonschema_rs.Draft202012Validator(self.literal))

    def bundle(self) -> JsonObject:
        """Return the schema."""
        return self.literal

    def place_of(self, pointer: str) -> Place:
        """Return where the schema stands."""
        return Place(uri=self.place.uri, pointer=pointer)

    def is_valid(self, value: JsonValue) -> bool:
        """Tell whether *value* satisfies the schema."""
        return self.validator.is_valid(value)

    def violations(self, value: JsonValue, *location: str | int) -> tuple[Violation, ...]:
        """Return what is wrong with *value*."""
        errors = self.validator.iter_errors(value)
        return tuple(Violation(location=location, keyword="schema", message=each.message) for each in errors)


def parameter(
    name: str, schema: JsonObject, location: Location = Location.QUERY, **changed: Json
) -> Parameter:
    """Return a parameter with the style and explode its location has by default."""
    style, explode = DEFAULTS[location]
    told: dict[str, Any] = {"style": style, "explode": explode, "required": False} | changed
    return Parameter(name=name, location=location, schema=LiteralSchema(schema), place=NOWHERE, **told)


def read_query(query: str, *parameters: Parameter) -> Sent:
    """Read a query by its declared parameters."""
    return compile_parameters(parameters).read({}, query, ())


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "12", 12),
        ("integer", "-7", -7),
        ("integer", "01", 1),
        ("integer", "1.0", 1),
        ("integer", "1e3", 1000),
        ("integer", "1.5", "1.5"),
        ("integer", "one", "one"),
        ("integer", "", ""),
        ("integer", "9" * 5000, "9" * 5000),
        ("integer", "١٢", "١٢"),
        ("number", "1.25", 1.25),
        ("number", "7", 7),
        ("number", "1e999", "1e999"),
        ("number", "nan", "nan"),
        ("boolean", "true", True),
        ("boolean", "True", "True"),
        ("boolean", "1", "1"),
        ("null", "null", None),
        ("null", "", None),
        ("string", "12", "12"),
        (["integer", "null"], "null", None),
        (["integer", "null"], "3", 3),
    ],
)
def test_text_becomes_what_the_type_says(kind: JsonValue, text: str, value: JsonValue) -> None:
    """Text is read as the declared type; what does not look like it stays text, for the validator."""
    sent = compile_parameters([parameter("a", {"type": kind}, Location.PATH)]).read({"a": text}, "", ())

    assert sent.path == {"a": value}
    assert sent.violations == ()


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"$ref": "#/$defs/n", "$defs": {"n": {"type": "integer"}}}, "5", 5),
        ({"allOf": [{"type": ["integer", "string"]}, {"type": "number"}]}, "5", 5),
        ({"anyOf": [{"type": "boolean"}, {"type": "integer"}]}, "true", True),
        ({"oneOf": [{"type": "integer", "maximum": 3}, {"type": "string", "minLength": 2}]}, "12", "12"),
        ({"oneOf": [{"type": "integer", "maximum": 3}, {"type": "string", "minLength": 2}]}, "2", 2),
        ({"enum": [1, 2]}, "2", 2),
        ({"const": True}, "true", True),
        ({}, "5", "5"),
        ({"type": ["string", "integer"], "pattern": "^0"}, "007", 7),
    ],
)
def test_the_type_is_found_through_composition(schema: JsonObject, text: str, value: JsonValue) -> None:
    """References, allOf, anyOf, oneOf, enum and const all tell the type; a union takes what is valid."""
    assert read_query(f"a={text}", parameter("a", schema)).query == {"a": value}


@pytest.mark.parametrize(
    ("style", "explode", "schema", "query", "value"),
    [
        (Style.FORM, True, NUMBERS, "a=1&a=2", [1, 2]),
        (Style.FORM, True, NUMBERS, "a=1", [1]),
        (Style.FORM, False, NUMBERS, "a=1,2", [1, 2]),
        (Style.FORM, False, NUMBERS, "a=", []),
        (Style.FORM, False, {"type": "array", "items": {"type": "string"}}, "a=x%2Cy,z", ["x,y", "z"]),
        (Style.FORM, False, NUMBERS, "a=1%2C2", [1, 2]),
        (Style.FORM, False, POINT, "a=x%2C1%2Cy%2Ctrue", {"x": 1, "y": True}),
        (Style.SPACE_DELIMITED, False, NUMBERS, "a=1%202", [1, 2]),
        (Style.SPACE_DELIMITED, False, NUMBERS, "a=1+2", [1, 2]),
        (Style.PIPE_DELIMITED, False, NUMBERS, "a=1|2", [1, 2]),
        (Style.PIPE_DELIMITED, False, NUMBERS, "a=1%7C2", [1, 2]),
        (Style.PIPE_DELIMITED, True, NUMBERS, "a=1&a=2", [1, 2]),
        (Style.FORM, False, POINT, "a=x,1,y,true", {"x": 1, "y": True}),
        (Style.FORM, True, POINT, "x=1&y=true&z=3", {"x": 1, "y": True}),
        (Style.PIPE_DELIMITED, False, POINT, "a=x%7C1", {"x": 1}),
        (Style.DEEP_OBJECT, True, POINT, "a[x]=1&a%5By%5D=true", {"x": 1, "y": True}),
        (Style.DEEP_OBJECT, True, NUMBERS, "a[]=1&a[]=2", [1, 2]),
        (Style.DEEP_OBJECT, True, NUMBERS, "a[0]=1&a[1]=2", [1, 2]),
        (Style.FORM, True, {"type": ["array", "null"], "items": {"type": "string"}}, "a=x", ["x"]),
        (Style.FORM, True, {"type": "array", "prefixItems": [{"type": "integer"}]}, "a=1&a=b", [1, "b"]),
    ],
)
def test_a_query_is_read_by_style(
    *, style: Style, explode: bool, schema: JsonObject, query: str, value: JsonValue
) -> None:
    """Each style and explode of arrays and objects gives the typed value.

    A comma that is encoded beside bare ones is data; where all are encoded, the client has encoded the whole.
    """
    sent = read_query(query, parameter("a", schema, style=style, explode=explode))

    assert sent.query == {"a": value}
    assert sent.violations == ()


def test_a_schema_without_any_type_is_read_as_text() -> None:
    """It contradicts itself, and refuses whatever is sent; reading is none the worse for it."""
    schema: JsonObject = {"allOf": [{"type": "string"}, {"type": "object"}]}

    assert read_query("a=x", parameter("a", schema)).query == {"a": "x"}
    assert read_query("b=1", parameter("a", schema), parameter("b", {"type": "integer"})).query == {"b": 1}


def test_deep_objects_nest_and_repeat() -> None:
    """Brackets nest, and what is repeated or ends in `[]` is an array where the schema has one."""
    schema: JsonObject = {
        "type": "object",
        "properties": {
            "b": {"type": "object", "properties": {"c": {"type": "integer"}}},
            "d": NUMBERS,
            "e": NUMBERS,
            "f": {"type": "array", "items": {"type": "object", "properties": {"g": {"type": "integer"}}}},
        },
    }
    sent = read_query(
        "a[b][c]=1&a[d]=1&a[d]=2&a[e][]=3&a[f][0][g]=4&a[f][1][g]=5",
        parameter("a", schema, style=Style.DEEP_OBJECT),
    )

    assert sent.query == {"a": {"b": {"c": 1}, "d": [1, 2], "e": [3], "f": [{"g": 4}, {"g": 5}]}}


@pytest.mark.parametrize("query", ["filter[]=a&filter[]=b", "filter%5B%5D=a&filter%5b%5d=b"])
def test_brackets_in_a_name_are_read_raw_and_encoded(query: str) -> None:
    """A name such as `filter[]` is found however its brackets are written."""
    schema: JsonObject = {"type": "array", "items": {"type": "string"}}

    assert read_query(query, parameter("filter[]", schema)).query == {"filter[]": ["a", "b"]}


@pytest.mark.parametrize(
    ("style", "explode", "schema", "text", "value"),
    [
        (Style.SIMPLE, False, NUMBERS, "1,2", [1, 2]),
        (Style.SIMPLE, True, POINT, "x=1,y=true", {"x": 1, "y": True}),
        (Style.SIMPLE, False, POINT, "x,1,y,true", {"x": 1, "y": True}),
        (Style.LABEL, False, {"type": "integer"}, ".5", 5),
        (Style.LABEL, False, NUMBERS, ".1,2", [1, 2]),
        (Style.LABEL, True, NUMBERS, ".1.2", [1, 2]),
        (Style.LABEL, True, POINT, ".x=1.y=true", {"x": 1, "y": True}),
        (Style.MATRIX, False, {"type": "integer"}, ";a=5", 5),
        (Style.MATRIX, False, NUMBERS, ";a=1,2", [1, 2]),
        (Style.MATRIX, True, NUMBERS, ";a=1;a=2", [1, 2]),
        (Style.MATRIX, False, POINT, ";a=x,1,y,true", {"x": 1, "y": True}),
        (Style.MATRIX, True, POINT, ";x=1;y=true", {"x": 1, "y": True}),
    ],
)
def test_a_path_is_read_by_style(
    *, style: Style, explode: bool, schema: JsonObject, text: str, value: JsonValue
) -> None:
    """Simple, label and matrix give the typed value, exploded or not."""
    declared = parameter("a", schema, Location.PATH, style=style, explode=explode)

    assert compile_parameters([declared]).read({"a": text}, "", ()).path == {"a": value}


def test_headers_and_cookies_are_read_by_name_and_style() -> None:
    """Header names have no case, lists are split at commas; cookies are separated by semicolons."""
    reader = compile_parameters(
        [
            parameter("X-Ids", NUMBERS, Location.HEADER),
            parameter("session", {"type": "string"}, Location.COOKIE),
            parameter("page", {"type": "integer"}, Location.COOKIE),
            parameter("Accept", {"type": "integer"}, Location.HEADER),
        ]
    )

    sent = reader.read(
        {}, "", (("x-ids", "1, 2"), ("x-ids", "3"), ("cookie", 'session="a%20b"; page=2'), ("accept", "*/*"))
    )

    assert sent.headers == {"X-Ids": [1, 2, 3]}
    assert sent.cookies == {"session": "a b", "page": 2}


def test_content_parameters_are_json() -> None:
    """A parameter declared by `content` is parsed as JSON; what is none is a violation."""
    declared = parameter("a", {"type": "object"}, media_type="application/json")

    assert read_query("a=%7B%22b%22%3A1%7D", declared).query == {"a": {"b": 1}}
    assert [each.message for each in read_query("a=%7B", declared).violations] == [
        "is not JSON: unexpected end of data, column 2"
    ]


@pytest.mark.parametrize("depth", [501, 1000])
def test_content_parameters_nest_no_deeper_than_bodies(depth: int) -> None:
    """What nothing behind could walk is a violation, however it is sent."""
    declared = parameter("a", {}, media_type="application/json")
    text = "[" * depth + "]" * depth

    assert [each.message for each in read_query(f"a={text}", declared).violations] == [
        "nests deeper than 500"
    ]
    assert not read_query(f"a={'[' * 500}{']' * 500}", declared).violations


@pytest.mark.parametrize(
    ("query", "changed", "schema", "message"),
    [
        ("a=1&a=2", {}, {"type": "integer"}, "was sent 2 times; it takes one value"),
        ("a=%ff", {}, {"type": "string"}, "is not UTF-8 behind its percent-encoding (invalid start byte)"),
        ("a=1&a=2", {"explode": False}, NUMBERS, "was sent 2 times; it takes one value"),
        ("a=x,1,y", {"explode": False}, POINT, "has 3 parts; names and values must alternate"),
        ("x=1&x=2", {}, POINT, "sends one member 2 times"),
        (
            "a[b]=1&a[b][c]=2",
            {"style": Style.DEEP_OBJECT},
            {"type": "object"},
            "sends 'b' both as a value and as an object",
        ),
        (
            "a" + "[b]" * 40 + "=1",
            {"style": Style.DEEP_OBJECT},
            {"type": "object"},
            "is sent both as a whole and in parts, or nests deeper than 32",
        ),
    ],
)
def test_what_cannot_be_read_is_a_violation(
    query: str, changed: dict[str, Any], schema: JsonObject, message: str
) -> None:
    """A text against its style is told with the keyword `style`, and nothing raises."""
    sent = read_query(query, parameter("a", schema, **changed))

    assert [(each.location, each.keyword, each.message) for each in sent.violations] == [
        (("request", "query", "a"), "style", message)
    ]
    assert sent.query["a"] is UNREADABLE


def test_plus_and_percent_are_decoded_in_a_query() -> None:
    """`+` is a space in a query, percent-encoding is UTF-8, and a bare byte is taken as one."""
    text = parameter("a", {"type": "string"})

    assert read_query("a=x+y%2B%C3%A9", text).query == {"a": "x y+é"}
    assert read_query("a=Ã©", text).query == {"a": "é"}


def test_a_name_without_sign_is_empty_text() -> None:
    """`a` and `a=` both send the empty text."""
    assert read_query(
        "a&b=", parameter("a", {"type": "string"}), parameter("b", {"type": "string"})
    ).query == {
        "a": "",
        "b": "",
    }


def test_an_open_object_takes_the_names_nobody_knows() -> None:
    """An exploded object with additional members takes every name that is not declared, preferences aside."""
    free: JsonObject = {"type": "object", "additionalProperties": {"type": "integer"}}

    sent = read_query("limit=1&x=2&__code=200", parameter("limit", {"type": "integer"}), parameter("f", free))

    assert sent.query == {"limit": 1, "f": {"x": 2}}


Change = Callable[[Parameter], Parameter]


@pytest.mark.parametrize(
    ("location", "style", "explode", "value", "pairs"),
    [
        (Location.QUERY, Style.FORM, True, [1, 2], (("a", "1"), ("a", "2"))),
        (Location.QUERY, Style.FORM, False, ["x,y"], (("a", "x%2Cy"),)),
        (Location.QUERY, Style.SPACE_DELIMITED, False, [1, 2], (("a", "1%202"),)),
        (
            Location.QUERY,
            Style.DEEP_OBJECT,
            True,
            {"b": {"c": [1, 2]}},
            (("a%5Bb%5D%5Bc%5D", "1"),) * 1 + (("a%5Bb%5D%5Bc%5D", "2"),),
        ),
        (Location.QUERY, Style.FORM, True, {"x": True}, (("x", "true"),)),
        (Location.PATH, Style.MATRIX, True, [1, 2], (("a", ";a=1;a=2"),)),
        (Location.PATH, Style.MATRIX, False, 5, (("a", ";a=5"),)),
        (Location.PATH, Style.LABEL, True, {"x": 1}, (("a", ".x=1"),)),
        (Location.PATH, Style.SIMPLE, False, "a/b", (("a", "a%2Fb"),)),
        (Location.HEADER, Style.SIMPLE, False, ["a b", None], (("a", "a b,null"),)),
    ],
)
def test_values_are_written_by_style(
    *, location: Location, style: Style, explode: bool, value: JsonValue, pairs: tuple[tuple[str, str], ...]
) -> None:
    """`write_parameter` writes names and texts as RFC 6570 expands them."""
    assert write_parameter(parameter("a", {}, location, style=style, explode=explode), value) == pairs
