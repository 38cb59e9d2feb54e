"""The names of faker.js in `x-faker`, and of Datafaker in `x-fake-data`, as sources of the vocabulary.

Names of Python's Faker are understood as well; unknown ones are ignored, as Prism ignores them, and told by
`locum check`. What is asked for with arguments stands in `fakerjs_calls.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from locum.contract.model import JsonObject, JsonValue
from locum.generation.fakerjs_calls import CALLED, called
from locum.generation.fakerjs_texts import COMPOSED

__all__ = ["KNOWN_FAKERS", "asked_fakers", "faker_source", "unknown_fakers"]

_TABLE = """
person.firstname first | person.lastname last | person.fullname person | person.name person
name.firstname first | name.lastname last | name.fullname person | name.findname person
name.jobtitle faker.job | name.prefix faker.prefix | name.suffix faker.suffix | person.jobtitle faker.job
person.prefix faker.prefix | person.suffix faker.suffix | internet.email email
internet.exampleemail email | internet.username handle | internet.url url | internet.domainname domain
internet.domainword slug | internet.ip ipv4 | internet.ipv4 ipv4 | internet.ipv6 ipv6 | internet.mac mac
internet.useragent faker.user_agent | internet.color colour | internet.avatar url.image
internet.password hex16 | internet.httpmethod faker.http_method | phone.phonenumber phone
phone.number phone | phone.imei imei | address.city city | location.city city | address.street street
address.streetaddress street | address.streetname street | location.street street
location.streetaddress street | address.zipcode postcode | location.zipcode postcode
address.country country.name | location.country country.name | address.countrycode country.alpha2
location.countrycode country.alpha2 | address.state region | location.state region
address.stateabbr country.region_code | address.latitude latitude | location.latitude latitude
address.longitude longitude | location.longitude longitude | address.timezone country.zone
location.timezone country.zone | company.companyname faker.company | company.name faker.company
company.catchphrase faker.catch_phrase | company.bs faker.bs | company.buzzphrase faker.bs
commerce.productname title | commerce.product faker.word | commerce.price amount
commerce.department faker.word | commerce.color faker.color_name | commerce.productdescription sentence
finance.account faker.bban | finance.accountnumber faker.bban | finance.amount amount
finance.currencycode country.currency | finance.currencysymbol country.symbol
finance.creditcardnumber card | finance.creditcardcvv digits3 | finance.iban faker.iban
finance.bic faker.swift11 | finance.pin digits4 | lorem.word faker.word | lorem.words faker.catch_phrase
lorem.sentence sentence | lorem.sentences faker.text | lorem.text faker.text
lorem.paragraph faker.paragraph | lorem.paragraphs faker.text | lorem.slug slug | lorem.lines faker.text
datatype.uuid uuid4 | string.uuid uuid4 | random.uuid uuid4 | datatype.string faker.word
string.alphanumeric hex16 | random.alphanumeric hex16 | string.hexadecimal hex16
datatype.hexadecimal hex16 | string.numeric digits4 | random.word faker.word
random.words faker.catch_phrase | system.filename file | system.mimetype faker.mime_type
system.fileext faker.file_extension | system.filepath path | system.semver version | git.commitsha hex40
git.shortsha hex8 | git.branch slug | image.imageurl url.image | image.url url.image
image.avatar url.image | color.rgb colour | color.human faker.color_name | hacker.phrase sentence
music.genre faker.word | vehicle.vin faker.vin | date.month faker.month_name
date.weekday faker.day_of_week | name.name person | name.title faker.job | book.title title
internet.emailaddress email | internet.safeemailaddress email | internet.ipv4address ipv4
internet.ipv6address ipv6 | internet.macaddress mac | internet.uuid uuid4 | phonenumber.phonenumber phone
phonenumber.cellphone phone | address.cityname city | address.fulladdress faker.address
business.creditcardnumber card | code.isbn13 faker.isbn13 | code.ean13 faker.ean13
color.name faker.color_name | job.title faker.job | job.position faker.job | file.filename file
word.noun faker.word | word.adjective faker.word | word.verb faker.word
""".replace("\n", "|")

_Way = tuple[str | int, ...]
_ROWS = (row.split() for row in _TABLE.split("|") if row.strip())
_SOURCES: Mapping[str, str] = {row[0]: row[1] for row in _ROWS}


#: The words in which documents ask for a kind of value: those of Prism, and of Imposter.
_EXTENSIONS: Final = ("x-faker", "x-fake-data")


def asked_fakers(schema: JsonObject) -> Iterator[JsonValue]:
    """Yield what *schema* asks for."""
    return (schema[each] for each in _EXTENSIONS if each in schema)


def faker_source(given: JsonValue) -> Iterator[str]:
    """Yield the source that an `x-faker` names: `"internet.email"` or `{"finance.amount": {...}}`."""
    name = next(iter(given), "") if isinstance(given, dict) else given
    if isinstance(name, str) and name:
        known = _SOURCES.get(name.lower())
        if known:
            yield known
        elif re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield f"faker.{name}"


def unknown_fakers(
    schema: JsonValue, way: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where below *schema* an `x-faker` names something that nothing is known of, and the name."""
    if isinstance(schema, list):
        for index, each in enumerate(schema):
            yield from unknown_fakers(each, (*way, index))
    if not isinstance(schema, dict):
        return
    for key, member in schema.items():
        if key in _EXTENSIONS:
            call = called(member)
            known = CALLED | COMPOSED
            if call and call.name not in known and "{{" not in call.name and not any(faker_source(member)):
                yield (*way, key), call.name
        else:
            yield from unknown_fakers(member, (*way, key))


#: Every name of faker.js that something is known of.
KNOWN_FAKERS = frozenset(_SOURCES) | CALLED | COMPOSED
