"""Evaluates what links and callbacks say of a call: `$request.body#/url`, `$response.header.Location`, ….

Source: OpenAPI 3.1.1, 4.8.20.4 (runtime expressions) and 4.8.18.1 (URLs that hold some in braces).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.contract.model import JsonValue
from locum.contract.pointers import split_pointer
from locum.contract.writing import write_text

__all__ = ["Told", "Unspoken", "evaluate", "fill"]

_EMBEDDED: Final = re.compile(r"\{(\$[^{}]*)\}")


class Unspoken(Exception):  # noqa: N818 -- a signal inside the room: the call does not say what was asked
    """The call says nothing of what an expression asks for; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one call said and was answered, as expressions see it; names of headers are in lower case."""

    url: str
    method: str
    status: int
    path: Mapping[str, JsonValue] = field(default_factory=dict)
    query: Mapping[str, JsonValue] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JsonValue = None
    reply_headers: Mapping[str, str] = field(default_factory=dict)
    reply_body: JsonValue = None


def fill(template: str, told: Told) -> str:
    """Return *template* with the expressions in its braces evaluated; raises `Unspoken`.

    One that is an expression as a whole needs no braces.

    >>> told = Told(url="/", method="POST", status=201, body={"hook": "http://[::1]/a"})
    >>> fill("{$request.body#/hook}/done?by={$method}", told)
    'http://[::1]/a/done?by=POST'
    """
    if template.startswith("$"):
        return write_text(evaluate(template, told))
    return _EMBEDDED.sub(lambda found: write_text(evaluate(found[1], told)), template)


def evaluate(expression: str, told: Told) -> JsonValue:
    """Return what *expression* stands for; raises `Unspoken`."""
    kind, _, source = expression.partition(".")
    if not source and kind in _WHOLE:
        return _WHOLE[kind](told)
    part, separator, name = _split(source)
    look_up = _PARTS.get((kind, part, separator))
    if look_up is None:
        message = f"{expression!r} is no runtime expression"
        raise Unspoken(message)
    try:
        return look_up(told, name)
    except (LookupError, ValueError, TypeError):
        message = f"the call says nothing of {expression}"
        raise Unspoken(message) from None


def _split(source: str) -> tuple[str, str, str]:
    """Split the source of an expression at its first dot, or a body from its pointer."""
    if source.startswith("body"):
        return "body", "#", source[len("body") :].removeprefix("#")
    return source.partition(".")


def _at(value: JsonValue, pointer: str) -> JsonValue:
    for token in split_pointer(pointer):
        if isinstance(value, list):
            value = value[int(token)]
        elif isinstance(value, dict):
            value = value[token]
        else:
            raise KeyError(token)
    return value


_WHOLE: Final[Mapping[str, Callable[[Told], JsonValue]]] = {
    "$url": lambda told: told.url,
    "$method": lambda told: told.method,
    "$statusCode": lambda told: told.status,
}
_PARTS: Final[Mapping[tuple[str, str, str], Callable[[Told, str], JsonValue]]] = {
    ("$request", "path", "."): lambda told, name: told.path[name],
    ("$request", "query", "."): lambda told, name: told.query[name],
    ("$request", "header", "."): lambda told, name: told.headers[name.lower()],
    ("$request", "body", "#"): lambda told, pointer: _at(told.body, pointer),
    ("$response", "header", "."): lambda told, name: told.reply_headers[name.lower()],
    ("$response", "body", "#"): lambda told, pointer: _at(told.reply_body, pointer),
}
