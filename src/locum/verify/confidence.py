"""How sure the document is of what it says: its own `x-confidence`, the nearest above a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.contract.contract import Contract
from locum.contract.model import JsonValue, Place
from locum.contract.pointers import split_pointer

__all__ = ["confidence_of", "demanded_when_verifying"]

_LABEL: Final = "x-confidence"
_DEMANDED: Final = "x-required-when-verifying"


def confidence_of(contract: Contract, place: Place) -> str:
    """Return the nearest `x-confidence` at or above *place*, `""` without one."""
    found = ""
    for node in _way_to(contract, place):
        label = node.get(_LABEL) if isinstance(node, dict) else None
        found = label if isinstance(label, str) else found
    return found


def demanded_when_verifying(contract: Contract, place: Place | None) -> frozenset[str] | None:
    """Return which members a real server owes at *place*, where the document says so, else `None`.

    *place* is that of a `required`; `x-required-when-verifying` stands beside it.
    """
    if place is None:
        return None
    for node in reversed([*_way_to(contract, place)]):
        if isinstance(node, dict) and "required" in node:
            listed = node.get(_DEMANDED)
            return frozenset(str(each) for each in listed) if isinstance(listed, list) else None
    return None


def _way_to(contract: Contract, place: Place) -> Iterator[JsonValue]:
    """Yield what stands at each step of the way to *place*, in the root document."""
    node: JsonValue = contract.document
    yield node
    for step in split_pointer(place.pointer):
        if isinstance(node, dict) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            return
        yield node
