"""Lets the addresses in a record lead to the entity itself, where they led to that of an example.

An example that serves for other keys says `https://api.test/repos/ann/tool/issues/7` in a dozen members.
Which entity it shows is read off the member that is its own address; what it says of that, and of what stands
above it, is then said of the entity at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from locum.behaviour.resources.names import plain
from locum.behaviour.resources.templates import is_variable, variables_at_end
from locum.contract.model import JsonObject, JsonValue

__all__ = ["moved"]

_OWN: Final = frozenset({"url", "href", "self", "uri", "selflink", "selfurl", "resourceurl", "selfhref"})
_END: Final = r"(?![A-Za-z0-9_~%-])"


def moved(record: JsonObject, item: str, path: str) -> JsonObject:
    """Return *record* with the addresses of an entity by the template *item* leading to *path*.

    >>> example = {"url": "https://a.test/v1/owners/1/pets/2", "owner_url": "https://a.test/v1/owners/1"}
    >>> moved(example, "/owners/{ownerId}/pets/{petId}", "/owners/5/pets/7")
    {'url': 'https://a.test/v1/owners/5/pets/7', 'owner_url': 'https://a.test/v1/owners/5'}
    """
    found = (_pattern(item).search(address) for address in _own_addresses(record))
    shown = next((each[1] for each in found if each), None)
    if shown is None or shown == path:
        return record
    pairs = [(old, new) for old, new in _pairs(item, shown, path) if old != new]
    told = _told(record, [(re.compile(re.escape(old) + _END), new) for old, new in pairs])
    return told if isinstance(told, dict) else record


def _own_addresses(record: JsonObject) -> Iterator[str]:
    """Yield what a record says of where it is itself, `_links` included."""
    for name, value in record.items():
        if isinstance(value, str) and plain(name) in _OWN:
            yield value
    for name in ("_links", "links"):
        links = record.get(name)
        own = links.get("self") if isinstance(links, dict) else None
        address = own.get("href") if isinstance(own, dict) else own
        if isinstance(address, str):
            yield address


def _pairs(item: str, shown: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield what is said of the example and what of the entity, the longest first."""
    template, old, new = item.split("/"), shown.split("/"), path.split("/")
    for length in range(len(template), 1, -1):
        if is_variable(template[length - 1]):
            yield "/".join(old[:length]), "/".join(new[:length])
    count = variables_at_end(item)
    if count > 1:
        # `ann/tool` is a name of its own, on pages for people as well.
        yield "/".join(old[-count:]), "/".join(new[-count:])


def _told(value: JsonValue, pairs: list[tuple[re.Pattern[str], str]]) -> JsonValue:
    if isinstance(value, dict):
        return {name: _told(each, pairs) for name, each in value.items()}
    if isinstance(value, list):
        return [_told(each, pairs) for each in value]
    if isinstance(value, str) and "/" in value:
        for old, new in pairs:
            # Split, not substituted: a backslash in the new one is nothing but itself.
            value = new.join(old.split(value))
    return value


@lru_cache(maxsize=512)
def _pattern(item: str) -> re.Pattern[str]:
    """Return what finds the path of an entity at the end of an address."""
    parts = (r"[^/?#]+" if is_variable(each) else re.escape(each) for each in item.split("/"))
    return re.compile(f"({'/'.join(parts)})(?:[?#].*)?$")
