"""Pools: values drawn from Faker once per process, each pool from its own seed, independent of the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from locum.generation.streams import stable_seed

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["Pools"]

#: How many values a pool holds. A power of two, small enough to be drawn in a few milliseconds.
POOL_SIZE = 128


class Pools:
    """Words of one locale; everything is drawn on first use and kept."""

    def __init__(self, locale: str = "en_US") -> None:
        self.locale = locale
        self._faker: Faker | None = None
        self._pools: dict[str, tuple[str, ...]] = {}

    def of(self, provider: str) -> tuple[str, ...]:
        """Return the pool of a Faker provider such as `first_name`; empty where there is no such provider."""
        return self.made(f"faker.{provider}", lambda: self._draw(provider))

    def made(self, key: str, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Return the pool known by *key*, made on first use."""
        found = self._pools.get(key)
        if found is None:
            found = self._pools[key] = make()
        return found

    def _draw(self, provider: str) -> tuple[str, ...]:
        for locale in (self.locale, "en_US"):
            faker = self._open(locale)
            if not _provides(faker, provider):
                continue
            faker.seed_instance(stable_seed("pool", locale, provider))
            drawn = _distinct(getattr(faker, provider))
            if drawn:
                return drawn
        return ()

    def _open(self, locale: str) -> Faker:
        if self._faker is None or locale != self.locale:
            # Imported late: Faker costs 0.1 s, and verbs that make no values must not pay it.
            from faker import Faker  # noqa: PLC0415

            # With weighting the first draw of each list costs up to 250 ms.
            opened = Faker(locale, use_weighting=False)
            if locale == self.locale:
                self._faker = opened
            return opened
        return self._faker


def _provides(faker: Faker, name: str) -> bool:
    """Tell whether *name* is a provider: a document must not reach anything else of Faker."""
    providers = (provider for factory in faker.factories for provider in factory.get_providers())
    return not name.startswith("_") and any(hasattr(type(provider), name) for provider in providers)


def _distinct(draw: Callable[[], object]) -> tuple[str, ...]:
    """Draw a pool of texts; none from a provider that makes something else, or needs arguments."""
    try:
        if not isinstance(draw(), str | int | float | Decimal | date):
            return ()
        return tuple(dict.fromkeys(str(draw()) for _ in range(POOL_SIZE)))
    except (AttributeError, TypeError, ValueError):
        return ()
