"""Strings: believable by name, format and description; valid by pattern and length."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.generation import DEFAULT_VOCABULARY, Generator

Values = Callable[..., list[JsonValue]]
Fields = Callable[..., list[dict[str, JsonValue]]]
TEXT: JsonObject = {"type": "string"}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("email", r"[a-z0-9.-]+@example\.(com|org|net)"),
        ("billingEmailAddress", r"[a-z0-9.-]+@example\.(com|org|net)"),
        ("phone_number", r"\+\d{8,15}"),
        ("iccid", r"89\d{17}"),
        ("devEui", r"[0-9a-f]{16}"),
        ("imsi", r"\d{15}"),
        ("MAC-Address", r"02(:[0-9a-f]{2}){5}"),
        ("countryCode", r"[A-Z]{2}"),
        ("currency", r"[A-Z]{3}"),
        ("locale", r"[a-z]{2}-[A-Z]{2}"),
        ("timezone", r"[A-Z]\w+/[\w/]+"),
        ("avatarUrl", r"https://.+\.png"),
        ("callback_url", r"https://.+"),
        ("sha256", r"[0-9a-f]{64}"),
        ("invoiceId", r"[0-9a-f-]{36}"),
        ("createdAt", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("birthDate", r"(19|20)\d\d-\d\d-\d\d"),
        ("status", r"[a-z]+"),
        ("firmwareVersion", r"\d+\.\d+\.\d+"),
        ("hexColor", r"#[0-9a-f]{6}"),
        ("iban", r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}"),
        ("ip_address", r"\d+\.\d+\.\d+\.\d+"),
        ("last4", r"\d{4}"),
    ],
)
def test_name_tells_what_a_string_is(fields: Fields, name: str, pattern: str) -> None:
    """Names in any spelling are understood by what they end in."""
    made = {str(each[name]) for each in fields(**{name: TEXT})}

    assert all(re.fullmatch(pattern, each) for each in made), made
    assert len(made) > 1


@pytest.mark.parametrize(
    "form",
    [
        *(
            "date",
            "time",
            "date-time",
            "duration",
            "email",
            "idn-email",
            "hostname",
            "idn-hostname",
            "ipv4",
            "ipv6",
        ),
        *(
            "uri",
            "uri-reference",
            "iri",
            "iri-reference",
            "uuid",
            "json-pointer",
            "relative-json-pointer",
            "regex",
        ),
        *(
            "uri-template",
            "byte",
            "binary",
            "password",
            "int64",
            "phone",
            "currency",
            "country",
            "something-else",
        ),
    ],
)
def test_every_format_has_values(values: Values, form: str) -> None:
    """Formats of JSON Schema and OpenAPI are valid, common vendor formats known, others plain text."""
    assert all(isinstance(each, str) and each for each in values({"type": "string", "format": form}))


def test_pattern_decides_the_spelling(fields: Fields) -> None:
    """A country in the letters that the pattern asks for is still a country."""
    made = fields(
        country={"type": "string", "pattern": "^[a-z]{2}$"},
        mac={"type": "string", "pattern": "^[0-9A-F]{12}$"},
    )

    assert {"us", "gb", "de"} & {str(each["country"]) for each in made}
    assert all(str(each["mac"]).startswith("02") for each in made)


@pytest.mark.parametrize(
    "schema",
    [
        {"format": "date", "pattern": "^2031-"},
        {"format": "date-time", "pattern": "T23:59:59Z$"},
        {"format": "email", "pattern": "@example\\.edu$"},
        {"not": {"pattern": "^[a-z]"}, "minLength": 3},
        {"not": {"pattern": "[a-z]"}, "minLength": 2, "maxLength": 4},
    ],
)
def test_several_rules_of_one_text_are_met(values: Values, schema: JsonObject) -> None:
    """A pattern may narrow a format down, and a text may be whatever a pattern does not find."""
    assert len(values({"type": "string", **schema})) == 24


@pytest.mark.parametrize(("coding", "unpack"), [({}, str), ({"contentEncoding": "base64"}, b64decode)])
def test_text_holds_the_json_that_is_described(
    values: Values, coding: JsonObject, unpack: Callable[[str], str]
) -> None:
    """`contentSchema` says what a text of `application/json` holds, itself perhaps; base64 wraps it."""
    kept: JsonObject = {"type": "string", "contentMediaType": "application/json", **coding}
    order: JsonObject = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "integer"}, "of": {**kept, "contentSchema": {"$ref": "#/$defs/O"}}},
    }
    made = values({**kept, "contentSchema": {"$ref": "#/$defs/O"}, "$defs": {"O": order}})

    assert all(isinstance(json.loads(unpack(str(each)))["n"], int) for each in made)


def test_word_that_does_not_fit_is_not_used(fields: Fields) -> None:
    """A name only counts where its words satisfy the schema."""
    made = fields(email={"type": "string", "pattern": "^[0-9]{4}$"})

    assert all(re.fullmatch("[0-9]{4}", str(each["email"])) for each in made)


def test_owner_tells_a_name(fields: Fields) -> None:
    """The name of a customer is a person's, that of a company is not."""
    named: JsonObject = {"type": "object", "properties": {"name": TEXT, "email": TEXT}}
    made = fields(customer=named, product=named)

    for each in made:
        customer, product = each["customer"], each["product"]
        assert isinstance(customer, dict)
        assert isinstance(product, dict)
        assert str(customer["email"]).split("@")[0] == str(customer["name"]).lower().replace(
            " ", "."
        ).replace("'", "-")
        assert str(product["email"]).split("@")[0] != str(product["name"]).lower().replace(" ", ".")


