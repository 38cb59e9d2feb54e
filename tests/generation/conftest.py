"""What the tests of this room share: one generator, and a way to ask it for values."""

from __future__ import annotations

from collections.abc import Callable

import jsonschema_rs
import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.generation import Generator, Variant, mix


@pytest.fixture(scope="session")
def generator() -> Generator:
    """One generator for all tests: its pools are drawn once."""
    return Generator()


@pytest.fixture(scope="session")
def values(generator: Generator) -> Callable[..., list[JsonValue]]:
    """Values of a schema for some streams, each of them valid."""

    def make(schema: JsonObject, variant: Variant = Variant.FULL, count: int = 24) -> list[JsonValue]:
        produce = generator.producer(schema, variant=variant)
        made = [produce(mix(42, turn)) for turn in range(count)]
        check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        assert all(map(check.is_valid, made))
        return made

    return make


@pytest.fixture(scope="session")
def fields(values: Callable[..., list[JsonValue]]) -> Callable[..., list[dict[str, JsonValue]]]:
    """Objects with the given properties."""

    def make(**properties: JsonValue) -> list[dict[str, JsonValue]]:
        made = values({"type": "object", "properties": properties})
        return [each for each in made if isinstance(each, dict)]

    return make
