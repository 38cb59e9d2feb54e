"""Which schemas a base with a discriminator stands for: those mapped, and those that include it by `allOf`.

Source: OpenAPI 3.1.1, 4.8.25 (Discriminator Object) and 4.8.24.2 (composition and inheritance).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from locum.contract.library import Library
from locum.contract.model import JsonValue, Place
from locum.contract.pointers import below, split_pointer
from locum.errors import ContractError

__all__ = ["heirs", "resolve_mapped"]


def resolve_mapped(reference: JsonValue, place: Place, library: Library) -> Place | None:
    """Return where a mapped schema stands; a bare word names a component."""
    if not isinstance(reference, str):
        return None
    for spelled in (reference, f"#/components/schemas/{reference}", f"#/definitions/{reference}"):
        try:
            return library.resolve(spelled, place)
        except ContractError:
            continue
    return None


def heirs(base: Place, library: Library) -> Iterator[tuple[str, Place]]:
    """Yield the schemas beside *base* that include it by `allOf`, directly or through another, by name."""
    children = library.kept_heirs(base.uri, base.pointer.rpartition("/")[0], _children)
    todo, seen = [base], {base}
    while todo:
        for name, place in children.get(todo.pop(0), ()):
            if place not in seen:
                seen.add(place)
                todo.append(place)
                yield name, place


def _children(uri: str, container: str, library: Library) -> Mapping[Place, list[tuple[str, Place]]]:
    """Return, for each place that is included, the schemas below *container* that include it."""
    found: dict[Place, list[tuple[str, Place]]] = {}
    if not split_pointer(container):
        return found
    try:
        schemas = library.value(Place(uri=uri, pointer=container))
    except LookupError:
        return found
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        place = Place(uri=uri, pointer=below(container, name))
        parts = schema.get("allOf") if isinstance(schema, dict) else None
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                target = resolve_mapped(part["$ref"], place, library)
                if target is not None:
                    found.setdefault(target, []).append((name, place))
    return found
