"""Reads the rules that stand in a document: `x-invariants`, `x-requires`, `x-opaque`, `x-relations`.

They stand on operations, on parameters (`x-requires`, `x-opaque`; `self` is the parameter's value), in
schemas (`x-invariants` of answers, `x-requires` of requests; `self` is the value described), and, where they
name their operations, at the root. A broken rule is left out and told by `rule_faults.py`; the document and
its other rules are not touched by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar, cast

from locum.behaviour.invariants import Invariant
from locum.behaviour.relation_kinds import Relation
from locum.behaviour.requirements import Asked, Opaque, Requirement
from locum.behaviour.schema_rules import rules_in, subjects_of
from locum.catalog.invariants import Promises
from locum.catalog.rule_faults import WrittenRules, faults_of_rules, refers_elsewhere, written_rules
from locum.catalog.rule_making import Making, wrong_calls, wrong_expressions
from locum.catalog.rule_schema import is_well_formed
from locum.contract.contract import Contract
from locum.contract.model import JsonObject, JsonValue, Operation, Parameter, Schema
from locum.contract.pointers import below
from locum.errors import ContractError, Diagnostic, Where

__all__ = ["read_document_rules", "requirements_at_root", "requirements_in"]

_Rule = TypeVar("_Rule", Invariant, Requirement, Opaque, Relation)
_Make = Callable[[Mapping[str, Any], Where], _Rule]
_NOWHERE: Final = Where()


def read_document_rules(contract: Contract) -> Promises:
    """Return the rules that stand in the document of *contract*; operations that cannot be used have none."""
    operations = tuple(contract.readable_operations())
    if not written_rules(contract) and not refers_elsewhere(contract.document):
        return Promises()
    names = frozenset(route.operation_id for route in contract.routes)
    found = [_rules_of(operation, names) for operation in operations]
    found.append(_rules_at_root(contract, names))
    # By now every file that a schema refers to has been read.
    written = written_rules(contract)
    places = _places(contract, written)
    return Promises(
        invariants=tuple(_placed(each, places) for promises in found for each in promises.invariants),
        relations=tuple(_placed(each, places) for promises in found for each in promises.relations),
        requirements=tuple(_placed(each, places) for promises in found for each in promises.requirements),
        opaque=tuple(_placed(each, places) for promises in found for each in promises.opaque),
        diagnostics=faults_of_rules(contract, written),
    )


def _places(contract: Contract, written: Collection[WrittenRules]) -> Mapping[str, Where]:
    """Return file, line and column of each rule by its id, or by its pointer where it has none."""
    wheres = [
        (each.get("id"), Where(file=member.uri, pointer=below(member.pointer, *steps)))
        for member in written
        for steps, each in member.items
    ]
    located = contract.locate([Diagnostic(code="", message="", where=where) for _, where in wheres])
    pairs = zip(wheres, located, strict=True)
    return {str(name or where.pointer): told.where for (name, where), told in pairs}


def _placed(rule: _Rule, places: Mapping[str, Where]) -> _Rule:
    key = rule.where.pointer if isinstance(rule, Opaque) else rule.id
    return replace(rule, where=places.get(key, rule.where))


def requirements_in(operation: Operation) -> tuple[Requirement, ...]:
    """Return what the document asks of requests to *operation*, beyond its schemas."""
    return tuple(_requirements(operation, frozenset({operation.operation_id})))


def requirements_at_root(contract: Contract) -> tuple[Requirement, ...]:
    """Return what the document asks of requests at its root."""
    names = frozenset(route.operation_id for route in contract.routes)
    return _rules_at_root(contract, names).requirements


def _rules_of(operation: Operation, names: frozenset[str]) -> Promises:
    return Promises(
        invariants=tuple(_invariants(operation, names)),
        requirements=tuple(_requirements(operation, names)),
        opaque=tuple(_opaque(operation, names)),
        relations=tuple(_relations(operation, names)),
    )


def _rules_at_root(contract: Contract, names: frozenset[str]) -> Promises:
    """Return the rules at the root; those that name no operation speak of none."""
    extensions = cast("Mapping[str, JsonValue]", contract.extensions)
    root = _Written(extensions=extensions, uri=next(iter(contract.files), ""), pointer="")
    making = Making()
    return Promises(
        invariants=tuple(root.read("x-invariants", "invariant", making.invariant, names)),
        requirements=tuple(root.read("x-requires", "requirement", making.requirement, names)),
        relations=tuple(root.read("x-relations", "relation", making.relation, names)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """The extensions of a part of a document, and where that part stands."""

    extensions: Mapping[str, JsonValue]
    uri: str
    pointer: str

    def read(
        self, member: str, kind: str, make: _Make[_Rule], names: frozenset[str], usual: str = ""
    ) -> Iterator[_Rule]:
        """Yield what can be made of the rules under *member*."""
        listed = self.extensions.get(member)
        for index, each in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(each, dict) and _is_usable(each, kind, names, usual):
                yield make(each, Where(file=self.uri, pointer=below(self.pointer, member, index)))


def _is_usable(each: JsonObject, kind: str, names: frozenset[str], usual: str) -> bool:
    if not is_well_formed(kind, each) or any(wrong_expressions(each, kind, ())):
        return False
    if kind == "relation" and not usual and "calls" not in each:
        return False
    if isinstance(each.get("paging"), str):  # a document names none
        return False
    named = cast("list[str]", each.get("operations", [usual] if usual else []))
    return names.issuperset(named) and not any(
        wrong_calls(each, (), operations=names, values=(), usual=usual)
    )


def _operation_level(operation: Operation) -> _Written:
    place = operation.route.place
    return _Written(extensions=operation.extensions, uri=place.uri, pointer=place.pointer)


def _invariants(operation: Operation, names: frozenset[str]) -> Iterator[Invariant]:
    usual = operation.operation_id
    making = Making(operation=usual)
    yield from _operation_level(operation).read("x-invariants", "invariant", making.invariant, names, usual)
    for response in operation.responses:
        for schema in (media.schema for media in response.content):
            for each, bundle in _rules_of_schema(schema, "x-invariants", "invariant", names, usual):
                made = making.invariant({**each, "statuses": [0]}, _place_of(schema))
                yield replace(
                    made,
                    statuses=_statuses_of(response.status, operation),
                    subjects=subjects_of(bundle, "x-invariants", made.id),
                )


def _statuses_of(declared: str, operation: Operation) -> frozenset[int]:
    """Return the statuses that a declared one stands for, without those declared by themselves."""
    if declared.isdecimal():
        return frozenset({int(declared)})
    exact = {int(each.status) for each in operation.responses if each.status.isdecimal()}
    first = int(declared[0]) if declared[:1].isdecimal() else 0
    ranges = {each.status[0] for each in operation.responses if each.status.upper().endswith("XX")}
    spread = range(first * 100, first * 100 + 100) if first else range(100, 600)
    return frozenset(each for each in spread if each not in exact and (first or str(each)[0] not in ranges))


def _requirements(operation: Operation, names: frozenset[str]) -> Iterator[Requirement]:
    usual = operation.operation_id
    making = Making(operation=usual)
    level = _operation_level(operation)
    yield from level.read("x-requires", "requirement", making.requirement, names, usual)
    for parameter in operation.parameters:
        yield from _requirements_at(parameter, making, names, usual)
    body = operation.request_body
    for schema in (media.schema for media in body.content) if body else ():
        for each, bundle in _rules_of_schema(schema, "x-requires", "requirement", names, usual):
            made = making.requirement(each, _place_of(schema))
            yield replace(made, subjects=_in_body(subjects_of(bundle, "x-requires", made.id)))


def _requirements_at(
    parameter: Parameter, making: Making, names: frozenset[str], usual: str
) -> Iterator[Requirement]:
    """Yield the rules on a parameter and in its schema; both speak of its value."""
    place = parameter.place
    level = _Written(extensions=parameter.extensions, uri=place.uri, pointer=place.pointer)
    own = {"parameter": parameter.name, "in": parameter.location.value}
    for made in level.read(
        "x-requires",
        "requirement",
        lambda each, where: making.requirement({**own, **each}, where),
        names,
        usual,
    ):
        yield replace(made, subjects=_at_parameter(parameter, lambda value: [("", value)]))
    for each, bundle in _rules_of_schema(parameter.schema, "x-requires", "requirement", names, usual):
        made = making.requirement({**own, **each}, _place_of(parameter.schema))
        find = subjects_of(bundle, "x-requires", made.id)
        yield replace(made, subjects=_at_parameter(parameter, find))


def _in_body(find: Callable[[JsonValue], list[tuple[str, JsonValue]]]) -> Callable[[Asked], Any]:
    return lambda asked: find(asked.body)


def _at_parameter(
    parameter: Parameter, find: Callable[[JsonValue], list[tuple[str, JsonValue]]]
) -> Callable[[Asked], Any]:
    def subjects(asked: Asked) -> list[tuple[str, JsonValue]]:
        try:
            return find(asked.value(parameter.location, parameter.name))
        except KeyError:
            return []

    return subjects


def _opaque(operation: Operation, names: frozenset[str]) -> Iterator[Opaque]:
    usual = operation.operation_id
    making = Making(operation=usual)
    yield from _operation_level(operation).read("x-opaque", "opaque", making.opaque, names, usual)
    for parameter in operation.parameters:
        written = parameter.extensions.get("x-opaque")
        if written is True or isinstance(written, dict):
            own = {"parameter": parameter.name, "in": parameter.location.value}
            whole: JsonObject = {**own, **(written if isinstance(written, dict) else {})}
            where = Where(file=parameter.place.uri, pointer=below(parameter.place.pointer, "x-opaque"))
            if is_well_formed("opaque", whole):
                yield making.opaque(whole, where)


def _relations(operation: Operation, names: frozenset[str]) -> Iterator[Relation]:
    usual = operation.operation_id
    making = Making(operation=usual)
    yield from _operation_level(operation).read("x-relations", "relation", making.relation, names, usual)


def _rules_of_schema(
    schema: Schema | None, member: str, kind: str, names: frozenset[str], usual: str
) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield the usable rules in *schema*, each with the bundle it stands in."""
    try:
        bundle = schema.bundle() if schema else {}
    except ContractError:  # told by `inspect_contract`
        return
    for each in rules_in(bundle, member):
        if _is_usable(each, kind, names, usual):
            yield each, bundle


def _place_of(schema: Schema | None) -> Where:
    return Where(file=schema.place.uri, pointer=schema.place.pointer) if schema else _NOWHERE
