"""JSON, places in documents, and what a schema says of a value; nothing here is of OpenAPI alone.

`schema.py` has the one kind of `Schema`; `model.py` hands these names on with the values that hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from locum.contract.words import Direction

__all__ = ["JsonObject", "JsonValue", "Place", "Schema", "Violation"]

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = "dict[str, JsonValue]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in one of the files a contract is made of.

    *uri* names the file as the reader was told it; *pointer* is a JSON Pointer (RFC 6901).
    Lines and columns cost a second look at the text: ask the `Contract` for them.
    """

    uri: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One way in which a request or a reply breaks its contract.

    *location* starts with `request` or `response`, then the part, then the way into it:
    `("request", "query", "limit")`, `("response", "body", "items", 3, "id")`.
    *keyword* is the JSON Schema keyword that speaks, or one of `required`, `style`, `content-type`, `syntax`.
    *expected* and *received* are short texts for people; *place* is where the rule stands.
    *asked* is what the keyword asks for, as the schema has it: a limit, the choices, a pattern, a name.
    *parts*, unless `None`, is the same told error by error, as the validator found it: one sentence may sum
    up the alternatives of a choice, and where several sentences do, the first has all the parts.
    """

    location: tuple[str | int, ...]
    keyword: str
    message: str
    expected: str = ""
    received: str = ""
    place: Place | None = None
    asked: JsonValue = None
    parts: tuple[Violation, ...] | None = None
    #: Worth telling, and no reason to refuse.
    is_warning: bool = False


class Schema(Protocol):
    """One schema of a document, seen in one direction; everything costly is done on first use."""

    @property
    def place(self) -> Place:
        """Where the schema stands; schemas that only refer to another stand where that one does."""
        ...

    @property
    def direction(self) -> Direction:
        """Which way the values it judges travel."""
        ...

    def place_of(self, pointer: str) -> Place:
        """Return where what stands at *pointer* of the bundle is written in the document."""
        ...

    def bundle(self) -> JsonObject:
        """Return the schema as one self-contained JSON Schema 2020-12.

        Every `$ref` in it is local (`#/$defs/…`), circular ones included; OpenAPI 3.0 dialect is
        translated; the direction is applied (`required` without members that may not travel this way).
        The annotations `discriminator`, `xml`, `example`, `examples`, `default`, `readOnly`,
        `writeOnly` and `x-*` are kept. Shared and read-only: do not change it.
        Raises `ContractError` when the schema or something it refers to cannot be used.
        """
        ...

    def is_valid(self, value: JsonValue) -> bool:
        """Tell whether *value* satisfies the schema, formats asserted. Raises as `bundle`."""
        ...

    def violations(self, value: JsonValue, *location: str | int) -> tuple[Violation, ...]:
        """Return every violation, each located below *location*. Raises as `bundle`."""
        ...
