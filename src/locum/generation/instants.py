"""Dates and times that agree: members of one object tell one story around a fixed instant.

One object has one age. A member lies at a fraction of it that its name decides: `created_at` at the
beginning, `updated_at` later, `expires_at` after the reference instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from locum.generation.makers import Draw
from locum.generation.streams import stable_seed
from locum.generation.words import split_words

__all__ = ["FAMILY", "FORMATS", "instant_layouts", "seconds_at", "tells_time"]

#: Members with this constant share a stream, so that they share an age.
FAMILY = stable_seed("instants")

_DAY = 86_400
#: How old the oldest member is: 30 to 400 days.
_YOUNGEST, _SPREAD = 30 * _DAY, 370 * _DAY
#: How many ages there are, so that each member's text for one is written once.
_AGES = 1024

#: Fractions of the age at which a word stands; 1 is the beginning, 0 the reference instant, below it the
#: future.
_FRACTIONS: Mapping[str, float] = {
    word: fraction
    for fraction, words in (
        (
            1.0,
            "created create creation start started starts from begin begins began since opened joined",
        ),
        (
            0.95,
            "registered issued ordered placed signed added effective inserted born submitted requested",
        ),
        (0.8, "accepted confirmed approved published activated activation captured invoice invoiced sent"),
        (0.65, "paid shipped processed verified enabled dispatched"),
        (0.45, "updated update modified changed edited modification synced refreshed"),
        (0.3, "end ended ends to till completed finished closed delivered finish completion stop stopped"),
        (0.2, "cancelled canceled deleted archived suspended revoked resolved removed"),
        (0.1, "last seen login access accessed used activity heartbeat"),
        (-0.1, "due scheduled next planned reminder"),
        (-0.3, "renewal renews trial delivery estimated eta until"),
        (-0.5, "expires expiry expiration expire expired valid"),
    )
    for word in words.split()
}
_MOMENT_WORDS = frozenset(["at", "timestamp", "datetime", "time", "instant"])
_DAY_WORDS = frozenset(["date", "day", "birthday", "birthdate", "dob", "on"])
#: Words that tell of a moment even when they stand alone.
_ALONE = frozenset(["created", "updated", "modified", "expires", "timestamp", "datetime", "deleted"])

#: Writes seconds since 1970.
Layout: TypeAlias = Callable[[int], str]

_TWO = tuple(f"{number:02d}" for number in range(60))


@lru_cache(maxsize=4096)
def _date(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds % _DAY, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_TWO[hour]}:{_TWO[minute]}:{_TWO[second]}"


def _both(between: str, end: str) -> Layout:
    return lambda seconds: f"{_date(seconds // _DAY)}{between}{_clock(seconds)}{end}"


def _spelt(template: str) -> Layout:
    return lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime(template)


_MOMENTS: tuple[Layout, ...] = (
    _both("T", "Z"),
    _both("T", ".000Z"),
    _both("T", "+00:00"),
    _both("T", ""),
    _both(" ", ""),
    _spelt("%Y%m%d%H%M%S"),
    _spelt("%Y%m%dT%H%M%SZ"),
    str,
)
_DAYS: tuple[Layout, ...] = (
    lambda seconds: _date(seconds // _DAY),
    _spelt("%Y%m%d"),
    _spelt("%d/%m/%Y"),
    _spelt("%d.%m.%Y"),
    _spelt("%d-%m-%Y"),
    _spelt("%Y-%m"),
    _spelt("%Y"),
)
_TIMES: tuple[Layout, ...] = (
    lambda seconds: f"{_clock(seconds)}Z",
    _clock,
    lambda seconds: _clock(seconds)[:5],
    _spelt("%H%M%S"),
)
_BY_FORMAT: Mapping[str, tuple[Layout, ...]] = {
    "date-time": _MOMENTS,
    "datetime": _MOMENTS,
    "timestamp": _MOMENTS,
    "date": _DAYS,
    "time": _TIMES,
    "partial-time": _TIMES[1:],
    "date-time-local": _MOMENTS[3:],
}


#: What the first layout of each satisfies by construction.
FORMATS = frozenset({"date-time", "date", "time"})


def seconds_at(name: str, reference: datetime) -> Callable[[int], int]:
    """Return the function from the stream of an object's instants to the seconds since 1970 of *name*."""
    words = split_words(name)
    origin = int(reference.timestamp())
    if {"birth", "birthday", "dob", "birthdate"} & set(words):
        return lambda stream: origin // _DAY * _DAY - (20 * 365 + stream % _AGES * 45 * 365 // _AGES) * _DAY
    known = next((_FRACTIONS[word] for word in reversed(words) if word in _FRACTIONS), 0.55)
    # Names of one rank differ by up to a fiftieth of the age.
    permille = int(known * 1000) + stable_seed(name) % 20
    return lambda stream: origin - (_YOUNGEST + stream % _AGES * _SPREAD // _AGES) * permille // 1000


def instant_layouts(name: str, form: str, reference: datetime) -> Iterator[Draw]:
    """Yield ways to write the instant of member *name* whose format is *form*, the usual first."""
    layouts = _BY_FORMAT.get(form) or (() if form else _layouts_by_name(name))
    moment = seconds_at(name, reference)
    for layout in layouts:
        yield _drawing(layout, moment)


def _drawing(layout: Layout, moment: Callable[[int], int]) -> Draw:
    written: dict[int, str] = {}

    def draw(stream: int) -> str:
        found = written.get(stream % _AGES)
        if found is None:
            found = written[stream % _AGES] = layout(moment(stream))
        return found

    return draw


def _layouts_by_name(name: str) -> tuple[Layout, ...]:
    words = split_words(name)
    if words and words[-1] in _DAY_WORDS and (len(words) > 1 or words[0] != "on"):
        return _DAYS + _MOMENTS
    return _MOMENTS + _DAYS + _TIMES if tells_time(name) or words == ("time",) else ()


def tells_time(name: str) -> bool:
    """Tell whether *name* speaks of a moment: `created_at`, `startTime`, `updated`."""
    words = split_words(name)
    if len(words) == 1:
        return words[0] in _ALONE
    return bool(words) and words[-1] in _MOMENT_WORDS and bool(set(words[:-1]) & _FRACTIONS.keys())
