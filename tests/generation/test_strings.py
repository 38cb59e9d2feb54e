"""What texts remember is never seen from outside."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from locum.contract.model import JsonObject
from locum.generation import Generator
from locum.generation.streams import mix

STREAMS = [mix(turn, 4) for turn in range(2500)]
SCHEMAS: list[JsonObject] = [
    {"type": "string", "pattern": "^[0-9]{19}$"},
    {"type": "string", "maxLength": 12},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "email", "maxLength": 24},
]


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("name", ["iccid", "fullName", "createdAt", "email"])
def test_a_text_does_not_depend_on_what_was_made_before(schema: JsonObject, name: str) -> None:
    """Forwards and backwards, by one generator or another, a stream gives the same text."""
    whole: JsonObject = {"type": "object", "required": [name], "properties": {name: schema}}
    forwards, backwards = Generator().producer(whole), Generator().producer(whole)

    found = [forwards(stream) for stream in STREAMS]

    assert found == [backwards(stream) for stream in reversed(STREAMS)][::-1]
    assert found[:100] == [forwards(stream) for stream in STREAMS[:100]]


def test_one_instant_is_the_same_as_text_and_as_number() -> None:
    """Members of one name tell the same moment, however they are written."""
    as_text = Generator().producer(
        {"type": "object", "properties": {"createdAt": {"type": "string", "format": "date-time"}}}
    )
    as_number = Generator().producer({"type": "object", "properties": {"createdAt": {"type": "integer"}}})

    for stream in STREAMS[:100]:
        text, number = as_text(stream), as_number(stream)

        assert isinstance(text, dict)
        assert isinstance(number, dict)
        assert datetime.fromisoformat(str(text["createdAt"])) == datetime.fromtimestamp(
            float(str(number["createdAt"])), UTC
        )
