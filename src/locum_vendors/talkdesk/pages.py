"""Cuts a list into numbered pages and writes one with its links (HAL; V3-04, R3-01, R3-02, R3-06, R3-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from locum.behaviour import Request, World
from locum.contract import JsonObject, JsonValue
from locum_vendors.talkdesk.ledger import Row, write_row

__all__ = ["Asked", "asked_of", "write_page"]

#: Characters that stand for themselves in a query (RFC 3986, 3.4), so that a filter can be read in its link.
_PLAIN: Final = "':,()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which page a request asks for; *kept* is what its links repeat, encoded, up to the page number."""

    page: int
    per_page: int
    is_ascending: bool
    address: str
    kept: str

    def href(self, page: int) -> str:
        """Return the absolute address of another page of the same list (I3-03)."""
        return f"{self.address}?{self.kept}page={page}&per_page={self.per_page}"


def asked_of(request: Request, world: World) -> Asked:
    """Return the page that *request*, which is valid, asks for."""
    query: dict[str, Any] = dict(request.query)
    sent = {name for name, _ in parse_qsl(request.raw.query, keep_blank_values=True)}
    kept: dict[str, str] = {name: query[name] for name in ("filter", "order_by") if name in sent}
    return Asked(
        page=query["page"],
        per_page=query["per_page"],
        is_ascending=query["order_by"] == "id:asc",
        address=world.base_url + request.operation.route.path,
        kept=urlencode(kept, safe=_PLAIN, quote_via=quote) + "&" * bool(kept),
    )


def write_page(rows: Sequence[Row], asked: Asked, *, is_hal_only: bool) -> JsonObject:
    """Return the page of *rows*, which are in order, with top-level links unless *is_hal_only* (R3-01)."""
    start = (asked.page - 1) * asked.per_page
    shown: list[JsonValue] = [write_row(row) for row in rows[start : start + asked.per_page]]
    total_pages = -(-len(rows) // asked.per_page)
    links = _links(asked, max(total_pages, 1))
    return {
        "count": len(shown),
        "page": asked.page,
        "per_page": asked.per_page,
        "total": len(rows),
        "total_pages": total_pages,
        **({} if is_hal_only else {**links, "show": links["self"]}),
        "_embedded": {"usage": shown},
        "_links": links,
    }


def _links(asked: Asked, last: int) -> JsonObject:
    """Return the links of a page; behind the last page there is none but back to it (R3-06)."""
    pages = {"first": 1, "last": last, "self": asked.page}
    if asked.page < last:
        pages["next"] = asked.page + 1
    if asked.page > 1:
        pages["prev"] = min(asked.page - 1, last)
    return {name: {"href": asked.href(page)} for name, page in pages.items()}
