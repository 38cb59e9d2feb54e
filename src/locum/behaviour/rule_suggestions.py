"""Proposes rules from the names of parameters and the shapes of answers, for an author to confirm.

Names say what is usual, and no more: nothing here is a rule until somebody writes it down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from locum.behaviour.answer_shapes import Listing, listing_of
from locum.behaviour.expression_writing import is_sent, read_member, read_query
from locum.contract.coercion import shape_of
from locum.contract.contract import Contract
from locum.contract.model import HttpMethod, JsonObject, JsonValue, Location, Operation, Parameter
from locum.errors import ContractError

__all__ = ["Suggestion", "suggest_rules"]

#: Names without case and separators.
_PAGES: Final = frozenset({"page", "pagenumber", "pageno", "pagenum", "pageindex"})
_SIZES: Final = frozenset({"perpage", "pagesize", "limit", "size", "maxresults", "take", "maxitems", "top"})
_OFFSETS: Final = frozenset({"offset", "skip", "startindex"})
_CURSORS: Final = frozenset(
    {"cursor", "nextpage", "nextpagetoken", "pagetoken", "nexttoken", "token", "nextcursor", "continuation"}
    | {"continuationtoken", "startingafter", "marker", "pagecursor", "after"}
)
_ORDERS: Final = frozenset({"sort", "order", "orderby", "sortby", "direction", "sortorder", "dir"})
#: Words at the start or the end of a name by which two parameters are the ends of a range.
_ENDS: Final = (
    *(("from", "to"), ("start", "end"), ("since", "until"), ("after", "before"), ("min", "max")),
    *(("begin", "end"), ("gte", "lte"), ("gt", "lt"), ("earliest", "latest"), ("lower", "upper")),
)
_LARGE: Final = 50
_SMALL: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A rule as it would be written; *part* is where it stands in a sheet, *reason* what it was seen by."""

    operation: str
    part: str
    rule: JsonObject
    reason: str


def suggest_rules(contract: Contract) -> tuple[Suggestion, ...]:
    """Return what the operations of *contract* look like they promise, in the document's order."""
    found: list[Suggestion] = []
    for operation in contract.readable_operations():
        try:
            found.extend(_ranges(operation))
            if operation.route.method is HttpMethod.GET:
                listing = listing_of(operation)
                found.extend(each for suggest in _OF_LISTS for each in suggest(operation, listing))
        except ContractError:  # told by `locum check`
            continue
    return tuple(found)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _named(operation: Operation, names: frozenset[str]) -> Parameter | None:
    """Return the first query parameter with one of *names*."""
    return next((each for each in _queries(operation) if _plain(each.name) in names), None)


