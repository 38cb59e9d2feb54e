"""A page of Talkdesk rows: the rows as JSON, the counters, and the links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, urlencode

from servers.exchange import JsonObject, Reply, Site
from servers.talkdesk_world import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Which page is asked for, and how its address was written."""

    base: str
    page: int
    per_page: int
    is_ascending: bool
    given: Mapping[str, str]
    wants_hal: bool


def page(ask: Ask, kept: list[Row], site: Site, *, everything: int) -> Reply:
    """Return the page of *kept*, which come by id from the highest down."""
    ordered = kept[::-1] if ask.is_ascending else kept
    if site.has("C94") and ask.is_ascending:
        ordered = sorted(kept, key=lambda row: (row.month, row.id))
    if site.has("C86"):
        ordered = [twin for row in ordered for twin in (row, row)[: 2 if row.id < "1" else 1]]
    start = (ask.page - 1) * ask.per_page
    if site.has("C81") and ask.page > 1:
        start -= 1
    if site.has("C82") and ask.page > 1:
        start += 1
    shown = ordered[start : start + ask.per_page]
    total = everything if site.has("C95") else len(ordered)
    pages = -(-len(ordered) // ask.per_page)
    links = _links(ask, pages, site)
    counters = {
        "count": ask.per_page if site.has("C97") else len(shown),
        "page": ask.page,
        "per_page": ask.per_page,
        "total": total,
        "total_pages": len(ordered) // ask.per_page if site.has("C96") else pages,
    }
    again: JsonObject = {**links, "show": links.get("self")} if not site.has("A46") else dict(links)
    head = {} if site.has("E28") else {**counters, **again}
    rows = [_json(row, site) for row in shown]
    content = {**head, "_embedded": {"usage": rows}, "_links": links}
    hal = site.has("E32") or ask.wants_hal
    return Reply(content=content, media="application/hal+json" if hal else "application/json")


def _links(ask: Ask, pages: int, site: Site) -> JsonObject:
    last = max(1, pages)
    links = {"first": 1, "last": last}
    if ask.page < last - (1 if site.has("C83") else 0):
        links["next"] = ask.page + 1
    elif site.has("C84") and ask.page == last:
        links["next"] = last
    if ask.page > 1:
        links["prev"] = ask.page if site.has("C98") else min(ask.page - 1, last)
    if not site.has("A46"):
        links["self"] = 1 if site.has("C100") else ask.page
    return {name: {"href": _href(ask, name, number, site)} for name, number in links.items()}


def _href(ask: Ask, name: str, number: int, site: Site) -> str:
    given = dict(ask.given)
    if name == "next" and site.has("C85"):
        given.pop("filter", None)
    if name == "next" and site.has("C101"):
        given.pop("order_by", None)
    size = {} if name == "next" and site.has("C102") else {"per_page": ask.per_page}
    query = urlencode({**given, "page": number, **size}, quote_via=quote)
    base = ask.base.partition("//")[2]
    if site.has("A47"):
        return f"/{base.partition('/')[2]}?{query}"
    if site.has("C103"):
        return f"http://usage-7.internal:8080/{base.partition('/')[2]}?{query}"
    return f"{ask.base}?{query}"


def _json(row: Row, site: Site) -> JsonObject:
    content: JsonObject = {
        "id": row.id,
        "account_id": row.account,
        "product_id": row.rate.product,
        "aggr_product_id": row.rate.aggregate,
        "month": row.month,
        "type": row.rate.kind,
        "description": row.rate.description,
        "currency": row.currency,
        "direction": row.rate.direction,
        "resolution": row.rate.resolution,
        "unit": row.rate.unit,
        "price": _plain(row.price),
        "wallet_name": row.rate.wallet,
        "number_of_units": _plain(row.units),
        "total_amount": _plain(row.amount),
    }
    return _spoilt(content, row, site)


def _spoilt(content: JsonObject, row: Row, site: Site) -> JsonObject:
    match site.fault:
        case "A41":
            content["total_amount"] = f"{row.amount:.2f}"
        case "A42" if row.currency == "USD":
            del content["currency"]
        case "A43":
            content["direction"] = row.rate.direction or "NULL"
        case "A44":
            content["month"] = f"{row.month[5:]}/{row.month[:4]}"
        case "A45":
            content["type"] = row.rate.kind.capitalize()
        case "C104":
            content["total_amount"] = int(row.amount)
        case "C105":
            content["total_amount"] = _plain(row.amount + Decimal("0.03"))
        case "C106":
            content["currency"] = {"GBP": "UKP", "EUR": "EUE"}.get(row.currency, row.currency)
        case "C107" if row.month == "2024-02":
            content["month"] = "2024-03"
        case "C108":
            content["aggr_product_id"] = f"{row.rate.aggregate[:-1]}{int(row.month[-1]) % 3}"
        case "C109" if row.rate.direction is None:
            content["resolution"] = "ANSWERED"
    return content


def _plain(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
