"""Writes values as parameters are sent: the way back from `styles.py`.

Source: OpenAPI 3.1.1, section 4.8.12.6; RFC 6570.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import orjson

from locum.contract.delimiting import DELIMITERS
from locum.contract.model import JsonValue, Location, Parameter, Style

__all__ = ["to_json", "write_parameter", "write_text"]

_ENCODED: Final[Mapping[str, str]] = {" ": "%20", "|": "%7C", "\t": "%09"}


def write_parameter(parameter: Parameter, value: JsonValue) -> tuple[tuple[str, str], ...]:
    """Write *value* by the style of *parameter*: names and texts, encoded as the location asks.

    Several pairs come out where items or members are sent one by one; none for an empty array that way.
    A path text is percent-encoded, a header text is not.
    """
    if parameter.media_type is not None:
        return ((_name(parameter), _encode(parameter, _content(parameter, value))),)
    if isinstance(value, dict) and parameter.style is Style.DEEP_OBJECT:
        return tuple(_bracketed(parameter, quote(parameter.name, safe=""), value))
    is_repeated = parameter.explode and parameter.location in {Location.QUERY, Location.COOKIE}
    if is_repeated and isinstance(value, list):
        return tuple((_name(parameter), _encode(parameter, write_text(item))) for item in value)
    if is_repeated and isinstance(value, dict):
        return tuple(_member(parameter, name, part) for name, part in value.items())
    return ((_name(parameter), _single(parameter, value)),)


def write_text(value: JsonValue) -> str:
    """Write one value as text: strings as they are, everything else as JSON."""
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) else to_json(value).decode()


def to_json(value: JsonValue) -> bytes:
    """Write *value* as JSON; numbers of any size and lone surrogates too, which orjson refuses."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _name(parameter: Parameter) -> str:
    return quote(parameter.name, safe="") if parameter.location is Location.QUERY else parameter.name


def _content(parameter: Parameter, value: JsonValue) -> str:
    is_json = "json" in (parameter.media_type or "")
    return to_json(value).decode() if is_json else write_text(value)


def _member(parameter: Parameter, name: str, value: JsonValue) -> tuple[str, str]:
    return _encode(parameter, name), _encode(parameter, write_text(value))


def _encode(parameter: Parameter, text: str) -> str:
    return text if parameter.location is Location.HEADER else quote(text, safe="")


def _bracketed(parameter: Parameter, prefix: str, value: JsonValue) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [
            pair
            for name, part in value.items()
            for pair in _bracketed(parameter, f"{prefix}%5B{quote(name, safe='')}%5D", part)
        ]
    if isinstance(value, list):
        return [(prefix, _encode(parameter, write_text(part))) for part in value]
    return [(prefix, _encode(parameter, write_text(value)))]


def _single(parameter: Parameter, value: JsonValue) -> str:
    prefix, delimiter = _frame(parameter)
    if isinstance(value, list):
        named = f"{parameter.name}=" if parameter.style is Style.MATRIX and parameter.explode else ""
        return prefix + delimiter.join(named + _encode(parameter, write_text(item)) for item in value)
    if not isinstance(value, dict):
        named = f"{parameter.name}=" if parameter.style is Style.MATRIX and parameter.explode else ""
        return prefix + named + _encode(parameter, write_text(value))
    between = "=" if parameter.explode else delimiter
    members = (_member(parameter, name, part) for name, part in value.items())
    return prefix + delimiter.join(f"{name}{between}{text}" for name, text in members)


def _frame(parameter: Parameter) -> tuple[str, str]:
    """Return what comes first and what stands between."""
    if parameter.style is Style.LABEL:
        return ".", "." if parameter.explode else ","
    if parameter.style is Style.MATRIX:
        return (";", ";") if parameter.explode else (f";{parameter.name}=", ",")
    delimiter = DELIMITERS.get(parameter.style, ",")
    return "", delimiter if parameter.location is Location.HEADER else _ENCODED.get(delimiter, delimiter)
