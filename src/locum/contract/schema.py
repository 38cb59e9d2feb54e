"""Schemas as the rest of locum sees them: bundled, compiled and judged on first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import jsonschema_rs

from locum.contract.bundle import Bundler
from locum.contract.contained import told_item_by_item
from locum.contract.diagnostics import error_at, shorten
from locum.contract.dynamic_scope import Scoped
from locum.contract.error_order import order_of
from locum.contract.formats import FORMATS
from locum.contract.model import Direction, JsonObject, JsonValue, Place, Violation
from locum.contract.pointers import split_pointer
from locum.contract.violations import Case, unreadable, word_whole
from locum.errors import ContractError

__all__ = ["DocumentSchema", "Schemas", "literal_schema"]

Path: TypeAlias = "list[str | int]"


@dataclass(slots=True, kw_only=True, eq=False)
class DocumentSchema:
    """A `Schema` of a document; *build* makes the bundle, *origin* finds a place of it in the document."""

    place: Place
    direction: Direction
    build: Callable[[], JsonObject] = field(repr=False)
    origin: Callable[[Path], Place] = field(repr=False)
    located: Callable[[ContractError], ContractError] = field(repr=False)
    built: JsonObject | None = field(default=None, repr=False)
    compiled: jsonschema_rs.Draft202012Validator | None = field(default=None, repr=False)
    failure: ContractError | None = field(default=None, repr=False)
    #: What judges the items of a list that must contain some of a kind, by the identity of the rule.
    judges_of_items: dict[int, jsonschema_rs.Draft202012Validator] = field(default_factory=dict, repr=False)

    def place_of(self, pointer: str) -> Place:
        """Return where what stands at *pointer* of the bundle is written in the document."""
        return self.origin([int(token) if token.isdecimal() else token for token in split_pointer(pointer)])

    def bundle(self) -> JsonObject:
        """Return the schema as one self-contained JSON Schema 2020-12."""
        if self.built is None:
            if self.failure is not None:
                raise self.failure.with_traceback(None)
            try:
                self.built = self.build()
            except ContractError as error:
                self.failure = self.located(error)
                raise self.failure from error
        return self.built

    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """Return the compiled schema; raises `ContractError` when it cannot be compiled."""
        if self.compiled is None:
            bundle = self.bundle()
            if self.failure is not None:
                raise self.failure.with_traceback(None)
            try:
                self.compiled = compile_schema(bundle)
            except ValueError as error:
                self.failure = self.located(self.refusal(error))
                raise self.failure from error
        return self.compiled

    def refusal(self, error: ValueError) -> ContractError:
        """Word what the validator has against the schema."""
        path = error.instance_path if isinstance(error, jsonschema_rs.ValidationError) else []
        reason = error.message if isinstance(error, jsonschema_rs.ValidationError) else str(error)
        return error_at(self.origin(path), "schema", f"the schema cannot be used: {shorten(reason)}")

    def is_valid(self, value: JsonValue) -> bool:
        """Tell whether *value* satisfies the schema, formats asserted."""
        validator = self.compiled or self.validator()
        try:
            return validator.is_valid(value)
        except ValueError:
            return False

    def violations(self, value: JsonValue, *location: str | int) -> tuple[Violation, ...]:
        """Return every violation, each located below *location*."""
        validator = self.compiled or self.validator()
        try:
            if validator.is_valid(value):
                return ()
            order = order_of(self.bundle(), value)
            errors = order(validator.iter_errors(value))
        except ValueError as error:
            return (unreadable(error, location, self.place),)
        return tuple(
            self.whole(found, Case(error, value, location, self.origin))
            for error in errors
            for found in word_whole(error, value, location, self.origin, order)
        )

    def whole(self, violation: Violation, case: Case) -> Violation:
        """Return *violation* with all that is behind it, where the validator tells less."""
        if case.kind.name != "contains":
            return violation
        return told_item_by_item(violation, case, self.bundle(), self.judge_of_items)

    def judge_of_items(self, rule: JsonObject) -> jsonschema_rs.Draft202012Validator:
        """Return what judges items by `contains` of *rule*, a part of the bundle; compiled but once."""
        if id(rule) not in self.judges_of_items:
            items: JsonObject = {"items": rule["contains"], "$defs": self.bundle().get("$defs", {})}
            self.judges_of_items[id(rule)] = compile_schema(items)
        return self.judges_of_items[id(rule)]


def compile_schema(bundle: JsonObject) -> jsonschema_rs.Draft202012Validator:
    """Compile *bundle*; it is self-contained, so nothing may be fetched."""
    return jsonschema_rs.Draft202012Validator(
        bundle, formats=dict(FORMATS), validate_formats=True, offline=True
    )


@dataclass(slots=True, kw_only=True, repr=False)
class Schemas:
    """The schemas of one contract, one object per place and direction."""

    bundler: Bundler
    kept: dict[tuple[Scoped, Direction], DocumentSchema] = field(default_factory=dict)

    def at(self, place: Place, direction: Direction) -> DocumentSchema:
        """Return the schema at *place*; whatever is wrong with it is raised when it is used."""
        try:
            met = self.bundler.land(self.bundler.library.written(place))
        except ContractError as error:
            return self.broken(place, direction, error)
        key = (met, direction)
        if key not in self.kept:
            self.kept[key] = DocumentSchema(
                place=met.place,
                direction=direction,
                build=lambda: self.bundler.bundle(met, direction),
                origin=lambda path: self.bundler.origin(path, met.place),
                located=self.bundler.located,
            )
        return self.kept[key]

    def broken(self, place: Place, direction: Direction, error: ContractError) -> DocumentSchema:
        """Return a schema that raises *error* when it is used."""

        def fail() -> JsonObject:
            raise error

        return DocumentSchema(
            place=place,
            direction=direction,
            build=fail,
            origin=lambda _: place,
            located=self.bundler.located,
        )


def literal_schema(schema: JsonObject, place: Place, direction: Direction) -> DocumentSchema:
    """Return a schema that stands in no document, but is implied at *place*."""
    return DocumentSchema(
        place=place,
        direction=direction,
        build=lambda: schema,
        origin=lambda _: place,
        located=lambda error: error,
    )
