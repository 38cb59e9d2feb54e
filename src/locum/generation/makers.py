"""Small makers: each maps a stream to one believable text; what Faker does not have, or not fast enough.

A maker derives everything from its stream, so that siblings given the same stream agree: the MCC with the MNC,
the first name with the address of the mail.
"""

from __future__ import annotations

import base64
import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeAlias

from locum.generation.countries import COUNTRIES, Country
from locum.generation.pools import Pools
from locum.generation.streams import mix

__all__ = ["MAKERS", "Draw", "Maker"]

#: Maps a stream to a text; pure.
Draw: TypeAlias = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Maker:
    """How to get a `Draw` once pools are known; makers of one *family* agree when given one stream."""

    bind: Callable[[Pools], Draw]
    family: str = ""


def _digits(stream: int, count: int) -> str:
    """Return *count* digits, more than one stream has if need be."""
    made = ""
    while len(made) < count:
        stream = mix(stream, len(made))
        made += f"{stream % 10**18:018d}"
    return made[:count]


def luhn(digits: str) -> str:
    """Return *digits* with their check digit (ISO/IEC 7812-1, annex B).

    >>> luhn("7992739871")
    '79927398713'
    """
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 - index % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


def _country(stream: int) -> Country:
    return COUNTRIES[stream % len(COUNTRIES)]


def _iccid(length: int) -> Draw:
    """ITU-T E.118: 89, country, issuer and account, Luhn digit."""

    def draw(stream: int) -> str:
        country = _country(stream)
        start = f"89{country.calling}{country.mnc}"
        return luhn(start + _digits(stream, length - 1 - len(start)))

    return draw


def _imsi(stream: int) -> str:
    country = _country(stream)
    start = country.mcc + country.mnc
    return start + _digits(stream, 15 - len(start))


def _msisdn(stream: int) -> str:
    country = _country(stream)
    return country.calling + "7" + _digits(stream, 11 - 1 - len(country.calling))


def _imei(stream: int) -> str:
    return luhn("35" + _digits(stream, 12))


def _card(stream: int) -> str:
    return luhn("4" + _digits(stream, 14))


def _uuid(version: int) -> Draw:
    def draw(stream: int) -> str:
        return str(uuid.UUID(int=stream << 64 | mix(stream, version), version=version))

    return draw


def _uuid7(stream: int) -> str:
    """RFC 9562, 5.7: the first 48 bits are milliseconds, here of the year before February 2024."""
    moment = 1_707_998_400_000 - stream % 31_536_000_000
    number = moment << 80 | 7 << 76 | (stream >> 52) << 64 | 2 << 62 | mix(stream, 7) >> 2
    return str(uuid.UUID(int=number))


def _hex(length: int) -> Draw:
    def draw(stream: int) -> str:
        made = ""
        while len(made) < length:
            stream = mix(stream, length)
            made += f"{stream:016x}"
        return made[:length]

    return draw


def _base64(stream: int) -> str:
    return base64.b64encode(stream.to_bytes(8, "big") + (mix(stream, 1) >> 32).to_bytes(4, "big")).decode()


def _joined(draw: Draw, separator: str) -> Draw:
    return lambda stream: separator.join(re.findall("..", draw(stream)))


def _ipv4(stream: int) -> str:
    """RFC 5737: addresses kept for documentation."""
    return f"{('192.0.2', '198.51.100', '203.0.113')[stream % 3]}.{1 + stream // 3 % 254}"


def _ipv6(stream: int) -> str:
    """RFC 3849: addresses kept for documentation."""
    return f"2001:db8:{stream >> 48:x}:{stream >> 32 & 0xFFFF:x}::{1 + stream % 0xFFFE:x}"


def _postcode(stream: int) -> str:
    country, digits = _country(stream), _digits(mix(stream, 3), 12)
    letters = (chr(ord("A") + int(each) * 2) for each in _digits(mix(stream, 4), 12))
    figures = iter(digits)
    filled = (
        next(figures) if each == "#" else next(letters) if each == "?" else each for each in country.postcode
    )
    return "".join(filled)


def _plain(draw: Draw, family: str = "") -> Maker:
    return Maker(lambda _: draw, family)


