"""The names by which members of an object are told to agree: sums and their parts, counts, pairs."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ADDED",
    "COUNTS",
    "LINES",
    "LINE_TOTALS",
    "MORE",
    "ON",
    "PAGE",
    "PAIRS",
    "PRICES",
    "QUANTITIES",
    "RATES",
    "SUBTOTALS",
    "TAKEN",
    "TAXES",
    "TOTALS",
]

COUNTS: Final = frozenset(
    [
        *("total", "count", "totalcount", "totalitems", "totalresults", "totalelements", "numberofelements"),
        *("totalrecords", "totalsize", "resultcount", "itemcount", "totalhits", "numfound", "recordcount"),
    ]
)
MORE: Final = frozenset({"hasmore", "hasnext", "hasnextpage", "hasprevious", "haspreviouspage"})
ON: Final = frozenset(
    [
        *("next", "nextlink", "nexturl", "nextpage", "nextpageurl", "nextcursor", "nextpagetoken"),
        "nexttoken",
        *("previous", "prev", "previouspage", "continuationtoken", "prevcursor", "previouscursor"),
    ]
)
TOTALS: Final = (
    "grandtotal",
    "totalamount",
    "amounttotal",
    "total",
    "gross",
    "grossamount",
    "totalgross",
    "grosstotal",
)
SUBTOTALS: Final = (
    *("subtotal", "subtotalamount", "net", "netamount", "totalnet", "nettotal", "amountsubtotal"),
    "sumnet",
)
TAXES: Final = frozenset(
    [
        *("tax", "taxamount", "totaltax", "taxtotal", "vat", "vatamount", "vattotal", "totalvat", "salestax"),
        "amounttax",
    ]
)
#: What part of a subtotal its taxes are.
RATES: Final = ("taxrate", "taxpercent", "taxpercentage", "vatrate", "vatpercent", "vatpercentage")
ADDED: Final = TAXES | frozenset(
    [
        *("shipping", "shippingcost", "shippingamount", "shippingtotal", "deliveryfee", "tip", "fees", "fee"),
    ]
)
TAKEN: Final = frozenset({"discount", "discountamount", "totaldiscount", "discounttotal", "amountdiscount"})
LINES: Final = frozenset(
    {"items", "lines", "lineitems", "positions", "orderlines", "invoicelines", "orderitems"}
)
LINE_TOTALS: Final = ("linetotal", "totalprice", "totalamount", "amount", "total", "lineamount")
PRICES: Final = ("unitprice", "unitamount", "priceperunit", "price", "unitcost")
QUANTITIES: Final = ("quantity", "qty", "units")
#: What else an object has that is a page of a list, and nothing more.
PAGE: Final = frozenset(
    [
        *("page", "pagesize", "perpage", "limit", "offset", "size", "totalpages", "pages", "pagenumber"),
        *("links", "meta", "self", "object", "kind", "etag", "pagination", "href", "url", "first", "last"),
        *("cursor", "number"),
    ]
)
#: A member with the first word is not after the one with the second in its place.
PAIRS: Final = (
    *(("min", "max"), ("minimum", "maximum"), ("lower", "upper"), ("low", "high"), ("least", "most")),
    *(("start", "end"), ("started", "ended"), ("starts", "ends"), ("begin", "end"), ("from", "to")),
    *(
        ("from", "until"),
        ("since", "until"),
        ("created", "updated"),
        ("created", "modified"),
        ("first", "last"),
    ),
    *(("opened", "closed"), ("departure", "arrival"), ("issued", "due"), ("in", "out"), ("after", "before")),
)
