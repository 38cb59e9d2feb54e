"""A Schema Object of OpenAPI 3.0 or 3.1 to JSON Schema 2020-12, one schema at a time, for one direction.

What a reference points at is translated by itself and named by the caller, so circles need no care here.
Every result passes the meta-schema: a keyword that cannot be used is dropped and reported.
`keywords.py` says what each keyword takes; `nullability.py` and `travel.py` treat the two cross-cutting rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from locum.contract.diagnostics import describe
from locum.contract.keywords import (
    ANNOTATIONS,
    CHECKS,
    DROP,
    EXPECTED,
    IDENTIFIERS,
    KNOWN,
    LATER_KEYWORDS,
    SCHEMA_KEYWORDS,
    SCHEMA_LIST_KEYWORDS,
    SCHEMA_MAP_KEYWORDS,
    TYPES,
    same_value,
)
from locum.contract.library import Library
from locum.contract.model import Direction, JsonObject, JsonValue, Place
from locum.contract.nullability import allow_null
from locum.contract.patterns import translate_pattern
from locum.contract.pointers import below
from locum.contract.travel import barred_names
from locum.errors import ContractError, Severity, nearest

__all__ = ["Translation", "translate"]

INTEGER_RANGES: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What is the same for every schema of one walk.

    *name_of* gives the name under which a referenced place will stand in `$defs`.
    *targets* collects the places referenced.
    """

    library: Library
    direction: Direction
    #: OpenAPI 3.0: keywords beside `$ref` count for nothing, `nullable` and boolean bounds are at home.
    is_early: bool
    name_of: Callable[[Place], str]
    targets: dict[Place, None] = field(default_factory=dict)


def translate(value: JsonValue, place: Place, work: Translation, inherited: frozenset[str] = frozenset()) -> JsonValue:
    """Return the JSON Schema 2020-12 for the schema *value* at *place*.

    *inherited* names members that may not travel, known from the schema around an `allOf`.
    """
    if isinstance(value, bool):
        return value
    if not isinstance(value, dict):
        report_shape(value, place, work)
        return {}
    reference = value.get("$ref", value.get("$dynamicRef"))
    if reference is not None:
        return translate_reference(reference, value, place, work, inherited)
    return translate_object(value, place, work, inherited)


def report_shape(value: JsonValue, place: Place, work: Translation) -> None:
    """Report a schema that is none; an empty one is only odd."""
    severity = Severity.HINT if value is None else Severity.ERROR
    work.library.note(
        place, "schema-type", f"a schema must be an object, but is {describe(value)}; any value is allowed", severity=severity
    )


def translate_reference(
    reference: JsonValue, value: JsonObject, place: Place, work: Translation, inherited: frozenset[str]
) -> JsonValue:
    """Point a reference at its name in `$defs`; what cannot be followed allows every value."""
    try:
        target = work.library.resolve(reference, place)
    except ContractError as error:
        work.library.keep(error)
        pointed: JsonObject = {}
    else:
        work.targets[target] = None
        pointed = {"$ref": f"#/$defs/{work.name_of(target)}"}
    beside = {key: member for key, member in value.items() if key not in ("$ref", "$dynamicRef")}
    if work.is_early:
        kept = {key: member for key, member in beside.items() if key in ANNOTATIONS or key.startswith("x-")}
        return allow_null({**kept, **pointed}) if beside.get("nullable") is True else {**kept, **pointed}
    if not beside:
        return pointed
    around = translate_object(beside, place, work, inherited)
    if "$ref" in around or "anyOf" in around:
        return {"allOf": [pointed, around]}
    return {**around, **pointed}


def translate_object(value: JsonObject, place: Place, work: Translation, inherited: frozenset[str]) -> JsonObject:
    """Translate every keyword of a schema, then the rules that span several."""
    barred = inherited | barred_names(value, place, work.library, work.direction)
    result: JsonObject = {}
    for keyword, member in value.items():
        at = Place(uri=place.uri, pointer=below(place.pointer, keyword))
        translate_keyword(keyword, member, at, work, result, barred)
    settle_bounds(result, place, work)
    settle_required(result, barred)
    settle_enum(result, place, work)
    settle_discriminator(result, value, place, work)
    if result.pop("nullable", False) is True:
        if not work.is_early:
            at = Place(uri=place.uri, pointer=below(place.pointer, "nullable"))
            work.library.warn(at, "dialect", "nullable is not part of OpenAPI 3.1", hint='write type: [..., "null"]')
        return allow_null(result)
    return result


