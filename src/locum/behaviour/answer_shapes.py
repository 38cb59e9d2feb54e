"""Recognises in the schema of an answer where a list stands, and what is told of it beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from locum.contract.coercion import ANYTHING, Shape, shape_of
from locum.contract.model import Operation
from locum.contract.pointers import below
from locum.generation.media import is_json

__all__ = ["Listing", "listing_of"]

#: Objects one in another in which members are looked for.
_DEEPEST: Final = 3
_TOKENS: Final = frozenset(
    {"next", "nextpage", "nextpagetoken", "nexttoken", "nextcursor", "cursor", "continuationtoken"}
    | {"endcursor", "continuation", "marker", "nextmarker"}
)
_LINKS: Final = frozenset({"next", "nextlink", "nexturl", "nextpageurl", "nextpagelink"})
_COUNTS: Final = frozenset({"count", "itemcount", "numberofitems", "numberofelements", "returned"})
_TOTALS: Final = frozenset(
    {"total", "totalcount", "totalitems", "totalresults", "totalelements", "totalrecords"}
)
_SUMS: Final = frozenset({"totalamount", "sum", "amounttotal", "grandtotal", "totalcost", "totalprice"})
#: A sum where it has a fraction, else a number of things.
_EITHER: Final = frozenset({"total"})
_AMOUNTS: Final = frozenset({"amount", "price", "cost", "totalamount", "value", "total"})
#: What one thing costs is no part of a sum where there are several of it.
_PRICES: Final = frozenset({"price", "cost"})
_QUANTITIES: Final = frozenset({"quantity", "qty", "units"})
_KEYS: Final = ("id", "uuid", "key", "uid")
_NUMBERS: Final = frozenset({"integer", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where things stand in the answer of a list, as pointers; `""` where something is not told.

    *items* leads to the list, `""` if the answer is one. *key* and *amount* lead into an item.
    """

    items: str
    key: str = ""
    amount: str = ""
    token: str = ""
    link: str = ""
    count: str = ""
    total: str = ""
    sum: str = ""


def listing_of(operation: Operation) -> Listing | None:
    """Return what is recognised of the first successful answer in JSON, `None` if it lists nothing.

    Raises `ContractError` as `Schema.bundle`.
    """
    for response in operation.responses:
        for media in response.content if response.status.startswith("2") else ():
            if media.schema is not None and is_json(media.name):
                return _listing(shape_of(media.schema.bundle()))
    return None


def _listing(shape: Shape) -> Listing | None:
    if "array" in shape.types:
        return _with_item(Listing(items=""), shape.item())
    members = list(_members(shape, "", 0))
    listed = [(pointer, member) for pointer, member in members if "array" in member.types]
    if not listed:
        return None
    pointer, member = min(listed, key=lambda each: each[0].count("/"))
    found = _with_item(Listing(items=pointer), member.item())
    fractional = [each for each in members if "number" in each[1].types]
    whole = [each for each in members if "number" not in each[1].types or each[1].types == ANYTHING]
    return replace(
        found,
        token=_first(members, _TOKENS, frozenset({"string", "integer"})),
        link=_link(members),
        count=_first(whole, _COUNTS, _NUMBERS),
        total=_first(whole, _TOTALS, _NUMBERS),
        sum=_first(members, _SUMS, _NUMBERS) or _first(fractional, _EITHER, _NUMBERS),
    )


def _with_item(listing: Listing, item: Shape) -> Listing:
    key = next((name for name in _KEYS if name in item.properties), "")
    is_many = any(_plain(name) in _QUANTITIES for name in item.properties)
    known = _AMOUNTS - _PRICES if is_many else _AMOUNTS
    amounts = (
        name for name in item.properties if _plain(name) in known and item.member(name).types & _NUMBERS
    )
    amount = next(amounts, "")
    return replace(listing, key=below("", key) if key else "", amount=below("", amount) if amount else "")


def _members(shape: Shape, pointer: str, depth: int) -> Iterator[tuple[str, Shape]]:
    for name in shape.properties:
        member, place = shape.member(name), below(pointer, name)
        yield place, member
        if "object" in member.types and depth < _DEEPEST:
            yield from _members(member, place, depth + 1)


def _first(members: list[tuple[str, Shape]], names: frozenset[str], types: frozenset[str]) -> str:
    """Return the place of the first member with one of *names* and *types* that is no address."""
    found = (
        pointer
        for pointer, member in members
        if _plain(pointer.rpartition("/")[2]) in names
        and member.types & types
        and member.find("format") not in {"uri", "uri-reference", "url"}
    )
    return next(found, "")


def _link(members: list[tuple[str, Shape]]) -> str:
    """Return the place of an address of the next page: a text, or the `href` of a link."""
    for pointer, member in members:
        parts = [_plain(step) for step in pointer.split("/")[1:]]
        is_address = member.find("format") in {"uri", "uri-reference", "url"}
        if parts[-1] in _LINKS and is_address:
            return pointer
        if parts[-1] == "href" and len(parts) > 1 and parts[-2] in _LINKS:
            return pointer
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
