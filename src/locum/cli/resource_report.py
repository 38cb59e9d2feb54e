"""What `locum check --resources` tells: the resources a document implies, and how they were recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from locum.behaviour.resources import Part, Recognition, Resource
from locum.catalog import Entry

__all__ = ["report_resources", "tell_resources"]


def report_resources(entry: Entry) -> dict[str, object]:
    """Return what was recognised as JSON: resources, values, and the paths that only look like one."""
    recognition = Recognition(entry.contract, entry.fixtures.resources)
    return {
        "resources": [_resource(each) for each in recognition.all()],
        "values": [_resource(each) for each in recognition.values()],
        "not_recognised": list(recognition.doubts()),
    }


def _resource(resource: Resource) -> dict[str, object]:
    return {
        "name": resource.name,
        "item": resource.item,
        "key": resource.key,
        "collections": list(resource.collections),
        "reasons": list(resource.reasons),
        "operations": [_operation(each) for each in resource.parts.values()],
    }


def _operation(part: Part) -> dict[str, object]:
    return {
        "role": part.role.value,
        "method": part.route.method.value,
        "path": part.route.path,
        "entity": None if part.answer is None else f"/{'/'.join(part.answer)}".rstrip("/"),
        "because": part.why,
        "means": dict(_meanings(part)),
    }


def _meanings(part: Part) -> Iterator[tuple[str, str]]:
    """Yield what query parameters of a list mean."""
    paging = part.paging
    named = (
        (paging.size, "entities on a page"),
        (paging.page, "number of the page"),
        (paging.offset, "entities left out at the beginning"),
        (paging.cursor, "token of a page"),
        (paging.after, "key of the entity before the page"),
        (paging.before, "key of the entity behind the page"),
        (part.sorting.by, "member to sort by"),
        (part.sorting.direction, "direction of the order"),
        (part.search, "text to look for"),
        (part.fields, "members wanted"),
        (part.keys, "keys of the entities wanted"),
    )
    yield from ((name, meaning) for name, meaning in named if name)
    yield from ((name, each.told) for name, each in part.filters.items())


def tell_resources(document: str, entry: Entry) -> Iterator[str]:
    """Yield what was recognised, line by line."""
    recognition = Recognition(entry.contract, entry.fixtures.resources)
    found, values = recognition.all(), recognition.values()
    kept = f", {_counted(values, 'value')}" if values else ""
    yield f"{document}: {_counted(found, 'resource')}{kept}"
    for each in (*found, *values):
        yield f"\n{each.name}: {each.item}{f', known by {each.key!r}' if each.key else ''}"
        for part in each.parts.values():
            yield f"  {part.role.value:<8} {part.route.method.value:<6} {part.route.path}  ({part.why})"
            for name, meaning in _meanings(part):
                yield f"           ?{name}: {meaning}"
        yield from (f"  because  {reason}" for reason in each.reasons)
    doubts = recognition.doubts()
    if doubts:
        yield "\nnot recognised for sure, so answered as if each operation stood alone:"
        yield from (f"  {path}  ({doubt})" for path, doubt in doubts.items())


def _counted(found: Sequence[Resource], word: str) -> str:
    return f"{len(found)} {word}{'' if len(found) == 1 else 's'}"
