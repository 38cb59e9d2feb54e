"""What is sent of a thing, and what may be sent in its place: values of bodies, and calls that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.resources.names import plain
from locum.behaviour.resources.records import without
from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonObject, JsonValue, MediaType, Operation
from locum.errors import ContractError, GenerationError
from locum.generation.media import complete_type, encode, is_json
from locum.generation.model import Variant
from locum.generation.streams import stable_seed
from locum.verify.bench import Bench

__all__ = ["FORMS", "media_of", "reworded", "shape_of_media", "values_for", "varied", "with_value"]

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
#: Endings of members that name another thing, which is there or not.
_REFERRING: Final = (
    *("id", "ids", "uuid", "ref", "key", "sid", "code"),
    *("currency", "country", "locale", "email"),
)
_TRIES: Final = 3


def media_of(operation: Operation) -> MediaType | None:
    """Return what a body is sent as: JSON if that is declared, else a form; `None` for anything else."""
    content = operation.request_body.content if operation.request_body else ()
    jsons = [each for each in content if is_json(each.name)]
    forms = [each for each in content if each.name.partition(";")[0].strip() in FORMS]
    return next((each for each in (*jsons, *forms) if each.schema is not None), None)


def shape_of_media(media: MediaType) -> Shape:
    """Return the shape of a body; raises `ContractError` as `Schema.bundle` does."""
    return shape_of(media.schema.bundle() if media.schema is not None else {})


def values_for(bench: Bench, media: MediaType, *, salt: str = "") -> Iterator[JsonValue]:
    """Yield valid values of a body: documented ones, then made ones; without what only a server may say."""
    schema = media.schema
    if schema is None:
        return
    try:
        bundle = schema.bundle()
        made = [each.value for each in media.examples]
        made += [bundle[name] for name in ("example", "default") if name in bundle]
        for variant in (Variant.FULL, Variant.MINIMAL):
            produce = bench.generator.producer(bundle, variant=variant)
            made += [produce(stable_seed("body", salt, attempt)) for attempt in range(_TRIES)]
    except (ContractError, GenerationError):
        return
    shape = shape_of(bundle)
    for value in made:
        bare = without(value, shape, "readOnly")
        if schema.is_valid(bare):
            yield bare


def varied(value: JsonValue, media: MediaType) -> Iterator[tuple[str, JsonObject]]:
    """Yield *value* with one plain member changed to another valid value, and the name of that member.

    Members that name other things are left alone, since those may not be there.
    """
    if not isinstance(value, dict) or media.schema is None:
        return
    shape = shape_of_media(media)
    for name, told in value.items():
        if plain(name).endswith(_REFERRING) or shape.member(name).has("const"):
            continue
        for other in _others(told, shape.member(name)):
            whole = {**value, name: other}
            if other != told and media.schema.is_valid(whole):
                yield name, whole
                break


def reworded(value: JsonValue, media: MediaType) -> JsonObject | None:
    """Return *value* with each plain text in it changed to another valid one, `None` where there is none."""
    if not isinstance(value, dict) or media.schema is None:
        return None
    texts = {
        name: whole[name]
        for name, whole in varied(value, media)
        if isinstance(value[name], str) and not shape_of_media(media).member(name).has("enum")
    }
    whole: JsonObject = {**value, **texts}
    return whole if texts and media.schema.is_valid(whole) else None


def _others(value: JsonValue, shape: Shape) -> Iterator[JsonValue]:
    choices = shape.find("enum")
    if isinstance(choices, list):
        yield from choices
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)
    elif isinstance(value, str) and not shape.has("format"):
        # Letters beyond ASCII have to be kept as well as others (RFC 8259, 8.1).
        yield from (f"{value} på sjøen", f"{value} too", f"{value}b", f"{value[:-1]}b", f"{value[:-1]}c")


def with_value(call: Call, media: MediaType, value: JsonValue, *, bundle: JsonObject | None = None) -> Call:
    """Return *call* with *value* as its body; raises `ContractError` as `Schema.bundle` does."""
    told = bundle if bundle is not None else (media.schema.bundle() if media.schema else None)
    content = encode(value, media.name, told, media.encoding)
    return replace(call.with_header("Content-Type", complete_type(media.name)), body=content)
