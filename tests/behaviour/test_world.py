"""Promises of the world a handler sees."""

from __future__ import annotations

from locum.behaviour.world import World


def test_what_is_built_once_is_built_once_for_each_seed() -> None:
    """A key is built when it is first asked for, and again for another seed."""
    kept: dict[object, object] = {}
    built: list[str] = []

    def build() -> int:
        built.append("x")
        return len(built)

    asked = [World(seed=seed, kept=kept).once("key", build) for seed in ("a", "a", "b")]

    assert asked == [1, 1, 2]


def test_what_is_kept_is_bounded() -> None:
    """However many keys are asked for, the oldest make room."""
    kept: dict[object, object] = {}
    world = World(kept=kept)

    for key in range(10_000):
        world.once(key, lambda: 0)

    assert len(kept) == 4096


def test_a_number_depends_on_seed_and_subject_alone() -> None:
    """The same subject has the same number under the same seed."""
    assert World(seed="a").number("sim", 1) == World(seed="a").number("sim", 1)
    assert World(seed="a").number("sim", 1) != World(seed="b").number("sim", 1)


def test_unknown_collection_is_empty() -> None:
    """A world without records has none to find."""
    assert World().all("sims") == ()
    assert World().find("sims", id="1") is None
