"""Chooses which entities a list shows: narrowed, put into order, and cut into pages."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from locum.behaviour.resources.model import Filter, Match, Paging, Part, Steps
from locum.behaviour.resources.names import plain
from locum.behaviour.resources.places import get_at
from locum.behaviour.resources.querying import sent_in
from locum.behaviour.resources.ranges import OPERATORS, is_within
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text

__all__ = ["Page", "cut", "narrowed", "needs_records", "only", "ordered", "read_token", "write_token"]

_ALL: Final = frozenset({"", "all", "*", "any"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A stretch of a list: entities *start* to *stop* of *total*, *size* at most; *asked* may be beyond."""

    start: int
    stop: int
    total: int
    size: int
    asked: int = 0

    @property
    def has_next(self) -> bool:
        """Whether anything follows."""
        return self.stop < self.total

    @property
    def number(self) -> int:
        """The number of the page, from 0; of one beyond the end, as it was asked for."""
        return max(self.start, self.asked) // self.size if self.size else 0

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.size) if self.size else 1


def needs_records(part: Part, query: Mapping[str, JsonValue]) -> bool:
    """Tell whether a list must know what is in its entities, beside their keys."""
    asked = (*part.filters, part.search, part.sorting.by)
    return any(name and sent_in(query, name) is not None for name in asked)


def narrowed(records: Iterable[JsonObject], part: Part, query: Mapping[str, JsonValue]) -> list[JsonObject]:
    """Return those of *records* that the filters and the search of a request let through."""
    listed = list(records)
    tests = [
        _test(each, value, listed)
        for name, each in part.filters.items()
        if (value := sent_in(query, name)) is not None
    ]
    found = [each for each in listed if all(test(each) for test in tests)]
    text = sent_in(query, part.search) if part.search else None
    if not isinstance(text, str) or not text.strip():
        return found
    return [each for each in found if any(_says(value, text.lower()) for value in each.values())]


def _test(by: Filter, asked: JsonValue, records: Sequence[JsonObject]) -> Callable[[JsonObject], bool]:
    """Return what tells whether a record has what is *asked* of a member."""
    if isinstance(asked, dict):
        known = [(OPERATORS[plain(name)], value) for name, value in asked.items() if plain(name) in OPERATORS]
        return lambda record: all(ask(get_at(record, by.member), value) for ask, value in known)
    if by.match is not Match.EQUAL:
        return lambda record: is_within(get_at(record, by.member), by.match, asked)
    words = _words(asked, records, by.member)
    return lambda record: _lets(get_at(record, by.member), words)


def _words(value: JsonValue, records: Sequence[JsonObject], member: Steps) -> frozenset[str] | None:
    """Return the texts a filter lets through; `None` lets everything through.

    A comma separates several, unless an entity has that very text.
    """
    listed = value if isinstance(value, list) else [value]
    words = frozenset(write_text(each) for each in listed)
    if len(words) == 1 and not isinstance(value, list):
        whole = next(iter(words))
        if whole.lower() in _ALL:
            return None
        if "," in whole and not any(_lets(get_at(each, member), words) for each in records):
            return frozenset(part.strip() for part in whole.split(","))
    return words


def _lets(value: JsonValue, words: frozenset[str] | None) -> bool:
    """Tell whether *value*, or something in it, is one of *words*."""
    if words is None:
        return True
    if isinstance(value, list):
        return any(_lets(each, words) for each in value)
    if isinstance(value, dict):
        return any(not isinstance(each, dict | list) and _lets(each, words) for each in value.values())
    return write_text(value) in words


def _says(value: JsonValue, text: str) -> bool:
    if isinstance(value, dict):
        return any(_says(each, text) for each in value.values())
    if isinstance(value, list):
        return any(_says(each, text) for each in value)
    return isinstance(value, str) and text in value.lower()


def ordered(records: list[JsonObject], part: Part, query: Mapping[str, JsonValue]) -> list[JsonObject]:
    """Return *records* sorted as a request asks: `name`, `-name`, `name:desc`, several with commas."""
    asked = sent_in(query, part.sorting.by) if part.sorting.by and records else None
    if asked is None:
        return records
    turn = write_text(sent_in(query, part.sorting.direction)) if part.sorting.direction else ""
    wishes = [
        wish
        for each in (asked if isinstance(asked, list) else [asked])
        for wish in write_text(each).split(",")
    ]
    found = list(records)
    for wish in reversed(_joined(wishes)):
        member, falls = _read_wish(wish, turn)
        known = _way_to(member, records)
        if known is not None:
            present = [each for each in found if get_at(each, known) is not None]
            absent = [each for each in found if get_at(each, known) is None]
            found = sorted(present, key=_rank_of(known), reverse=falls) + absent
    return found


