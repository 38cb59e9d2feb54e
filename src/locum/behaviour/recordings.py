"""Replies that were seen once, and are given again to the same request.

The same is: method, path, query in any order, and, where they were recorded, body and headers. What was
redacted matches anything; so do types such as `(string)` or `(id:number)` that stand for values, as Specmatic
writes them.
Of several recordings of one request the last counts, those with the most headers first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.behaviour.model import Preferences, Reply, Request
from locum.behaviour.redaction import REDACTED
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import JsonValue, Route
from locum.contract.styles import read_pairs

__all__ = ["NO_RECORDINGS", "Recording", "Recordings", "index_recordings", "pairs_of"]

Pairs = tuple[tuple[str, str], ...]

_STANDING: Final = re.compile(
    r"\((?:[\w-]+:)?(string|number|integer|boolean|date|datetime|uuid|anything)\??\)|" + re.escape(REDACTED)
)
_MEANT: Final[Mapping[str, Callable[[JsonValue], bool]]] = {
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "anything": lambda _: True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One request as it was, and the reply it got.

    *path* is percent-encoded, as it was asked; *query* are its decoded pairs. *body* is decoded JSON, text or
    bytes, `None` where any will do. *headers*, in lower case, must be there; others may be. *name* is how the
    reply can be asked for, *delay_ms* how long it is kept back. What *is_partial* speaks of no more than some
    of the request, and of some members of the reply.
    """

    name: str
    method: str
    path: str
    query: Pairs = ()
    body: JsonValue | bytes = None
    headers: Pairs = ()
    reply: Reply
    is_partial: bool = False
    delay_ms: int = 0


@dataclass(frozen=True, slots=True)
class Recordings:
    """Recordings of one contract, by method and path."""

    known: Mapping[tuple[str, str], tuple[Recording, ...]] = field(default_factory=dict)
    #: Those whose path holds something in place of a value, which have to be looked through.
    open_ended: tuple[tuple[str, re.Pattern[str], Recording], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.known or self.open_ended)

    def find(self, request: Request) -> Recording | None:
        """Return what is given again to *request*, as it prefers, or `None`."""
        wanted = request.preferences
        if wanted.dynamic or wanted.variant is not None:
            return None
        if wanted.example is not None:
            return self._named(wanted.example, request.operation.route)
        raw = request.raw
        method = "GET" if raw.method == "HEAD" else raw.method
        asked = sorted(pairs_of(raw.query))
        fitting = (
            each
            for each in reversed(self._at(method, raw.path))
            if _has_status(each, wanted) and _is_asked(each, asked, request)
        )
        # What asks for more is meant more closely; of equals the last one.
        return max(fitting, key=lambda each: len(each.headers), default=None)

    def _at(self, method: str, path: str) -> tuple[Recording, ...]:
        more = (each for known, way, each in self.open_ended if known == method and way.fullmatch(path))
        return (*more, *self.known.get((method, path), ()))

    def _named(self, name: str, route: Route) -> Recording | None:
        way = re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^{}]*\}", route.path))))
        everything = (each for group in self.known.values() for each in group)
        rest = (each for _, _, each in self.open_ended)
        return next(
            (
                each
                for group in (everything, rest)
                for each in group
                if each.name == name and each.method == route.method.value and _leads(each.path, way)
            ),
            None,
        )


NO_RECORDINGS: Final = Recordings()


def index_recordings(recordings: Iterable[Recording], bases: Iterable[str] = ()) -> Recordings:
    """Return *recordings* ready to be looked up; their paths may start with any of *bases*."""
    known: dict[tuple[str, str], list[Recording]] = {}
    open_ended = []
    prefixes = [base for base in dict.fromkeys(bases) if base]
    for each in recordings:
        rests = [each.path.removeprefix(base) for base in prefixes if each.path.startswith(f"{base}/")]
        for path in (each.path, *rests):
            if _STANDING.search(path):
                open_ended.append((each.method, _way(path), each))
            else:
                known.setdefault((each.method, path), []).append(each)
    return Recordings({key: tuple(group) for key, group in known.items()}, tuple(open_ended))


