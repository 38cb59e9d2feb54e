"""The words of the servers: a call, a reply, and the site that answers, with its fault and its clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]

#: The instant that all data are told for, unless the one who starts a server says otherwise.
NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One running server: the fault it has, the harmless variant it is, and what it takes for now."""

    fault: str = ""
    variant: str = ""
    now: datetime = NOON

    def has(self, *ids: str) -> bool:
        """Tell whether one of these faults or variants is switched on."""
        return self.fault in ids or self.variant in ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it was understood: names of headers in lower case, path and query decoded."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    raw_query: str = ""
    body: bytes = b""
    #: Whether the body was longer than what we keep of one.
    is_cut: bool = False

    def header(self, name: str) -> str | None:
        """Return the value of a header, several joined by commas, or None."""
        found = [value for key, value in self.headers if key == name]
        return ", ".join(found) if found else None

    def values(self, name: str) -> list[str]:
        """Return every value of a query parameter, in the order sent."""
        return [value for key, value in self.query if key == name]

    def value(self, name: str) -> str | None:
        """Return the last value of a query parameter, or None."""
        return next(reversed(self.values(name)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply before it is written: *content* becomes JSON, *text* is sent as it is."""

    status: int = 200
    content: JsonObject | list[Any] | None = None
    text: bytes | None = None
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def plus(self, **headers: str) -> Reply:
        """Return the reply with more headers, underscores standing for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A secret, whose it is, and what it opens."""

    secret: str
    organization: str
    kind: str = "good"
    #: What narrows it further: tags, accounts.
    only: frozenset[str] = frozenset()
