"""Rules of a Schema Object that span several keywords, applied once its keywords are translated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import orjson

from locum.contract.diagnostics import describe
from locum.contract.inheritance import heirs, resolve_mapped
from locum.contract.keywords import identity
from locum.contract.model import Direction, JsonObject, JsonValue, Place
from locum.contract.nullability import allow_null
from locum.contract.translation import Dialect, Slot, Translation, inside

__all__ = ["settle"]

EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
#: Heirs of one base that an answer is chosen from; some documents have hundreds.
MOST_HEIRS = 6
INTEGER_RANGES: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


def settle(
    result: JsonObject, written: JsonObject, place: Place, work: Translation, barred: frozenset[str]
) -> JsonObject:
    """Return *result*, the translated keywords of the schema *written*, with the rules applied."""
    for exclusive, plain in EXCLUSIVE:
        settle_exclusive(result, plain, Slot(exclusive, inside(place, exclusive), work, result))
    settle_range(result)
    if "x-example" in result:  # a custom of 2.0, whose parameters have no `example`, that went on to schemas
        result.setdefault("example", result["x-example"])
    settle_required(result, barred)
    settle_enum(result, place, work)
    settle_discriminator(result, written, place, work)
    if result.pop("nullable", False) is not True:
        return result
    if not work.dialect.is_early:
        slot = Slot("nullable", inside(place, "nullable"), work, result)
        slot.remark("nullable is not part of OpenAPI 3.1", hint='write type: [..., "null"]')
    return allow_null(result)


def settle_exclusive(result: JsonObject, plain: str, slot: Slot) -> None:
    """Turn a boolean exclusive bound into a number."""
    bound = result.get(slot.keyword)
    if bound is None:
        return
    if not isinstance(bound, bool):
        if slot.work.dialect.is_early:
            slot.hint(f"{slot.keyword} is true or false in OpenAPI 3.0; the number is taken as in 3.1")
        return
    if not slot.work.dialect.is_early:
        slot.remark(f"{slot.keyword} is a number in OpenAPI 3.1")
    del result[slot.keyword]
    if bound and plain in result:
        result[slot.keyword] = result.pop(plain)


def settle_range(result: JsonObject) -> None:
    """Give integers the bounds of their format, where they have none of their own."""
    kinds = result.get("type")
    if kinds != "integer" and not (isinstance(kinds, list) and "integer" in kinds and "number" not in kinds):
        return
    bounds = INTEGER_RANGES.get(str(result.get("format")))
    if bounds is None:
        return
    if not {"minimum", "exclusiveMinimum"} & result.keys():
        result["minimum"] = bounds[0]
    if not {"maximum", "exclusiveMaximum"} & result.keys():
        result["maximum"] = bounds[1]


def settle_required(result: JsonObject, barred: frozenset[str]) -> None:
    """Ask for no member that may not travel this way (3.1.1, 4.8.24)."""
    required = result.get("required")
    if barred and isinstance(required, list):
        kept: list[JsonValue] = [name for name in required if name not in barred]
        result.pop("required")
        if kept:
            result["required"] = kept


def settle_enum(result: JsonObject, place: Place, work: Translation) -> None:
    """Let text spell what YAML read as a number or a boolean in the enum of a text."""
    choices = result.get("enum")
    if result.get("type") in ("integer", "number", "boolean") and isinstance(choices, list):
        settle_quoted_enum(result, choices, place, work)
    if result.get("type") != "string" or not isinstance(choices, list):
        return
    unquoted = [each for each in choices if isinstance(each, (bool, int, float))]
    if not unquoted:
        return
    work.library.warn(
        inside(place, "enum"),
        "enum-type",
        f"the choice {unquoted[0]!r} of a text is not text",
        hint="quote it",
    )
    spelled: list[JsonValue] = [
        str(each).lower() if isinstance(each, bool) else str(each) for each in unquoted
    ]
    known = {identity(each) for each in choices}
    result["enum"] = choices + [each for each in spelled if each not in known]


def settle_quoted_enum(result: JsonObject, choices: list[JsonValue], place: Place, work: Translation) -> None:
    """Let numbers and booleans be what their choices spell, where every one of them is text."""
    spelled = [spelled_by(each) for each in choices if isinstance(each, str)]
    if not spelled or len(spelled) < len(choices) or None in spelled:
        return
    work.library.warn(
        inside(place, "enum"), "enum-type", f"the choice {choices[0]!r} is text", hint="leave its quotes out"
    )
    result["enum"] = choices + spelled


def spelled_by(text: str) -> JsonValue:
    """Return the number or boolean that *text* spells, `None` where it is neither."""
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, (bool, int, float)) else None


def settle_discriminator(result: JsonObject, value: JsonObject, place: Place, work: Translation) -> None:
    """Make the mapping of a discriminator explicit, in the names of `$defs` (3.1.1, 4.8.25)."""
    discriminator = result.get("discriminator")
    if isinstance(discriminator, str):
        if work.dialect is not Dialect.SWAGGER:
            slot = Slot("discriminator", inside(place, "discriminator"), work, result)
            slot.remark(
                "a discriminator that is text is that of OpenAPI 2.0", hint="write propertyName below it"
            )
        discriminator = result["discriminator"] = {"propertyName": discriminator}
    if not isinstance(discriminator, dict):
        return
    report_unmapped(discriminator, place, work)
    branches = value.get("oneOf", value.get("anyOf"))
    settle_mapping = settle_branches if isinstance(branches, list) else settle_heirs
    mapping = settle_mapping(discriminator, branches, place, work)
    if mapping or isinstance(branches, list):
        result["discriminator"] = {**discriminator, "mapping": mapping}


def report_unmapped(discriminator: JsonObject, place: Place, work: Translation) -> None:
    """Report where a mapping leads to no schema, so that no value can be told by it."""
    for name, reference in written_mapping(discriminator):
        if resolve_mapped(reference, place, work.library) is None:
            at = inside(place, "discriminator", "mapping", name)
            message = f"the discriminator leads {name!r} to {describe(reference)}, where no schema is"
            work.library.warn(at, "discriminator", message)


def settle_branches(
    discriminator: JsonObject, branches: JsonValue, place: Place, work: Translation
) -> JsonObject:
    """Return the mapping to the alternatives of a schema."""
    mapping: JsonObject = {}
    for name, reference in written_mapping(discriminator):
        target = resolve_mapped(reference, place, work.library)
        mapping[name] = reference if target is None else work.point_at(target)
    mapped = set(map(str, mapping.values()))
    for branch in branches if isinstance(branches, list) else ():
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        target = resolve_mapped(reference, place, work.library)
        pointed = work.point_at(target) if target is not None else ""
        if isinstance(reference, str) and pointed and pointed not in mapped:
            mapping.setdefault(reference.rpartition("/")[2], pointed)
    return mapping


def settle_heirs(
    discriminator: JsonObject, _branches: JsonValue, place: Place, work: Translation
) -> JsonObject:
    """Return the mapping to the schemas that include this one, so that an answer can be one of them.

    Where the author maps none, those that include it by `allOf` are known by their names. Requests are judged
    by what is asked of them, which is the base alone.
    """
    mapping: JsonObject = dict(written_mapping(discriminator))
    if work.direction is not Direction.RESPONSE:
        return mapping
    found: dict[Place, str] = {}
    for name, reference in mapping.items():
        target = resolve_mapped(reference, place, work.library)
        if target is not None:
            found.setdefault(target, name)
    base = work.library.origin(place)
    # Whoever lists some heirs means those: clients are made from the list.
    if not found.keys() - {base}:
        for name, target in heirs(base, work.library):
            found.setdefault(target, name)
    for target, name in islice(found.items(), MOST_HEIRS):
        mapping[name] = work.mention(target)
    return mapping


def written_mapping(discriminator: JsonObject) -> Iterable[tuple[str, JsonValue]]:
    """Return the mapping as the author wrote it."""
    written = discriminator.get("mapping")
    return written.items() if isinstance(written, dict) else ()
