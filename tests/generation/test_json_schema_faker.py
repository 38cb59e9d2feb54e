"""`x-json-schema-faker` at the root of a document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from locum.generation import GenerationSettings, Variant, faker_options

USUAL = GenerationSettings()


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ({"min-items": 5}, (5, 5)),
        ({"maxItems": 2}, (1, 2)),
        ({"max-items": 0}, (0, 0)),
        ({"minItems": 4, "maxItems": 6}, (4, 6)),
        ({"minItems": 10**9}, (100, 100)),
        ({"minItems": "many", "maxItems": True}, USUAL.items),
    ],
)
def test_sizes_of_arrays_are_those_of_the_document(given: dict[str, Any], items: tuple[int, int]) -> None:
    """Options count in kebab case and camel case, within bounds; what is no number counts for nothing."""
    assert faker_options(given).settings(USUAL).items == items


@pytest.mark.parametrize(
    ("given", "variant"),
    [
        ({}, Variant.FULL),
        ({"alwaysFakeOptionals": False}, Variant.RANDOM),
        ({"always-fake-optionals": True, "optionalsProbability": 0}, Variant.FULL),
        ({"optionals-probability": 0}, Variant.MINIMAL),
        ({"optionalsProbability": 0.3}, Variant.RANDOM),
        ({"optionalsProbability": 1}, Variant.FULL),
    ],
)
def test_optional_members_are_as_likely_as_the_document_says(given: dict[str, Any], variant: Variant) -> None:
    """All of them unless it says otherwise, as with Prism."""
    assert faker_options(given).variant() is variant


@pytest.mark.parametrize(
    ("named", "locale"),
    [
        ("de", "de_DE"),
        ("en", "en_US"),
        ("pt_BR", "pt_BR"),
        ("fr-ca", "fr_CA"),
        ("sv", "sv_SE"),
        ("xx", "it_IT"),
        (5, "it_IT"),
    ],
)
def test_a_locale_of_faker_js_is_understood(named: Any, locale: str) -> None:  # noqa: ANN401 -- as a document has it
    """A language alone means its usual country; what nobody knows leaves the locale as it is."""
    assert faker_options({"locale": named}).locale("it_IT") == locale


def test_dates_and_examples_follow_the_document() -> None:
    """`refDate` is what dates lie around, and `useExamplesValue: false` passes over examples."""
    found = faker_options({"refDate": "2031-05-06", "useExamplesValue": False}).settings(USUAL)

    assert found.reference == datetime(2031, 5, 6, tzinfo=UTC)
    assert not found.use_examples
    assert faker_options(["no", "object"]).settings(USUAL) == USUAL
