"""The rules by which members of an object agree, found by their names: lines, sums, counts, pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from locum.behaviour.amounts import amount_of, is_money, with_amount
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonObject, JsonValue
from locum.generation.words import split_words

__all__ = ["Rule", "rules_of"]

#: Changes an object in place, which nobody else holds yet.
Rule: TypeAlias = Callable[[JsonObject], None]

_NUMBERS: Final = frozenset({"integer", "number"})
_COUNTS: Final = frozenset(
    [
        *("total", "count", "totalcount", "totalitems", "totalresults", "totalelements", "numberofelements"),
        *("totalrecords", "totalsize", "resultcount", "itemcount", "totalhits", "numfound", "recordcount"),
    ]
)
_MORE: Final = frozenset({"hasmore", "hasnext", "hasnextpage", "hasprevious", "haspreviouspage"})
_ON: Final = frozenset(
    [
        *("next", "nextlink", "nexturl", "nextpage", "nextpageurl", "nextcursor", "nextpagetoken"),
        "nexttoken",
        *("previous", "prev", "previouspage", "continuationtoken", "prevcursor", "previouscursor"),
    ]
)
_TOTALS: Final = ("grandtotal", "totalamount", "amounttotal", "total", "gross", "grossamount", "totalgross")
_SUBTOTALS: Final = ("subtotal", "subtotalamount", "net", "netamount", "totalnet", "amountsubtotal")
_ADDED: Final = frozenset(
    [
        *("tax", "taxamount", "totaltax", "taxtotal", "vat", "vatamount", "salestax", "amounttax"),
        *("shipping", "shippingcost", "shippingamount", "shippingtotal", "deliveryfee", "tip", "fees", "fee"),
    ]
)
_TAKEN: Final = frozenset({"discount", "discountamount", "totaldiscount", "discounttotal", "amountdiscount"})
_LINES: Final = frozenset(
    {"items", "lines", "lineitems", "positions", "orderlines", "invoicelines", "orderitems"}
)
_LINE_TOTALS: Final = ("linetotal", "totalprice", "totalamount", "amount", "total", "lineamount")
_PRICES: Final = ("unitprice", "unitamount", "priceperunit", "price", "unitcost")
_QUANTITIES: Final = ("quantity", "qty", "units")
#: What else an object has that is a page of a list, and nothing more.
_PAGE: Final = frozenset(
    [
        *("page", "pagesize", "perpage", "limit", "offset", "size", "totalpages", "pages", "pagenumber"),
        *("links", "meta", "self", "object", "kind", "etag", "pagination", "href", "url", "first", "last"),
        *("cursor", "number"),
    ]
)
#: A member with the first word is not after the one with the second in its place.
_PAIRS: Final = (
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


def rules_of(shape: Shape) -> Iterator[Rule]:
    """Yield the rules that hold for objects of *shape*, those of lines before those of their sums."""
    names = {"".join(split_words(name)): name for name in shape.properties}
    yield from _line_rule(shape, names)
    yield from _sum_rules(shape, names)
    yield from _count_rules(shape, names)
    yield from _pair_rules(shape)


def _numeric(shape: Shape, name: str) -> bool:
    types = shape.member(name).types
    return bool(types & _NUMBERS) and types <= _NUMBERS | {"null"}


def _named(shape: Shape, names: Mapping[str, str], wanted: tuple[str, ...]) -> str | None:
    """Return the first member called one of *wanted* that is a number, or a sum of money."""
    return next((names[each] for each in wanted if each in names and _counts(shape, names[each])), None)


def _counts(shape: Shape, name: str) -> bool:
    return _numeric(shape, name) or is_money(shape.member(name))


def _line_rule(shape: Shape, names: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rule that a line costs its price times its quantity."""
    price, quantity = _named(shape, names, _PRICES), _named(shape, names, _QUANTITIES)
    total = _named(shape, names, _LINE_TOTALS)
    if price is None or quantity is None or total is None:
        return
    is_whole = _is_whole(shape, total)

    def rule(made: JsonObject) -> None:
        one, many = amount_of(made.get(price)), amount_of(made.get(quantity))
        if total in made and one is not None and many is not None:
            made[total] = with_amount(made[total], _rounded(one * many, whole=is_whole))

    yield rule


