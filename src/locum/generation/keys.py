"""Names for the members of a map: what the schema asks for, or else plain words."""

from __future__ import annotations

from collections.abc import Iterator

from locum.contract.model import JsonObject
from locum.errors import GenerationError
from locum.generation.bundle import Subschema
from locum.generation.context import Hint, Site
from locum.generation.keywords import members
from locum.generation.streams import mix, stable_seed

__all__ = ["candidate_names"]

_STRING: JsonObject = {"type": "string"}
_NAMES = stable_seed("names")


def candidate_names(site: Site, most: int) -> Iterator[str]:
    """Yield up to about *most* different names, those that a pattern or a rule asks for first.

    Whether the members so called can be made is for the caller to find out.
    """
    seen: set[str] = set()
    for parts in _rules(site):
        for name in _drawn(site, parts, most):
            if name not in seen:
                seen.add(name)
                yield name


def _rules(site: Site) -> Iterator[tuple[Subschema, ...]]:
    """Yield conjunctions that a name may be made from, the most telling first."""
    bundle, shape = site.bundle, site.shape
    said = [
        bundle.part(source.part, "propertyNames")
        for source in shape.sources
        if "propertyNames" in source.schema
    ]
    root = shape.sources[0].part if shape.sources else Subschema({}, "", is_written=False)
    plain = bundle.derive(root, _STRING, "name")
    for source in shape.sources:
        for pattern in members(source.schema, "patternProperties"):
            wanted = bundle.derive(source.part, {"type": "string", "pattern": pattern}, f"name {pattern}")
            yield (wanted, *said)
    yield (plain, *said)


def _drawn(site: Site, parts: tuple[Subschema, ...], most: int) -> Iterator[str]:
    try:
        node = site.context.compile(parts, Hint(name="key", owner=site.hint.name))
        for turn in range(most * 2):
            name = node.make(mix(_NAMES, turn), 0)
            if isinstance(name, str):
                yield name
    except GenerationError:
        return