def translate_keyword(
    keyword: str, member: JsonValue, at: Place, work: Translation, result: JsonObject, barred: frozenset[str]
) -> None:
    """Put the translation of one keyword into *result*, or report why not."""
    if keyword in LATER_KEYWORDS and work.is_early:
        message = f"{keyword} is not part of OpenAPI 3.0; it is taken as in 3.1"
        work.library.note(at, "dialect", message, severity=Severity.HINT)
    if keyword in SCHEMA_KEYWORDS:
        translate_one(keyword, member, at, work, result)
    elif keyword in SCHEMA_LIST_KEYWORDS:
        inherited = barred if keyword == "allOf" else frozenset()
        translate_list(keyword, member, at, work, result, inherited)
    elif keyword in SCHEMA_MAP_KEYWORDS:
        translate_map(keyword, member, at, work, result)
    elif keyword == "type":
        translate_type(member, at, work, result)
    elif keyword in CHECKS:
        translate_checked(keyword, member, at, work, result)
    elif keyword == "const" or keyword in ANNOTATIONS or keyword.startswith("x-"):
        result[keyword] = member
    elif keyword not in IDENTIFIERS:
        guess = nearest(keyword, KNOWN)
        hint = f"did you mean {guess}?" if guess else ""
        message = f"the keyword {keyword!r} is unknown and ignored"
        work.library.note(at, "unknown-keyword", message, hint=hint, severity=Severity.HINT)


def drop(keyword: str, member: JsonValue, at: Place, work: Translation, expected: str) -> None:
    """Report a keyword that is left out because of its type."""
    message = f"{keyword} must be {expected}, but is {describe(member)}; it is ignored"
    work.library.note(at, "keyword-type", message)


def translate_one(keyword: str, member: JsonValue, at: Place, work: Translation, result: JsonObject) -> None:
    """Translate a keyword that holds a schema; a list of `items` is that of older drafts."""
    if keyword == "items" and isinstance(member, list):
        work.library.warn(at, "dialect", "a list of items is taken as prefixItems")
        translate_list("prefixItems", member, at, work, result, frozenset())
    elif isinstance(member, (dict, bool)) or (keyword == "items" and member is None):
        result[keyword] = translate(member, at, work)
    else:
        drop(keyword, member, at, work, "a schema")


def translate_list(
    keyword: str, member: JsonValue, at: Place, work: Translation, result: JsonObject, inherited: frozenset[str]
) -> None:
    """Translate a keyword that holds schemas in order."""
    if not isinstance(member, list) or not member:
        drop(keyword, member, at, work, "a list of at least one schema")
        return
    result[keyword] = [
        translate(each, Place(uri=at.uri, pointer=below(at.pointer, index)), work, inherited)
        for index, each in enumerate(member)
    ]


def translate_map(keyword: str, member: JsonValue, at: Place, work: Translation, result: JsonObject) -> None:
    """Translate a keyword that holds schemas by name."""
    if not isinstance(member, dict):
        if member is not None:
            drop(keyword, member, at, work, "an object of schemas")
        return
    schemas: JsonObject = {}
    for name, schema in member.items():
        place = Place(uri=at.uri, pointer=below(at.pointer, name))
        key = usable_pattern(name, place, work) if keyword == "patternProperties" else name
        if key is not None:
            schemas[key] = translate(schema, place, work)
    result[keyword] = schemas


def translate_type(member: JsonValue, at: Place, work: Translation, result: JsonObject) -> None:
    """Keep the names of types that exist."""
    names = member if isinstance(member, list) else [member]
    kept: list[JsonValue] = []
    for name in names:
        spelled = name.lower() if isinstance(name, str) else name
        if spelled == "file":
            work.library.warn(at, "dialect", "the type file is that of Swagger 2.0", hint="type: string, format: binary")
            result.setdefault("format", "binary")
            spelled = "string"
        if spelled is None and isinstance(member, list):
            spelled = "null"
        if spelled in TYPES:
            kept.append(spelled)
        else:
            drop("type", name, at, work, f"one of {', '.join(TYPES)}")
    distinct: list[JsonValue] = list(dict.fromkeys(str(name) for name in kept))
    if distinct:
        result["type"] = distinct if len(distinct) > 1 else distinct[0]


