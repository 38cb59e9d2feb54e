"""What a member is depends on the stream of its object and on its name, and on nothing else."""

from __future__ import annotations

from locum.contract.model import JsonObject
from locum.generation import Generator
from locum.generation.streams import mix, stable_seed

STREAMS = [mix(turn, 3) for turn in range(100)]
NUMBER: JsonObject = {"type": "integer", "minimum": 0, "maximum": 2**64 - 1}


def test_stream_of_a_member_is_that_of_its_object_mixed_with_its_name() -> None:
    """The value of a member is what its schema alone makes of the mixed stream."""
    alone = Generator().producer(NUMBER)
    whole = Generator().producer(
        {"type": "object", "required": ["a", "b"], "properties": {"a": NUMBER, "b": NUMBER}}
    )

    for stream in STREAMS:
        assert whole(stream) == {name: alone(mix(stream, stable_seed(name))) for name in "ab"}


def test_another_member_changes_nothing() -> None:
    """A member that is added leaves the others as they were."""
    few: JsonObject = {"a": NUMBER, "c": NUMBER}
    more: JsonObject = {"a": NUMBER, "b": {"type": "boolean"}, "c": NUMBER}
    before = Generator().producer({"type": "object", "properties": few})
    after = Generator().producer({"type": "object", "properties": more})

    for stream in STREAMS:
        found = after(stream)

        assert isinstance(found, dict)
        assert before(stream) == {name: found[name] for name in few}
