"""What the query parameters of a list mean: pages, filters, order, search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from locum.behaviour.resources.bodies import key_of, readable_shape
from locum.behaviour.resources.model import Filter, Paging, Sorting
from locum.behaviour.resources.names import match_name, plain, singular
from locum.behaviour.resources.ranges import is_time, read_range
from locum.contract.coercion import ANYTHING, Shape, shape_of
from locum.contract.model import JsonValue, Location, Operation, Parameter

__all__ = [
    "read_fields",
    "read_filters",
    "read_keys",
    "read_paging",
    "read_query",
    "read_search",
    "read_sorting",
    "sent_in",
]

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
_FIELDS: Final = frozenset({"fields", "select", "includefields", "onlyfields"})
#: Where JSON:API has what an entity says of itself.
_ATTRIBUTES: Final = "attributes"
_SEARCHES: Final = ("q", "query", "search", "searchterm", "searchtext", "term", "keyword", "text")
#: How many entities a page has where the document does not say it.
_USUAL: Final = 20
_MOST_USUAL: Final = 1000
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
    after = _key(_AFTERS, known)
    cursor = _first(_CURSORS, known)
    starts_at_zero = page and 0 in (_bound(known[page], "default"), _bound(known[page], "minimum"))
    return Paging(
        size=size,
        page=page,
        offset="" if page else offset,
        cursor=cursor,
        after=after,
        before=_key(_BEFORES, known),
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


def read_fields(known: Query) -> str:
    """Return the query parameter that says which members are wanted, or `""`."""
    return next((name for name in known if plain(name) in _FIELDS), "")


def read_filters(known: Query, members: Mapping[str, Shape], *, taken: Iterable[str]) -> Mapping[str, Filter]:
    """Return what parameters narrow a list by; those in *taken* mean something else."""
    spoken_for = set(taken)
    found = (
        (name, _filter(_bare(name), shape, members))
        for name, shape in known.items()
        if name not in spoken_for
    )
    return {name: each for name, each in found if each is not None}


def _bare(name: str) -> str:
    return name[7:].rstrip("]") if name.startswith(("filter[", "filter.")) else name


def _spelled(name: str, shape: Shape, members: Mapping[str, Shape]) -> Iterator[str]:
    """Yield members that *name* is another spelling of: a plural where several may be sent, or a key."""
    names = [name, f"{name}id"]
    if "array" in shape.types < ANYTHING:
        names += [singular(name), plain(name).removesuffix("es")]
    yield from (found for each in names if (found := match_name(each, members)) is not None)


def _filter(name: str, shape: Shape, members: Mapping[str, Shape]) -> Filter | None:
    """Return what a parameter called *name* narrows by; members of `attributes` count as an entity's own."""
    member = next(_spelled(name, shape, members), None)
    if member is not None:
        return Filter(member=(member,))
    outer = match_name(plain(name).removesuffix("id"), members) if plain(name).endswith("id") else None
    key = key_of(members[outer], name, plain(outer)) if outer else None
    if outer and key:
        return Filter(member=(outer, key))
    bound = read_range(name, shape, members)
    if bound is not None:
        return bound
    inner = members.get(_ATTRIBUTES)
    if inner is None or not inner.properties:
        return None
    found = _filter(name, shape, {each: inner.member(each) for each in inner.properties})
    return Filter(member=(_ATTRIBUTES, *found.member), match=found.match) if found else None


def _first(words: Iterable[str], known: Query, *, number: bool = False) -> str:
    """Return the first parameter in the order of *words*, of the right type."""
    inner = {name: name[5:].rstrip("]") for name in known if name.startswith(("page[", "page."))}
    spelled = {plain(bare): name for name, bare in inner.items()} | {plain(name): name for name in known}
    found = (spelled[word] for word in words if word in spelled)
    return next((name for name in found if _fits(known[name], number=number)), "")


def _key(words: Iterable[str], known: Query) -> str:
    """Return the first parameter that is a key of an entity, and no time."""
    found = _first(words, known)
    is_moment = found and (
        is_time(known[found]) or (plain(found) == "since" and "string" in known[found].types)
    )
    return "" if is_moment else found


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
