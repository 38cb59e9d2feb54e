"""What the rules of a contract say of one generated request; knows nothing of who generated it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import orjson

from locum.behaviour.checking import Checker, compile_checker
from locum.behaviour.exchanges import Judgement
from locum.behaviour.model import Fixtures, RawRequest, Refusal
from locum.behaviour.requirements import Asked, Opaque, Requirement, judge_request
from locum.catalog.invariants import Promises
from locum.contract.contract import Contract
from locum.contract.model import JsonValue, Operation, Violation
from locum.contract.styles import compile_parameters
from locum.errors import ContractError

__all__ = ["Excuse", "Rulebook", "raw_of"]

_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")
_CLIENT_ERRORS: Final = frozenset(range(400, 500))


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Why a request that satisfies its schemas may be refused.

    *is_certain* tells that it has to be: a requirement that is broken, and not one nobody could look at.
    """

    rule: Requirement | Opaque
    is_certain: bool

    @property
    def statuses(self) -> frozenset[int]:
        """Those it may be refused with."""
        return self.rule.statuses or _CLIENT_ERRORS


@dataclass(slots=True, kw_only=True, eq=False)
class Rulebook:
    """The rules of one contract. *now* is the clock of the server, where it is known."""

    contract: Contract
    fixtures: Fixtures
    rules: Promises
    now: datetime | None = None
    operations: dict[tuple[str, str], Operation] = field(default_factory=dict)
    checkers: dict[str, Checker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for route in self.contract.routes:
            try:
                self.operations[route.method.value, route.path] = self.contract.operation(route)
            except ContractError:
                continue

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation behind a path template."""
        return self.operations.get((method.upper(), path))

    def excuses(self, operation: Operation, raw: RawRequest) -> tuple[Excuse, ...]:
        """Return every reason why *raw* may be refused though its parts are valid."""
        asked = self._asked(operation, raw)
        found = [
            Excuse(rule=each, is_certain=verdict.judgement is Judgement.BROKEN)
            for each, verdict in judge_request(self.rules.requirements, asked)
            if verdict.judgement is Judgement.BROKEN
            or (verdict.judgement is not Judgement.HELD and self._is_in_the_dark(each, asked))
        ]
        opaque = (each for each in self.rules.opaque if operation.operation_id in each.operations)
        return (*found, *(Excuse(rule=each, is_certain=False) for each in opaque if _is_sent(each, asked)))

    def may_refuse(self, operation: Operation, raw: RawRequest, status: int) -> bool:
        """Tell whether valid *raw* may be answered *status*: by a rule, or since nothing else is declared."""
        declared = [each.status for each in operation.responses]
        if declared and all(each.startswith(("4", "5")) for each in declared):
            return True
        return any(status in each.statuses for each in self.excuses(operation, raw))

    def opaque_value(self, operation: Operation, raw: RawRequest, opaque: Opaque) -> JsonValue:
        """Return what was sent as an opaque parameter, `None` where nothing was."""
        asked = self._asked(operation, raw)
        return asked.value(opaque.location, opaque.name) if _is_sent(opaque, asked) else None

    def violations(self, operation: Operation, raw: RawRequest) -> tuple[Violation, ...]:
        """Return what is wrong with *raw* by the schemas of its operation; `()` if nothing is."""
        name = operation.operation_id
        try:
            if name not in self.checkers:
                self.checkers[name] = compile_checker(operation, {})
            found = self.checkers[name].check(raw)
        except ContractError:
            return ()
        return found.violations if isinstance(found, Refusal) else ()

    def _is_in_the_dark(self, requirement: Requirement, asked: Asked) -> bool:
        """Tell whether a rule speaks of a time that nobody knows, and of a parameter that was sent."""
        if self.now is not None or asked.operation not in requirement.operations:
            return False
        told = f"{requirement.expression.text} {requirement.when.text if requirement.when else ''}"
        return "now" in told and (requirement.location is None or _is_sent(requirement, asked))

    def _asked(self, operation: Operation, raw: RawRequest) -> Asked:
        sent = compile_parameters(operation.parameters).read(raw.path_values, raw.query, raw.headers)
        return Asked(
            operation=operation.operation_id,
            query=sent.query,
            path=sent.path,
            headers={name.lower(): value for name, value in sent.headers.items()},
            cookies=sent.cookies,
            body=_json(raw.body),
            now=self.now,
            settings=self.fixtures.settings,
        )


def raw_of(
    operation: Operation,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    path_values: Mapping[str, str] | None = None,
) -> RawRequest:
    """Return a request that was sent to *url* as the stand-in would have read it.

    Without *path_values* they are read from the end of the path, which the template of the operation is.
    """
    parts = urlsplit(url)
    return RawRequest(
        method=operation.route.method.value,
        path=parts.path,
        path_values=_path_values(operation.route.path, parts.path) if path_values is None else path_values,
        query=parts.query,
        headers=tuple((name.lower(), value) for name, value in headers.items()),
        body=body,
    )


def _path_values(template: str, path: str) -> dict[str, str]:
    """Return the decoded texts behind the variables of *template*.

    >>> _path_values("/usage/{sim_id}", "/base/usage/a%20b")
    {'sim_id': 'a b'}
    """
    names = _VARIABLE.findall(template)
    pattern = "([^/]*)".join(re.escape(part) for part in _VARIABLE.split(template)[::2])
    found = re.search(f"{pattern}$", path)
    return {name: unquote(text) for name, text in zip(names, found.groups(), strict=True)} if found else {}


def _is_sent(rule: Requirement | Opaque, asked: Asked) -> bool:
    if rule.location is None:
        return False
    try:
        return asked.value(rule.location, rule.name) is not None
    except KeyError:
        return False


def _json(body: bytes) -> JsonValue:
    try:
        found: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found
