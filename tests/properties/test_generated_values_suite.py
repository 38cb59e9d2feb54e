"""The official JSON-Schema-Test-Suite: a valid value for each of its satisfiable schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest

from locum.contract.model import JsonObject
from locum.errors import GenerationError
from locum.generation import Generator, Variant, mix

SUITE = Path(__file__).parents[1] / "generation" / "suite" / "draft2020-12.json"
STREAMS = [mix(20_20_12, turn) for turn in range(12)]


def cases() -> Iterator[tuple[str, str, JsonObject]]:
    """Yield file, description and schema of each case."""
    for file, rows in json.loads(SUITE.read_text()).items():
        for row in rows:
            yield file, row["description"], row["schema"]


@pytest.mark.parametrize("variant", list(Variant))
def test_every_satisfiable_schema_of_the_suite_gets_values(
    variant: Variant, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every schema gets values, and none of them is invalid."""
    generator = Generator()
    total, missed = 0, set()
    for file, description, schema in cases():
        total += 1
        check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        try:
            produce = generator.producer(schema, variant=variant)
        except GenerationError:
            missed.add((file, description))
            continue
        for stream in STREAMS:
            value = produce(stream)
            assert check.is_valid(value), f"{file}: {description}: {value!r}"
    with capsys.disabled():
        print(f"\n{variant}: values for {total - len(missed)} of {total} schemas of the suite")  # noqa: T201

    assert missed == set()


def test_the_suite_is_whole() -> None:
    """The vendored suite has every satisfiable schema, and each instance in it is valid."""
    rows = [row for rows in json.loads(SUITE.read_text()).values() for row in rows]

    assert len(rows) == 390
    assert all(
        jsonschema_rs.Draft202012Validator(row["schema"], validate_formats=True, offline=True).is_valid(
            row["valid"]
        )
        for row in rows
    )