def _sum_rules(shape: Shape, names: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rules that a subtotal is the sum of lines, and a total that of its parts."""
    total, subtotal = _named(shape, names, _TOTALS), _named(shape, names, _SUBTOTALS)
    lines = next(
        (name for plain, name in names.items() if plain in _LINES and _line_total(shape, name)), None
    )
    added = [name for plain, name in names.items() if plain in _ADDED and _counts(shape, name)]
    taken = [name for plain, name in names.items() if plain in _TAKEN and _counts(shape, name)]
    target = subtotal or (total if not (added or taken) else None)
    if lines is not None and target is not None:
        yield _summing(lines, _line_total(shape, lines) or "", target, whole=_is_whole(shape, target))
    if total is not None and subtotal is not None and total != subtotal:
        yield _adding(total, subtotal, added, taken, whole=_is_whole(shape, total))


def _line_total(shape: Shape, name: str) -> str | None:
    array = shape.member(name)
    if "array" not in array.types:
        return None
    entry = array.item()
    return _named(entry, {"".join(split_words(each)): each for each in entry.properties}, _LINE_TOTALS)


def _summing(lines: str, amount: str, target: str, *, whole: bool) -> Rule:
    def rule(made: JsonObject) -> None:
        entries = made.get(lines)
        if target not in made or not isinstance(entries, list):
            return
        found = [amount_of(each.get(amount)) for each in entries if isinstance(each, dict)]
        if found and None not in found:
            total = sum(each for each in found if each is not None)
            made[target] = with_amount(made[target], _rounded(total, whole=whole))

    return rule


def _adding(total: str, subtotal: str, added: list[str], taken: list[str], *, whole: bool) -> Rule:
    def rule(made: JsonObject) -> None:
        start = amount_of(made.get(subtotal))
        if total not in made or start is None:
            return
        more = sum(amount_of(made.get(name)) or 0 for name in added)
        less = sum(amount_of(made.get(name)) or 0 for name in taken)
        made[total] = with_amount(made[total], _rounded(start + more - less, whole=whole))

    return rule


def _count_rules(shape: Shape, names: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rules that counts of lists are their lengths, and that nothing follows this page."""
    lists = [name for name in shape.properties if "array" in shape.member(name).types < ANYTHING]
    yield from _named_counts(shape, names, lists)
    others = names.keys() - _COUNTS - _MORE - _ON - _PAGE
    if len(lists) != 1 or len(others) > 1:
        return
    counts = [name for plain, name in names.items() if plain in _COUNTS and _is_whole(shape, name)]
    more = [name for plain, name in names.items() if plain in _MORE]
    on = {name: "null" in shape.member(name).types for plain, name in names.items() if plain in _ON}
    if not (counts or more or on):
        return

    def rule(made: JsonObject) -> None:
        listed = made.get(lists[0])
        if not isinstance(listed, list):
            return
        made.update({name: len(listed) for name in counts if name in made})
        made.update({name: False for name in more if isinstance(made.get(name), bool)})
        for name, may_be_null in on.items():
            if name in made and not isinstance(made[name], bool):
                if may_be_null:
                    made[name] = None
                elif isinstance(made[name], str):
                    del made[name]

    yield rule


def _named_counts(shape: Shape, names: Mapping[str, str], lists: list[str]) -> Iterator[Rule]:
    """Yield the rules of counts that name their list: `tagCount`, `numTags` beside `tags`."""
    for each in lists:
        many = "".join(split_words(each))
        for plain in (f"{many}count", f"{many.removesuffix('s')}count", f"num{many}", f"total{many}"):
            if plain in names and _numeric(shape, names[plain]) and _is_whole(shape, names[plain]):
                yield _counting(each, names[plain])


def _counting(listed: str, count: str) -> Rule:
    def rule(made: JsonObject) -> None:
        entries = made.get(listed)
        if count in made and isinstance(entries, list):
            made[count] = len(entries)

    return rule


def _pair_rules(shape: Shape) -> Iterator[Rule]:
    """Yield the rules that what is called the lesser, or the earlier, is."""
    by_words = {split_words(name): name for name in shape.properties}
    for words, name in by_words.items():
        for lesser, greater in _PAIRS:
            if lesser in words:
                other = by_words.get(tuple(greater if each == lesser else each for each in words))
                if other is not None:
                    yield _ordering(name, other)


def _ordering(lesser: str, greater: str) -> Rule:
    def rule(made: JsonObject) -> None:
        one, other = made.get(lesser), made.get(greater)
        if _is_after(one, other):
            made[lesser], made[greater] = other, one

    return rule


def _is_after(one: JsonValue, other: JsonValue) -> bool:
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return first > second
    is_dated = isinstance(one, str) and isinstance(other, str) and len(one) == len(other) and one[4:5] == "-"
    return is_dated and str(one) > str(other)


def _number(value: JsonValue) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_whole(shape: Shape, name: str) -> bool:
    return not is_money(shape.member(name)) and "number" not in shape.member(name).types


def _rounded(value: float, *, whole: bool) -> float | int:
    return round(value) if whole else round(value, 2)
