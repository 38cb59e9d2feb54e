"""The generator: one producer per schema, valid values, errors that name the keyword."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation import GenerationSettings, Generator, Variant

Values = Callable[..., list[JsonValue]]

PERSON: JsonObject = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string"},
        "secret": {"type": "string", "writeOnly": True},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    },
}
TREE: JsonObject = {
    "$ref": "#/$defs/Node",
    "$defs": {
        "Node": {
            "type": "object",
            "required": ["value", "children"],
            "properties": {
                "value": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                "next": {"$ref": "#/$defs/Node"},
            },
        }
    },
}


def depth_of(value: JsonValue) -> int:
    """Return how many levels a value has; a scalar has one."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth_of, inner), default=0)


def test_one_schema_is_compiled_once_per_variant(generator: Generator) -> None:
    """The same schema object gives the same producer; another variant gives another."""
    assert generator.producer(PERSON) is generator.producer(PERSON)
    assert generator.producer(PERSON) is not generator.producer(PERSON, variant=Variant.MINIMAL)


def test_full_value_has_every_declared_member_but_those_only_written(values: Values) -> None:
    """FULL: every property, in the order of the document, without `writeOnly` ones."""
    assert all(isinstance(each, dict) and list(each) == ["id", "name", "tags"] for each in values(PERSON))


def test_minimal_value_has_the_required_members_alone(values: Values) -> None:
    """MINIMAL: nothing that is optional."""
    assert all(isinstance(each, dict) and list(each) == ["id"] for each in values(PERSON, Variant.MINIMAL))


def test_random_value_has_optional_members_by_stream(values: Values) -> None:
    """RANDOM: each optional member comes and goes."""
    made = [each for each in values(PERSON, Variant.RANDOM) if isinstance(each, dict)]

    assert {"name" in each for each in made} == {True, False}
    assert {"tags" in each for each in made} == {True, False}


def test_same_stream_gives_the_same_value(generator: Generator) -> None:
    """A producer is pure, and so is a second generator."""
    again = Generator()

    assert generator.producer(PERSON)(7) == generator.producer(PERSON)(7) == again.producer(PERSON)(7)
    assert generator.producer(PERSON)(7) != generator.producer(PERSON)(8)


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_gives_the_same_value(generator: Generator, hash_seed: str) -> None:
    """Neither the process nor its PYTHONHASHSEED changes a value, nor what was compiled before."""
    schema: JsonObject = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("email", "city", "note")},
    }
    program = (
        "from locum.generation import Generator\n"
        f"schema = {schema!r}\n"
        "generator = Generator()\n"
        "generator.producer({'properties': {'company': {'type': 'string', 'pattern': '^[a-z]+$'}}})(3)\n"
        "print(generator.producer(schema)(99))"
    )
    made = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONHASHSEED": hash_seed},
    )

    assert made.stdout.strip() == repr(generator.producer(schema)(99))


def test_recursion_closes_at_the_depth_that_was_set() -> None:
    """A deeper setting gives deeper values; each of them ends."""
    shallow = Generator(settings=GenerationSettings(recursion_depth=1)).producer(TREE)
    deep = Generator(settings=GenerationSettings(recursion_depth=5)).producer(TREE)

    assert max(depth_of(shallow(stream)) for stream in range(20)) <= 5
    assert max(depth_of(deep(stream)) for stream in range(20)) > 5


@pytest.mark.parametrize("null", [{"type": "null"}, {"const": None}])
def test_recursion_that_ends_in_null_alone_does_so(values: Values, null: JsonObject) -> None:
    """A required member that leads back is null in the end, and something else before."""
    ping: JsonObject = {
        "$ref": "#/$defs/Ping",
        "$defs": {
            "Ping": {"required": ["to"], "properties": {"to": {"anyOf": [{"$ref": "#/$defs/Pong"}, null]}}},
            "Pong": {"required": ["by"], "properties": {"by": {"$ref": "#/$defs/Ping"}}, "type": "object"},
        },
        "type": "object",
    }
    made = values(ping, Variant.MINIMAL)

    assert all(isinstance(each, dict) and each["to"] is not None for each in made)


