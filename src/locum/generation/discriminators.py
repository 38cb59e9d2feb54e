"""What the `discriminator` of OpenAPI (3.1.1, 4.8.25) says of the value of its property.

It is an annotation: it only expresses a wish, which `expansion` drops where the schemas forbid it.
"""

from __future__ import annotations

from typing import Final

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Bundle, Subschema
from locum.generation.facts import binds
from locum.generation.keywords import members, schemas, text
from locum.generation.shapes import Shape

__all__ = ["heirs_of", "named_by_branch", "named_by_definition"]


#: Members of a schema that say nothing about a value beside what they refer to.
_SILENT: Final = frozenset(
    {"$defs", "$ref", "allOf", "anyOf", "oneOf", "default", "deprecated", "description", "example"}
    | {"examples", "readOnly", "title", "writeOnly", "xml"}
)


def named_by_branch(bundle: Bundle, parent: Subschema, branch: Subschema) -> Subschema | None:
    """Return the schema that marks a value as an instance of *branch*, an alternative of *parent*."""
    declared = members(parent.schema, "discriminator")
    name, reference = text(declared, "propertyName"), text(branch.schema, "$ref")
    if not name or not reference or binds(bundle, branch, name):
        return None
    key = _key(declared, reference.rpartition("/")[2])
    return _marked(bundle, branch, name, {"const": key}, f"discriminate {key}")


def named_by_definition(bundle: Bundle, base: Subschema, shape: Shape) -> Subschema | None:
    """Return the schema that marks a value of *shape* as one of the definition that was entered first.

    *base* carries the discriminator and is included, by `allOf`, in the others. Entered itself, it may be
    any of those that its mapping lists.
    """
    declared = members(base.schema, "discriminator")
    name = text(declared, "propertyName")
    if not name or any(binds(bundle, source.part, name) for source in shape.sources):
        return None
    listed: list[JsonValue] = list(members(declared, "mapping"))
    if _is_alone(base, shape) and listed:
        return _marked(bundle, base, name, {"enum": listed}, "discriminate")
    entered = shape.names[0] if shape.names else ""
    key = _key_of_root(bundle, shape, declared)
    if not key and entered not in {"", base.name}:
        key = _key(declared, entered)
    return _marked(bundle, base, name, {"const": key}, f"discriminate {key}") if key else None


def heirs_of(bundle: Bundle, base: Subschema, shape: Shape) -> list[tuple[Subschema | None, Subschema]]:
    """Return what *base*, asked for by itself, may be: each schema that includes it, and its mark.

    `None` in the place of a schema stands for the base itself.
    """
    declared = members(base.schema, "discriminator")
    name = text(declared, "propertyName")
    if not name or not _is_alone(base, shape):
        return []
    found: list[tuple[Subschema | None, Subschema]] = []
    for key, reference in members(declared, "mapping").items():
        heir = _known(bundle, reference, base.pointer)
        if heir is None:
            continue
        mark = _marked(bundle, base, name, {"const": key}, f"discriminate {key}")
        found.append((None if heir.key == base.key else heir, mark))
    return found if any(heir for heir, _ in found) else []


def _is_alone(base: Subschema, shape: Shape) -> bool:
    """Tell whether what was passed on the way to *base* says nothing but that it is meant."""
    if shape.names and shape.names[0] != base.name:
        return False
    passed = [source.schema for source in shape.sources if source.part.key != base.key]
    return all(schema.keys() <= _SILENT and len(schemas(schema, "allOf")) <= 1 for schema in passed)


def _key_of_root(bundle: Bundle, shape: Shape, declared: JsonObject) -> str:
    """Return the key of the heir that the document as a whole is, which has no name; `""` for none."""
    first = shape.sources[0].part
    if first.key != id(bundle.root):
        return ""
    root = {key: value for key, value in bundle.root.items() if key != "$defs"}
    for key, reference in members(declared, "mapping").items():
        heir = _known(bundle, reference, first.pointer)
        if heir is not None and heir.schema == root:
            return key
    return ""


def _known(bundle: Bundle, reference: JsonValue, pointer: str) -> Subschema | None:
    if not isinstance(reference, str) or not reference.startswith("#/$defs/"):
        return None
    try:
        return bundle.target(reference, pointer)
    except GenerationError:
        return None


def _key(declared: dict[str, JsonValue], definition: str) -> str:
    mapping = members(declared, "mapping")
    same = (key for key, target in mapping.items() if str(target).rpartition("/")[2] == definition)
    return next(same, definition)


def _marked(bundle: Bundle, part: Subschema, name: str, values: dict[str, JsonValue], tag: str) -> Subschema:
    return bundle.derive(part, {"required": [name], "properties": {name: values}}, f"{tag} as {name}")