def _queries(operation: Operation) -> list[Parameter]:
    return [each for each in operation.parameters if each.location is Location.QUERY]


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name: `startDate`, `start_date` and `start-date` have the same.

    >>> _words("startDate"), _words("created[gte]")
    (('start', 'date'), ('created', 'gte'))
    """
    return tuple(re.findall(r"[a-z]+|[0-9]+", re.sub(r"(?<=[a-z0-9])([A-Z])", r" \1", name).lower()))


def _ranges(operation: Operation) -> Iterator[Suggestion]:
    """Propose that the two ends of a range stand in order."""
    queries = _queries(operation)
    for low in queries:
        for high in queries:
            if low is not high and _is_range(_words(low.name), _words(high.name)):
                yield from _range(operation, low, high)


def _is_range(low: tuple[str, ...], high: tuple[str, ...]) -> bool:
    """Tell whether two names differ in one word, and that word says start and end."""
    if len(low) != len(high):
        return False
    different = [(one, other) for one, other in zip(low, high, strict=True) if one != other]
    return len(different) == 1 and different[0] in _ENDS


def _range(operation: Operation, low: Parameter, high: Parameter) -> Iterator[Suggestion]:
    kinds = [shape_of(each.schema.bundle()).types if each.schema else frozenset() for each in (low, high)]
    if any(kind & {"array", "object", "boolean"} for kind in kinds):
        return
    one, other = read_query(low.name), read_query(high.name)
    if any("string" in kind for kind in kinds):
        one, other = f"seconds({one})", f"seconds({other})"
    statuses: list[JsonValue] = [
        int(each.status) for each in operation.responses if each.status in {"400", "422"}
    ]
    rule: JsonObject = {
        "id": f"{_id(operation)}-{low.name}-{high.name}",
        "promise": f"`{low.name}` is not after `{high.name}`",
        "operations": [operation.operation_id],
        "parameter": low.name,
        "when": f"{is_sent(low.name)} && {is_sent(high.name)}",
        "expression": f"{one} <= {other}",
        **({"statuses": statuses} if statuses else {}),
        "confidence": "INFER",
    }
    yield _suggestion(operation, "requires", rule, f"`{low.name}` and `{high.name}` name the ends of a range")


def _by_number(operation: Operation, listing: Listing | None) -> Iterator[Suggestion]:
    page = _named(operation, _PAGES)
    if page is None or listing is None:
        return
    paging: JsonObject = {"items": listing.items, "page": page.name}
    reason = f"`{page.name}` counts pages, and the answer lists at `{listing.items}`"
    yield _pages(operation, listing, "pages", paging, reason)


def _by_token(operation: Operation, listing: Listing | None) -> Iterator[Suggestion]:
    cursor = _named(operation, _CURSORS)
    if cursor is None or listing is None or not listing.token:
        return
    reason = f"`{cursor.name}` takes what the answer gives at `{listing.token}`"
    giver: JsonObject = {"operation": operation.operation_id, "at": listing.token}
    opaque: JsonObject = {
        "parameter": cursor.name,
        "promise": f"A value of `{cursor.name}` is good because an answer gave it",
        "operations": [operation.operation_id],
        "from": giver,
        "confidence": "INFER",
    }
    yield _suggestion(operation, "opaque", opaque, reason)
    paging: JsonObject = {"items": listing.items, "token": listing.token, "cursor": cursor.name}
    yield _pages(operation, listing, "tokens", paging, reason)


def _by_link(operation: Operation, listing: Listing | None) -> Iterator[Suggestion]:
    if listing is None or not listing.link or _named(operation, _CURSORS) is not None:
        return
    paging: JsonObject = {"items": listing.items, "link": listing.link}
    reason = f"the answer has a link to the next page at `{listing.link}`"
    yield _pages(operation, listing, "links", paging, reason)


def _pages(operation: Operation, listing: Listing, word: str, paging: JsonObject, reason: str) -> Suggestion:
    size = _named(operation, _SIZES)
    whole: JsonObject = {**paging, **({"size": size.name} if size else {})}
    rule: JsonObject = {
        "id": f"{_id(operation)}-{word}",
        "promise": "Following the pages visits every item once",
        "kind": "pages",
        "paging": whole,
        **({"sizes": [_largest(size), _SMALL]} if size else {}),
        **({"key": [listing.key]} if listing.key else {}),
        "calls": [_call(operation)],
        "confidence": "INFER",
    }
    return _suggestion(operation, "relations", rule, reason)


def _by_offset(operation: Operation, listing: Listing | None) -> Iterator[Suggestion]:
    offset, size = _named(operation, _OFFSETS), _named(operation, _SIZES)
    if offset is None or listing is None:
        return
    rule: JsonObject = {
        "id": f"{_id(operation)}-offset",
        "promise": "An offset leaves out so many items from the start",
        "kind": "offset",
        "paging": {"items": listing.items, **({"size": size.name} if size else {})},
        "parameter": offset.name,
        "offsets": [0, 1, 5],
        **({"key": [listing.key]} if listing.key else {}),
        "calls": [_call(operation)],
        "confidence": "INFER",
    }
    yield _suggestion(operation, "relations", rule, f"`{offset.name}` skips items of `{listing.items}`")


def _by_order(operation: Operation, listing: Listing | None) -> Iterator[Suggestion]:
    order = _named(operation, _ORDERS)
    if order is None or listing is None or order.schema is None:
        return
    listed = shape_of(order.schema.bundle()).find("enum")
    words = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    turned = {each: re.sub("asc", "desc", each, flags=re.IGNORECASE) for each in words}
    pairs = [(up, down) for up, down in turned.items() if down != up and down in words]
    for up, down in pairs[:1]:
        calls: list[JsonValue] = [
            {**_call(operation), "query": f"{order.name}={word}"} for word in (up, down)
        ]
        rule: JsonObject = {
            "id": f"{_id(operation)}-reversed",
            "promise": "Descending is ascending from its end to its start",
            "kind": "reversed",
            "paging": {"items": listing.items},
            **({"key": [listing.key]} if listing.key else {}),
            "calls": calls,
            "confidence": "INFER",
        }
        yield _suggestion(operation, "relations", rule, f"`{order.name}` may be `{up}` or `{down}`")


def _by_counts(operation: Operation, listing: Listing | None) -> Iterator[Suggestion]:
    if listing is None:
        return
    items = read_member(listing.items)
    size = _named(operation, _SIZES)
    if size is not None:
        expression = f"count({items}) <= number({read_query(size.name)})"
        told = f"A page has no more items than `{size.name}` says"
        rule = _invariant(operation, "size", told, expression, when=is_sent(size.name))
        yield _suggestion(
            operation, "invariants", rule, f"`{size.name}` limits the items at `{listing.items}`"
        )
    if listing.count:
        told, expression = (
            "The count is that of the items listed",
            f"{read_member(listing.count)} == count({items})",
        )
        rule = _invariant(operation, "count", told, expression)
        yield _suggestion(operation, "invariants", rule, f"`{listing.count}` counts `{listing.items}`")
    if listing.total:
        told, expression = (
            "No page lists more than there is",
            f"{read_member(listing.total)} >= count({items})",
        )
        rule = _invariant(operation, "total", told, expression)
        yield _suggestion(operation, "invariants", rule, f"`{listing.total}` counts all items")
    if listing.sum and listing.amount:
        whole = f"total({items}.map(item, {read_member(listing.amount, 'item')}))"
        expression = f"near({read_member(listing.sum)}, {whole}, 0.01)"
        rule = _invariant(operation, "sum", "The sum is that of the items", expression)
        reason = f"`{listing.sum}` may be the sum of `{listing.amount}` of the items"
        yield _suggestion(operation, "invariants", rule, reason)


def _call(operation: Operation) -> JsonObject:
    """Return a call to *operation*; what its path needs is documented, or left to be filled in."""
    path: JsonObject = {
        each.name: str(each.examples[0].value) if each.examples else "fill-this-in"
        for each in operation.parameters
        if each.location is Location.PATH
    }
    return {"operation": operation.operation_id, **({"path": path} if path else {})}


def _invariant(operation: Operation, word: str, promise: str, expression: str, when: str = "") -> JsonObject:
    return {
        "id": f"{_id(operation)}-{word}",
        "promise": promise,
        "operations": [operation.operation_id],
        **({"when": when} if when else {}),
        "expression": expression,
        "confidence": "INFER",
    }


def _suggestion(operation: Operation, part: str, rule: JsonObject, reason: str) -> Suggestion:
    return Suggestion(operation=operation.operation_id, part=part, rule=rule, reason=reason)


def _id(operation: Operation) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", operation.operation_id).strip("-")


def _largest(size: Parameter) -> JsonValue:
    """Return the largest page that is allowed, or a usual one."""
    most = shape_of(size.schema.bundle()).find("maximum") if size.schema else None
    return int(most) if isinstance(most, int | float) and most >= 1 else _LARGE


_Suggest = Callable[[Operation, Listing | None], Iterator[Suggestion]]
_OF_LISTS: Final[tuple[_Suggest, ...]] = (
    _by_number,
    _by_token,
    _by_link,
    _by_offset,
    _by_order,
    _by_counts,
)