def pairs_of(query: str) -> Pairs:
    """Return the decoded pairs of a raw query, those that ask the stand-in itself left out."""
    found = []
    for name, text in read_pairs(query):
        try:
            found.append((decode(name), decode(text)))
        except StyleError:  # no text at all; it is the same only as itself
            found.append((name, text))
    return tuple(pair for pair in found if not pair[0].startswith("__"))


def _leads(path: str, way: re.Pattern[str]) -> bool:
    """Tell whether *path*, or what stands below a base of it, goes the way of a template."""
    return any(way.fullmatch(path[at:]) for at, letter in enumerate(path) if letter == "/")


def _way(path: str) -> re.Pattern[str]:
    parts = _STANDING.split(path)[::2]
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _has_status(each: Recording, wanted: Preferences) -> bool:
    return wanted.code is None or each.reply.status == wanted.code


def _is_asked(each: Recording, asked: list[tuple[str, str]], request: Request) -> bool:
    """Tell whether a request is the one recorded, or says at least what was recorded in part."""
    if not all(_is_header(text, request.raw.header(name)) for name, text in each.headers):
        return False
    if each.is_partial:
        return _is_among(each.query, asked) and (each.body is None or _holds(request.body, each.body))
    return _same_query(each.query, asked) and _same_body(each, request)


def _is_among(recorded: Pairs, asked: list[tuple[str, str]]) -> bool:
    """Tell whether all pairs that were recorded are asked for, beside others, of the same name as well."""
    return all(any(name == other and _same(text, given) for other, given in asked) for name, text in recorded)


def _is_header(recorded: str, given: str | None) -> bool:
    """Tell whether a header is as recorded; parameters of a media type may follow."""
    return given is not None and (_same(recorded, given) or given.partition(";")[0].strip() == recorded)


def _holds(given: JsonValue | bytes, recorded: JsonValue | bytes) -> bool:
    """Tell whether *given* says all that *recorded* does, and maybe more."""
    if isinstance(recorded, dict) and isinstance(given, dict):
        return all(name in given and _holds(given[name], part) for name, part in recorded.items())
    return _same(recorded, given) if recorded is not None else given is None


def _same_query(recorded: Pairs, asked: list[tuple[str, str]]) -> bool:
    if len(recorded) != len(asked):
        return False
    pairs = zip(sorted(recorded), asked, strict=True)
    return all(name == other and _same(text, given) for (name, text), (other, given) in pairs)


def _same_body(each: Recording, request: Request) -> bool:
    # What is no JSON was kept as it was sent, and is compared so.
    if isinstance(each.body, bytes):
        return _same_bytes(each.body, request.raw.body)
    if _same(each.body, request.body):
        return True
    return isinstance(each.body, str) and _same_bytes(each.body.encode(), request.raw.body)


def _same_bytes(recorded: bytes, given: bytes) -> bool:
    """Tell whether *given* is what was recorded, with anything in the place of what was left out."""
    first, *parts = recorded.split(REDACTED.encode())
    if not parts:
        return recorded == given
    at, end = len(first), len(given) - len(parts[-1])
    for part in parts[:-1]:
        found = given.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end and given.startswith(first) and given.endswith(parts[-1])


def _same(recorded: JsonValue | bytes, given: JsonValue | bytes) -> bool:
    """Tell whether *given* is what was recorded; `None` was anything."""
    if recorded is None or recorded in (given, REDACTED):
        return True
    if isinstance(recorded, str):
        return _is_meant(recorded, given)
    if isinstance(recorded, dict) and isinstance(given, dict):
        return recorded.keys() == given.keys() and all(_equal(recorded[key], given[key]) for key in given)
    if isinstance(recorded, list) and isinstance(given, list):
        return len(recorded) == len(given) and all(map(_equal, recorded, given))
    return False


def _equal(recorded: JsonValue, given: JsonValue) -> bool:
    return recorded == given if recorded is None else _same(recorded, given)


def _is_meant(recorded: str, given: JsonValue | bytes) -> bool:
    if REDACTED in recorded:
        return isinstance(given, str)
    found = _STANDING.fullmatch(recorded)
    if found is None:
        return isinstance(given, bytes) and given == recorded.encode()
    is_text = isinstance(given, str)
    # A parameter is text on the wire, whatever it stands for.
    means = _MEANT.get(found[1])
    return is_text or (means is not None and not isinstance(given, bytes) and means(given))
