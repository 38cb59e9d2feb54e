"""Puts a part of one JSON value into another."""

from __future__ import annotations

from collections.abc import Sequence

from locum.contract.model import JsonObject, JsonValue

__all__ = ["grafted"]


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
