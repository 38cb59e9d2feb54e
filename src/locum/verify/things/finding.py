"""Finds things that are there, so that operations on one of them can be called: lists name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from locum.behaviour.resources.model import Role, Steps
from locum.behaviour.resources.places import get_at
from locum.behaviour.resources.templates import above, variables
from locum.contract.model import JsonObject, JsonValue
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.seen import Undecoded
from locum.verify.things.kinds import Kind, key_in, kinds_of

__all__ = ["entries_in", "item_of", "values_of"]


def item_of(path: str) -> str:
    """Return the template of the innermost thing that *path* names.

    >>> item_of("/owners/{owner}/pets/{pet}/photo")
    '/owners/{owner}/pets/{pet}'
    """
    mark = f"{{{variables(path)[-1]}}}"
    return path[: path.rindex(mark) + len(mark)]


def values_of(bench: Bench, path: str) -> Mapping[str, str] | None:
    """Return values for the variables of *path* that name something that is there, `None` if none is known.

    It is looked for once, by reading alone.
    """
    if not variables(path):
        return {}
    item = item_of(path)
    if item not in bench.known:
        bench.known[item] = None  # so that nobody asks for it in a circle
        bench.known[item] = _found(bench, item)
    return bench.known[item]


def _found(bench: Bench, item: str) -> Mapping[str, str] | None:
    name = variables(item)[-1]
    outer = values_of(bench, above(item))
    if outer is None:
        return None
    if name in bench.options.values:
        return {**outer, name: bench.options.values[name]}
    kind = next((each for each in kinds_of(bench) if each.resource.item == item), None)
    key = next(_listed_keys(bench, kind, outer), None) if kind is not None else None
    return None if key is None else {**outer, name: key}


def _listed_keys(bench: Bench, kind: Kind, outer: Mapping[str, str]) -> Iterator[str]:
    deed = kind.deed(Role.LIST)
    call = composed(bench, deed.operation, outer) if deed is not None else None
    if deed is None or call is None or deed.part.answer is None:
        return
    seen = bench.send(call, deed.operation)
    if not seen.is_success or isinstance(seen.value, Undecoded):
        return
    for each in entries_in(seen.value, deed.part.answer, deed.part.element):
        key = key_in(each, kind.resource)
        if key is not None:
            yield key


def entries_in(value: JsonValue, answer: Steps, element: Steps) -> list[JsonObject]:
    """Return the entities of the list in a body."""
    listed = get_at(value, answer)
    found = (get_at(each, element) for each in (listed if isinstance(listed, list) else []))
    return [each for each in found if isinstance(each, dict)]
