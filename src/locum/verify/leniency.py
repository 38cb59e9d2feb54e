"""Makes a deviation of a finding that the tolerances of a contract forgive, or that is a habit of servers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from locum.behaviour.calls import Call
from locum.behaviour.tolerances import Tolerance, tolerates
from locum.contract.model import Operation
from locum.verify.clamping import is_clamped
from locum.verify.exchanging import exchange_of
from locum.verify.model import Finding, Severity
from locum.verify.seen import Seen

__all__ = ["lenient"]

_ACCEPTED: Final = "parameter.accepted"


def lenient(
    finding: Finding, tolerances: Iterable[Tolerance], operation: Operation | None, base: str
) -> Finding:
    """Return *finding*, a deviation where one of *tolerances* forgives it; *base* is the server's address.

    A page size that is visibly brought down to its maximum is forgiven without one.
    """
    if operation is None or not finding.steps or finding.severity is Severity.DEVIATION:
        return finding
    step = finding.steps[-1]
    target = step.sent.url.removeprefix(base)
    path, _, query = target.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    call = Call(method=step.sent.method, path=path, query=tuple((name, text) for name, _, text in pairs))
    seen = Seen(call=call, step=step, operation=operation)
    place, _, name = finding.location.partition(".")
    if finding.rule == _ACCEPTED and place == "query" and is_clamped(seen, name):
        return _forgiven(finding, "a page size beyond its maximum is brought down to it", finding.source)
    exchange = exchange_of(seen)
    for each in tolerances:
        if tolerates(
            each, rule=finding.rule, location=finding.location, kind=finding.kind, exchange=exchange
        ):
            return _forgiven(finding, each.reason, each.source or finding.source)
    return finding


def _forgiven(finding: Finding, reason: str, source: str) -> Finding:
    received = f"{finding.received} ({reason})"
    return replace(finding, severity=Severity.DEVIATION, source=source, received=received)