def _column(name: str) -> Maker:
    column = attrgetter(name)
    values = tuple(str(column(country)) for country in COUNTRIES)
    return _plain(lambda stream: values[stream % len(values)], "country")


def _city(stream: int) -> str:
    cities = _country(stream).cities
    return cities[mix(stream, 2) % len(cities)]


def _street(pools: Pools) -> Draw:
    streets = pools.of("street_name")
    return lambda stream: f"{1 + mix(stream, 5) % 180} {streets[mix(stream, 6) % len(streets)]}"


def _address(pools: Pools) -> Draw:
    street = _street(pools)
    return lambda stream: f"{street(stream)}, {_postcode(stream)} {_city(stream)}, {_country(stream).name}"


#: RFC 2606: names that nobody owns.
_DOMAINS = ("example.com", "example.org", "example.net")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _first(pools: Pools) -> Draw:
    names = pools.of("first_name")
    return lambda stream: names[stream % len(names)]


def _last(pools: Pools) -> Draw:
    names = pools.of("last_name")
    return lambda stream: names[(stream >> 16) % len(names)]


def _full(pools: Pools) -> Draw:
    first, last = _first(pools), _last(pools)
    if pools.locale[:2] in {"hu", "ja", "ko", "vi", "zh"}:
        return lambda stream: f"{last(stream)} {first(stream)}"
    return lambda stream: f"{first(stream)} {last(stream)}"


def _handle(pools: Pools, separator: str) -> Draw:
    first, last = _first(pools), _last(pools)
    return lambda stream: (
        separator.join(filter(None, (_slug(first(stream)), _slug(last(stream)))))
        or f"user{separator}{(stream >> 16) % 1000}"
    )


def _email(pools: Pools) -> Draw:
    names = _handle(pools, ".")
    return lambda stream: f"{names(stream)}@{_DOMAINS[(stream >> 32) % 3]}"


def _domain(pools: Pools) -> Draw:
    companies = pools.made("slugs", lambda: tuple(_slug(each) for each in pools.of("last_name")))
    return lambda stream: f"{companies[stream % len(companies)] or 'host'}.{_DOMAINS[(stream >> 32) % 3]}"


def _web(start: str, end: str = "") -> Callable[[Pools], Draw]:
    def bind(pools: Pools) -> Draw:
        domain = _domain(pools)
        return lambda stream: f"{start}{domain(stream)}{end.format(stream % 100_000)}"

    return bind


def _path(template: str) -> Callable[[Pools], Draw]:
    def bind(pools: Pools) -> Draw:
        words = pools.made("ascii words", lambda: tuple(filter(None, map(_slug, pools.of("word"))))) or (
            "item",
        )
        return lambda stream: template.format(words[stream % len(words)], words[(stream >> 16) % len(words)])

    return bind


def _sentence(pools: Pools) -> Draw:
    starts = pools.of("bs") or pools.of("sentence")
    return lambda stream: f"{starts[stream % len(starts)].rstrip('.').capitalize()}."


def _title(pools: Pools) -> Draw:
    names = pools.of("catch_phrase") or pools.of("sentence")
    return lambda stream: names[stream % len(names)]


def _from_pool(provider: str) -> Maker:
    def bind(pools: Pools) -> Draw:
        values = pools.of(provider)
        return (lambda stream: values[stream % len(values)]) if values else str

    return Maker(bind)


class _Makers(dict[str, Maker]):
    """The table below, which reads `faker.<provider>` as a pool of that provider."""

    def __missing__(self, key: str) -> Maker:
        return _from_pool(key.removeprefix("faker."))


_HEX_LENGTHS = (6, 8, 10, 12, 16, 24, 32, 40, 64, 128)
_COLUMNS = "name alpha2 alpha3 numeric currency symbol mcc mnc network zone locale language region region_code".split()