def _way_to(wish: str, records: Sequence[JsonObject]) -> Steps | None:
    """Return the member that *wish* names: `created` may be `created_at`, or in `attributes` (JSON:API)."""
    ways: set[Steps] = {(name,) for each in records for name in each}
    ways |= {("attributes", name) for each in records for name in _members(each.get("attributes"))}
    wanted = plain(wish)
    for spelled in (wanted, *(f"{wanted}{each}" for each in ("at", "on", "date", "time", "count"))):
        for way in sorted(ways, key=lambda way: (len(way), way)):
            if plain(way[-1]) == spelled:
                return way
    return None


def _members(value: JsonValue) -> Iterable[str]:
    return value if isinstance(value, dict) else ()


def only(record: JsonObject, asked: JsonValue, required: frozenset[str]) -> JsonObject:
    """Return the members of *record* that are *asked* for, and those it must have; all if none is meant.

    >>> only({"id": 1, "name": "a", "size": 2}, "name", frozenset({"id"}))
    {'id': 1, 'name': 'a'}
    """
    listed = asked if isinstance(asked, list) else write_text(asked).split(",")
    wanted = {plain(write_text(each).partition(".")[0]) for each in listed}
    found = {name for name in record if plain(name) in wanted}
    return {name: value for name, value in record.items() if name in found | required} if found else record


def _joined(wishes: list[str]) -> list[str]:
    """Put a direction back to its name: `name,asc` is one wish."""
    found: list[str] = []
    for wish in wishes:
        if wish.strip().lower() in {"asc", "desc"} and found:
            found[-1] += f":{wish}"
        else:
            found.append(wish)
    return found


def _read_wish(wish: str, turn: str) -> tuple[str, bool]:
    """Return the member that a wish names, and whether values shall fall."""
    text = wish.strip()
    name, _, word = text.replace(":", " ").replace("|", " ").partition(" ")
    falls = (word.strip() or turn).lower().startswith("desc") or name.startswith("-")
    return name.strip("+-"), falls


def _rank_of(name: Steps) -> Callable[[JsonObject], tuple[int, float, str]]:
    def rank(record: JsonObject) -> tuple[int, float, str]:
        value = get_at(record, name)
        if isinstance(value, bool | int | float):
            return 0, value, ""
        return 1, 0, write_text(value).lower()

    return rank


def cut(keys: Sequence[str], paging: Paging, query: Mapping[str, JsonValue]) -> Page:
    """Return the page of the entities known by *keys* that a request asks for."""
    total = len(keys)
    size = _number(sent_in(query, paging.size)) if paging.size else None
    size = paging.usual if size is None or size < 0 else size
    if not paging.usual:
        return Page(start=0, stop=total, total=total, size=total)
    before = sent_in(query, paging.before) if paging.before else None
    if before is not None and write_text(before) in keys:
        stop = keys.index(write_text(before))
        return Page(start=max(0, stop - size), stop=stop, total=total, size=size)
    asked = _start(keys, paging, query, size)
    start = min(asked, total)
    return Page(start=start, stop=min(start + size, total), total=total, size=size, asked=asked)


def _start(keys: Sequence[str], paging: Paging, query: Mapping[str, JsonValue], size: int) -> int:
    cursor = sent_in(query, paging.cursor) if paging.cursor else None
    if cursor is not None and (found := read_token(write_text(cursor), keys)) is not None:
        return found
    after = sent_in(query, paging.after) if paging.after else None
    if after is not None and write_text(after) in keys:
        return keys.index(write_text(after)) + 1
    page = _number(sent_in(query, paging.page)) if paging.page else None
    if page is not None:
        return max(0, page - paging.first_page) * size
    return max(0, _number(sent_in(query, paging.offset)) or 0) if paging.offset else 0


def _number(value: JsonValue) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def write_token(keys: Sequence[str], position: int) -> str:
    """Return a token that leads to *position*, also when what stands before it is taken away meanwhile."""
    last = keys[position - 1] if 0 < position <= len(keys) else ""
    return urlsafe_b64encode(f"{position}:{last}".encode()).decode().rstrip("=")


def read_token(token: str, keys: Sequence[str]) -> int | None:
    """Return where *token* leads to; `None` if it is none of ours.

    >>> read_token(write_token(["a", "b", "c"], 2), ["b", "c"])
    1
    """
    try:
        text = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (ValueError, UnicodeError):
        return None
    position, colon, last = text.partition(":")
    if not colon or not position.isascii() or not position.isdigit() or len(position) > 9:  # noqa: PLR2004 -- digits
        return None
    return keys.index(last) + 1 if last in keys else min(int(position), len(keys))
