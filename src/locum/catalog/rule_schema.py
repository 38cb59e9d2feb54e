"""The format of rules as one JSON Schema, for the sheet beside a document and for the members in one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

from jsonschema_rs import Draft202012Validator

from locum.catalog.sheet import Fault, faults_in
from locum.contract.model import JsonObject, JsonValue

__all__ = ["MEMBERS", "faults_of_member", "is_well_formed", "rule_schema"]

#: The members of a document that hold rules, and what one item of each is called in the schema.
MEMBERS: Final = {
    "x-invariants": "invariant",
    "x-requires": "requirement",
    "x-opaque": "opaque",
    "x-relations": "relation",
}


@cache
def rule_schema() -> JsonObject:
    """Return the schema of the sheet; the members of documents stand below its `$defs`."""
    text = files("locum.catalog").joinpath("rules.schema.json").read_text(encoding="utf-8")
    return cast("JsonObject", json.loads(text))


def faults_of_member(member: str, value: JsonValue) -> Iterator[Fault]:
    """Yield what is wrong with the *value* of a *member* of a document."""
    yield from faults_in(value, _form(member))


def is_well_formed(kind: str, value: JsonValue) -> bool:
    """Tell whether *value* is a rule of *kind*: `invariant`, `requirement`, `opaque` or `relation`."""
    return _validator(kind).is_valid(value)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_form(name))


@cache
def _form(name: str) -> JsonObject:
    definitions: Any = rule_schema()["$defs"]
    return {"$ref": f"#/$defs/{name}", "$defs": definitions}
