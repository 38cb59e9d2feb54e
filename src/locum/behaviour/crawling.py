"""Walks a list that is served in pages, by token, link or number; bounded, so that no loop is endless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

from locum.behaviour.exchanges import Call, Exchange
from locum.contract.model import JsonValue
from locum.contract.pointers import split_pointer

__all__ = [
    "MISSING",
    "MOST_PAGES",
    "BrokenError",
    "Missing",
    "Paging",
    "Send",
    "UnseenError",
    "answered",
    "crawl",
    "follow",
    "items_of",
    "value_at",
]

Send: TypeAlias = "Callable[[Call], Exchange]"
#: Pages of one crawl.
MOST_PAGES: Final = 2000
#: Answers of a server that is busy: they say nothing about what was promised.
_BUSY: Final = frozenset({429, 503})


class BrokenError(Exception):
    """A promise is broken; the message says how. Never leaves `relations.play`."""


class UnseenError(Exception):
    """A promise cannot be looked at; the message says why. Never leaves `relations.play`."""


class Missing:
    """Stands for a value that is not there."""


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How a list is served in pages.

    *items*, *token* and *link* are pointers into a body. A *token* goes into the parameter *cursor* of the
    same request; the query of a *link* is the next request; *page* is a parameter that counts from 1, until a
    page is empty. *size* is the parameter that says how many items a page holds.
    Without any of them there is one page.
    """

    items: str
    token: str = ""
    cursor: str = ""
    link: str = ""
    page: str = ""
    size: str = ""


def answered(send: Send, call: Call) -> Exchange:
    """Return what *call* is answered, which must be a success.

    Raises `UnseenError` if it is not.
    """
    exchange = send(call)
    if not 200 <= exchange.status < 300:  # noqa: PLR2004 -- RFC 9110 section 15.3
        raise UnseenError(f"{call} answered {exchange.status}")
    return exchange


def crawl(send: Send, call: Call, paging: Paging, size: int | None = None) -> list[JsonValue]:
    """Return all items of a list, page by page of *size*.

    Raises `UnseenError` if the first page is refused, and `BrokenError` if a later one is, if pages lead in
    a circle or have no end.
    """
    first = call.with_query(**{paging.size: str(size)}) if size is not None and paging.size else call
    page = answered(send, first)
    items = [*items_of(page, paging)]
    seen: set[str] = {first.query}
    while following := _following(first, page, paging, len(seen)):
        if following.query in seen:
            raise BrokenError(f"the pages of {call} lead in a circle, at {following}")
        if len(seen) == MOST_PAGES:
            raise UnseenError(f"{call} has more than {MOST_PAGES:,} pages")
        seen.add(following.query)
        page = send(following)
        if page.status in _BUSY:
            raise UnseenError(f"{following} answered {page.status}")
        if page.status != 200:  # noqa: PLR2004 -- RFC 9110 section 15.3.1
            raise BrokenError(f"{following}, to which a page leads, answered {page.status}")
        items.extend(items_of(page, paging))
    return items


def value_at(value: JsonValue, pointer: str) -> JsonValue | Missing:
    """Return what *pointer* leads to in *value*."""
    return follow(value, split_pointer(pointer))


def follow(value: JsonValue, way: Sequence[str]) -> JsonValue | Missing:
    """Return what the tokens of a pointer lead to in *value*."""
    found = value
    for step in way:
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return MISSING
    return found


def items_of(page: Exchange, paging: Paging) -> Iterator[JsonValue]:
    """Yield the items of one page.

    Raises `BrokenError` where there is no list.
    """
    found = value_at(page.body, paging.items)
    if not isinstance(found, list):
        raise BrokenError(f"{page.call} answered without a list at {paging.items or 'the top'}")
    yield from found


def _following(first: Call, page: Exchange, paging: Paging, count: int) -> Call | None:
    """Return the call for the page after *page*, the *count*th."""
    if paging.token:
        token = value_at(page.body, paging.token)
        named = isinstance(token, str) and token
        return first.with_query(**{paging.cursor: quote(str(token), safe="")}) if named else None
    if paging.link:
        address = value_at(page.body, paging.link)
        return replace(first, query=urlsplit(address).query) if isinstance(address, str) else None
    if paging.page and any(items_of(page, paging)):
        return first.with_query(**{paging.page: str(count + 1)})
    return None
