"""Countries as rows whose columns belong together: names, codes, money, numbering, places.

Sources: ISO 3166-1 (codes), ISO 4217 (currency), ITU-T E.164 (calling code), ITU-T E.212 (MCC and MNC of one
network), IANA time zones. A postcode is a template in which `#` is a digit and `?` a letter.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COUNTRIES", "Country", "country_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One row; *cities* are in *region*, *mnc* is a network of *mcc*."""

    name: str
    alpha2: str
    alpha3: str
    numeric: str
    currency: str
    symbol: str
    calling: str
    mcc: str
    mnc: str
    network: str
    zone: str
    locale: str
    language: str
    region: str
    region_code: str
    cities: tuple[str, ...]
    postcode: str


_COLUMNS = (
    *(
        "name",
        "alpha2",
        "alpha3",
        "numeric",
        "currency",
        "symbol",
        "calling",
        "mcc",
        "mnc",
        "network",
        "zone",
    ),
    *("locale", "language", "region", "region_code"),
)


def _row(line: str) -> Country:
    *columns, cities, postcode = (column.strip() for column in line.split("|"))
    return Country(
        cities=tuple(cities.split(", ")), postcode=postcode, **dict(zip(_COLUMNS, columns, strict=True))
    )


_TABLE = """
United States | US | USA | 840 | USD | $ | 1 | 310 | 410 | AT&T Mobility | America/Chicago | en-US | English | Illinois | IL | Chicago, Springfield, Peoria, Naperville | 6####
United Kingdom | GB | GBR | 826 | GBP | £ | 44 | 234 | 10 | O2 UK | Europe/London | en-GB | English | England | ENG | Bristol, Leeds, Norwich, Exeter | ??# #??
Germany | DE | DEU | 276 | EUR | € | 49 | 262 | 01 | Telekom Deutschland | Europe/Berlin | de-DE | German | Bayern | BY | Augsburg, Nürnberg, Regensburg, Würzburg | 8####
France | FR | FRA | 250 | EUR | € | 33 | 208 | 01 | Orange France | Europe/Paris | fr-FR | French | Occitanie | OCC | Toulouse, Nîmes, Albi, Montpellier | 31###
Spain | ES | ESP | 724 | EUR | € | 34 | 214 | 07 | Movistar | Europe/Madrid | es-ES | Spanish | Andalucía | AN | Sevilla, Granada, Cádiz, Almería | 41###
Italy | IT | ITA | 380 | EUR | € | 39 | 222 | 01 | TIM | Europe/Rome | it-IT | Italian | Toscana | 52 | Firenze, Pisa, Siena, Lucca | 50###
Netherlands | NL | NLD | 528 | EUR | € | 31 | 204 | 08 | KPN | Europe/Amsterdam | nl-NL | Dutch | Utrecht | UT | Utrecht, Amersfoort, Zeist, Houten | 35## ??
Portugal | PT | PRT | 620 | EUR | € | 351 | 268 | 06 | MEO | Europe/Lisbon | pt-PT | Portuguese | Porto | 13 | Porto, Maia, Gondomar, Valongo | 4###-###
Sweden | SE | SWE | 752 | SEK | kr | 46 | 240 | 01 | Telia | Europe/Stockholm | sv-SE | Swedish | Skåne | M | Malmö, Lund, Helsingborg, Ystad | 21# ##
Norway | NO | NOR | 578 | NOK | kr | 47 | 242 | 01 | Telenor | Europe/Oslo | nb-NO | Norwegian | Vestland | 46 | Bergen, Voss, Florø, Odda | 50##
Denmark | DK | DNK | 208 | DKK | kr | 45 | 238 | 01 | TDC | Europe/Copenhagen | da-DK | Danish | Midtjylland | 82 | Aarhus, Randers, Viborg, Silkeborg | 8###
Finland | FI | FIN | 246 | EUR | € | 358 | 244 | 05 | Elisa | Europe/Helsinki | fi-FI | Finnish | Uusimaa | 18 | Helsinki, Espoo, Vantaa, Porvoo | 00###
Poland | PL | POL | 616 | PLN | zł | 48 | 260 | 01 | Plus | Europe/Warsaw | pl-PL | Polish | Małopolskie | 12 | Kraków, Tarnów, Olkusz, Skawina | 3#-###
Czechia | CZ | CZE | 203 | CZK | Kč | 420 | 230 | 01 | T-Mobile | Europe/Prague | cs-CZ | Czech | Praha | 10 | Praha | 1#0 00
Austria | AT | AUT | 040 | EUR | € | 43 | 232 | 01 | A1 | Europe/Vienna | de-AT | German | Tirol | 7 | Innsbruck, Kufstein, Schwaz, Hall | 6###
Switzerland | CH | CHE | 756 | CHF | CHF | 41 | 228 | 01 | Swisscom | Europe/Zurich | de-CH | German | Zürich | ZH | Zürich, Winterthur, Uster, Dübendorf | 80##
Belgium | BE | BEL | 056 | EUR | € | 32 | 206 | 01 | Proximus | Europe/Brussels | nl-BE | Dutch | Antwerpen | VAN | Antwerpen, Mechelen, Turnhout, Geel | 2###
Ireland | IE | IRL | 372 | EUR | € | 353 | 272 | 01 | Vodafone | Europe/Dublin | en-IE | English | Munster | M | Cork, Limerick, Waterford, Tralee | T## ??##
Canada | CA | CAN | 124 | CAD | $ | 1 | 302 | 720 | Rogers | America/Toronto | en-CA | English | Ontario | ON | Toronto, Ottawa, Hamilton, Kingston | M#? #?#
Mexico | MX | MEX | 484 | MXN | $ | 52 | 334 | 020 | Telcel | America/Mexico_City | es-MX | Spanish | Jalisco | JAL | Guadalajara, Zapopan, Tonalá, Tepatitlán | 44###
Brazil | BR | BRA | 076 | BRL | R$ | 55 | 724 | 06 | Vivo | America/Sao_Paulo | pt-BR | Portuguese | São Paulo | SP | São Paulo, Campinas, Santos, Sorocaba | 01###-###
Argentina | AR | ARG | 032 | ARS | $ | 54 | 722 | 310 | Claro | America/Argentina/Cordoba | es-AR | Spanish | Córdoba | X | Córdoba, Villa María, Río Cuarto, Alta Gracia | X5###???
Australia | AU | AUS | 036 | AUD | $ | 61 | 505 | 01 | Telstra | Australia/Melbourne | en-AU | English | Victoria | VIC | Melbourne, Geelong, Ballarat, Bendigo | 3###
New Zealand | NZ | NZL | 554 | NZD | $ | 64 | 530 | 01 | One NZ | Pacific/Auckland | en-NZ | English | Waikato | WKO | Hamilton, Cambridge, Taupō, Raglan | 32##
Japan | JP | JPN | 392 | JPY | ¥ | 81 | 440 | 10 | NTT DOCOMO | Asia/Tokyo | ja-JP | Japanese | Kanagawa | 14 | Yokohama, Kawasaki, Kamakura, Odawara | 2##-00##
India | IN | IND | 356 | INR | ₹ | 91 | 404 | 45 | Airtel | Asia/Kolkata | en-IN | Hindi | Karnataka | KA | Bengaluru, Mysuru, Mangaluru, Hubballi | 56####
Singapore | SG | SGP | 702 | SGD | $ | 65 | 525 | 01 | Singtel | Asia/Singapore | en-SG | English | Singapore | 01 | Singapore | 2#####
South Africa | ZA | ZAF | 710 | ZAR | R | 27 | 655 | 01 | Vodacom | Africa/Johannesburg | en-ZA | English | Gauteng | GP | Johannesburg, Pretoria, Soweto, Benoni | 20##
""".strip()  # noqa: E501  # a table: one country, one line

COUNTRIES: tuple[Country, ...] = tuple(_row(line) for line in _TABLE.splitlines())


def country_at(stream: int) -> Country:
    """Return the country that everything of one *stream* is about."""
    return COUNTRIES[stream % len(COUNTRIES)]
