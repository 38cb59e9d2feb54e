"""What of a contract was answered and what was not, for the matrix of a report and for its gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from locum.behaviour.exchanges import Judgement
from locum.contract.model import Operation
from locum.verify.ledger import Ledger
from locum.verify.model import Observed, Untested

__all__ = ["obstacle_of", "statuses_of", "succeeded_of", "untested_of"]


def statuses_of(traffic: Iterable[Observed], operations: Iterable[Operation]) -> dict[str, dict[str, int]]:
    """Return how often each declared status of each operation was answered; what is undeclared by itself."""
    known = {each.operation_id: each for each in operations}
    counts: dict[str, Counter[str]] = {name: Counter() for name in known}
    for each in traffic:
        if each.operation in known and each.step.received is not None:
            status, operation = each.step.received.status, known[each.operation]
            spec = operation.response_for(status)
            if spec is None and each.step.sent.method != operation.route.method.value:
                continue  # what other methods are answered is declared nowhere
            counts[each.operation][spec.status if spec else str(status)] += 1
    return {name: dict(found) for name, found in counts.items()}


def succeeded_of(traffic: Iterable[Observed]) -> frozenset[str]:
    """Return the operations of which some call was answered with success (RFC 9110, 15.3)."""
    return frozenset(
        each.operation
        for each in traffic
        if each.operation and each.step.received is not None and each.step.received.status // 100 == 2  # noqa: PLR2004
    )


def untested_of(
    operations: Iterable[Operation],
    statuses: dict[str, dict[str, int]],
    succeeded: frozenset[str],
    ledger: Ledger,
) -> Iterator[Untested]:
    """Yield what was not tested, and why: operations, statuses, rules."""
    for each in operations:
        seen = statuses[each.operation_id]
        if each.operation_id not in succeeded:
            told = ", ".join(sorted(seen)) or "nothing"
            yield Untested(
                what=f"operation {each.operation_id}",
                reason=f"no call was answered with success, only {told}; `--values` may help",
            )
        for spec in each.responses:
            if spec.status not in seen:
                yield Untested(what=f"status {each.operation_id} {spec.status}", reason="never answered")
    for result in ledger:
        if result.judgement is Judgement.NOT_EVALUATED:
            yield Untested(what=f"rule {result.operation} {result.rule}", reason=result.reason)


def obstacle_of(
    traffic: Sequence[Observed], succeeded: frozenset[str], left: Sequence[Untested], ledger: Ledger
) -> str:
    """Return why nothing could be tested, `""` if something was; *left* is what was left out."""
    if not traffic:
        unseen = {each.reason for each in ledger}
        if len(unseen) == 1:
            return f"no request was sent; of every operation, {unseen.pop()}"
        suites = [each for each in left if each.what.startswith("suite ")]
        if suites:
            return f"no request was sent; {'; '.join(f'{each.what}: {each.reason}' for each in suites)}"
        reasons = {each.reason for each in left}
        return f"every operation is left out: {reasons.pop()}" if len(reasons) == 1 else "no request was sent"
    if not any(each.step.received for each in traffic):
        return f"the server never answered: {traffic[0].step.failure}"
    if not succeeded:
        return "no operation answered with success"
    return ""