MAKERS: Mapping[str, Maker] = _Makers(
    {f"hex{length}": _plain(_hex(length)) for length in _HEX_LENGTHS}
    | {f"uuid{version}": _plain(_uuid(version)) for version in (1, 3, 4, 5)}
    | {f"country.{column}": _column(column) for column in _COLUMNS}
    | {
        "uuid7": _plain(_uuid7),
        "base64": _plain(_base64),
        "iccid": _plain(_iccid(19)),
        "iccid20": _plain(_iccid(20)),
        "imsi": _plain(_imsi, "country"),
        "msisdn": _plain(_msisdn, "country"),
        "phone": _plain(lambda stream: "+" + _msisdn(stream), "country"),
        "calling": _plain(lambda stream: "+" + _country(stream).calling, "country"),
        "imei": _plain(_imei),
        "imeisv": _plain(lambda stream: _imei(stream)[:14] + _digits(stream, 2)),
        "card": _plain(_card),
        "card.masked": _plain(lambda stream: "**** **** **** " + _card(stream)[-4:]),
        "digits4": _plain(lambda stream: _digits(stream, 4)),
        "digits3": _plain(lambda stream: _digits(stream, 3)),
        "eui64": _plain(_hex(16)),
        "eui64.colons": _plain(_joined(_hex(16), ":")),
        "eui64.hyphens": _plain(_joined(_hex(16), "-")),
        "mac": _plain(lambda stream: "02:" + _joined(_hex(10), ":")(stream)),
        "mac.hyphens": _plain(lambda stream: "02-" + _joined(_hex(10), "-")(stream)),
        "mac.plain": _plain(lambda stream: "02" + _hex(10)(stream)),
        "ipv4": _plain(_ipv4),
        "ipv6": _plain(_ipv6),
        "cidr": _plain(lambda stream: f"10.{stream % 256}.{stream // 256 % 256}.0/24"),
        "city": _plain(_city, "country"),
        "postcode": _plain(_postcode, "country"),
        "street": Maker(_street, "country"),
        "address": Maker(_address, "country"),
        "first": Maker(_first, "person"),
        "last": Maker(_last, "person"),
        "person": Maker(_full, "person"),
        "email": Maker(_email, "person"),
        "handle": Maker(lambda pools: _handle(pools, "."), "person"),
        "domain": Maker(_domain, "site"),
        "url": Maker(_web("https://", "/"), "site"),
        "url.item": Maker(_web("https://", "/items/{}"), "site"),
        "url.image": Maker(_web("https://", "/images/{}.png"), "site"),
        "url.file": Maker(_web("https://", "/files/{}.pdf"), "site"),
        "url.hook": Maker(_web("https://", "/webhooks/{}"), "site"),
        "sentence": Maker(_sentence),
        "title": Maker(_title),
        "slug": Maker(_path("{}-{}")),
        "path": Maker(_path("/{}/{}")),
        "path.relative": Maker(_path("../{}/{}")),
        "file": Maker(_path("{}-{}.pdf")),
        "template": Maker(_path("https://example.com/{}/{{id}}")),
        "pointer": Maker(_path("/{}/0/{}")),
        "pointer.relative": Maker(_path("1/{}")),
        "urn": _plain(lambda stream: f"urn:uuid:{_uuid(4)(stream)}"),
        "version": _plain(lambda stream: f"{stream % 5 + 1}.{stream // 5 % 20}.{stream // 100 % 10}"),
        "semver": _plain(lambda stream: f"{stream % 5 + 1}.{stream // 5 % 20}.{stream // 100 % 10}"),
        "colour": _plain(lambda stream: f"#{stream % 0x1000000:06x}"),
        "amount": _plain(lambda stream: f"{stream % 50_000 / 100:.2f}"),
        "number": _plain(lambda stream: str(stream % 100_000)),
        "latitude": _plain(lambda stream: f"{stream % 120_000_000 / 1e6 - 60:.6f}"),
        "longitude": _plain(lambda stream: f"{stream % 360_000_000 / 1e6 - 180:.6f}"),
        "duration": _plain(lambda stream: f"PT{1 + stream % 23}H{stream // 23 % 60}M"),
        "regex": _plain(lambda stream: f"^[a-z]{{1,{2 + stream % 30}}}$"),
        "etag": _plain(lambda stream: f'"{_hex(16)(stream)}"'),
        "jwt": _plain(
            lambda stream: f"eyJhbGciOiJIUzI1NiJ9.{_base64(stream).rstrip('=')}.{_hex(43)(stream)}"
        ),
    }
)
