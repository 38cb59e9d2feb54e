"""Fills in what stands around a list: how many there are, and the links that lead on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from urllib.parse import quote, unquote_plus

from locum.behaviour.model import Request
from locum.behaviour.resources.model import Paging, Steps
from locum.behaviour.resources.names import plain
from locum.behaviour.resources.selecting import Page, write_token
from locum.contract.coercion import Shape
from locum.contract.model import Header, JsonObject, JsonValue

__all__ = ["Says", "Turning", "fill_envelope", "list_headers", "what_is_said"]

_TOTALS: Final = frozenset(
    [
        "total",
        "totalcount",
        "totalitems",
        "totalresults",
        "totalelements",
        "totalsize",
        "totalrecords",
        "totalentries",
        "totalhits",
        "numfound",
        "recordstotal",
        "totalnumber",
        "totalrows",
        "nbhits",
        "estimatedtotalhits",
        "resultcount",
        "totalamount",
        "itemcount",
    ]
)
_LENGTHS: Final = frozenset(
    ["count", "numberofelements", "currentcount", "itemsonpage", "pagecount", "resultsize", "returned"]
)
_SIZES: Final = frozenset(
    ["perpage", "pagesize", "limit", "size", "itemsperpage", "resultsperpage", "maxperpage"]
)
_NUMBERS: Final = frozenset(["page", "pagenumber", "currentpage", "pageno", "number", "pageindex"])
_STARTS: Final = frozenset(["offset", "skip", "start", "startindex", "from"])
_COUNTS: Final = frozenset(["totalpages", "pages", "lastpage", "pagestotal", "numpages"])
_MORE: Final = frozenset(["hasmore", "hasnext", "hasnextpage", "more", "hasmoreitems", "ispartial"])
_LESS: Final = frozenset(["hasprevious", "hasprev", "haspreviouspage"])
_NEXT: Final = frozenset(
    ["next", "nextlink", "nexturl", "nextpageurl", "nexturi", "nextpagelink", "nextpageuri", "nexthref"]
)
_PREVIOUS: Final = frozenset(
    ["previous", "prev", "previouslink", "prevlink", "previouspageurl", "previousurl", "prevurl"]
)
_TOKENS: Final = frozenset(
    [
        "nextcursor",
        "nextpagetoken",
        "nexttoken",
        "continuationtoken",
        "cursor",
        "nextmarker",
        "nextoffset",
        "after",
    ]
)
_SELVES: Final = frozenset(["self", "url", "href"])
_PLACES: Final = frozenset(["first", "firstpageurl", "last", "lastpageurl"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """One page of a list, and how to ask for the others; *keys* are those of the whole list."""

    request: Request
    paging: Paging
    page: Page
    keys: Sequence[str]

    def link(self, start: int) -> str:
        """Return the address of the page that begins at *start*."""
        raw = self.request.raw
        asked = self._asked(max(0, start))
        kept = [
            pair
            for pair in raw.query.split("&")
            if pair and unquote_plus(pair.partition("=")[0]) not in asked
        ]
        added = [f"{quote(name, safe='[]')}={quote(text, safe='')}" for name, text in asked.items() if text]
        query = "&".join([*kept, *added])
        return f"{raw.base_url}{raw.path}{'?' if query else ''}{query}"

    def _asked(self, start: int) -> dict[str, str]:
        """Return the parameters that ask for the page at *start*; those that must go are empty."""
        paging, page = self.paging, self.page
        found = {
            _as_sent(name): "" for name in (paging.cursor, paging.after, paging.before, paging.offset) if name
        }
        if paging.page:
            number = start // page.size if page.size else 0
            found[_as_sent(paging.page)] = str(number + paging.first_page)
        elif paging.offset:
            found[_as_sent(paging.offset)] = str(start)
        elif paging.cursor:
            found[_as_sent(paging.cursor)] = write_token(self.keys, start) if start else ""
        elif paging.after:
            found[_as_sent(paging.after)] = self.keys[start - 1] if start else ""
        return found

    @property
    def token(self) -> str | None:
        """What asks for the next page, by itself; `None` on the last one."""
        if not self.page.has_next:
            return None
        return write_token(self.keys, self.page.stop) if self.paging.cursor else self.keys[self.page.stop - 1]

    @property
    def next(self) -> str | None:
        """The address of the next page; `None` on the last one, or where none can be asked for."""
        return self.link(self.page.stop) if self.page.has_next and self.paging.is_known else None

    @property
    def previous(self) -> str | None:
        """The address of the page before; `None` on the first one."""
        return (
            self.link(self.page.start - self.page.size) if self.page.start and self.paging.is_known else None
        )

    @property
    def last(self) -> str:
        """The address of the last page."""
        size = self.page.size
        return self.link((self.page.total - 1) // size * size if size and self.page.total else 0)


def _as_sent(name: str) -> str:
    """Write `page.size` as it is sent, `page[size]`."""
    outer, dot, inner = name.rpartition(".")
    return f"{outer}[{inner}]" if dot else name


def fill_envelope(whole: JsonValue, answer: Steps, shape: Shape, turning: Turning) -> JsonValue:
    """Return *whole* with true numbers and links around the list at *answer*."""
    if not isinstance(whole, dict) or not answer:
        return whole
    has_total = any(plain(name) in _TOTALS for name in whole)
    filled: JsonObject = {}
    for name, value in whole.items():
        if answer[0] == name:
            inner = fill_envelope(value, answer[1:], shape.member(name), turning) if answer[1:] else value
            filled[name] = inner
        else:
            _fill(filled, name, value, shape, turning, has_total=has_total)
    return {**filled, **_leading_on(filled, shape, turning)}


def _leading_on(filled: JsonObject, shape: Shape, turning: Turning) -> JsonObject:
    """Return the declared members that lead to the next page, where there is one and none of them is there.

    A body that was made up, or an example, has nothing behind it, and leaves them out.
    """
    if not turning.page.has_next or any(plain(name) in _NEXT | _TOKENS for name in filled):
        return {}
    found = {
        name: _ADDRESSES[plain(name)](turning)
        for name in shape.properties
        if plain(name) in _NEXT | _TOKENS and "string" in shape.member(name).types
    }
    return {name: address for name, address in found.items() if address is not None}


def _fill(  # noqa: PLR0913 -- a member, and all that decides about it
    filled: JsonObject, name: str, value: JsonValue, shape: Shape, turning: Turning, *, has_total: bool
) -> None:
    """Put the member *name* into *filled*, true if it speaks of the list, gone if it has nothing to say."""
    member = shape.member(name)
    if isinstance(value, dict) and plain(name) not in _NEXT | _PREVIOUS | _SELVES | _PLACES:
        inner: JsonObject = {}
        has_inner_total = any(plain(each) in _TOTALS for each in value)
        for key, part in value.items():
            _fill(inner, key, part, member, turning, has_total=has_inner_total)
        filled[name] = inner
        return
    found = _numbers(plain(name), turning, has_total=has_total)
    if found is not None and _is_alike(value, found, member):
        filled[name] = str(found) if isinstance(value, str) else found
        return
    text = _ADDRESSES.get(plain(name))
    if text is None or not (isinstance(value, str | dict) or value is None):
        filled[name] = value
        return
    address = text(turning)
    if address is not None:
        filled[name] = {**value, "href": address} if isinstance(value, dict) else address
    elif "null" in member.types:
        filled[name] = None
    elif "string" in member.types and name in _required(shape):
        filled[name] = ""


def _required(shape: Shape) -> list[str]:
    listed = (node.get("required") for node in shape.nodes)
    return [str(name) for names in listed if isinstance(names, list) for name in names]


def _is_alike(value: JsonValue, found: JsonValue, member: Shape) -> bool:
    if isinstance(found, bool):
        return isinstance(value, bool)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return (
        is_number
        or (value is None and "integer" in member.types)
        or (isinstance(value, str) and value.isdigit())
    )


def _numbers(name: str, turning: Turning, *, has_total: bool) -> int | bool | None:
    """Return what a member called *name* says of a page in numbers; `None` if it says nothing."""
    page = turning.page
    if name in _LENGTHS:
        return page.stop - page.start if has_total or name != "count" else page.total
    tables: tuple[tuple[frozenset[str], int | bool], ...] = (
        (_TOTALS, page.total),
        (_SIZES, page.size),
        (_NUMBERS, page.number + turning.paging.first_page),
        (_STARTS, page.start),
        (_COUNTS, page.pages),
        (_MORE, page.has_next),
        (_LESS, page.start > 0),
    )
    return next((value for names, value in tables if name in names), None)


_ADDRESSES: Final[Mapping[str, Callable[[Turning], str | None]]] = {
    **dict.fromkeys(_NEXT, lambda turning: turning.next),
    **dict.fromkeys(_PREVIOUS, lambda turning: turning.previous),
    **dict.fromkeys(_TOKENS, lambda turning: turning.token),
    **dict.fromkeys(_SELVES, lambda turning: turning.link(turning.page.start)),
    **dict.fromkeys([each for each in _PLACES if each.startswith("first")], lambda turning: turning.link(0)),
    **dict.fromkeys([each for each in _PLACES if each.startswith("last")], lambda turning: turning.last),
}


def _link_header(turning: Turning) -> str:
    """Return the value of `Link` (RFC 8288) for a page; `""` where there is no other one."""
    found = {"prev": turning.previous, "next": turning.next}
    if turning.page.pages > 1 and turning.paging.is_known:
        found |= {"first": turning.link(0), "last": turning.last}
    return ", ".join(f'<{address}>; rel="{name}"' for name, address in found.items() if address)


def _count_header(name: str, turning: Turning) -> str | None:
    """Return what a declared header called *name* says of the list, such as `X-Total-Count`."""
    spelled = plain(name).removeprefix("x").removeprefix("pagination").removeprefix("paging")
    found = _numbers(spelled, turning, has_total=True)
    return None if found is None or isinstance(found, bool) else str(found)


class Says(Enum):
    """What a member beside a list says of it."""

    TOTAL = auto()
    MORE = auto()
    NEXT = auto()
    TOKEN = auto()


def what_is_said(name: str) -> Says | None:
    """Return what a member called *name* says of the list beside it.

    >>> what_is_said("totalCount"), what_is_said("has_more"), what_is_said("colour")
    (<Says.TOTAL: 1>, <Says.MORE: 2>, None)
    """
    tables = ((Says.TOTAL, _TOTALS), (Says.MORE, _MORE), (Says.NEXT, _NEXT), (Says.TOKEN, _TOKENS))
    return next((says for says, names in tables if plain(name) in names), None)


def list_headers(
    declared: Iterable[Header], turning: Turning
) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """Return the declared headers that speak of the list, and those that have nothing to say of it."""
    found: dict[str, str] = {}
    silent = set()
    for each in declared:
        name = each.name.lower()
        text = _link_header(turning) if name == "link" else _count_header(name, turning)
        if text:
            found[name] = text
        elif name == "link":
            # What leads nowhere is left out, unless it must be there.
            if each.required:
                found[name] = f'<{turning.link(turning.page.start)}>; rel="self"'
            silent.add(name)
    return tuple(found.items()), frozenset(silent)
