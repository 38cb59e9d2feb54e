"""One self-contained schema document: following references, asking jsonschema-rs about parts of it.

Nothing here makes values. Read `expansion.py` next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, unquote

import jsonschema_rs

from locum.contract.formats import FORMATS
from locum.contract.model import JsonObject, JsonValue
from locum.errors import Diagnostic, GenerationError, Where

__all__ = ["Bundle", "Check", "Schema", "Subschema", "compile_check", "unmet"]

Schema: TypeAlias = "JsonObject | bool"
Check: TypeAlias = Callable[[JsonValue], bool]

_ROOT = "http://bundle.invalid/"
#: Keywords whose values are data, in which a member called `$ref` is no reference.
_DATA = frozenset({"const", "enum", "example", "examples", "default"})


@dataclass(frozen=True, slots=True, eq=False)
class Subschema:
    """A schema and where it stands in its bundle.

    *pointer* is a JSON Pointer; one made up while compiling carries the pointer of what it was made from
    and *is_written* false. *name* is that of the definition it was reached through, or `""`.
    """

    schema: Schema
    pointer: str
    is_written: bool = True
    name: str = ""

    @property
    def key(self) -> int:
        """What makes two of them the same schema; its owner keeps the schema alive."""
        return id(self.schema)

    def below(self, *keys: str | int) -> Subschema:
        """Return the subschema at *keys*; anything that is no schema admits everything."""
        inner: JsonValue = self.schema
        for key in keys:
            inner = inner[key]  # type: ignore[index]  # the caller has seen these keys
        pointer = self.pointer + "".join(f"/{_escape(str(key))}" for key in keys)
        return Subschema(
            inner if isinstance(inner, bool | dict) else True, pointer, is_written=self.is_written
        )

    def derived(self, schema: Schema) -> Subschema:
        """Return a schema that was made up from this one."""
        return Subschema(schema, self.pointer, is_written=False)


def unmet(keyword: str, pointer: str, message: str, hint: str = "") -> GenerationError:
    """Return the error that says which *keyword* at *pointer* cannot be met."""
    return GenerationError(
        Diagnostic(
            code=f"generation.unmet.{keyword}",
            message=f"no value can satisfy '{keyword}': {message}",
            where=Where(pointer=pointer),
            hint=hint,
        )
    )


@dataclass(slots=True, eq=False)
class Bundle:
    """A schema document with everything that was looked up in it kept."""

    root: JsonObject
    _targets: dict[str, Subschema] = field(default_factory=dict)
    _checks: dict[tuple[int, ...], Check] = field(default_factory=dict)
    _named: dict[tuple[str, ...], Check] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)
    _parts: dict[tuple[int, tuple[str | int, ...]], Subschema] = field(default_factory=dict)
    _registry: jsonschema_rs.Registry | None = None

    def part(self, parent: Subschema, *keys: str | int) -> Subschema:
        """Return the subschema of *parent* at *keys*, the same object each time."""
        key = (parent.key, keys)
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = parent.below(*keys)
            self._kept.append(parent)
        return found

    def derive(self, parent: Subschema, schema: Schema, tag: str) -> Subschema:
        """Return a *schema* made up from *parent*, the first one made under *tag* each time."""
        return self._parts.setdefault((parent.key, ("", tag)), parent.derived(schema))

    def target(self, reference: str, pointer: str) -> Subschema:
        """Return what *reference*, written at *pointer*, points to; always the same object."""
        found = self._targets.get(reference)
        if found is None:
            found = self._targets[reference] = self._find(reference, pointer)
        return found

    def _find(self, reference: str, pointer: str) -> Subschema:
        if not reference.startswith("#") or (reference[1:] and reference[1] != "/"):
            raise unmet("$ref", pointer, f"'{reference}' is not a local JSON Pointer")
        here: JsonValue = self.root
        for step in map(_unescape, unquote(reference[1:]).split("/")[1:]):
            if isinstance(here, dict) and step in here:
                here = here[step]
            elif isinstance(here, list) and step.isdecimal() and int(step) < len(here):
                here = here[int(step)]
            else:
                raise unmet("$ref", pointer, f"'{reference}' does not exist")
        if not isinstance(here, bool | dict):
            raise unmet("$ref", pointer, f"'{reference}' is not a schema")
        name = _unescape(reference.rpartition("/")[2]) if reference.startswith("#/$defs/") else ""
        return Subschema(here, reference[1:], name=name)

    def remember(self, key: tuple[str, ...], make: Callable[[], Check]) -> Check:
        """Return the check known by *key*, made on first use."""
        found = self._named.get(key)
        if found is None:
            found = self._named[key] = make()
        return found

    def check(self, conjunction: Iterable[Subschema]) -> Check:
        """Return a predicate that asks jsonschema-rs whether all of *conjunction* accept a value."""
        parts = tuple(conjunction)
        key = tuple(sorted(part.key for part in parts))
        if key not in self._checks:
            self._kept.append(parts)
            self._checks[key] = self._build_check(parts)
        return self._checks[key]

    def _build_check(self, parts: tuple[Subschema, ...]) -> Check:
        if self._registry is None:
            with _faults_of_schema(parts[0].pointer):
                self._registry = jsonschema_rs.Registry([(_ROOT, self.root)])
        inlined: list[JsonValue] = [
            {"$ref": f"{_ROOT}#{quote(part.pointer)}"} if part.is_written else _absolute(part.schema)
            for part in parts
        ]
        return compile_check({"allOf": inlined}, parts[0].pointer, self._registry)


def compile_check(schema: JsonObject, pointer: str, registry: jsonschema_rs.Registry | None = None) -> Check:
    """Return the predicate of one schema, formats asserted; a schema that is none is a `GenerationError`."""
    with _faults_of_schema(pointer):
        is_valid = jsonschema_rs.Draft202012Validator(
            schema, formats=dict(FORMATS), validate_formats=True, registry=registry, offline=True
        ).is_valid

    def check(value: JsonValue) -> bool:
        try:
            return is_valid(value)
        except ValueError:
            # A pattern that backtracks too long, a number that JSON cannot write.
            return False

    return check


@contextmanager
def _faults_of_schema(pointer: str) -> Iterator[None]:
    try:
        yield
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise unmet("$schema", pointer, f"the schema itself is wrong: {reason}") from error


def _absolute(schema: JsonValue) -> JsonValue:
    """Copy a made-up *schema* so that its local references point into the bundle from outside."""
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made: JsonObject = {}
    for key, value in schema.items():
        is_reference = key == "$ref" and isinstance(value, str) and value.startswith("#")
        made[key] = f"{_ROOT}{value}" if is_reference else value if key in _DATA else _absolute(value)
    return made


def _escape(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def _unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")
