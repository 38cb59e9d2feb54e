"""Walks through the pages of a list, as far as the document says how to turn them over, and within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from locum.behaviour.calls import Call
from locum.behaviour.resources.envelopes import Says, what_is_said
from locum.behaviour.resources.model import Paging
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text
from locum.verify.bench import Bench, Profile
from locum.verify.seen import Seen, Undecoded
from locum.verify.things.finding import entries_in
from locum.verify.things.kinds import Deed, Kind, key_in

__all__ = ["Page", "Walk", "as_sent", "followed", "looked_at", "walk"]

#: Pages that are turned over at most.
_MOST: Final = {Profile.QUICK: 6, Profile.FULL: 40, Profile.FUZZ: 40}
_UNSURE_TOTALS: Final = re.compile(r"estimat|approx|amount|size|result_?count|item_?count", re.IGNORECASE)
_NEXT_IN_LINK: Final = re.compile(r'<([^>]*)>[^,<]*;\s*rel="?next"?', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: its entries and their keys, and what stands around them (`None` where nothing does)."""

    seen: Seen
    entries: tuple[JsonObject, ...]
    keys: tuple[str, ...]
    total: int | None = None
    has_more: bool | None = None
    next: str | None = None
    token: str | None = None

    def entry(self, key: str) -> JsonObject | None:
        """Return the entry of *key*."""
        return dict(zip(self.keys, self.entries, strict=True)).get(key)


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The pages of one list, in order; *is_whole* says that the last one was reached."""

    pages: tuple[Page, ...]
    is_whole: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all entries, page by page."""
        return tuple(key for page in self.pages for key in page.keys)

    def page_of(self, key: str) -> Page | None:
        """Return the page that *key* is on."""
        return next((each for each in self.pages if key in each.keys), None)

    def entry(self, key: str) -> JsonObject | None:
        """Return the entry of *key*."""
        page = self.page_of(key)
        return page.entry(key) if page is not None else None


def looked_at(seen: Seen, deed: Deed, kind: Kind) -> Page | None:
    """Return the page that an answer is, `None` where it is none, or has entries without a key."""
    if not seen.is_success or isinstance(seen.value, Undecoded) or deed.part.answer is None:
        return None
    entries = entries_in(seen.value, deed.part.answer, deed.part.element)
    keys = [key_in(each, kind.resource) for each in entries]
    said = dict(_said(seen.value, depth=2))
    total, more = said.get(Says.TOTAL), said.get(Says.MORE)
    link = said.get(Says.NEXT)
    in_header = _NEXT_IN_LINK.search(seen.header("link"))
    if None in keys:
        return None
    return Page(
        seen=seen,
        entries=tuple(entries),
        keys=tuple(key for key in keys if key is not None),
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
        has_more=more if isinstance(more, bool) else None,
        next=in_header[1] if in_header else _address(link),
        token=_text(said.get(Says.TOKEN)),
    )


def _said(value: JsonValue, *, depth: int) -> Iterator[tuple[Says, JsonValue]]:
    """Yield what is said around a list, the outermost last, which stands before what is within."""
    if not isinstance(value, dict) or not depth:
        return
    for each in value.values():
        yield from _said(each, depth=depth - 1)
    for name, each in value.items():
        says = what_is_said(name)
        is_vague = says is Says.TOTAL and _UNSURE_TOTALS.search(name)
        is_ours = says is Says.TOKEN and not re.match(r"next|continu", name, re.IGNORECASE)
        if says is not None and not is_vague and not is_ours:
            yield says, each


def _address(value: JsonValue) -> str | None:
    found = value.get("href") if isinstance(value, dict) else value
    is_address = isinstance(found, str) and ("/" in found or found.startswith("?"))
    return found if isinstance(found, str) and is_address else None


def _text(value: JsonValue) -> str | None:
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return (write_text(value) or None) if is_plain else None


def as_sent(name: str) -> str:
    """Write `page.size` as it is sent, `page[size]`."""
    outer, dot, inner = name.rpartition(".")
    return f"{outer}[{inner}]" if dot else name


def walk(bench: Bench, kind: Kind, deed: Deed, call: Call, *, size: int | None = None) -> Walk:
    """Return the pages that *call* begins, of *size* entries each if that can be asked for."""
    paging = deed.part.paging
    if size is not None and paging.size:
        call = call.with_query(as_sent(paging.size), [str(size)])
    pages: list[Page] = []
    turn: Call | None = call
    while turn is not None and len(pages) < _MOST[bench.options.profile]:
        page = looked_at(bench.send(turn, deed.operation), deed, kind)
        if page is None:
            return Walk(pages=tuple(pages), is_whole=False)
        if page.keys and pages and page.keys == pages[-1].keys:
            # Whoever asks beyond the end is shown the last page again, or pages are not turned over at all.
            return Walk(pages=tuple(pages), is_whole=len(pages) > 1)
        pages.append(page)
        if not (paging.is_known or page.next or page.token):
            return Walk(pages=tuple(pages), is_whole=_is_all(page, deed, size))
        if _is_last(page, pages, paging):
            return Walk(pages=tuple(pages), is_whole=True)
        turn = _next(bench, call, page, pages, paging)
    return Walk(pages=tuple(pages), is_whole=False)


def _is_last(page: Page, pages: list[Page], paging: Paging) -> bool:
    """Tell whether nothing follows *page*, by what it says itself, or else since it is empty."""
    if page.has_more is not None:
        return not page.has_more
    if not page.keys:
        return True
    if page.total is not None and sum(len(each.keys) for each in pages) >= page.total:
        return True
    if paging.cursor and not (paging.page or paging.offset):
        return not page.token and not page.next
    return False


def _is_all(page: Page, deed: Deed, size: int | None) -> bool:
    """Tell whether a list that cannot be turned over is there as a whole."""
    if page.total is not None:
        return len(page.keys) >= page.total
    # Without being told how many are wanted, a server may show as many as it likes.
    return not deed.part.paging.size or (size is not None and len(page.keys) < size)


def _next(bench: Bench, call: Call, page: Page, pages: list[Page], paging: Paging) -> Call | None:
    """Return what asks for the page after *page*: by number, by offset, by token, by key, by link."""
    if paging.page:
        return call.with_query(as_sent(paging.page), [str(paging.first_page + len(pages))])
    if paging.offset:
        count = sum(len(each.keys) for each in pages)
        return call.with_query(as_sent(paging.offset), [str(count)])
    if paging.cursor and page.token:
        return call.with_query(as_sent(paging.cursor), [page.token])
    if page.next:
        return followed(bench, call, page.next)
    if paging.after and page.keys:
        return call.with_query(as_sent(paging.after), [page.keys[-1]])
    return None


def followed(bench: Bench, call: Call, address: str) -> Call | None:
    """Return what is sent for an *address* in an answer to *call*, `None` where it leads elsewhere."""
    parts, base = urlsplit(address), urlsplit(bench.target.url)
    if parts.netloc and parts.hostname != base.hostname:
        return None
    path = parts.path or call.path
    if base.path and path.startswith(f"{base.path}/"):
        path = path[len(base.path) :]
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    query = tuple((name, text) for name, _, text in pairs)
    return Call(method=call.method, path=path, query=query, headers=call.headers)