def test_siblings_agree(values: Values) -> None:
    """City, country, MCC and MNC of one object belong together; qualified ones are another place."""
    names = ("countryCode", "country", "mcc", "mnc", "city", "billing_country")
    made = values({"type": "object", "properties": dict.fromkeys(names, TEXT)}, count=200)

    germany = next(each for each in made if isinstance(each, dict) and each["countryCode"] == "DE")
    assert (germany["country"], germany["mcc"], germany["mnc"]) == ("Germany", "262", "01")
    assert germany["city"] in {"Augsburg", "Nürnberg", "Regensburg", "Würzburg"}
    assert any(isinstance(each, dict) and each["country"] != each["billing_country"] for each in made)


def test_description_tells_what_the_name_does_not(fields: Fields) -> None:
    """ISO 4217 in the description makes a currency of any string."""
    made = fields(foo={"type": "string", "description": "Three letters as in ISO 4217."})

    assert all(re.fullmatch("[A-Z]{3}", str(each["foo"])) for each in made)


@pytest.mark.parametrize(("least", "most"), [(0, 3), (1, 1), (40, 45), (300, None), (0, 0), (5000, 5001)])
def test_length_is_kept(values: Values, least: int, most: int | None) -> None:
    """Plain text reaches and keeps its length, empty text included."""
    schema: JsonObject = {"type": "string", "minLength": least}
    if most is not None:
        schema["maxLength"] = most

    assert all(len(str(each)) >= least for each in values(schema))


def test_faker_named_by_the_document_is_used(fields: Fields) -> None:
    """`x-faker` takes faker.js names, with or without options, and Python's; unknown ones are ignored."""
    for each in fields(
        a={"type": "string", "x-faker": "internet.email"},
        b={"type": "string", "x-faker": {"finance.iban": {"formatted": False}}},
        c={"type": "string", "x-faker": "company"},
        d={"type": "string", "x-faker": "no.such.thing"},
    ):
        assert "@" in str(each["a"])
        assert re.match("[A-Z]{2}[0-9]{2}", str(each["b"]))
        assert each["c"]
        assert each["d"]


def test_words_of_a_fixture_come_first() -> None:
    """A vocabulary can be extended by phrases of its own."""
    vocabulary = DEFAULT_VOCABULARY.extended({"plan name": "one of Launch, Grow, Scale"})
    produce = Generator(vocabulary=vocabulary).producer({"type": "object", "properties": {"planName": TEXT}})

    assert {str(produce(stream)) for stream in range(0, 900, 7)} == {
        f"{{'planName': '{name}'}}" for name in ("Launch", "Grow", "Scale")
    }


def test_locale_speaks_its_language() -> None:
    """People are named as in their country; addresses to write to stay plain ASCII."""
    produce = Generator(locale="ja_JP").producer(
        {"type": "object", "properties": {"lastName": TEXT, "email": {"type": "string", "format": "email"}}}
    )
    made = produce(5)

    assert isinstance(made, dict)
    assert not str(made["lastName"]).isascii()
    assert str(made["email"]).isascii()
