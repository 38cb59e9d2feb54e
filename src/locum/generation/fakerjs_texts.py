"""Texts put together as faker.js does: `{{name.lastName}}, {{name.firstName}}`, `###-??`, a pattern.

What stands in braces is drawn by whoever draws for `x-faker` itself; read next: `strings.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import orjson

from locum.contract.model import JsonValue
from locum.generation.fakerjs_calls import Call, Draw, called
from locum.generation.patterns import texts_from
from locum.generation.streams import mix

__all__ = ["COMPOSED", "composed_texts"]

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*(?:\((.*?)\))?\s*\}\}")
_TEMPLATES: Final = frozenset({"fake", "helpers.fake", "helpers.mustache"})
_SYMBOLS: Final = frozenset(
    {"helpers.replacesymbols", "helpers.replacesymbolwithnumber", "phone.phonenumber"}
)
_PATTERNS: Final = frozenset({"helpers.fromregexp"})
#: Every name whose argument is a text to be filled in.
COMPOSED: Final = _TEMPLATES | _SYMBOLS | _PATTERNS
_DIGITS: Final = "0123456789"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FILLS: Final = {"#": _DIGITS, "!": _DIGITS[2:], "?": _UPPER, "*": _UPPER + _DIGITS}
#: How many texts of a pattern are kept.
_POOL: Final = 64


def composed_texts(given: JsonValue, draw_of: Callable[[JsonValue], Draw | None]) -> Iterator[Draw]:
    """Yield what makes the texts that *given*, an `x-faker`, puts together; *draw_of* serves placeholders."""
    if isinstance(given, str) and "{{" in given:
        yield _template(given, draw_of)
        return
    call = called(given) if isinstance(given, dict) else None
    written = _argument(given, call) if call is not None else []
    if call is None or not written:
        return
    if call.name in _TEMPLATES:
        draws = [_template(each, draw_of) for each in written]
        yield lambda stream: draws[stream % len(draws)](stream)
    elif call.name in _SYMBOLS:
        yield lambda stream: _filled(written[0], stream)
    elif call.name in _PATTERNS:
        texts = [text for _, text in zip(range(_POOL), texts_from(written[0], 0, None), strict=False)]
        if texts:
            yield lambda stream: texts[stream % len(texts)]


def _argument(given: JsonValue, call: Call) -> list[str]:
    """Return the texts of the first argument, which may be several to choose from."""
    said = next(iter(given.values()), None) if isinstance(given, dict) else None
    while isinstance(said, list) and said and isinstance(said[0], list):
        said = said[0]
    listed = said if isinstance(said, list) else [said]
    listed = listed if call.name in _TEMPLATES else listed[:1]
    return [each for each in listed if isinstance(each, str)]


def _template(written: str, draw_of: Callable[[JsonValue], Draw | None]) -> Draw:
    """Return what fills in *written*; a placeholder that nothing is known of stays as it is."""
    parts: list[Draw] = []
    at = 0
    for turn, found in enumerate(_PLACEHOLDER.finditer(written), 1):
        before, draw = written[at : found.start()], draw_of(_call(found[1], found[2]))
        parts += [_always(before), _always(found[0]) if draw is None else _apart(draw, turn)]
        at = found.end()
    parts.append(_always(written[at:]))
    return lambda stream: "".join(part(stream) for part in parts)


def _call(name: str, arguments: str | None) -> JsonValue:
    """Return a placeholder as an `x-faker` would have it."""
    if not arguments:
        return name
    try:
        return {name: orjson.loads(f"[{arguments}]")}
    except orjson.JSONDecodeError:
        return {name: [arguments.strip("'")]}


def _always(text: str) -> Draw:
    return lambda _: text


def _apart(draw: Draw, turn: int) -> Draw:
    return lambda stream: draw(mix(stream, turn))


def _filled(written: str, stream: int) -> str:
    return "".join(
        _FILLS[each][mix(stream, at) % len(_FILLS[each])] if each in _FILLS else each
        for at, each in enumerate(written)
    )
