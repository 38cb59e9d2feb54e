"""Names are taken apart and looked up; every source of the vocabulary exists."""

from __future__ import annotations

import pytest

from locum.generation.fakerjs import faker_source
from locum.generation.makers import maker_of
from locum.generation.pools import Pools
from locum.generation.vocabulary import DEFAULT_VOCABULARY
from locum.generation.words import look_up, split_words

TABLE = {"name": "any", "user.name": "person", "email": "mail", "address line": "street", "url": "link"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("devEUI", ("dev", "eui")),
        ("HTTPStatusCode", ("http", "status", "code")),
        ("first-name", ("first", "name")),
        ("_embedded", ("embedded",)),
        ("@type", ("type",)),
        ("address1", ("address1",)),
        ("", ()),
        ("größe", ("größe",)),
    ],
)
def test_names_are_split_however_they_are_joined(name: str, words: tuple[str, ...]) -> None:
    """Camel, snake and kebab case, abbreviations, digits and signs."""
    assert split_words(name) == words


@pytest.mark.parametrize(
    ("name", "owner", "entry", "qualifiers"),
    [
        ("billing_email", "", "mail", ("billing",)),
        ("emails", "", "mail", ()),
        ("name", "Users", "person", ()),
        ("name", "Ship", "any", ()),
        ("addressLine2", "", "street", ()),
        ("avatarURL", "", "link", ("avatar",)),
    ],
)
def test_longest_ending_is_found(name: str, owner: str, entry: str, qualifiers: tuple[str, ...]) -> None:
    """Plurals, trailing digits and owners are understood; what stands before qualifies."""
    found = look_up(TABLE, name, owner)

    assert found is not None
    assert (found.entry, found.qualifiers) == (entry, qualifiers)


def test_unknown_name_is_not_found() -> None:
    """Nothing is guessed from the beginning of a name."""
    assert look_up(TABLE, "emailVerified", "") is None


def test_every_source_of_the_vocabulary_gives_texts() -> None:
    """No phrase, format or description leads to a maker or a Faker provider that does not exist."""
    pools = Pools()
    vocabulary = DEFAULT_VOCABULARY
    tables = (vocabulary.words, vocabulary.formats, vocabulary.descriptions)
    sources = {source for table in tables for listed in table.values() for source in listed}

    assert [source for source in sources if not maker_of(source).bind(pools)(12345)] == []


def test_every_name_of_faker_js_leads_somewhere() -> None:
    """The table for `x-faker` has no dead entry either."""
    pools = Pools()
    names = [
        "internet.email",
        "Finance.IBAN",
        "commerce.price",
        "lorem.paragraph",
        "date.month",
        "vehicle.vin",
    ]

    assert all(maker_of(source).bind(pools)(1) for name in names for source in faker_source(name))
    assert list(faker_source({"finance.amount": {"min": 1}})) == ["amount"]
    assert list(faker_source("credit_card_number")) == ["faker.credit_card_number"]
    assert list(faker_source("no.such")) == list(faker_source(7)) == list(faker_source({})) == []


def test_pools_do_not_depend_on_each_other() -> None:
    """A pool is the same whichever was drawn before it."""
    one, other = Pools(), Pools()
    one.of("company")

    assert one.of("first_name") == other.of("first_name")


def test_unknown_provider_is_an_empty_pool() -> None:
    """A name from a document that Faker does not know is no traceback."""
    assert Pools().of("no_such_provider") == ()
    assert Pools().of("seed_instance") == Pools().of("add_provider") == Pools().of("__class__") == ()
    assert Pools().of("binary") == ()
