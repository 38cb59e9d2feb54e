"""The world behind one contract: coherent records under one clock and one seed, as a handler sees them.

A world is a view, made anew for each request and free of charge. What is costly is built when it is first
asked for, by `once`, and kept as long as clock, seed and records stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

from locum.contract.model import JsonObject, JsonValue
from locum.generation.streams import stable_seed

__all__ = ["DEFAULT_INSTANT", "World"]

#: Where the clock of a session stands unless it is set: answers can be reproduced.
DEFAULT_INSTANT: Final = datetime(2024, 2, 15, 12, tzinfo=UTC)

#: How many results are kept for one contract, over all seeds; the oldest makes room.
_KEPT: Final = 4096

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a handler knows beside its request.

    *now* is the session's time, in UTC. *settings* are the contract's switches, those of the session over
    those of the fixtures. *records* are the fixtures' records by collection, those written in the session
    included. *base_url* is the address under which the client reached the contract, without a slash at its
    end, for links that lead on.
    """

    now: datetime = DEFAULT_INSTANT
    seed: str = ""
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    records: Mapping[str, tuple[JsonObject, ...]] = field(default_factory=dict)
    base_url: str = ""
    #: Kept between requests by whoever owns the worlds; see `once`.
    kept: MutableMapping[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def all(self, collection: str) -> tuple[JsonObject, ...]:
        """Return the records of *collection*, in the order of the fixtures; `()` if there is none."""
        return self.records.get(collection, ())

    def find(self, collection: str, **members: JsonValue) -> JsonObject | None:
        """Return the first record of *collection* whose members are equal to *members*.

        >>> World(records={"tags": ({"id": "a"}, {"id": "b", "name": "Fleet"})}).find("tags", id="b")
        {'id': 'b', 'name': 'Fleet'}
        """
        wanted = members.items()
        return next((each for each in self.all(collection) if each.items() >= wanted), None)

    def number(self, *subject: str | int) -> int:
        """Return a number in [0, 2**64) that depends on the seed and *subject* alone."""
        return stable_seed(self.seed, *subject)

    def once(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what *build* gives, built once for this seed and *key*.

        Put into *key* whatever else the result depends on: an id, a month, the clock.
        """
        whole = (self.seed, key)
        if whole in self.kept:
            return cast("T", self.kept[whole])
        built = build()
        if len(self.kept) >= _KEPT:
            self.kept.pop(next(iter(self.kept)), None)
        self.kept[whole] = built
        return built
