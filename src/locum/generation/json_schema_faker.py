"""What `x-json-schema-faker` at the root of a document decides about generated values, as Prism reads it.

Options are those of json-schema-faker, in kebab case or camel case. Honoured are `locale`, `minItems`,
`maxItems`, `alwaysFakeOptionals`, `optionalsProbability`, `useExamplesValue` and `refDate`; the others steer
how it works inside, and change nothing here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from locum.contract.model import JsonValue
from locum.generation.model import GenerationSettings, Variant

__all__ = ["FakerOptions", "faker_options"]

_MOST_ITEMS: Final = 100
_LANGUAGES: Final = {"en": "en_US", "zh": "zh_CN", "pt": "pt_BR", "cz": "cs_CZ", "ge": "ka_GE"}


class FakerOptions:
    """The options of one document by their names in camel case."""

    def __init__(self, given: dict[str, JsonValue]) -> None:
        self._given = {_camel(name): value for name, value in given.items()}

    def settings(self, usual: GenerationSettings) -> GenerationSettings:
        """Return *usual* as the document changes it."""
        least, most = self._count("minItems"), self._count("maxItems")
        if least is not None or most is not None:
            low, high = usual.items
            low = min(low, most) if least is None and most is not None else low if least is None else least
            usual = replace(usual, items=(low, max(low, high if most is None else most)))
        if self._given.get("useExamplesValue") is False:
            usual = replace(usual, use_examples=False)
        instant = _instant(self._given.get("refDate"))
        return usual if instant is None else replace(usual, reference=instant)

    def variant(self) -> Variant:
        """Return which optional members a value has when nobody asks for a variant."""
        share = self._given.get("optionalsProbability")
        is_share = isinstance(share, (int, float)) and not isinstance(share, bool)
        if self._given.get("alwaysFakeOptionals") is True or (is_share and share == 1):
            return Variant.FULL
        if is_share:
            return Variant.RANDOM if share else Variant.MINIMAL
        return Variant.RANDOM if self._given.get("alwaysFakeOptionals") is False else Variant.FULL

    def locale(self, usual: str) -> str:
        """Return the locale of Faker that is nearest to the one of faker.js that is named."""
        named = self._given.get("locale")
        if not isinstance(named, str):
            return usual
        # Imported late: few documents name a locale, and Faker costs 0.1 s.
        from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415

        language, _, country = named.replace("-", "_").partition("_")
        language = language.lower()
        wished = (f"{language}_{country.upper()}", _LANGUAGES.get(language), f"{language}_{language.upper()}")
        known = sorted(AVAILABLE_LOCALES)
        others = (each for each in known if each.startswith(f"{language}_"))
        return next((each for each in wished if each in AVAILABLE_LOCALES), None) or next(others, usual)

    def _count(self, name: str) -> int | None:
        value = self._given.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return None
        return min(value, _MOST_ITEMS)


def faker_options(extension: object) -> FakerOptions:
    """Return the options in *extension*, none where it is no object."""
    return FakerOptions(extension if isinstance(extension, dict) else {})


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(each[:1].upper() + each[1:] for each in rest)


def _instant(value: JsonValue) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
