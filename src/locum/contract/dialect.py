"""A Schema Object of OpenAPI 2.0, 3.0 or 3.1 to JSON Schema 2020-12, one schema at a time, for one direction.

What a reference points at is translated by itself and named by the caller, so circles need no care here.
Every result passes the meta-schema: a keyword that cannot be used is dropped and reported.
`keywords.py` says what each keyword takes, `settling.py` what several mean together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from locum.contract.diagnostics import describe
from locum.contract.dynamic_scope import dynamic_target, enter
from locum.contract.keywords import (
    ANNOTATIONS,
    CHECKS,
    EXPECTED,
    IDENTIFIERS,
    KNOWN,
    LATER_KEYWORDS,
    OTHER_TYPES,
    SCHEMA_KEYWORDS,
    SCHEMA_LIST_KEYWORDS,
    SCHEMA_MAP_KEYWORDS,
    TYPES,
    Dropped,
)
from locum.contract.library import Library
from locum.contract.model import JsonObject, JsonValue, Place
from locum.contract.nullability import allow_null
from locum.contract.settling import settle
from locum.contract.translation import Dialect, Slot, Translation, inside
from locum.contract.travel import barred_names
from locum.errors import ContractError, Severity, nearest

__all__ = ["report_beside", "translate"]


def translate(
    value: JsonValue, place: Place, work: Translation, inherited: frozenset[str] = frozenset()
) -> JsonValue:
    """Return the JSON Schema 2020-12 for the schema *value* at *place*.

    *inherited* names members that may not travel, known from the schema around an `allOf`.
    """
    if isinstance(value, bool):
        return value
    if not isinstance(value, dict):
        report_shape(value, place, work)
        return {}
    if "$id" in value and enter(place, work.scope, work.library).scope != work.scope:
        return {"$ref": work.point_at(place)}
    if "$ref" in value or "$dynamicRef" in value:
        return translate_reference(value, place, work, inherited)
    return translate_object(value, place, work, inherited)


def report_shape(value: JsonValue, place: Place, work: Translation) -> None:
    """Report a schema that is none; an empty one is only odd."""
    severity = Severity.HINT if value is None else Severity.ERROR
    message = f"a schema must be an object, but is {describe(value)}; any value is allowed"
    work.library.note(place, "schema-type", message, severity=severity)


def translate_reference(
    value: JsonObject, place: Place, work: Translation, inherited: frozenset[str]
) -> JsonValue:
    """Point references at their names in `$defs`; what cannot be followed allows every value."""
    pointed = pointed_at(value, place, work)
    beside = {key: member for key, member in value.items() if key not in ("$ref", "$dynamicRef")}
    if work.dialect.is_early:
        report_beside(beside, place, work.dialect, work.library)
        kept = translate_annotations(beside, place, work)
        is_nullable = beside.get(work.dialect.null_keyword) is True
        return allow_null({**kept, **pointed}) if is_nullable else {**kept, **pointed}
    if not beside:
        return pointed
    around = translate_object(beside, place, work, inherited)
    both = [*as_list(pointed.get("allOf")), *as_list(around.get("allOf"))]
    return {**around, **pointed, **({"allOf": both} if both else {})}


def pointed_at(value: JsonObject, place: Place, work: Translation) -> JsonObject:
    """Return what the references of *value* say together."""
    pointed: JsonObject = {}
    for keyword in ("$ref", "$dynamicRef"):
        if keyword not in value:
            continue
        try:
            if keyword == "$ref":
                target = work.library.resolve(value[keyword], place)
            else:
                target = dynamic_target(value[keyword], place, work.scope, work.library)
            reference = work.point_at(target)
        except ContractError as error:
            work.library.keep(error)
            continue
        pointed |= {"allOf": [{"$ref": reference}]} if pointed else {"$ref": reference}
    return pointed


def as_list(value: JsonValue) -> list[JsonValue]:
    """Return a list as it is, anything else as none."""
    return value if isinstance(value, list) else []


def report_beside(value: JsonObject, place: Place, dialect: Dialect, library: Library) -> None:
    """Hint at what asks something of values and stands beside a reference, where only 3.1 heeds it."""
    for keyword in value.keys() - {"$ref", "$dynamicRef", dialect.null_keyword}:
        if keyword in KNOWN and not is_annotation(keyword):
            message = f"{keyword} says nothing beside $ref in OpenAPI {dialect}; it is ignored"
            hint, at = "put the reference below allOf", inside(place, keyword)
            library.note(at, "beside-reference", message, hint=hint, severity=Severity.HINT)


def translate_annotations(value: JsonObject, place: Place, work: Translation) -> JsonObject:
    """Translate what says nothing about values, leaving out the rest."""
    result: JsonObject = {}
    for keyword, member in value.items():
        if is_annotation(keyword):
            translate_keyword(member, Slot(keyword, inside(place, keyword), work, result))
    return result


def is_annotation(keyword: str) -> bool:
    """Tell whether a keyword says nothing about values."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def translate_object(
    value: JsonObject, place: Place, work: Translation, inherited: frozenset[str]
) -> JsonObject:
    """Translate every keyword of a schema, then the rules that span several."""
    barred = inherited | barred_names(value, place, work.library, work.direction)
    result: JsonObject = {}
    for keyword, member in value.items():
        translate_keyword(member, Slot(keyword, inside(place, keyword), work, result, barred))
    return settle(result, value, place, work, barred)


