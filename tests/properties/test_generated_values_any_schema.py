"""Whatever the schema: a valid value, or an error that names a keyword."""

from __future__ import annotations

import json

import jsonschema_rs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.properties.effort import tries

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation import Generator, Producer, Variant, mix

GENERATOR = Generator()
NAMES = st.sampled_from(["id", "name", "tags", "createdAt", "price"])
SMALL = st.integers(0, 4)
SCALARS: st.SearchStrategy[JsonValue] = st.sampled_from(
    [None, True, False, 0, 1, 2.5, "", "a", "EUR", "2024-02-15"]
)
#: Values to tell by whether a schema is satisfiable at all.
WITNESSES: tuple[JsonValue, ...] = json.loads("""
    [null, true, false, 0, 1, -3, 2.5, 7, 100, "", "a", "abc", "EUR", "2024-02-15", [], [1], ["a", "b"],
     [0, 1, 2], {}, {"id": 1}, {"id": "a", "name": "b"}, {"name": "EUR", "tags": ["a"], "price": 2.5}]
""")


def numeric() -> st.SearchStrategy[JsonObject]:
    """Schemas of numbers."""
    return st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": st.integers(-9, 9),
            "maximum": st.integers(-5, 20),
            "exclusiveMinimum": st.integers(-9, 9),
            "multipleOf": st.sampled_from([0.01, 0.5, 2, 3]),
        },
    )


def text() -> st.SearchStrategy[JsonObject]:
    """Schemas of strings."""
    return st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": SMALL,
            "maxLength": st.integers(2, 12),
            "pattern": st.sampled_from(["^[A-Z]{3}$", "^a|b", r"^\d+$", "x", "^(?:ab)*$"]),
            "format": st.sampled_from(["date", "uuid", "email", "uri", "ipv4", "hostname"]),
        },
    )


def composed(inner: st.SearchStrategy[JsonObject]) -> st.SearchStrategy[JsonObject]:
    """Schemas made of others."""
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("object")},
            optional={
                "properties": st.dictionaries(NAMES, inner, max_size=3),
                "required": st.lists(NAMES, max_size=2, unique=True),
                "additionalProperties": st.one_of(st.booleans(), inner),
                "minProperties": st.integers(0, 3),
                "maxProperties": st.integers(1, 4),
                "propertyNames": st.just({"maxLength": 6}),
                "dependentRequired": st.just({"id": ["name"]}),
                "patternProperties": st.dictionaries(st.just("^t"), inner, max_size=1),
            },
        ),
        st.fixed_dictionaries(
            {"type": st.just("array")},
            optional={
                "items": inner,
                "prefixItems": some,
                "minItems": SMALL,
                "maxItems": SMALL,
                "uniqueItems": st.booleans(),
                "contains": inner,
            },
        ),
        st.fixed_dictionaries({"allOf": some}),
        st.fixed_dictionaries({"anyOf": some}),
        st.fixed_dictionaries({"oneOf": some}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner}, optional={"else": inner}),
        st.fixed_dictionaries({"type": st.just(["string", "null", "integer"])}, optional={"not": inner}),
    )


def schemas() -> st.SearchStrategy[JsonObject]:
    """Schemas of every kind."""
    listed = st.one_of(
        st.fixed_dictionaries({"enum": st.lists(SCALARS, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"const": SCALARS}),
        st.just({"type": "boolean"}),
    )
    return st.recursive(st.one_of(numeric(), text(), listed), composed, max_leaves=6)


def producer_or_error(schema: JsonObject, variant: Variant) -> Producer | GenerationError:
    """Return what the generator returns or raises."""
    try:
        return GENERATOR.producer(schema, variant=variant)
    except GenerationError as error:
        return error


@settings(
    max_examples=tries(150),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(schema=schemas(), stream=st.integers(0, 2**64 - 1), variant=st.sampled_from(list(Variant)))
def test_a_value_is_valid_or_there_is_an_error_with_a_place(
    schema: JsonObject, stream: int, variant: Variant
) -> None:
    """A producer returns valid values only; what is refused has no value that is easy to see."""
    check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    produce = producer_or_error(schema, variant)
    if isinstance(produce, GenerationError):
        assert produce.diagnostics[0].code.startswith("generation.unmet.")
        assert not any(map(check.is_valid, WITNESSES)), f"{produce} although the schema is satisfiable"
        return
    for turn in range(6):
        value = produce(mix(stream, turn))
        assert check.is_valid(value), repr(value)


@settings(
    max_examples=tries(60), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(schema=schemas(), name=st.sampled_from(["extra", "zz", "a"]), stream=st.integers(0, 2**64 - 1))
def test_adding_a_property_leaves_the_others_unchanged(schema: JsonObject, name: str, stream: int) -> None:
    """A value depends on the stream and its own place alone."""
    one: JsonObject = {"type": "object", "properties": {"kept": schema, "id": {"type": "string"}}}
    more: JsonObject = {
        "type": "object",
        "properties": {name: {"type": "integer"}, "kept": schema, "id": {"type": "string"}},
    }
    before, after = GENERATOR.producer(one)(stream), GENERATOR.producer(more)(stream)
    assume(isinstance(before, dict) and "kept" in before)

    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert {key: after[key] for key in before} == before
