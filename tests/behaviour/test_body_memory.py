"""What is remembered is what would be made again, and never more than there is room for."""

from __future__ import annotations

from locum.behaviour.body_memory import BodyMemory


class Maker:
    """Makes bodies, and writes down for whom."""

    def __init__(self, room: int) -> None:
        self.memory = BodyMemory(room)
        self.made: list[str] = []

    def ask(self, key: str, *, sent: int = 0, size: int = 500) -> bytes:
        """Ask the memory for a body of *size* bytes."""

        def make() -> bytes:
            self.made.append(key)
            return bytes(size)

        return self.memory.recall(key, sent, make)


def test_a_body_is_made_once() -> None:
    """The second call for a key gets the body of the first."""
    maker = Maker(20_000)

    assert maker.ask("a", size=2) == maker.ask("a", size=2) == b"\0\0"
    assert maker.made == ["a"]


def test_the_longest_unused_goes_first() -> None:
    """With room for some twenty, the one that is asked for all the time stays."""
    maker = Maker(20_000)

    for number in range(100):
        maker.ask("often")
        maker.ask(str(number))
    maker.ask("0")

    assert maker.made.count("often") == 1
    assert maker.made.count("0") == 2


def test_a_large_body_drives_nobody_out() -> None:
    """What would take more than a sixteenth of the room is made each time; a long request counts too."""
    maker = Maker(20_000)

    for _ in range(2):
        maker.ask("small", sent=10, size=10)
        maker.ask("large", sent=10, size=20_000)
        maker.ask("long request", sent=20_000, size=10)

    assert maker.made == ["small", "large", "long request", "large", "long request"]


def test_without_room_nothing_is_kept() -> None:
    """A memory of no size makes every body anew."""
    maker = Maker(0)

    maker.ask("a")
    maker.ask("a")

    assert maker.made == ["a", "a"]
