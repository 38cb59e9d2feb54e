"""Makes one value out of the texts sent for one parameter: delimiters, prefixes, brackets, types.

Each `…_reader` looks at a declaration once and returns the function that reads; `styles.py` says which.
Delimiters are looked for before percent-decoding, so that an encoded one is data (RFC 6570, section 3.2.1),
unless all of them are encoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import unquote_to_bytes

import orjson

from locum.contract.coercion import Shape, coercer
from locum.contract.depth import MOST_NESTED, nests_deeper
from locum.contract.model import JsonValue, Location, Parameter, Style

__all__ = [
    "DELIMITERS",
    "Read",
    "StyleError",
    "Texts",
    "array_reader",
    "content_reader",
    "decode",
    "object_reader",
    "scalar_reader",
]

#: The texts sent for one parameter, still encoded, each with the way in: `a[b]` → `("b",)`.
Texts: TypeAlias = list[tuple[tuple[str, ...], str]]
Read = Callable[[Texts], JsonValue]
_Decode = Callable[[str], str]
#: What brackets have built so far: texts at the leaves.
_Tree: TypeAlias = "dict[str, _Tree | list[str]]"

_DEEPEST: Final = 32
#: What stands between items in the styles that are named after it.
DELIMITERS: Final[Mapping[Style, str]] = {
    Style.SPACE_DELIMITED: " ",
    Style.PIPE_DELIMITED: "|",
    Style.COMMA_DELIMITED: ",",
    Style.TAB_DELIMITED: "\t",
}


class StyleError(ValueError):
    """What was sent cannot be read by the declared style; the text says why, as a predicate."""


def decode(text: str) -> str:
    """Undo percent-encoding and `+` of a query or form; raises `StyleError` when it is not UTF-8."""
    if "%" not in text and "+" not in text and text.isascii():
        return text
    return _percent_decode(text.replace("+", " "))


def _percent_decode(text: str) -> str:
    if "%" not in text and text.isascii():
        return text
    try:
        # What was not encoded at all arrives as one character per byte.
        return unquote_to_bytes(text.encode("latin-1")).decode()
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 behind its percent-encoding ({error.reason})"
        raise StyleError(message) from error
    except UnicodeEncodeError:
        return text


def _as_it_is(text: str) -> str:
    return text


_DECODERS: Final[Mapping[Location, _Decode]] = {
    Location.PATH: _as_it_is,
    Location.QUERY: decode,
    Location.HEADER: _as_it_is,
    Location.COOKIE: _percent_decode,
}


def content_reader(parameter: Parameter) -> Read:
    """Read a parameter declared by `content`, as JSON where it says so, else as text (3.1.1, 4.8.12.4)."""
    decoded = _DECODERS[parameter.location]
    is_json = "json" in (parameter.media_type or "")

    def read(texts: Texts) -> JsonValue:
        text = decoded(_only(texts))
        if not is_json:
            return text
        try:
            found: JsonValue = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            message = f"is not JSON: {error.msg}, column {error.colno}"
            raise StyleError(message) from error
        if nests_deeper(found, MOST_NESTED):
            message = f"nests deeper than {MOST_NESTED}"
            raise StyleError(message)
        return found

    return read


def scalar_reader(parameter: Parameter, shape: Shape) -> Read:
    """Read one text as one value."""
    decoded, coerce, prefix = _DECODERS[parameter.location], coercer(shape), _prefix(parameter)
    if not prefix:
        return lambda texts: coerce(decoded(texts[0][1] if len(texts) == 1 else _only(texts)))
    return lambda texts: coerce(decoded(_without(prefix, _only(texts))))


def array_reader(parameter: Parameter, shape: Shape) -> Read:
    """Read repeated or delimited texts as the items of an array."""
    decoded, split = _DECODERS[parameter.location], _item_splitter(parameter)
    first = coercer(shape.item(0))
    is_uniform = shape.item(0) is shape.item(1)

    def read(texts: Texts) -> JsonValue:
        items = [decoded(text) for text in split(texts)]
        if is_uniform:
            return [first(text) for text in items]
        return [coercer(shape.item(index))(text) for index, text in enumerate(items)]

    return read


def object_reader(parameter: Parameter, shape: Shape) -> Read:
    """Read members, each named in the text, in brackets, or sent as a parameter of its own."""
    decoded = _DECODERS[parameter.location]
    if _is_repeated(parameter) or parameter.style is Style.DEEP_OBJECT:
        return lambda texts: _assemble(texts, shape, decoded)
    split = _member_splitter(parameter)

    def read(texts: Texts) -> JsonValue:
        members = split(_only(texts))
        return {decoded(name): coercer(shape.member(decoded(name)))(decoded(text)) for name, text in members}

    return read


def _only(texts: Texts) -> str:
    if len(texts) > 1:
        message = f"was sent {len(texts)} times; it takes one value"
        raise StyleError(message)
    return texts[0][1]


def _without(prefix: str, text: str) -> str:
    if not text.startswith(prefix):
        message = f"does not start with {prefix!r}"
        raise StyleError(message)
    return text.removeprefix(prefix)


def _prefix(parameter: Parameter) -> str:
    return {Style.LABEL: ".", Style.MATRIX: f";{parameter.name}="}.get(parameter.style, "")


def _is_repeated(parameter: Parameter) -> bool:
    """Tell whether each item or member is sent as a parameter of its own."""
    return parameter.explode and parameter.location in {Location.QUERY, Location.COOKIE}


def _item_splitter(parameter: Parameter) -> Callable[[Texts], list[str]]:
    if _is_repeated(parameter) or parameter.style is Style.DEEP_OBJECT:
        return lambda texts: [text for _, text in texts]
    cut = _cutter(parameter)
    if parameter.style is Style.MATRIX and parameter.explode:
        prefix = f"{parameter.name}="
        return lambda texts: [_without(prefix, part) for part in cut(_without(";", _only(texts)))]
    prefix = _prefix(parameter)
    if not prefix:
        return lambda texts: cut(_only(texts))
    return lambda texts: cut(_without(prefix, _only(texts)))


def _member_splitter(parameter: Parameter) -> Callable[[str], list[tuple[str, str]]]:
    cut = _cutter(parameter)
    if parameter.explode:
        prefix = _prefix(parameter)[:1]
        return lambda text: [_named(part) for part in cut(_without(prefix, text))]
    prefix = _prefix(parameter)
    return lambda text: _paired(cut(_without(prefix, text)))


def _named(part: str) -> tuple[str, str]:
    name, equals, text = part.partition("=")
    if not equals:
        message = f"has a member {name[:40]!r} without '='"
        raise StyleError(message)
    return name, text


def _paired(parts: list[str]) -> list[tuple[str, str]]:
    if len(parts) % 2:
        message = f"has {len(parts)} parts; names and values must alternate"
        raise StyleError(message)
    return list(zip(parts[::2], parts[1::2], strict=True))


def _cutter(parameter: Parameter) -> Callable[[str], list[str]]:
    """Return the function that cuts a text at the delimiters of the style; nothing gives no parts."""
    if parameter.style in DELIMITERS:
        return _delimiter_cutter(parameter, DELIMITERS[parameter.style])
    if parameter.style is Style.FORM:
        return _delimiter_cutter(parameter, ",")
    if parameter.location is Location.HEADER:
        return lambda text: [part.strip() for part in text.split(",")] if text.strip() else []
    exploded: Mapping[Style, str] = {Style.LABEL: ".", Style.MATRIX: ";"} if parameter.explode else {}
    delimiter = exploded.get(parameter.style, ",")
    return lambda text: text.split(delimiter) if text else []


def _delimiter_cutter(parameter: Parameter, delimiter: str) -> Callable[[str], list[str]]:
    """Cut at a delimiter that has to be, or often is, percent-encoded in a URL; elsewhere nothing is."""
    if parameter.location not in {Location.QUERY, Location.COOKIE}:
        return lambda text: text.split(delimiter) if text else []
    encoded = re.compile({" ": r"%20|\+| ", "|": r"%7[Cc]|\|", ",": r"%2[Cc]", "\t": r"%09|\t"}[delimiter])
    if delimiter == ",":
        # Most clients join first and encode then; a comma that is encoded beside bare ones is data.
        return lambda text: (text.split(",") if "," in text else encoded.split(text)) if text else []
    return lambda text: encoded.split(text) if text else []


def _assemble(texts: Texts, shape: Shape, decoded: _Decode) -> JsonValue:
    """Put members sent one by one together; what was sent under the bare name stays as it is."""
    if not any(way for way, _ in texts):
        return decoded(_only(texts))
    tree: _Tree = {}
    for way, text in texts:
        if not way or len(way) > _DEEPEST:
            message = f"is sent both as a whole and in parts, or nests deeper than {_DEEPEST}"
            raise StyleError(message)
        _grow(tree, way, decoded(text))
    return _value(tree, shape)


def _grow(tree: _Tree, way: tuple[str, ...], text: str) -> None:
    for key in way[:-1]:
        branch = tree.setdefault(key, {})
        if isinstance(branch, list):
            raise StyleError(_both(key))
        tree = branch
    leaf = tree.setdefault(way[-1], [])
    if isinstance(leaf, dict):
        raise StyleError(_both(way[-1]))
    leaf.append(text)


def _both(key: str) -> str:
    return f"sends {key[:40]!r} both as a value and as an object"


def _value(tree: _Tree | list[str], shape: Shape) -> JsonValue:
    if isinstance(tree, list):
        return _leaf(tree, shape)
    is_list = "array" in shape.types and all(key == "" or key.isdigit() for key in tree)
    if is_list:
        parts = [
            text for branch in tree.values() for text in (branch if isinstance(branch, list) else [branch])
        ]
        return [
            coercer(shape.item(index))(part) if isinstance(part, str) else _value(part, shape.item(index))
            for index, part in enumerate(parts)
        ]
    return {key: _value(branch, shape.member(key)) for key, branch in tree.items()}


def _leaf(texts: list[str], shape: Shape) -> JsonValue:
    if "array" in shape.types and (len(texts) > 1 or shape.types <= {"array", "null"}):
        return [coercer(shape.item(index))(text) for index, text in enumerate(texts)]
    if len(texts) > 1:
        message = f"sends one member {len(texts)} times"
        raise StyleError(message)
    return coercer(shape)(texts[0])
