from __future__ import annotations

import re
from typing import Any

import pytest

from locum.generation import Generator
from locum.generation.fakerjs import unknown_fakers
from locum.generation.streams import stable_seed

STREAMS = [stable_seed("fakerjs", number) for number in range(40)]


@pytest.fixture(scope="module")
def generator() -> Generator:
    """Return one generator, whose pools are filled once."""
    return Generator()


def made(generator: Generator, schema: dict[str, Any]) -> list[Any]:
    """Return what a schema makes of several streams."""
    produce = generator.producer(schema)
    return [produce(stream) for stream in STREAMS]


@pytest.mark.parametrize(
    ("faker", "pattern"),
    [
        ({"finance.amount": {"min": 5, "max": 6, "dec": 1, "symbol": "$"}}, r"\$[56]\.\d"),
        ({"finance.amount": [5, 6, 1]}, r"[56]\.\d"),
        ({"string.alphanumeric": 8}, r"[a-z0-9]{8}"),
        ({"string.alpha": {"length": 3, "casing": "upper"}}, r"[A-Z]{3}"),
        ({"random.numeric": [4]}, r"\d{4}"),
        ({"helpers.arrayElement": [["red", "blue"]]}, "red|blue"),
        ({"random.arrayElement": ["red", "blue"]}, "red|blue"),
        ({"date.between": ["2020-01-01", "2020-01-31"]}, r"2020-01-\d\dT.*Z"),
        ({"date.between": {"from": "2020-01-01", "to": "2020-01-31"}}, r"2020-01-\d\dT.*Z"),
        ({"date.past": {"years": 1, "refDate": "2010-01-01"}}, r"2009-\d\d-\d\dT.*Z"),
        ("internet.email", r"\S+@\S+"),
        ("name.findName", r"\S+ .+"),
        ("person.fullName", r"\S+ .+"),
        ("{{person.lastName}}, {{person.firstName}}", r"[^,{]+, [^,{]+"),
        (
            {"helpers.fake": "{{finance.amount(5, 6, 1)}} {{nothing.known}}"},
            r"[56]\.\d \{\{nothing\.known\}\}",
        ),
        ({"fake": ["a{{string.numeric(2)}}", "b{{string.numeric(2)}}"]}, r"[ab]\d\d"),
        ({"helpers.replaceSymbols": "##-??"}, r"\d\d-[A-Z]{2}"),
        ({"helpers.fromRegExp": "[A-D]{4}"}, r"[A-D]{4}"),
    ],
)
def test_texts_are_made_as_asked_for(generator: Generator, faker: Any, pattern: str) -> None:  # noqa: ANN401 -- as a document has it
    """Names of any release of faker.js, with arguments by name or by place."""
    values = made(generator, {"type": "string", "x-faker": faker})

    assert [each for each in values if not re.fullmatch(pattern, each)] == []
    assert len(set(values)) > 1


def test_a_date_is_written_as_its_format_asks(generator: Generator) -> None:
    """Where the schema asks for a date alone, the time is left out."""
    faker = {"date.between": ["2020-01-01", "2020-01-31"]}
    values = made(generator, {"type": "string", "format": "date", "x-faker": faker})

    assert {each[:8] for each in values} == {"2020-01-"}
    assert {len(each) for each in values} == {10}


def test_numbers_keep_to_what_is_asked_for(generator: Generator) -> None:
    """Smallest, largest and precision hold for numbers; the schema's own limits come first."""
    whole = made(generator, {"type": "integer", "x-faker": {"number.int": {"min": 5, "max": 9}}})
    price = made(generator, {"type": "number", "x-faker": {"commerce.price": [1, 2, 1]}})
    limited = made(generator, {"type": "integer", "maximum": 3, "x-faker": {"number.int": {"min": 2}}})

    assert (min(whole), max(whole)) == (5, 9)
    assert {round(each, 1) for each in price} == set(price)
    assert (min(price) >= 1, max(price) <= 2) == (True, True)
    assert set(limited) <= {2, 3}


@pytest.mark.parametrize(
    "faker",
    [
        {"finance.amount": {"min": float("1e300"), "max": 1, "dec": 1e300}},
        {"string.alpha": {"length": 1e300}},
        {"date.past": {"years": 1e300}},
        {"date.between": ["never", 7]},
        {"date.between": {}},
        {"helpers.arrayElement": [[]]},
        {"no.such": []},
        {},
        [],
        7,
    ],
)
def test_arguments_that_make_no_sense_do_no_harm(generator: Generator, faker: Any) -> None:  # noqa: ANN401 -- as a document has it
    """Whatever an author writes, a valid value is made."""
    values = made(generator, {"type": "string", "maxLength": 2000, "x-faker": faker})

    assert {type(each) for each in values} == {str}


def test_unknown_names_are_found_where_they_stand() -> None:
    """What nothing is known of has its way; what is known has none."""
    schema: Any = {
        "properties": {"a": {"x-faker": "no.such"}, "b": {"x-faker": "internet.email"}},
        "allOf": [{"x-faker": {"neither.this": [1]}}, {"x-faker": {"date.past": {}}}],
    }

    assert list(unknown_fakers(schema)) == [
        (("properties", "a", "x-faker"), "no.such"),
        (("allOf", 0, "x-faker"), "neither.this"),
    ]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Name.firstName", r"\S+"),
        ("Internet.emailAddress", r"\S+@\S+"),
        ("PhoneNumber.cellPhone", r"[-+\d ().x]+"),
    ],
)
def test_the_words_of_imposter_are_known(generator: Generator, name: str, pattern: str) -> None:
    """`x-fake-data` names kinds of values by the names of Datafaker."""
    values = made(generator, {"type": "string", "x-fake-data": name})

    assert [each for each in values if not re.fullmatch(pattern, each)] == []
    assert len(set(values)) > 1
