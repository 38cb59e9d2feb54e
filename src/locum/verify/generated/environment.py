"""Finds the rules in a process that Schemathesis owns, by the variables it was started with."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from schemathesis import Case

from locum.behaviour.invariants import Invariant
from locum.behaviour.model import Fixtures
from locum.behaviour.requirements import Opaque, Requirement
from locum.catalog import Reading, load
from locum.catalog.document_rules import read_document_rules
from locum.catalog.rules import load_rules
from locum.contract.reader import read_contract
from locum.errors import LocumError
from locum.verify.generated.rulebook import Rulebook
from locum.verify.generated.variables import CONTRACT, FIXTURES, NOW, ROOT

__all__ = ["find_rulebook", "known_rules"]


def find_rulebook(case: Case[Any]) -> Rulebook | None:
    """Return the rules of the contract that is named, else of the document that *case* was made from."""
    return _named_rulebook() if os.environ.get(CONTRACT) else _rulebook_of(case.operation.schema)


def known_rules() -> tuple[Invariant | Requirement | Opaque, ...]:
    """Return the rules that are known before a document is loaded."""
    book = _named_rulebook() if os.environ.get(CONTRACT) else None
    return (*book.rules.invariants, *book.rules.requirements) if book else ()


@cache
def _named_rulebook() -> Rulebook:
    """Return the rules of the contract that is named. Raises any error of the tree."""
    fixtures, root = os.environ.get(FIXTURES), os.environ.get(ROOT)
    reading = Reading(fixtures=Path(fixtures) if fixtures else None, root=Path(root) if root else None)
    entry = load(os.environ[CONTRACT], reading)
    return Rulebook(contract=entry.contract, fixtures=entry.fixtures, rules=load_rules(entry), now=_now())


#: By identity of the documents loaded, which are no keys themselves: each with its rules.
_LOADED: Final[dict[int, tuple[object, Rulebook | None]]] = {}


def _rulebook_of(schema: Any) -> Rulebook | None:  # noqa: ANN401 -- the class has no public name
    """Return the rules in a document that Schemathesis has loaded; `None` where it is none of ours."""
    if id(schema) not in _LOADED:
        _LOADED[id(schema)] = (schema, _read(schema.raw_schema))
    return _LOADED[id(schema)][1]


def _read(document: object) -> Rulebook | None:
    try:
        contract = read_contract("/document.json", {"/document.json": orjson.dumps(document)}.__getitem__)
        return Rulebook(
            contract=contract, fixtures=Fixtures(), rules=read_document_rules(contract), now=_now()
        )
    except (LocumError, TypeError):
        return None


def _now() -> datetime | None:
    told = os.environ.get(NOW)
    if not told:
        return None
    moment = datetime.fromisoformat(told)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
