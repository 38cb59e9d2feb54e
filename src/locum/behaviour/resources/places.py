"""Looks at a place of a body, and puts another value there, without changing the body itself."""

from __future__ import annotations

from locum.behaviour.resources.model import Steps
from locum.contract.model import JsonValue

__all__ = ["get_at", "put_at"]


def get_at(value: JsonValue, steps: Steps) -> JsonValue:
    """Return what *steps* lead to, `None` if they lead nowhere."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def put_at(value: JsonValue, steps: Steps, part: JsonValue) -> JsonValue:
    """Return *value* with *part* at *steps*; objects on the way are made where they are missing.

    >>> put_at({"data": {"id": 1}, "meta": {}}, ("data",), {"id": 2})
    {'data': {'id': 2}, 'meta': {}}
    """
    if not steps:
        return part
    whole = dict(value) if isinstance(value, dict) else {}
    whole[steps[0]] = put_at(whole.get(steps[0]), steps[1:], part)
    return whole
