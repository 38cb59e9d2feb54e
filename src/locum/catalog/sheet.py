"""Checks what a person wrote beside a document, and forgives nothing.

A sheet is held against a JSON Schema; each violation becomes a diagnostic with file, line, column and
the nearest valid choice, so that one reading shows everything there is to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from jsonschema_rs import Draft202012Validator, ValidationError

from locum.contract.limits import Limits
from locum.contract.model import JsonObject, JsonValue
from locum.contract.pointers import join_pointer
from locum.contract.positions import find_positions
from locum.contract.source import Source, read_source
from locum.errors import ContractError, Diagnostic, FixtureError, Where, nearest

__all__ = ["Fault", "Sheet", "faults_in", "read_sheet"]

_Steps: TypeAlias = "Sequence[str | int]"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at *steps* of a sheet, before its line is known."""

    code: str
    message: str
    steps: _Steps
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that satisfies its schema."""

    source: Source

    @property
    def value(self) -> Any:  # noqa: ANN401 -- the schema has vouched for its shape
        """Return what the file says."""
        return self.source.value

    def refusal(self, faults: Iterable[Fault]) -> FixtureError:
        """Return the error that tells *faults*, each with its line."""
        return FixtureError(*_placed(self.source, list(faults)))


def read_sheet(content: bytes, *, file: str, schema: JsonObject) -> Sheet:
    """Return what the YAML or JSON *content* says when it satisfies *schema*.

    An empty file is an empty mapping. Raises `FixtureError` with every fault.
    """
    try:
        source = read_source(content or b"{}", file, Limits())
    except ContractError as error:
        raise FixtureError(*error.diagnostics) from error
    sheet = Sheet(replace(source, value={}) if source.value is None else source)
    faults = list(faults_in(sheet.value, schema))
    if faults:
        raise sheet.refusal(faults)
    return sheet


def faults_in(value: JsonValue, schema: JsonObject) -> Iterator[Fault]:
    """Yield every way in which *value* breaks *schema*, with the nearest valid choice."""
    for error in Draft202012Validator(schema).iter_errors(value):
        yield from _faults(error, schema)


def _placed(source: Source, faults: Sequence[Fault]) -> Iterator[Diagnostic]:
    pointers = [join_pointer(*fault.steps) for fault in faults]
    positions = find_positions(source.text, pointers)
    for fault, pointer in zip(faults, pointers, strict=True):
        line, column = positions.get(pointer, (None, None))
        where = Where(file=source.uri, line=line, column=column, pointer=pointer)
        yield Diagnostic(code=f"fixtures.{fault.code}", message=fault.message, where=where, hint=fault.hint)


def _faults(error: ValidationError, schema: JsonObject) -> Iterator[Fault]:
    told = _TELLERS.get(error.kind.name)
    if told is None:
        yield Fault("wrong-value", error.message, error.instance_path)
    else:
        yield from told(error, schema)


def _unknown_keys(error: ValidationError, schema: JsonObject) -> Iterator[Fault]:
    known = _properties_at(schema, error.schema_path[:-1])
    for key in error.kind.as_dict()["unexpected"]:
        close = nearest(key, known)
        hint = f"did you mean `{close}`?" if close else f"known here: {', '.join(known)}"
        yield Fault("unknown-key", f"unknown key `{key}`", (*error.instance_path, key), hint)


def _unknown_word(error: ValidationError, _: JsonObject) -> Iterator[Fault]:
    options = [str(option) for option in error.kind.as_dict()["options"]]
    close = nearest(str(error.instance), options)
    hint = f"did you mean `{close}`?" if close else f"one of: {', '.join(options)}"
    yield Fault("unknown-word", f"`{error.instance}` is not known here", error.instance_path, hint)


def _missing_key(error: ValidationError, _: JsonObject) -> Iterator[Fault]:
    yield Fault("missing-key", f"`{error.kind.as_dict()['property']}` is missing", error.instance_path)


def _missing_choice(error: ValidationError, schema: JsonObject) -> Iterator[Fault]:
    """Tell of several ways to say something, none of which is there; the first is the usual one."""
    ways: Any = schema
    for step in error.schema_path:
        ways = ways[step]
    needed = [name for way in ways for name in way.get("required", ())]
    if not needed:
        yield Fault("wrong-value", error.message, error.instance_path)
        return
    hint = f"or `{'`, `'.join(needed[1:])}`, which says the same" if needed[1:] else ""
    yield Fault("missing-key", f"`{needed[0]}` is missing", error.instance_path, hint)


_TELLERS: Final[Mapping[str, Callable[[ValidationError, JsonObject], Iterator[Fault]]]] = {
    "additionalProperties": _unknown_keys,
    "anyOf": _missing_choice,
    "enum": _unknown_word,
    "required": _missing_key,
}


def _properties_at(schema: JsonObject, steps: _Steps) -> list[str]:
    found: Any = schema
    for step in steps:
        found = found[step]
    return list(found.get("properties", {}))
