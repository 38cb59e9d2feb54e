"""What the query parameters of a list mean: pages, filters, order, search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from locum.behaviour.resources.bodies import readable_shape
from locum.behaviour.resources.model import Paging, Sorting
from locum.behaviour.resources.names import match_name, plain
from locum.contract.coercion import ANYTHING, Shape, shape_of
from locum.contract.model import JsonValue, Location, Operation, Parameter

__all__ = ["read_filters", "read_keys", "read_paging", "read_query", "read_search", "read_sorting", "sent_in"]

_SIZES: Final = (
    *(
        "perpage",
        "pagesize",
        "limit",
        "size",
        "maxresults",
        "maxresult",
        "take",
        "top",
        "first",
        "count",
        "pagelimit",
    ),
    *("maxitems", "numresults", "resultsperpage", "itemsperpage", "maxpagesize", "amount", "n", "results"),
)
_PAGES: Final = ("page", "number", "pagenumber", "pageno", "pagenum", "currentpage", "pageindex", "p")
_OFFSETS: Final = ("offset", "skip", "start", "startindex", "from", "pageoffset", "startat", "recordoffset")
_CURSORS: Final = (
    *("cursor", "pagetoken", "nexttoken", "nextpagetoken", "continuationtoken", "continue", "pagecursor"),
    *("nextcursor", "marker", "scrollid", "continuation"),
)
_AFTERS: Final = ("startingafter", "after", "pageafter", "afterid", "sinceid", "since", "startafter")
_BEFORES: Final = ("endingbefore", "before", "pagebefore", "beforeid")
_SORTS: Final = ("sort", "sortby", "orderby", "ordering", "sortfield", "sortkey", "sortcolumn")
_DIRECTIONS: Final = ("order", "direction", "sortorder", "sortdirection", "sortdir", "dir", "orderdirection")
_SEARCHES: Final = ("q", "query", "search", "searchterm", "searchtext", "term", "keyword", "text")
#: How many entities a page has where the document does not say it.
_USUAL: Final = 20
_MOST_USUAL: Final = 1000
_TIMES: Final = frozenset({"date", "date-time"})
_DIRECTION_WORDS: Final = frozenset({"asc", "desc", "ascending", "descending"})


Query: TypeAlias = Mapping[str, Shape]


def read_query(operation: Operation) -> Query:
    """Return the query parameters of *operation* by name; those of an object as `page.size`."""
    found: dict[str, Shape] = {}
    for each in operation.parameters:
        if each.location is not Location.QUERY:
            continue
        shape = _shape(each)
        found[each.name] = shape
        if "object" in shape.types < ANYTHING:
            found |= {f"{each.name}.{name}": shape.member(name) for name in shape.properties}
    return found


def sent_in(query: Mapping[str, JsonValue], name: str) -> JsonValue:
    """Return what a request sent for the parameter *name*, `None` where it sent nothing."""
    if name in query or "." not in name:
        return query.get(name)
    outer, _, inner = name.rpartition(".")
    value = query.get(outer)
    return value.get(inner) if isinstance(value, dict) else None


def read_paging(known: Query) -> Paging:
    """Return how a list with these parameters is turned over."""
    size = _first(_SIZES, known, number=True)
    page = _first(_PAGES, known, number=True)
    offset = _first(_OFFSETS, known, number=True)
    after = _first(_AFTERS, known)
    cursor = _first(_CURSORS, known)
    starts_at_zero = page and 0 in (_bound(known[page], "default"), _bound(known[page], "minimum"))
    return Paging(
        size=size,
        page=page,
        offset="" if page else offset,
        cursor=cursor,
        after="" if after and known[after].find("format") in _TIMES else after,
        before=_first(_BEFORES, known),
        usual=_usual(known.get(size)) if size or page or offset or cursor else 0,
        first_page=0 if starts_at_zero else 1,
    )


def _usual(size: Shape | None) -> int:
    if size is None:
        return _USUAL
    default, most = _bound(size, "default"), _bound(size, "maximum")
    usual = default if default is not None and default > 0 else _USUAL
    return max(1, min(usual, most or _MOST_USUAL, _MOST_USUAL))


def read_sorting(known: Query, members: Iterable[str]) -> Sorting:
    """Return how a list with these parameters is put into order; one named like a member may be a filter."""
    listed = list(members)
    by = _first(_SORTS, known)
    direction = _first(_DIRECTIONS, known)
    turns = bool(direction) and bool(
        _DIRECTION_WORDS & {plain(str(each)) for each in _choices(known[direction])}
    )
    if direction and not turns and match_name(direction, listed):
        direction = ""
    # Alone, `order` may name the member to sort by.
    return Sorting(by=by or (direction if not turns else ""), direction=direction if by else "")


def read_search(known: Query) -> str:
    """Return the query parameter that looks for text anywhere, or `""`."""
    return next((name for name, each in known.items() if plain(name) in _SEARCHES and _is_text(each)), "")


def read_keys(known: Query, key: str, noun: str) -> str:
    """Return the query parameter that lists keys, such as `ids`, or `""`."""
    plurals = {f"{plain(key)}s", f"{noun}{plain(key)}s", f"{noun}ids"}
    return next((name for name in known if plain(name) in plurals), "")


def read_filters(known: Query, members: Iterable[str], *, taken: Iterable[str]) -> Mapping[str, str]:
    """Return the members that parameters narrow a list by; those in *taken* mean something else."""
    spoken_for, listed = set(taken), tuple(members)
    found: dict[str, str] = {}
    for name in known:
        bare = name[7:].rstrip("]") if name.startswith(("filter[", "filter.")) else name
        member = match_name(bare, listed)
        if member is not None and name not in spoken_for:
            found[name] = member
    return found


def _first(words: Iterable[str], known: Query, *, number: bool = False) -> str:
    """Return the first parameter in the order of *words*, of the right type."""
    inner = {name: name[5:].rstrip("]") for name in known if name.startswith(("page[", "page."))}
    spelled = {plain(bare): name for name, bare in inner.items()} | {plain(name): name for name in known}
    found = (spelled[word] for word in words if word in spelled)
    return next((name for name in found if _fits(known[name], number=number)), "")


def _fits(shape: Shape, *, number: bool) -> bool:
    if "object" in shape.types < ANYTHING or "array" in shape.types < ANYTHING:
        return False
    return not number or bool(shape.types & {"integer", "number"})


def _shape(parameter: Parameter) -> Shape:
    return readable_shape(parameter.schema) or shape_of({})


def _is_text(shape: Shape) -> bool:
    return "string" in shape.types < ANYTHING and not shape.has("enum")


def _choices(shape: Shape) -> list[JsonValue]:
    found = shape.find("enum")
    return found if isinstance(found, list) else []


def _bound(shape: Shape, keyword: str) -> int | None:
    value = shape.find(keyword)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
