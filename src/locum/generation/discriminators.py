"""What the `discriminator` of OpenAPI (3.1.1, 4.8.25) says of the value of its property.

It is an annotation: it only expresses a wish, which `expansion` drops where the schemas forbid it.
"""

from __future__ import annotations

from locum.contract.model import JsonValue
from locum.generation.bundle import Bundle, Subschema
from locum.generation.facts import binds
from locum.generation.keywords import members, text
from locum.generation.shapes import Shape

__all__ = ["named_by_branch", "named_by_definition"]


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
    names = shape.names
    if not name or not names or any(binds(bundle, source.part, name) for source in shape.sources):
        return None
    listed: list[JsonValue] = list(members(declared, "mapping"))
    if names[0] == base.name and listed:
        return _marked(bundle, base, name, {"enum": listed}, "discriminate")
    key = _key(declared, names[0])
    return _marked(bundle, base, name, {"const": key}, f"discriminate {key}")


def _key(declared: dict[str, JsonValue], definition: str) -> str:
    mapping = members(declared, "mapping")
    same = (key for key, target in mapping.items() if str(target).rpartition("/")[2] == definition)
    return next(same, definition)


def _marked(bundle: Bundle, part: Subschema, name: str, values: dict[str, JsonValue], tag: str) -> Subschema:
    return bundle.derive(part, {"required": [name], "properties": {name: values}}, f"{tag} as {name}")
