"""What the parts of the schema translation share; `dialect.py` is the walk itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from locum.contract.diagnostics import describe
from locum.contract.dynamic_scope import Scope, Scoped, enter
from locum.contract.library import Library
from locum.contract.model import Direction, JsonObject, JsonValue, Place
from locum.contract.patterns import translate_pattern, unwrap_literal
from locum.contract.pointers import below
from locum.errors import Severity

__all__ = ["Dialect", "Slot", "Translation", "inside"]


class Dialect(StrEnum):
    """Which kind of Schema Object a document has, by the version that brought it."""

    SWAGGER = "2.0"
    EARLY = "3.0"
    MODERN = "3.1"

    @property
    def is_early(self) -> bool:
        """Keywords beside `$ref` count for nothing, and exclusive bounds are booleans."""
        return self is not Dialect.MODERN

    @property
    def null_keyword(self) -> str:
        """The keyword that lets null pass; that of 2.0 is a custom that all its tools know."""
        return "x-nullable" if self is Dialect.SWAGGER else "nullable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What is the same for every schema of one walk.

    *name_of* gives the name under which a referenced schema will stand in `$defs`.
    *targets* collects the schemas referenced, *mentions* those that a bundle may hold or not.
    *scope* is the one in which all of them are met.
    """

    library: Library
    direction: Direction
    dialect: Dialect
    name_of: Callable[[Scoped], str]
    scope: Scope
    targets: dict[Scoped, None] = field(default_factory=dict)
    mentions: dict[Scoped, None] = field(default_factory=dict)

    def point_at(self, target: Place) -> str:
        """Return the reference to *target* within the bundle, which will hold it."""
        met = enter(target, self.scope, self.library)
        self.targets[met] = None
        return f"#/$defs/{self.name_of(met)}"

    def mention(self, target: Place) -> str:
        """Return the reference to *target*, which the bundle will hold if there is room."""
        met = enter(target, self.scope, self.library)
        self.mentions[met] = None
        return f"#/$defs/{self.name_of(met)}"

    def usable_pattern(self, pattern: str, at: Place) -> str | None:
        """Return a spelling of *pattern* the validator takes, or report that there is none."""
        translated = translate_pattern(pattern)
        if translated is None:
            message = f"the pattern {pattern!r} cannot be used; it is ignored"
            self.library.warn(at, "pattern", message, hint="patterns are ECMA-262 regular expressions")
        elif unwrap_literal(pattern) != pattern:
            message = f"the pattern {pattern!r} is a JavaScript literal; it is taken without its slashes"
            self.library.note(at, "pattern", message, hint="leave them out", severity=Severity.HINT)
        return translated


@dataclass(frozen=True, slots=True)
class Slot:
    """One keyword on its way: where it stands, and the schema its translation goes into.

    *barred* names members of the schema that may not travel in this direction.
    """

    keyword: str
    at: Place
    work: Translation
    result: JsonObject
    barred: frozenset[str] = frozenset()

    def drop(self, member: JsonValue, expected: str, *, hint: str = "") -> None:
        """Report a keyword, or a part of it, that is left out because of its type."""
        message = f"{self.keyword} must be {expected}, but is {describe(member)}; it is ignored"
        self.work.library.note(self.at, "keyword-type", message, hint=hint)

    def remark(self, message: str, *, hint: str = "") -> None:
        """Report a keyword of another dialect that is honoured all the same."""
        self.work.library.warn(self.at, "dialect", message, hint=hint)

    def hint(self, message: str, *, hint: str = "", code: str = "dialect") -> None:
        """Report what may be a slip."""
        self.work.library.note(self.at, code, message, hint=hint, severity=Severity.HINT)


def inside(place: Place, *tokens: str | int) -> Place:
    """Return the place *tokens* lead to from *place*."""
    return Place(uri=place.uri, pointer=below(place.pointer, *tokens))
