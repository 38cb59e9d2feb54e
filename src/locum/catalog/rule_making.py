"""Makes rules of what a person wrote, once its form is right; the same for sheets and documents.

Whatever is wrong beyond the form is told as a `Fault`: an expression that cannot be compiled, a name nobody
knows, a kind of relation without the calls it takes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from locum.behaviour.crawling import Paging
from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.exchanges import Call
from locum.behaviour.expressions import Expression, compile_expression
from locum.behaviour.invariants import Invariant
from locum.behaviour.relation_kinds import Kind, Relation
from locum.behaviour.requirements import Opaque, Requirement
from locum.behaviour.scopes import ANSWER_SCOPE, REQUEST_SCOPE
from locum.catalog.sheet import Fault
from locum.contract.model import Location
from locum.errors import FixtureError, Where, nearest

__all__ = ["SCOPES", "Making", "unless_known", "wrong_calls", "wrong_expressions"]

#: `{name}` in a path value or a query stands for one of `values`.
_VALUE: Final = re.compile(r"\{([a-z_]+)\}")
#: What an expression may read, by what a rule is called in the schema.
SCOPES: Final = {"invariant": ANSWER_SCOPE, "requirement": REQUEST_SCOPE}
#: What a rule is sure of when it says nothing: its author wrote it into the contract.
_SURE: Final = "SEED"
_CONFIDENCE: Final = {"failure": "SEED", "warning": "V-H"}
#: Relations between a whole and its parts.
_OF_PARTS: Final = frozenset(
    {Kind.SUBSET, Kind.UNION, Kind.INTERSECTION, Kind.DISJOINT, Kind.REVERSED, Kind.SUM, Kind.ADDITIVE}
    | {Kind.MONOTONE, Kind.SELECTION, Kind.VARIED}
)
#: Members of a relation that are taken over as they are.
_PLAIN: Final = ("is_descending", "parameter", "amount", "total", "by", "prefix", "tolerance")
_Steps = Sequence[str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Makes values of rules.

    *operation* is the one meant where none is named; *values* fill in calls, *paging* has the named ways.
    """

    operation: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    paging: Mapping[str, Paging] = field(default_factory=dict)

    def invariant(self, each: Mapping[str, Any], where: Where) -> Invariant:
        """Return a promise about one answer."""
        return Invariant(
            **_told(each),
            **_expressions(each, "invariant"),
            operations=self.operations(each),
            statuses=frozenset(each.get("statuses", (200,))),
            breaks=tuple(Edit(kind=EditKind.SET, **one) for one in each.get("breaks", ())),
            where=where,
        )

    def requirement(self, each: Mapping[str, Any], where: Where) -> Requirement:
        """Return something that is asked of requests."""
        name = each.get("parameter", "")
        return Requirement(
            **_told(each),
            **_expressions(each, "requirement"),
            operations=self.operations(each),
            statuses=frozenset(each.get("statuses", ())),
            location=Location(each.get("in", "query")) if name else None,
            name=name,
            kept=tuple(self.call(call) for call in each.get("kept", ())),
            broken=tuple(self.call(call) for call in each.get("broken", ())),
            where=where,
        )

    def opaque(self, each: Mapping[str, Any], where: Where) -> Opaque:
        """Return a parameter whose values come from earlier answers."""
        giver = each.get("from", {})
        told = _told({"id": "", **each})
        del told["id"]
        return Opaque(
            **told,
            name=each["parameter"],
            location=Location(each.get("in", "query")),
            operations=self.operations(each),
            giver=giver.get("operation", ""),
            at=giver.get("at", ""),
            statuses=frozenset(each.get("statuses", ())),
            where=where,
        )

    def relation(self, each: Mapping[str, Any], where: Where) -> Relation:
        """Return a promise about several answers."""
        tuples: dict[str, Any] = {
            name: tuple(each[name]) for name in ("sizes", "key", "order", "offsets", "at") if name in each
        }
        plain: dict[str, Any] = {name: each[name] for name in _PLAIN if name in each}
        return Relation(
            **_told(each),
            **tuples,
            **plain,
            kind=Kind(each["kind"]),
            calls=tuple(self.call(call) for call in each.get("calls", ({},))),
            paging=self._paging(each.get("paging")),
            statuses=frozenset(each.get("statuses", ())),
            where=where,
        )

    def operations(self, each: Mapping[str, Any]) -> frozenset[str]:
        """Return the operations that a rule speaks of."""
        return frozenset(each.get("operations", (self.operation,)))

    def call(self, each: Mapping[str, Any]) -> Call:
        """Return a call with its values filled in."""
        return Call(
            operation=each.get("operation", self.operation),
            path={name: self._filled(text) for name, text in each.get("path", {}).items()},
            query=self._filled(each.get("query", "")),
            credential=each.get("credential"),
        )

    def _paging(self, written: str | Mapping[str, Any] | None) -> Paging | None:
        if written is None:
            return None
        return self.paging[written] if isinstance(written, str) else Paging(**written)

    def _filled(self, text: str) -> str:
        return _VALUE.sub(lambda found: self.values[found[1]], text)


def _told(each: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every rule tells of itself; of two words for one thing, either counts."""
    written = each.get("expression") or each.get("rule") or each["id"]
    usual = _CONFIDENCE.get(each.get("severity", ""), _SURE)
    return {
        "id": each["id"],
        "promise": each.get("promise") or each.get("message") or written,
        "confidence": each.get("confidence", usual),
        "source": each.get("source", ""),
    }


def _expressions(each: Mapping[str, Any], kind: str) -> dict[str, Any]:
    written = each.get("expression") or each["rule"]
    return {
        "expression": _compiled(written, kind),
        "when": _compiled(each["when"], kind) if "when" in each else None,
    }


def _compiled(text: str, kind: str) -> Expression:
    return compile_expression(text, SCOPES[kind])


def wrong_expressions(each: Mapping[str, Any], kind: str, steps: _Steps) -> Iterator[Fault]:
    """Yield what is wrong with the expressions of a rule at *steps*."""
    for name in ("expression", "rule", "when"):
        if kind in SCOPES and name in each:
            try:
                _compiled(each[name], kind)
            except FixtureError as error:
                (told,) = error.diagnostics
                yield Fault(told.code.partition(".")[2], told.message, (*steps, name), told.hint)


def wrong_calls(
    each: Mapping[str, Any],
    steps: _Steps,
    *,
    operations: Collection[str],
    values: Collection[str],
    usual: str = "",
) -> Iterator[Fault]:
    """Yield what is wrong with the calls of a rule: operations and values nobody knows, parts that lack."""
    for part in ("calls", "kept", "broken"):
        for at, call in enumerate(each.get(part, ())):
            place = (*steps, part, at)
            yield from unless_known(
                "operation", call.get("operation", usual), operations, (*place, "operation")
            )
            for text in (call.get("query", ""), *call.get("path", {}).values()):
                for word in _VALUE.findall(text):
                    yield from unless_known("value", word, values, place)
    if each.get("kind") in _OF_PARTS and len(each.get("calls", ({},))) <= 1:
        told = f"`{each['kind']}` holds a whole against its parts, and needs two calls or more"
        yield Fault("too-few-calls", told, (*steps, "calls"))


def unless_known(kind: str, name: str, known: Collection[str], steps: _Steps) -> Iterator[Fault]:
    """Yield a fault unless *name* is one of *known*."""
    if name not in known:
        close = nearest(name, known)
        hint = f"did you mean `{close}`?" if close else f"known: {', '.join(known) or 'none'}"
        yield Fault(f"unknown-{kind}", f"there is no {kind} `{name}`", steps, hint)
