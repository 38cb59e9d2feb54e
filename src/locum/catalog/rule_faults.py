"""Finds every rule a document holds as written, and tells what is wrong with each, with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from locum.catalog.retrieval import Retriever, is_url
from locum.catalog.rule_making import unless_known, wrong_calls, wrong_expressions
from locum.catalog.rule_schema import MEMBERS, faults_of_member
from locum.catalog.sheet import Fault
from locum.contract.contract import Contract
from locum.contract.limits import Limits
from locum.contract.model import HttpMethod, JsonObject, JsonValue
from locum.contract.pointers import below
from locum.contract.source import read_source
from locum.errors import ContractError, Diagnostic, Where

__all__ = ["WrittenRules", "faults_of_rules", "refers_elsewhere", "written_rules"]

#: Members whose values are examples and not parts of the document.
_DATA: Final = frozenset({"const", "default", "enum", "example", "examples", "value"})
#: Members whose keys are names and no keywords.
_NAMED: Final = frozenset({"$defs", "definitions", "paths", "patternProperties", "properties", "schemas"})
_METHODS: Final = frozenset(each.value.lower() for each in HttpMethod)
_DEEPEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRules:
    """One `x-…` member that holds rules: *pointer* leads to it in the file *uri*, *owner* has it."""

    member: str
    value: JsonValue
    uri: str
    pointer: str
    owner: JsonObject

    @property
    def items(self) -> list[tuple[tuple[int, ...], JsonObject]]:
        """The rules that are objects, each with the steps that lead to it from here."""
        if isinstance(self.value, dict):
            return [((), self.value)]
        listed = self.value if isinstance(self.value, list) else []
        return [((index,), each) for index, each in enumerate(listed) if isinstance(each, dict)]


def written_rules(contract: Contract) -> tuple[WrittenRules, ...]:
    """Return every member with rules in the files of *contract* read so far, in their order."""
    root, *others = contract.files or ("",)
    found = [*_below(contract.document, root, "", 0)]
    for uri in others:
        found.extend(_below(_read_again(uri), uri, "", 0))
    return tuple(found)


def refers_elsewhere(value: JsonValue) -> bool:
    """Tell whether a document refers to other files."""
    if isinstance(value, list):
        return any(map(refers_elsewhere, value))
    if not isinstance(value, dict):
        return False
    reference = value.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        return True
    return any(map(refers_elsewhere, value.values()))


def _read_again(uri: str) -> JsonValue:
    if is_url(uri) or not Path(uri).is_file():
        return None
    try:
        return read_source(Retriever(limit=Limits().file_bytes)(uri), uri, Limits()).value
    except (ContractError, OSError):  # told by whoever reads the contract
        return None


def _below(value: JsonValue, uri: str, pointer: str, depth: int) -> Iterator[WrittenRules]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _below(each, uri, below(pointer, index), depth + 1)
    if not isinstance(value, dict):
        return
    is_named = pointer.rpartition("/")[2] in _NAMED
    for name, each in value.items():
        place = below(pointer, name)
        if not is_named and name in MEMBERS:
            yield WrittenRules(member=name, value=each, uri=uri, pointer=place, owner=value)
        elif is_named or (name not in _DATA and not name.startswith("x-")):
            yield from _below(each, uri, place, depth + 1)


def faults_of_rules(contract: Contract, written: Collection[WrittenRules]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the rules *written* in the document, each with file, line and column."""
    names = [route.operation_id for route in contract.routes]
    found: dict[Diagnostic, None] = {}
    seen: dict[str, str] = {}
    for each in written:
        for fault in _faults(each, names, seen):
            where = Where(file=each.uri, pointer=below(each.pointer, *fault.steps))
            code = f"rules.{fault.code}"
            found[Diagnostic(code=code, message=fault.message, where=where, hint=fault.hint)] = None
    return contract.locate(found)


def _faults(written: WrittenRules, names: Collection[str], seen: dict[str, str]) -> Iterator[Fault]:
    owner, kind = _owner(written), MEMBERS[written.member]
    if owner not in _PLACES[written.member]:
        hint = f"it belongs {' or '.join(_PLACES[written.member].values())}"
        yield Fault("misplaced", f"`{written.member}` says nothing {_SAID[owner]}", (), hint)
        return
    form = list(faults_of_member(written.member, written.value))
    if form:
        yield from form
        return
    for steps, each in written.items:
        yield from _faults_of_one(each, kind, steps, owner=owner, names=names)
        yield from _duplicate(each, f"{written.uri}#{written.pointer}", steps, seen)


def _faults_of_one(
    each: JsonObject, kind: str, steps: tuple[int, ...], *, owner: str, names: Collection[str]
) -> Iterator[Fault]:
    rule = cast("dict[str, Any]", each)
    yield from wrong_expressions(rule, kind, steps)
    usual = "" if owner == "root" else next(iter(names), "")
    for at, operation in enumerate(rule.get("operations", ())):
        yield from unless_known("operation", operation, names, (*steps, "operations", at))
    needed = "calls" if kind == "relation" else "operations"
    if owner == "root" and needed not in rule:
        yield Fault("missing-key", f"`{needed}` is missing", steps, "at the root a rule names its operations")
    if isinstance(rule.get("paging"), str):
        yield from unless_known("paging", rule["paging"], (), (*steps, "paging"))
    if "from" in rule:
        place: tuple[str | int, ...] = (*steps, "from", "operation")
        yield from unless_known("operation", rule["from"]["operation"], names, place)
    yield from wrong_calls(rule, steps, operations=names, values=(), usual=usual)


def _duplicate(each: JsonObject, place: str, steps: tuple[int, ...], seen: dict[str, str]) -> Iterator[Fault]:
    name = each.get("id")
    if isinstance(name, str) and seen.setdefault(name, f"{place}{steps}") != f"{place}{steps}":
        yield Fault("duplicate-id", f"another rule is called `{name}`", (*steps, "id"))


def _owner(written: WrittenRules) -> str:
    """Return what kind of thing has the member: `root`, `path`, `operation`, `parameter` or `schema`."""
    owner = written.owner
    if "openapi" in owner or "swagger" in owner:
        return "root"
    if "responses" in owner and written.pointer.split("/")[-2] in _METHODS:
        return "operation"
    if isinstance(owner.get("in"), str) and isinstance(owner.get("name"), str):
        return "parameter"
    return "path" if _METHODS & owner.keys() else "schema"


_SAID: Final = {
    "operation": "on an operation",
    "parameter": "on a parameter",
    "path": "on a path",
    "root": "at the root",
    "schema": "in a schema",
}
_PLACES: Final = {
    member: {owner: _SAID[owner] for owner in owners}
    for member, owners in {
        "x-invariants": ("operation", "schema", "root"),
        "x-requires": ("operation", "parameter", "schema", "root"),
        "x-opaque": ("parameter", "operation"),
        "x-relations": ("operation", "root"),
    }.items()
}