def translate_checked(keyword: str, member: JsonValue, at: Place, work: Translation, result: JsonObject) -> None:
    """Translate a keyword whose value only needs the right type."""
    check = CHECKS[keyword]
    value = check(member)
    if value is DROP:
        drop(keyword, member, at, work, EXPECTED[check])
    elif keyword == "pattern" and isinstance(value, str):
        pattern = usable_pattern(value, at, work)
        if pattern is not None:
            result["pattern"] = pattern
    elif keyword != "required" or value:
        result[keyword] = value  # type: ignore[assignment]  # DROP was answered above


def usable_pattern(pattern: str, at: Place, work: Translation) -> str | None:
    """Return a spelling of *pattern* the validator takes, or report that there is none."""
    translated = translate_pattern(pattern)
    if translated is None:
        message = f"the pattern {pattern!r} cannot be used; it is ignored"
        work.library.warn(at, "pattern", message, hint="patterns are ECMA-262 regular expressions")
    return translated


def settle_bounds(result: JsonObject, place: Place, work: Translation) -> None:
    """Turn boolean exclusive bounds into numbers, and integer formats into bounds."""
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        bound = result.get(exclusive)
        if not isinstance(bound, bool):
            if bound is not None and work.is_early:
                at = Place(uri=place.uri, pointer=below(place.pointer, exclusive))
                message = f"{exclusive} is true or false in OpenAPI 3.0; the number is taken as in 3.1"
                work.library.note(at, "dialect", message, severity=Severity.HINT)
            continue
        if not work.is_early:
            at = Place(uri=place.uri, pointer=below(place.pointer, exclusive))
            work.library.warn(at, "dialect", f"{exclusive} is a number in OpenAPI 3.1")
        del result[exclusive]
        if bound and plain in result:
            result[exclusive] = result.pop(plain)
    kinds = result.get("type")
    if kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds and "number" not in kinds):
        lowest, highest = INTEGER_RANGES.get(str(result.get("format")), (None, None))
        if lowest is not None and not {"minimum", "exclusiveMinimum"} & result.keys():
            result["minimum"] = lowest
        if highest is not None and not {"maximum", "exclusiveMaximum"} & result.keys():
            result["maximum"] = highest


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
    if result.get("type") != "string" or not isinstance(choices, list):
        return
    unquoted = [each for each in choices if isinstance(each, (bool, int, float))]
    if not unquoted:
        return
    at = Place(uri=place.uri, pointer=below(place.pointer, "enum"))
    work.library.warn(at, "enum-type", f"the choice {unquoted[0]!r} of a text is not text", hint="quote it")
    spelled: list[JsonValue] = [str(each).lower() if isinstance(each, bool) else str(each) for each in unquoted]
    result["enum"] = choices + [each for each in spelled if not any(same_value(each, one) for one in choices)]


def settle_discriminator(result: JsonObject, value: JsonObject, place: Place, work: Translation) -> None:
    """Make the mapping of a discriminator explicit, in the names of `$defs` (3.1.1, 4.8.25)."""
    discriminator = result.get("discriminator")
    branches = value.get("oneOf", value.get("anyOf"))
    if not isinstance(discriminator, dict) or not isinstance(branches, list):
        return
    mapping: JsonObject = {}
    written = discriminator.get("mapping")
    for name, reference in written.items() if isinstance(written, dict) else ():
        mapping[name] = mapped_name(reference, place, work) or reference
    mapped = set(map(str, mapping.values()))
    for branch in branches:
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        pointed = mapped_name(reference, place, work)
        if isinstance(reference, str) and pointed and pointed not in mapped:
            mapping.setdefault(reference.rpartition("/")[2], pointed)
    result["discriminator"] = {**discriminator, "mapping": mapping}


def mapped_name(reference: JsonValue, place: Place, work: Translation) -> str | None:
    """Return where a mapped schema stands in the bundle; a bare word names a component."""
    if not isinstance(reference, str):
        return None
    for spelled in (reference, f"#/components/schemas/{reference}"):
        try:
            target = work.library.resolve(spelled, place)
        except ContractError:
            continue
        work.targets[target] = None
        return f"#/$defs/{work.name_of(target)}"
    return None
