"""Puts a part of one JSON value into another, or one over the other."""

from __future__ import annotations

from collections.abc import Sequence

from locum.contract.model import JsonObject, JsonValue

__all__ = ["grafted", "laid_over", "restored"]


def laid_over(value: JsonValue, base: JsonValue) -> JsonValue:
    """Return *value* with the members it lacks, at any depth, taken from *base*.

    The entries of a list are completed by those of the other in their order, again and again.

    >>> laid_over({"lines": [{"n": 1}, {"n": 2}]}, {"id": 7, "lines": [{"n": 5, "price": 3}]})
    {'id': 7, 'lines': [{'n': 1, 'price': 3}, {'n': 2, 'price': 3}]}
    """
    if isinstance(value, dict) and isinstance(base, dict):
        told = {name: laid_over(part, base[name]) if name in base else part for name, part in value.items()}
        return {**base, **told}
    if isinstance(value, list) and isinstance(base, list) and base:
        return [laid_over(each, base[index % len(base)]) for index, each in enumerate(value)]
    return value


def grafted(value: JsonValue, scion: JsonValue, way: Sequence[str | int]) -> JsonValue:
    """Return *value* with what *scion* has at *way*; a member that *scion* lacks is taken away.

    A list is grafted with the last item of the other where that is shorter.

    >>> grafted({"a": 1, "b": {"c": 2}}, {"a": 0, "b": {"c": 3}}, ["b", "c"])
    {'a': 1, 'b': {'c': 3}}
    >>> grafted({"a": 1, "b": 2}, {"a": 0}, ["b"])
    {'a': 1}
    """
    if not way:
        return scion
    token, rest = way[0], way[1:]
    if isinstance(value, dict) and isinstance(scion, dict):
        return _grafted_member(value, scion, str(token), rest)
    if isinstance(value, list) and isinstance(scion, list) and isinstance(token, int):
        return _grafted_item(value, scion, token, rest)
    return scion


def restored(made: JsonObject, told: JsonObject, value: JsonObject) -> JsonObject:
    """Return *made* with those members as they were *told* that stand so in *value*, completed or not."""
    said = {
        name: part if laid_over(part, value[name]) == value[name] else value[name]
        for name, part in told.items()
        if name in value
    }
    return {**made, **{name: laid_over(part, made.get(name)) for name, part in said.items()}}


def _grafted_item(
    value: list[JsonValue], scion: list[JsonValue], index: int, rest: Sequence[str | int]
) -> JsonValue:
    if index >= len(value) or not scion:
        return scion
    donor = scion[min(index, len(scion) - 1)]
    return [*value[:index], grafted(value[index], donor, rest), *value[index + 1 :]]


def _grafted_member(value: JsonObject, scion: JsonObject, name: str, rest: Sequence[str | int]) -> JsonValue:
    if name not in scion:
        return {other: member for other, member in value.items() if other != name}
    return {**value, name: grafted(value[name], scion[name], rest) if name in value else scion[name]}
