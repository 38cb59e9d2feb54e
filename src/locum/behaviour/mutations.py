"""Changes a value in one place, in many ways: what shows that a promise can be broken at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.behaviour.exchanges import Exchange
from locum.contract.model import JsonValue

__all__ = ["mutations", "spoiled"]

#: What an answer is tried with in place of a text.
_TEXTS: Final = (
    "",
    "zz",
    "9999-12-31 23:59:58",
    "2100-01-01T00:00:00Z",
    "https://elsewhere.example.test/?page=9",
)


def mutations(value: JsonValue) -> Iterator[JsonValue]:
    """Yield *value* with one change each: another number, text or truth, a member or item gone.

    >>> list(mutations([True]))[:2]
    [[], []]
    """
    match value:
        case bool():
            yield not value
        case int() | float():
            yield from (value + 1, 0, -value - 1, value * 3 + 1000, value + 0.1234)
        case str():
            yield from (*_TEXTS, value.swapcase(), value + "7")
        case None:
            yield from ("NULL", "INBOUND")
        case dict():
            inner = sorted(value, key=lambda name: isinstance(value[name], list | dict), reverse=True)
            yield from ({**value, name: each} for name in inner for each in mutations(value[name]))
            yield from ({name: value[name] for name in value if name != gone} for gone in value)
        case list() if value:
            yield from ([], value[1:], value[:-1], value[::-1], [*value, value[0]])
            yield from ([each, *value[1:]] for each in mutations(value[0]))
            yield from ([*value[:-1], each] for each in mutations(value[-1]))


def spoiled(exchange: Exchange) -> Iterator[Exchange]:
    """Yield *exchange* with one change each, of its body, a header of its own, or its status."""
    yield from (replace(exchange, body=body) for body in mutations(exchange.body))
    for name in exchange.headers:
        if name.startswith("x-"):
            for text in ("-1", "99999999999"):
                yield replace(exchange, headers={**exchange.headers, name: text})
    yield replace(exchange, status=418)
