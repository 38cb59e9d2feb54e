"""People, companies, places and sites: what is said of one stays the same for one stream.

Each function takes the pools of a locale and returns a maker: first name, full name and mail of one
stream belong to one person; city, postcode and country to one row of `countries.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from locum.generation.countries import country_at
from locum.generation.pools import Pools
from locum.generation.streams import mix

__all__ = [
    "address",
    "city",
    "domain",
    "email",
    "first_name",
    "full_name",
    "handle",
    "label",
    "last_name",
    "postcode",
    "slug",
    "street",
    "web",
    "words",
]

#: RFC 2606: names that nobody owns.
_DOMAINS = ("example.com", "example.org", "example.net")
#: Languages in which the family name comes first.
_FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})
_LABEL_STARTS = (
    *("Alpine", "Amber", "Atlas", "Aurora", "Blue", "Bright", "Cedar", "Coastal", "Copper", "Crystal"),
    *("Evergreen", "Golden", "Granite", "Harbour", "Highland", "Ivory", "Juniper", "Lunar", "Maple"),
    *("Meridian", "North", "Orchid", "Pacific", "Pioneer", "Quartz", "River", "Silver", "Summit"),
    *("Sunrise", "Velvet", "Western", "Willow"),
)
_LABEL_ENDS = (
    *("Bay", "Beacon", "Bridge", "Classic", "Compass", "Crest", "Edge", "Field", "Garden", "Gate", "Grove"),
    *("Harvest", "Hill", "Lake", "Lane", "Line", "Mill", "Park", "Peak", "Point", "Ridge", "Rock", "Shore"),
    *("Spring", "Star", "Station", "Stone", "Trail", "Valley", "View", "Vista", "Wave"),
)

_Draw = Callable[[int], str]


def slug(text: str) -> str:
    """Return *text* in plain small letters and hyphens; `""` where it has none of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def words(pools: Pools, provider: str) -> tuple[str, ...]:
    """Return the slugs of a pool, never none."""
    made = pools.made(f"slugs {provider}", lambda: tuple(filter(None, map(slug, pools.of(provider)))))
    return made or ("alpha", "beta", "gamma")


def first_name(pools: Pools) -> _Draw:
    """Return the maker of given names."""
    names = pools.of("first_name")
    return lambda stream: names[stream % len(names)]


def last_name(pools: Pools) -> _Draw:
    """Return the maker of family names."""
    names = pools.of("last_name")
    return lambda stream: names[(stream >> 16) % len(names)]


def full_name(pools: Pools) -> _Draw:
    """Return the maker of names in the order of the locale."""
    first, last = first_name(pools), last_name(pools)
    if pools.locale[:2] in _FAMILY_FIRST:
        return lambda stream: f"{last(stream)} {first(stream)}"
    return lambda stream: f"{first(stream)} {last(stream)}"


def handle(pools: Pools) -> _Draw:
    """Return the maker of user names: both names in plain letters, or a number where the script has none."""
    firsts = tuple(map(slug, pools.of("first_name")))
    lasts = tuple(map(slug, pools.of("last_name")))

    def draw(stream: int) -> str:
        first, last = firsts[stream % len(firsts)], lasts[(stream >> 16) % len(lasts)]
        return f"{first}.{last}" if first and last else f"user.{stream % 100_000}"

    return draw


def email(pools: Pools) -> _Draw:
    """Return the maker of mail addresses."""
    name = handle(pools)
    return lambda stream: f"{name(stream)}@{_DOMAINS[(stream >> 32) % 3]}"


def domain(pools: Pools) -> _Draw:
    """Return the maker of host names."""
    names = words(pools, "last_name")
    return lambda stream: f"{names[stream % len(names)]}.{_DOMAINS[(stream >> 32) % 3]}"


def web(path: str) -> Callable[[Pools], _Draw]:
    """Return the maker of URLs that end in *path*, a template for one number."""

    def bind(pools: Pools) -> _Draw:
        host = domain(pools)
        return lambda stream: f"https://{host(stream)}{path.format(stream % 100_000)}"

    return bind


def label(_: Pools) -> _Draw:
    """Return the maker of names for things: `Silver Ridge`."""
    return lambda stream: (
        f"{_LABEL_STARTS[stream % len(_LABEL_STARTS)]} {_LABEL_ENDS[(stream >> 16) % len(_LABEL_ENDS)]}"
    )


def city(stream: int) -> str:
    """Return a city of the country of *stream*."""
    cities = country_at(stream).cities
    return cities[mix(stream, 2) % len(cities)]


def postcode(stream: int) -> str:
    """Return a postcode of the region of *stream*."""
    figures = mix(stream, 3)
    made = []
    for place in country_at(stream).postcode:
        if place in "#?":
            figures = mix(figures, 3)
        made.append(str(figures % 10) if place == "#" else chr(65 + figures % 26) if place == "?" else place)
    return "".join(made)


def street(pools: Pools) -> _Draw:
    """Return the maker of a house number and street."""
    streets = pools.of("street_name") or ("Main Street",)
    return lambda stream: f"{1 + mix(stream, 5) % 180} {streets[mix(stream, 6) % len(streets)]}"


def address(pools: Pools) -> _Draw:
    """Return the maker of a whole address in one line."""
    first_line = street(pools)
    return lambda stream: (
        f"{first_line(stream)}, {postcode(stream)} {city(stream)}, {country_at(stream).name}"
    )
