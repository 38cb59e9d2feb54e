"""Keys for entities that are created without one: the next number, or another text of the same kind."""

from __future__ import annotations

from collections.abc import Iterator

from locum.behaviour.given_keys import NONE_GIVEN, highest_number
from locum.behaviour.resources.scene import Scene
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.writing import write_text
from locum.generation.streams import stable_seed

__all__ = ["next_key"]

_TRIES = 64


def next_key(scene: Scene, collection: str, shape: Shape, others: frozenset[str] = frozenset()) -> str | None:
    """Return a key that no entity of the list at *collection* has or has had; `None` if none is left.

    *others* are about to be given as well.

    It depends on the seed and on what was created before, so the same calls give the same keys. What is read
    through are the entities that are there, never all that were.
    """
    key = scene.resource.key
    if not key:
        return None
    place = scene.path_in(collection, "")
    given = scene.given.get(place.rstrip("/"), NONE_GIVEN)
    taken = others.union(scene.keys(collection))
    member = shape.member(key)
    if "integer" in member.types < ANYTHING and not member.has("enum"):
        number = max(highest_number(taken), given.highest) + 1
        most = member.find("maximum")
        is_high = isinstance(most, int | float) and number > most
        following = range(1, 1000) if is_high or not scene.resource.takes(str(number)) else (number,)
        found: Iterator[str] = (str(each) for each in following)
    else:
        known = scene.count_first(collection) + given.count + len(others)
        found = _drawn(scene, collection, known)
    free = (
        each for each in found if each not in taken and scene.path_in(collection, each) not in scene.marks
    )
    return next((each for each in free if scene.resource.takes(each)), None)


def _drawn(scene: Scene, collection: str, count: int) -> Iterator[str]:
    """Yield keys as the generated world makes them, each from a stream of its own."""
    for turn in range(_TRIES):
        stream = stable_seed(scene.manner.seed, "created", collection, count + turn)
        found = scene.inventor.fresh_key(scene.resource, stream)
        if found is not None and write_text(found):
            yield write_text(found)