def translate_keyword(member: JsonValue, slot: Slot) -> None:
    """Put the translation of one keyword into the result, or report why not."""
    keyword = slot.keyword
    if keyword in LATER_KEYWORDS.get(slot.work.dialect, ()):
        slot.hint(f"{keyword} is not part of OpenAPI {slot.work.dialect}; it is taken as in 3.1")
    if keyword == "x-nullable" and slot.work.dialect is Dialect.SWAGGER:
        slot.result["nullable"] = member
    if keyword in TRANSLATORS:
        TRANSLATORS[keyword](member, slot)
    elif is_annotation(keyword) or keyword == "const":
        slot.result[keyword] = member
    elif keyword not in IDENTIFIERS:
        guess = nearest(keyword, KNOWN)
        hint = f"did you mean {guess}?" if guess else ""
        slot.hint(f"the keyword {keyword!r} is unknown and ignored", hint=hint, code="unknown-keyword")


def translate_one(member: JsonValue, slot: Slot) -> None:
    """Translate a keyword that holds a schema."""
    if isinstance(member, (dict, bool)):
        slot.result[slot.keyword] = translate(member, slot.at, slot.work)
    else:
        slot.drop(member, "a schema")


def translate_items(member: JsonValue, slot: Slot) -> None:
    """Translate `items`; a list is that of older drafts, and nothing at all is any item."""
    if isinstance(member, list):
        slot.remark("a list of items is taken as prefixItems")
        translate_list(member, replace(slot, keyword="prefixItems"))
    elif member is not None:
        translate_one(member, slot)


def translate_list(member: JsonValue, slot: Slot) -> None:
    """Translate a keyword that holds schemas in order."""
    if not isinstance(member, list) or not member:
        slot.drop(member, "a list of at least one schema")
        return
    inherited = slot.barred if slot.keyword == "allOf" else frozenset()
    slot.result[slot.keyword] = [
        translate(each, inside(slot.at, index), slot.work, inherited) for index, each in enumerate(member)
    ]


def translate_map(member: JsonValue, slot: Slot) -> None:
    """Translate a keyword that holds schemas by name; the whole map may be a reference."""
    at = slot.at
    if isinstance(member, dict) and isinstance(member.get("$ref"), str):
        member, at = follow_map(member, slot)
    if not isinstance(member, dict):
        if member is not None:
            slot.drop(member, "an object of schemas")
        return
    schemas: JsonObject = {}
    for name, schema in member.items():
        place = inside(at, name)
        by_pattern = slot.keyword == "patternProperties"
        key = slot.work.usable_pattern(name, place) if by_pattern else name
        if key is not None:
            schemas[key] = translate(schema, place, slot.work)
    slot.result[slot.keyword] = schemas


def follow_map(member: JsonObject, slot: Slot) -> tuple[JsonValue, Place]:
    """Return the map that a reference in its place points at."""
    try:
        target = slot.work.library.resolve(member["$ref"], slot.at)
    except ContractError as error:
        slot.work.library.keep(error)
        return {}, slot.at
    found = slot.work.library.value(target)
    return ({}, slot.at) if found is member else (found, target)


def translate_type(member: JsonValue, slot: Slot) -> None:
    """Keep the names of types that exist."""
    if isinstance(member, list) and slot.work.dialect.is_early:
        slot.hint(f"a list of types is not part of OpenAPI {slot.work.dialect}; it is taken as in 3.1")
    names: list[JsonValue] = member if isinstance(member, list) else [member]
    kept: dict[JsonValue, None] = {}
    for name in names:
        spelled = name.lower() if isinstance(name, str) else name
        if spelled == "file":
            if slot.work.dialect is not Dialect.SWAGGER:
                slot.remark("the type file is that of OpenAPI 2.0", hint="write type: string, format: binary")
            slot.result.setdefault("format", "binary")
            spelled = "string"
        if spelled is None and isinstance(member, list):
            spelled = "null"
        if isinstance(spelled, str) and spelled in TYPES:
            kept[spelled] = None
        else:
            slot.drop(name, f"one of {', '.join(TYPES)}", hint=type_hint(spelled))
    if kept:
        distinct = list(kept)
        slot.result["type"] = distinct if len(distinct) > 1 else distinct[0]


def type_hint(spelled: JsonValue) -> str:
    """Return what to write for a type that is none."""
    if not isinstance(spelled, str):
        return ""
    guess = nearest(spelled, TYPES)
    return OTHER_TYPES.get(spelled) or (f"did you mean {guess}?" if guess else "")


def translate_checked(member: JsonValue, slot: Slot) -> None:
    """Translate a keyword whose value only needs the right type."""
    check = CHECKS[slot.keyword]
    value = check(member)
    if isinstance(value, Dropped):
        slot.drop(member, EXPECTED[check])
    elif slot.keyword != "required" or value:
        slot.result[slot.keyword] = value


def translate_text_pattern(member: JsonValue, slot: Slot) -> None:
    """Translate `pattern`."""
    if not isinstance(member, str):
        slot.drop(member, "text")
    elif (pattern := slot.work.usable_pattern(member, slot.at)) is not None:
        slot.result["pattern"] = pattern


TRANSLATORS: Mapping[str, Callable[[JsonValue, Slot], None]] = {
    **dict.fromkeys(SCHEMA_KEYWORDS, translate_one),
    **dict.fromkeys(SCHEMA_LIST_KEYWORDS, translate_list),
    **dict.fromkeys(SCHEMA_MAP_KEYWORDS, translate_map),
    **dict.fromkeys(CHECKS, translate_checked),
    "items": translate_items,
    "pattern": translate_text_pattern,
    "type": translate_type,
}
