"""Makes a deviation of a finding that the tolerances of a contract forgive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from locum.behaviour.calls import Call
from locum.behaviour.tolerances import Tolerance, tolerates
from locum.contract.model import Operation
from locum.verify.exchanging import exchange_of
from locum.verify.model import Finding, Severity
from locum.verify.seen import Seen

__all__ = ["lenient"]


def lenient(
    finding: Finding, tolerances: Iterable[Tolerance], operation: Operation | None, base: str
) -> Finding:
    """Return *finding*, a deviation where one of *tolerances* forgives it; *base* is the server's address."""
    if operation is None or not finding.steps or finding.severity is Severity.DEVIATION:
        return finding
    step = finding.steps[-1]
    target = step.sent.url.removeprefix(base)
    path, _, query = target.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    call = Call(method=step.sent.method, path=path, query=tuple((name, text) for name, _, text in pairs))
    exchange = exchange_of(Seen(call=call, step=step, operation=operation))
    for each in tolerances:
        if tolerates(
            each, rule=finding.rule, location=finding.location, kind=finding.kind, exchange=exchange
        ):
            return replace(
                finding,
                severity=Severity.DEVIATION,
                source=each.source or finding.source,
                received=f"{finding.received} ({each.reason})",
            )
    return finding
