"""What a person who wrote a dangling pointer most likely meant."""

from __future__ import annotations

from locum.contract.model import JsonValue
from locum.contract.pointers import join_pointer, split_pointer
from locum.errors import nearest

__all__ = ["suggest_pointer"]

#: Where 2.0 keeps what may be referred to.
EARLIER_COMPONENTS = ("definitions", "parameters", "responses")


def suggest_pointer(root: JsonValue, pointer: str) -> str:
    """Return a hint naming the nearest existing pointer, or `""`.

    >>> suggest_pointer({"components": {"schemas": {"Pet": {}}}}, "/components/schemas/Pets")
    'did you mean #/components/schemas/Pet?'
    """
    if not pointer.startswith("/"):
        pointer = "/" + pointer
    tokens = split_pointer(pointer)
    found = correct_walk(root, tokens) or find_component(root, tokens[-1])
    return f"did you mean #{found}?" if found else ""


def correct_walk(root: JsonValue, tokens: tuple[str, ...]) -> str:
    """Follow *tokens*, taking the nearest member where one is missing."""
    taken: list[str] = []
    value = root
    for token in tokens:
        if not isinstance(value, dict):
            return ""
        chosen = token if token in value else nearest(token, value)
        if not chosen:
            return ""
        taken.append(chosen)
        value = value[chosen]
    return join_pointer(*taken)


def find_component(root: JsonValue, name: str) -> str:
    """Return the pointer of a component called *name*, whatever its kind."""
    document = root if isinstance(root, dict) else {}
    components = document.get("components")
    named: list[tuple[tuple[str, ...], JsonValue]] = [
        ((kind,), document.get(kind)) for kind in EARLIER_COMPONENTS
    ]
    if isinstance(components, dict):
        named = [(("components", kind), each) for kind, each in components.items()] + named
    for way, members in named:
        if isinstance(members, dict) and (name in members or nearest(name, members)):
            return join_pointer(*way, name if name in members else nearest(name, members))
    return ""
