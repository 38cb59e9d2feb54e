"""The table of makers: what the sources of a vocabulary stand for. A maker maps a stream to a text.

What one maker derives from a stream agrees with what another of its family does: the MCC with the MNC,
the first name with the mail address. Pools are handed in, since they belong to a locale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeAlias

from locum.generation import numbering, people, tokens
from locum.generation.countries import COUNTRIES
from locum.generation.pools import Pools

__all__ = ["Draw", "Maker", "maker_of"]

#: Maps a stream to a text; pure.
Draw: TypeAlias = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Maker:
    """How to get a `Draw` once pools are known; makers of one *family* agree when given one stream.

    *formats* are those that every text of it has by construction, so that none needs to be tested for them.
    """

    bind: Callable[[Pools], Draw]
    family: str = ""
    formats: frozenset[str] = frozenset()


def maker_of(source: str) -> Maker:
    """Return the maker called *source*, or that of a pool for `faker.<provider>` and `one of a, b`."""
    if source.startswith("one of "):
        return _plain(_among(tuple(each.strip() for each in source.removeprefix("one of ").split(","))))
    found = _MAKERS.get(source)
    return found or Maker(lambda pools: _among(pools.of(source.removeprefix("faker."))))


def _among(values: tuple[str, ...]) -> Draw:
    return (lambda stream: values[stream % len(values)]) if values else str


def _plain(draw: Draw, family: str = "", *formats: str) -> Maker:
    return Maker(lambda _: draw, family, frozenset(formats))


def _column(name: str) -> Maker:
    column = attrgetter(name)
    return _plain(_among(tuple(str(column(country)) for country in COUNTRIES)), "country")


def _from_words(template: str) -> Maker:
    def bind(pools: Pools) -> Draw:
        words = people.words(pools, "word")
        return lambda stream: template.format(words[stream % len(words)], words[(stream >> 16) % len(words)])

    return Maker(bind)


def _sentence(pools: Pools) -> Draw:
    starts = pools.of("bs") or pools.of("sentence")
    return _among(tuple(f"{start.rstrip('.').capitalize()}." for start in starts))


def _title(pools: Pools) -> Draw:
    return _among(pools.of("catch_phrase") or pools.of("sentence"))


def _letters(stream: int) -> str:
    return f"{stream:016x}".translate(_TO_LETTERS)


def _version(stream: int) -> str:
    return f"{stream % 5 + 1}.{stream // 5 % 20}.{stream // 100 % 10}"


def _token(stream: int) -> str:
    """Return three parts such as those of RFC 7519, of which only the first means something."""
    body = tokens.base64_text(stream).rstrip("=").replace("+", "-").replace("/", "_")
    return f"eyJhbGciOiJIUzI1NiJ9.{body}.{tokens.hexadecimal(43)(stream)}"


_TO_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_LINK = frozenset({"uri", "iri", "uri-reference", "iri-reference"})
_HEX_LENGTHS = (6, 8, 10, 12, 16, 24, 32, 40, 64, 128)
_COLUMNS = (
    *("name", "alpha2", "alpha3", "numeric", "currency", "symbol", "mcc", "mnc", "network", "zone", "locale"),
    *("language", "region", "region_code"),
)

_MAKERS: Mapping[str, Maker] = (
    {f"hex{length}": _plain(tokens.hexadecimal(length)) for length in _HEX_LENGTHS}
    | {f"uuid{version}": _plain(tokens.uuid(version), "", "uuid") for version in (1, 3, 4, 5)}
    | {f"country.{column}": _column(column) for column in _COLUMNS}
    | {
        "address": Maker(people.address, "country"),
        "amount": _plain(lambda stream: f"{stream % 50_000 / 100:.2f}"),
        "base64": _plain(tokens.base64_text),
        "calling": _plain(_among(tuple(f"+{country.calling}" for country in COUNTRIES)), "country"),
        "card": _plain(numbering.card),
        "card.masked": _plain(lambda stream: "**** **** **** " + numbering.digits(stream, 4)),
        "cidr": _plain(lambda stream: f"10.{stream % 256}.{stream // 256 % 256}.0/24"),
        "city": _plain(people.city, "country"),
        "colour": _plain(lambda stream: f"#{stream % 0x1000000:06x}"),
        "digits3": _plain(lambda stream: numbering.digits(stream, 3)),
        "digits4": _plain(lambda stream: numbering.digits(stream, 4)),
        "domain": Maker(people.domain, "site", frozenset({"hostname", "idn-hostname"})),
        "duration": _plain(lambda stream: f"PT{1 + stream % 23}H{stream // 23 % 60}M"),
        "email": Maker(people.email, "person", frozenset({"email", "idn-email"})),
        "domain.short": _plain(lambda stream: f"{_letters(stream)[:2]}.test"),
        "email.short": _plain(lambda stream: f"{_letters(stream)[:2]}@a.test"),
        "etag": _plain(lambda stream: f'"{stream:016x}"'),
        "eui64": _plain(tokens.hexadecimal(16)),
        "eui64.colons": _plain(tokens.grouped(16, ":")),
        "eui64.hyphens": _plain(tokens.grouped(16, "-")),
        "file": _from_words("{}-{}.pdf"),
        "first": Maker(people.first_name, "person"),
        "handle": Maker(people.handle, "person"),
        "iccid": _plain(numbering.iccid(19)),
        "iccid20": _plain(numbering.iccid(20)),
        "imei": _plain(numbering.imei),
        "imeisv": _plain(lambda stream: numbering.imei(stream)[:14] + numbering.digits(stream, 2)),
        "imsi": _plain(numbering.imsi, "country"),
        "ipv4": _plain(tokens.ipv4, "", "ipv4"),
        "ipv4.short": _plain(lambda stream: f"10.0.{stream % 10}.{stream // 10 % 100}"),
        "ipv6": _plain(tokens.ipv6, "", "ipv6"),
        "jwt": _plain(_token),
        "label": Maker(people.label),
        "last": Maker(people.last_name, "person"),
        "latitude": _plain(lambda stream: f"{stream % 120_000_000 / 1e6 - 60:.6f}"),
        "longitude": _plain(lambda stream: f"{stream % 360_000_000 / 1e6 - 180:.6f}"),
        "mac": _plain(tokens.grouped(10, ":", "02")),
        "mac.hyphens": _plain(tokens.grouped(10, "-", "02")),
        "mac.plain": _plain(tokens.grouped(10, "", "02")),
        "month": _plain(lambda stream: f"2023-{1 + stream % 12:02d}"),
        "msisdn": _plain(numbering.msisdn, "country"),
        "number": _plain(lambda stream: str(1 + stream % 99_999)),
        "path": _from_words("/{}/{}"),
        "person": Maker(people.full_name, "person"),
        "phone": _plain(lambda stream: f"+{numbering.msisdn(stream)}", "country"),
        "pointer": _from_words("/{}/0/{}"),
        "pointer.relative": _from_words("1/{}"),
        "postcode": _plain(people.postcode, "country"),
        "regex": _plain(lambda stream: f"^[a-z]{{1,{2 + stream % 30}}}$"),
        "sentence": Maker(_sentence),
        "slug": _from_words("{}-{}"),
        "street": Maker(people.street, "country"),
        "template": _from_words("https://example.com/{}/{{id}}"),
        "title": Maker(_title),
        "url": Maker(people.web("/"), "site", _LINK),
        "url.file": Maker(people.web("/files/{}.pdf"), "site", _LINK),
        "url.hook": Maker(people.web("/webhooks/{}"), "site", _LINK),
        "url.image": Maker(people.web("/images/{}.png"), "site", _LINK),
        "url.item": Maker(people.web("/items/{}"), "site", _LINK),
        "urn": _plain(lambda stream: f"urn:uuid:{tokens.uuid(4)(stream)}"),
        "uuid7": _plain(tokens.uuid7, "", "uuid"),
        "version": _plain(_version),
    }
)