def test_wide_recursion_closes_early_so_that_values_stay_small(generator: Generator) -> None:
    """Where a level multiplies the members, fewer levels are made."""
    names = [f"part{index}" for index in range(40)]
    wide: JsonObject = {
        "$ref": "#/$defs/W",
        "$defs": {"W": {"type": "object", "properties": {name: {"$ref": "#/$defs/W"} for name in names}}},
    }

    assert len(repr(generator.producer(wide)(1))) < 100_000


def test_value_beyond_all_bounds_has_required_members_only(generator: Generator) -> None:
    """A schema that multiplies without recursion does not exhaust memory."""
    definitions: dict[str, JsonValue] = {"L0": {"type": "integer"}}
    for level in range(1, 9):
        inner: JsonValue = {"$ref": f"#/$defs/L{level - 1}"}
        definitions[f"L{level}"] = {"type": "object", "properties": {f"p{at}": inner for at in range(12)}}

    assert generator.producer({"$ref": "#/$defs/L8", "$defs": definitions})(1) == {}


@pytest.mark.parametrize(
    ("schema", "keyword", "pointer"),
    [
        ({"type": "string", "pattern": "^(foo|bar)$", "minLength": 4}, "pattern", ""),
        ({"type": "integer", "minimum": 5, "maximum": 3}, "minimum", ""),
        ({"type": "string", "enum": [1, 2]}, "enum", ""),
        ({"not": {}}, "not", "/not"),
        ({"type": "object", "required": ["a"], "properties": {"a": {"enum": []}}}, "enum", "/properties/a"),
        ({"$ref": "#/$defs/A", "$defs": {}}, "$schema", ""),
        ({"type": "array", "minItems": 20_000}, "minItems", ""),
        (
            {
                "$ref": "#/$defs/A",
                "$defs": {
                    "A": {"required": ["a"], "type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}
                },
            },
            "$ref",
            "",
        ),
    ],
)
def test_what_cannot_be_met_is_named(
    generator: Generator, schema: JsonObject, keyword: str, pointer: str
) -> None:
    """The diagnostic carries the keyword in its code and the JSON Pointer of where it stands."""
    with pytest.raises(GenerationError) as caught:
        generator.producer(schema)

    diagnostic = caught.value.diagnostics[0]
    assert (diagnostic.code, diagnostic.where.pointer) == (f"generation.unmet.{keyword}", pointer)


def test_schema_a_thousand_levels_deep_is_no_traceback(generator: Generator) -> None:
    """Nesting that nobody means ends in a value or a `GenerationError`."""
    schema: JsonObject = {"type": "integer"}
    for _ in range(1000):
        schema = {"type": "object", "properties": {"a": schema}}
    try:
        value = generator.producer(schema)(1)
    except GenerationError as error:
        value = str(error)

    assert value is not None


def test_settings_leave_examples_alone() -> None:
    """With examples switched off, the example of a string is not its value."""
    schema: JsonObject = {"type": "string", "example": "from the document"}
    plain = Generator(settings=GenerationSettings(use_examples=False))

    assert Generator().producer(schema)(1) == "from the document"
    assert plain.producer(schema)(1) != "from the document"


def test_a_schema_that_cannot_be_met_is_refused_again_and_again_at_no_cost() -> None:
    """The error is kept, and not the frames of those who met it: a server would never get rid of them."""
    impossible: JsonObject = {"type": "string", "minLength": 2, "maxLength": 1}
    generator = Generator()
    depths = []
    for _ in range(3):
        with pytest.raises(GenerationError) as met:
            generator.producer(impossible)
        depths.append(len(met.traceback))

    assert depths == [depths[0]] * 3
